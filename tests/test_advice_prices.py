"""Costs of improvements: the definition file is judged as a whole, and edits are read in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dxkit.advice.prices import Price, betters, prices_of
from dxkit.case import create
from dxkit.definitions import load
from dxkit.definitions.costs_fit import COSTS, REPORT, question_of
from dxkit.workshop.ahead.levers import levers
from dxkit.workshop.ahead.scenarios import scenario, suggestions
from dxkit.workshop.showing.pointers import to_question
from tests.definition_set import copy_to, edit, problems_of

DEFINITIONS = load()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("question: analysis,", "question: equipment,", "equipment，不由投入改变任何指标"),
        (
            "question: analysis, steps: [10, 50, 150]",
            "question: analysis, once: 9",
            "steps，3 个数",
        ),
        ("steps: [10, 50, 150]", "steps: [10, 50]", "steps，3 个数"),
        ("key_processes_nc, each: 30", "key_processes_nc, once: 30", "each，每多一个的成本"),
        ("online_sales, once: 8", "online_sales, each: 8", "once，一次的成本"),
        ("online_sales, once: 8", "online_sales, once: -8", "不小于 0"),
        ("online_sales, once: 8", "online_sales, once: 8, each: 3", "steps、once、each 之一"),
        ("question: online_sales", "question: online_purchases", "online_purchases"),
    ],
)
def test_a_cost_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = copy_to(tmp_path / "set")
    edit(folder / "costs.yaml", old, new)
    found = problems_of(folder)
    assert len(found) == 1 and "costs.yaml" in found[0] and told in found[0], found


def test_a_question_may_wait_for_its_cost_and_is_never_free_meanwhile(tmp_path: Path) -> None:
    """What has no cost costs nobody knows what: not 0, and no investment on the card."""
    costs = [each for each in DEFINITIONS.costs.costs if each.question != "analysis"]
    shorter = DEFINITIONS.costs.model_copy(update={"costs": tuple(costs)})
    definitions = replace(DEFINITIONS, costs=shorter)
    case = create(tmp_path / "case", {"annex_6": {"analysis": "B"}}, definitions, "测试")
    lever = next(e for e in levers(case)["levers"] if e["question"] == "analysis")
    assert [each["cost"] for each in lever["steps"]] == [None, None]
    assert "请工作组填写" in lever["cost_words"]
    request = {"changes": {"analysis": "C", "supply_flow": "C"}}
    told = scenario(case, request)
    assert told["cost"] is None and {e["question"]: e["cost"] for e in told["changes"]} == {
        "supply_flow": 100.0,
        "analysis": None,
    }
    assert told["cost_words"] == "至少 100.00 万元，另有 1 项未定价"
    only = scenario(case, {"changes": {"analysis": "C"}})
    assert (only["cost"], only["cost_words"]) == (None, "未知，1 项均未定价")
    cards = {each.value["sug_name"]: each.value for each in suggestions(case, request)}
    assert "invest_min" not in cards["实现智能分析"]
    assert (
        cards["实现智能分析"]["prerequisites"] == "投资估算：未知，1 项均未定价，须由工作组定价。"
    )
    assert cards["实现产供销集成"]["invest_min"] == 100


def test_costs_count_from_the_present_answer_upwards() -> None:
    steps = Price("steps", (1, 10, 100), assumed=True)
    assert [steps.cost(now, 3) for now in (None, 0, 1, 2, 3)] == [
        1_110_000,
        1_110_000,
        1_100_000,
        1_000_000,
        0,
    ]
    assert Price("each", (1.5,), assumed=True).cost(2, 5) == 45_000
    assert Price("once", (0.1,), assumed=True).cost(0, 1) == 1_000


def test_naming_nothing_or_less_is_no_improvement() -> None:
    uses = DEFINITIONS.questions["data_uses"]
    nothing = float(1 << uses.step_of("none"))  # type: ignore[operator]
    assert betters(uses, None, 1) and betters(uses, nothing, 1) and betters(uses, 1, 3)
    assert not betters(uses, 3, 1) and not betters(uses, 1, nothing)
    counted = DEFINITIONS.questions["equipment_digital"]
    assert betters(counted, 3, 4) and not betters(counted, 4, 4)


def test_edited_costs_are_told_as_the_group_s_own() -> None:
    prices = prices_of(DEFINITIONS, {"analysis": [1, 2, 3], "online_sales": 4})
    assert prices["analysis"] == Price("steps", (1, 2, 3), assumed=False)
    assert prices["online_sales"].amounts == (4,) and prices["data_upward"].assumed


def test_costs_agreed_on_in_the_report_form_take_the_place_of_the_assumed(tmp_path: Path) -> None:
    """The last whole row on a question counts; a trial of the moment goes before it."""
    rows = [
        {"question": "supply_flow", "cost_1": 1, "cost_2": 2, "cost_3": 3},
        {"question": "supply_flow", "cost_1": 5, "cost_2": 6, "cost_3": 7, "note": "询价"},
        {"question": "levels__sales", "cost_1": 1, "cost_2": 2},
        {"question": "key_processes_nc", "cost_1": 12.5},
    ]
    content = {"annex_6": {"supply_flow": "A"}, "annex_2": {"improvement_costs": rows}}
    case = create(tmp_path / "case", content, DEFINITIONS, "测试")
    found = {each["question"]: each for each in levers(case)["levers"]}
    assert found["supply_flow"]["amounts"] == [5, 6, 7]
    assert "工作组填写" in found["supply_flow"]["cost_words"]
    assert found["key_processes_nc"]["amounts"] == [12.5]
    assert found["levels.sales"]["agreed"] is None, "a row that is not whole cannot be used"
    assert "第3行没有填全" in levers(case)["says"]
    request = {"changes": {"supply_flow": "C"}}
    assert scenario(case, request)["cost"] == 11
    assert scenario(case, request | {"costs": {"supply_flow": [0, 1, 0]}})["cost"] == 1
    (card,) = suggestions(case, request)
    assert card.value["invest_min"] == 11
    assert card.value["prerequisites"] == "投资估算：11.00 万元，按工作组确定的成本计。"


def test_a_choice_that_money_changes_nothing_of_is_refused(tmp_path: Path) -> None:
    folder = copy_to(tmp_path / "set")
    edit(folder / "annexes" / "annex_2.yaml", "code: levels__sales,", "code: equipment,")
    found = problems_of(folder)
    assert len(found) == 1 and "equipment，不由投入改变任何指标" in found[0]


def test_every_improvable_answer_can_be_given_a_cost_by_its_own_name() -> None:
    table = DEFINITIONS.fields[f"{REPORT}.{COSTS}"]
    offered = {question_of(each.code): each.label for each in table.columns[0].choices}
    assert offered == {
        key: to_question(key, DEFINITIONS)["label"] for key in prices_of(DEFINITIONS)
    }
