"""What leaves a scenario for the case: agreed costs and suggestions, journalled and undoable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dxkit import paths
from dxkit.advice.agreed_costs import agreed
from dxkit.case import journal, open_case
from tests.sittings import Sitting, copy_of, workspace

COSTS, CARDS = "annex_2.improvement_costs", "annex_2.suggestions"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield copy_of("demo-machinery", workspace(tmp_path, monkeypatch))
    paths.workspace.cache_clear()


def rows(folder: Path, path: str) -> list[dict[str, Any]]:
    annex, _, key = path.partition(".")
    return open_case(folder).annex(annex).get(key) or []


def lever(sitting: Sitting, question: str, **told: Any) -> dict[str, Any]:
    found = sitting.ask("levers", **told)["levers"]
    return next(each for each in found if each["question"] == question)


def test_tried_costs_become_those_of_the_group_by_name_and_go_with_an_undo(folder: Path) -> None:
    mine, before = Sitting(folder, "member", "甲"), rows(folder, COSTS)
    tried = {"supply_flow": [1, 2.5, 3], "equipment_digital": 4}
    trial = lever(mine, "supply_flow", costs=tried)
    assert (trial["wanted"], trial["agreed"]) == (3, None)
    assert trial["cost_words"].endswith("（本机试用）")
    reply = mine.ask("adopt_costs", costs=tried, seen={}, note="询价")
    assert reply["adopted"] == 2 and reply["saved"]
    first, second = rows(folder, COSTS)[len(before) :]
    assert first == {
        "question": "supply_flow",
        **{"cost_1": 1, "cost_2": 2.5, "cost_3": 3, "note": "询价"},
    }
    assert second == {"question": "equipment_digital", "cost_1": 4, "note": "询价"}
    assert journal.read(folder)[-1].who == "甲"
    other = lever(Sitting(folder, "reader", "乙"), "supply_flow")
    assert (other["amounts"], other["agreed"]) == ([1, 2.5, 3], [1, 2.5, 3])
    assert other["cost_words"].endswith("（工作组填写）")
    assert mine.ask("undo")["words"] == "撤销了“改进成本”的修改"
    assert rows(folder, COSTS) == before
    assert mine.ask("redo")["saved"]
    assert len(rows(folder, COSTS)) == len(before) + 2


def test_the_row_that_counts_is_written_anew_and_keeps_its_reason(folder: Path) -> None:
    mine = Sitting(folder)
    for cost in (7, 8):
        row = {"question": "online_sales", "cost_1": cost, "note": f"依据{cost}"}
        assert "saved" in mine.ask("row", path=COSTS, action="add", row=row)
    before = rows(folder, COSTS)
    assert "saved" in mine.ask("adopt_costs", costs={"online_sales": 9}, seen={"online_sales": 8})
    assert rows(folder, COSTS) == [*before[:-1], {**before[-1], "cost_1": 9}]
    assert (
        "已经是"
        in mine.ask("adopt_costs", costs={"online_sales": 9}, seen={"online_sales": 9})["problem"]
    )
    mine.ask("undo")
    assert rows(folder, COSTS) == before


def test_what_others_agreed_on_meanwhile_is_not_written_over(folder: Path) -> None:
    mine, other = Sitting(folder, name="甲"), Sitting(folder, "member", "乙")
    shown = lever(mine, "online_sales")["agreed"]
    assert other.ask("adopt_costs", costs={"online_sales": 9}, seen={"online_sales": shown})[
        "saved"
    ]
    refused = mine.ask("adopt_costs", costs={"online_sales": 5}, seen={"online_sales": shown})
    assert "刚被他人改过" in refused["problem"]
    assert agreed(open_case(folder))[0]["online_sales"] == 9


@pytest.mark.parametrize(
    ("role", "costs", "told"),
    [
        ("reader", {"online_sales": 9}, "改进成本："),
        ("enterprise", {"online_sales": 9}, "没有这一页"),
        ("leader", {"online_sales": -1}, "不小于 0"),
        ("leader", {"supply_flow": [1, 2]}, "3 个不小于 0 的数"),
        ("leader", {"equipment": 3}, "不由投入改变任何指标"),
        ("leader", {}, "没有试用的成本"),
        ("leader", [], "没有试用的成本"),
    ],
)
def test_who_may_not_or_what_is_no_cost_is_refused_in_words(
    folder: Path, role: str, costs: Any, told: str
) -> None:
    before = rows(folder, COSTS)
    assert told in Sitting(folder, role).ask("adopt_costs", costs=costs, seen={})["problem"]
    assert rows(folder, COSTS) == before


def test_suggestions_are_taken_back_by_an_undo_as_one(folder: Path) -> None:
    mine, before = Sitting(folder), rows(folder, CARDS)
    reply = mine.ask("suggest", changes={"supply_flow": "D", "equipment_digital": 100})
    assert reply["added"] == 2 == len(rows(folder, CARDS)) - len(before)
    mine.edit("annex_6.smart_scenes_other", "别的", seen=None)
    mine.ask("undo")
    assert mine.ask("undo")["words"] == "撤销了“方案卡”的修改"
    assert rows(folder, CARDS) == before
    mine.ask("redo")
    card = rows(folder, CARDS)[len(before)]
    Sitting(folder, "member", "乙").ask(
        "row",
        path=CARDS,
        action="set",
        index=len(before) + 1,
        seen=card,
        row={"scene": "一车间"},
    )
    assert "已被他人改动" in mine.ask("undo")["problem"]
