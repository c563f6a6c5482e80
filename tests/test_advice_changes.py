"""Levers, scenarios and suggestion cards: what is tried beside the record, and what is proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.advice.cheapest import cheapest
from dxkit.advice.goals import Goal
from dxkit.advice.levers import levers_of
from dxkit.advice.prices import prices_of
from dxkit.advice.suggesting import suggestion_changes
from dxkit.advice.variants import vary
from dxkit.advice.what_if import what_if
from dxkit.assessment import NOT_APPLICABLE, assess, tabulate
from dxkit.assessment.columns import decode, encode
from dxkit.case import Case, create, look_at, writing
from dxkit.definitions import load
from dxkit.diagnosis import diagnose
from dxkit.errors import ConflictError, ParameterError
from tests.answers import answer_to, deciding, partly_answered

DEFINITIONS = load()
PRICES = prices_of(DEFINITIONS)
RECORD = {
    "key_processes": 10,
    "key_processes_nc": 6,
    "data_upward": "B",
    "orders_downward": "A",
    "supply_flow": "B",
}


def case_of(folder: Path, record: dict[str, Any] = RECORD, **annexes: Any) -> Case:
    content = {"annex_6": record, **annexes}
    return create(folder / "case", content, DEFINITIONS, "测试")


def levers(answers: dict[str, Any], **costs: Any) -> dict[str, Any]:
    row = tabulate(DEFINITIONS, [answers])
    found = levers_of(row, DEFINITIONS, prices_of(DEFINITIONS, costs))
    return {each.question: each for each in found}


def test_a_lever_offers_the_steps_above_with_what_they_cost_and_move() -> None:
    """B of data_upward: C at 60 and D at 60 and 80; alone it settles nothing for A below."""
    found = levers(RECORD)["data_upward"]
    assert [(each.value, each.cost) for each in found.options] == [(2, 60), (3, 140)]
    assert [each.moves for each in found.options] == [(), ()]
    supply = levers(RECORD | {"data_upward": "C", "orders_downward": "C"})["supply_flow"]
    assert [[each.no for each in option.moves] for option in supply.options] == [[12, 14]] * 2


def test_a_counted_lever_offers_one_more_the_bars_and_quarters_of_the_whole() -> None:
    """Of 10 with 1: 2, a quarter 3, half 5, three quarters 8, all; 30 for each more."""
    found = levers(RECORD | {"key_processes_nc": 1})["key_processes_nc"]
    assert [each.value for each in found.options] == [2, 3, 5, 8, 10]
    assert [each.cost for each in found.options] == [30, 60, 120, 210, 270]


def test_what_is_at_its_best_or_does_not_apply_is_no_lever() -> None:
    found = levers({"analysis": "D", "customisation_mode": NOT_APPLICABLE, "online_sales": 3})
    assert not {"analysis", "customisation_mode", "online_sales", "equipment"} & found.keys()
    assert "has_design_activity" not in levers({}), "a fact about the enterprise, no investment"


def test_an_edited_cost_is_the_lever_s_cost() -> None:
    found = levers(RECORD, data_upward=[1, 2, 3])["data_upward"]
    assert [each.cost for each in found.options] == [2, 5] and not found.price.assumed


def test_a_scenario_stands_beside_the_record_and_never_in_it(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    text = (case.folder / "case.yaml").read_bytes()
    then = what_if(case, {"data_upward": "C", "orders_downward": "C", "supply_flow": "D"})
    words = {each.indicator.no: each.words for each in then.results}
    assert (words[11], words[12], words[14]) == ("是", "是", "是")
    now = {each.indicator.no: each.words for each in diagnose(case).results}
    assert (now[11], now[12], now[14]) == ("否", "否", "否")
    assert (case.folder / "case.yaml").read_bytes() == text


def test_a_scenario_may_leave_an_answer_unknown_or_not_applicable(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    then = what_if(case, {"supply_flow": None, "customisation_mode": "not_applicable"})
    states = {each.indicator.no: each.state for each in then.results}
    assert (states[12], states[22]) == ("unknown", "not_applicable")


def test_changed_classes_of_software_change_what_is_counted_from_them(tmp_path: Path) -> None:
    """16 classes, 4 in use: 25 %; one more is 31.25 %, and the typed count would stay."""
    codes = [row.code for row in _grid("software_basket").rows]
    cells = {code: "in_use" if n < 4 else "not_used" for n, code in enumerate(codes)}
    case = case_of(tmp_path, {"software_basket": cells})
    then = what_if(case, {f"software_basket.{codes[9]}": "in_use"})
    rate = next(each for each in then.results if each.indicator.id == "industrial_software_rate")
    assert rate.words == "31.25%"


def _grid(key: str) -> Any:
    return next(each for each in DEFINITIONS.annexes["annex_6"].fields if each.key == key)


@pytest.mark.parametrize(
    "changes",
    [
        {"nothing": 1},
        {"equipment": -1},
        {"equipment": "many"},
        {"data_upward": "Z"},
        {"data_upward": "not_applicable"},
        {"equipment_list": []},
        {"design_tools": "cad_2d"},
        {"online_sales": True},
        {"online_sales": [3]},
    ],
)
def test_what_fits_no_question_is_refused_in_words(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match="应为"):
        what_if(case_of(tmp_path), changes)


@settings(max_examples=12, deadline=None)
@given(partly_answered(DEFINITIONS))
def test_a_lever_never_takes_a_yes_away_and_costs_more_the_further_it_goes(
    drawn: tuple[dict[str, Any], ...],
) -> None:
    row = tabulate(DEFINITIONS, [drawn[1]])
    found = levers_of(row, DEFINITIONS, prices_of(DEFINITIONS))
    tried = [{each.question: option.value} for each in found for option in each.options]
    results = assess(DEFINITIONS, vary(row, tried)).results
    for indicator in DEFINITIONS.indicators:
        low = results[indicator.id].low
        if indicator.kind == "yes_no" and low[0] == 1:
            assert (low == 1).all(), indicator.id
    for lever in found:
        costs = [option.cost or 0 for option in lever.options]
        assert costs and costs == sorted(costs)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_encoded_comes_back_as_it_was(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(deciding(DEFINITIONS))))
    field = DEFINITIONS.questions[key]
    answer = data.draw(answer_to(field))
    if answer is NOT_APPLICABLE or (answer == ["none"] and field.step_of("none") is None):
        return
    back = decode(field, float(encode(field, [answer]).values[0]))
    same = set(back) == set(answer) if isinstance(answer, list) else back == answer
    assert same, (answer, back)


def suggested(case: Case) -> list[dict[str, Any]]:
    row = diagnose(case).assessment.table.row(0)
    plan = cheapest([Goal("smart_manufacturing_ready")], row, DEFINITIONS, PRICES)
    return [each.value for each in suggestion_changes(case, row, plan.steps, PRICES)]


def test_changes_become_a_card_for_each_indicator_and_invent_nothing(tmp_path: Path) -> None:
    """11 needs both directions, 20 and 60 and 60; 12 one step at 80; 14 follows from them."""
    case = case_of(
        tmp_path,
        annex_2={"problems": [{"problem_no": "P07", "indicators": ["control_integration"]}]},
    )
    first, second = suggested(case)
    assert first["sug_no"] == "S01" and first["sug_name"] == "实现管控集成"
    assert first["indicators"] == ["control_integration", "smart_manufacturing_ready"]
    assert first["problem_ids"] == ["P07"]
    assert (first["invest_min"], first["invest_max"]) == (140, 140)
    assert "由“A 纸质或口头传达”提升到“C 主要产线自动下达”" in first["content"]
    assert first["benefit_quant"] == "指标11 管控集成由“否”变为“是”。"
    assert "假定，不是报价" in first["prerequisites"]
    assert second["sug_no"] == "S02" and "problem_ids" not in second
    assert not {"scene", "phase", "priority", "duration_months", "benefit_year"} & first.keys()


def test_cards_go_behind_the_last_and_the_same_card_is_not_added_twice(tmp_path: Path) -> None:
    own = {"sug_no": "S09", "sug_name": "自己写的", "content": "照旧。"}
    case = case_of(tmp_path, annex_2={"suggestions": [own]})
    row = diagnose(case).assessment.table.row(0)
    plan = cheapest([Goal("smart_manufacturing_ready")], row, DEFINITIONS, prices_of(DEFINITIONS))
    changes = suggestion_changes(case, row, plan.steps, PRICES)
    with writing(case.folder, "测试", DEFINITIONS) as writer:
        writer.apply(changes)
    after = look_at(case.folder, DEFINITIONS)
    numbers = [each["sug_no"] for each in after.annex("annex_2")["suggestions"]]
    assert numbers == ["S09", "S10", "S11"]
    assert suggestion_changes(after, row, plan.steps, PRICES) == ()


def test_a_card_that_somebody_else_wrote_meanwhile_is_never_overwritten(tmp_path: Path) -> None:
    case = case_of(tmp_path, annex_2={"suggestions": [{"sug_no": "S01", "sug_name": "原有"}]})
    row = diagnose(case).assessment.table.row(0)
    plan = cheapest([Goal("smart_manufacturing_ready")], row, DEFINITIONS, prices_of(DEFINITIONS))
    changes = suggestion_changes(case, row, plan.steps, PRICES)
    with writing(case.folder, "另一人", DEFINITIONS) as writer:
        writer.set("annex_2.suggestions.+", {"sug_no": "S02", "sug_name": "他人的"})
        with pytest.raises(ConflictError):
            writer.apply(changes)
    rows = look_at(case.folder, DEFINITIONS).annex("annex_2")["suggestions"]
    assert [each["sug_name"] for each in rows] == ["原有", "他人的"]
