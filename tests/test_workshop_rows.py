"""Tables under several hands: the row that was seen is meant, and a paste is all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dxkit import paths
from dxkit.case import journal, open_case
from tests.sittings import Sitting, cells, copy_of, workspace

TABLE = "annex_6.equipment_list"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield copy_of("demo-machinery", workspace(tmp_path, monkeypatch))
    paths.workspace.cache_clear()


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return open_case(folder).annex("annex_6")["equipment_list"]


def names(folder: Path) -> list[str]:
    return [row.get("name", "") for row in rows_of(folder)]


def act(sitting: Sitting, action: str, **asked: Any) -> dict[str, Any]:
    return sitting.ask("row", path=TABLE, action=action, **asked)


def shown(sitting: Sitting, number: int) -> dict[str, Any]:
    return cells(sitting.open(TABLE)[TABLE]["rows"][number - 1])


def test_rows_are_added_changed_moved_and_removed_and_all_of_it_undone(folder: Path) -> None:
    mine = Sitting(folder)
    before = rows_of(folder)
    first = names(folder)[0]
    added = act(mine, "add", row={"name": "激光切割机", "quantity": "2 台", "cat": "生产设备"})
    assert added["row"] == len(before) + 1
    assert rows_of(folder)[-1] == {"name": "激光切割机", "quantity": 2, "cat": "production"}
    act(mine, "set", index=1, seen=shown(mine, 1), row={"model": "QG-5000"})
    assert rows_of(folder)[0] == {**before[0], "model": "QG-5000"}
    act(mine, "move", index=1, seen=shown(mine, 1), to=3)
    assert names(folder)[2] == first
    act(mine, "remove", index=2, seen=shown(mine, 2))
    assert len(rows_of(folder)) == len(before)
    for _ in range(4):
        assert "撤销了" in mine.ask("undo")["words"]
    assert rows_of(folder) == before
    for _ in range(4):
        mine.ask("redo")
    assert (names(folder)[1], names(folder)[-1]) == (first, "激光切割机")
    assert list(journal.verify(folder)) == []


def test_the_row_that_was_seen_is_changed_wherever_others_moved_it(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member", "乙")
    seen = shown(mine, 3)
    act(other, "remove", index=1, seen=shown(other, 1))
    act(other, "add", index=1, row={"name": "新来的"})
    act(other, "add", index=1, row={"name": "又一个"})
    assert act(mine, "set", index=3, seen=seen, row={"model": "改后型号"})["row"] == 4
    (found,) = [row for row in rows_of(folder) if row.get("model") == "改后型号"]
    assert found["name"] == seen["name"]


def test_two_people_may_change_two_cells_of_one_row(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member", "乙")
    seen = shown(mine, 1)
    act(other, "set", index=1, seen=seen, row={"model": "乙的型号"})
    assert "saved" in act(mine, "set", index=1, seen=seen, row={"name": "甲的名称"})
    row = rows_of(folder)[0]
    assert (row["name"], row["model"]) == ("甲的名称", "乙的型号")


def test_two_people_on_one_cell_are_a_conflict_that_the_leader_decides(folder: Path) -> None:
    leader, other = Sitting(folder), Sitting(folder, "member", "乙")
    seen = shown(leader, 1)
    act(leader, "set", index=1, seen=seen, row={"name": "组长写的"})
    lost = act(other, "set", index=1, seen=seen, row={"name": "乙写的"})["conflict"]
    assert names(folder)[0] == "组长写的"
    assert "乙写的" in lost["mine"]["text"]
    act(leader, "add", index=1, row={"name": "插在前面"})
    leader.ask("decide", n=lost["n"], choose="mine")
    assert names(folder)[:2] == ["插在前面", "乙写的"]


def test_a_row_that_is_contested_is_told_by_what_differs_wherever_it_stands_by_now(
    folder: Path,
) -> None:
    mine, other = Sitting(folder, name="甲"), Sitting(folder, "member", "乙")
    seen = shown(mine, 2)
    assert "saved" in act(other, "set", index=2, seen=seen, row={"model": "乙写的"})
    lost = act(mine, "set", index=2, seen=seen, row={"model": "甲写的"})["conflict"]
    expected = ("型号：乙写的", "型号：甲写的")
    assert (lost["theirs"]["text"], lost["mine"]["text"]) == expected
    assert lost["label"] == f"生产设备台账第2行“{seen['name']}”"
    act(other, "remove", index=1, seen=shown(other, 1))
    (moved,) = mine.news()["conflicts"]["open"]
    assert (moved["theirs"]["text"], moved["mine"]["text"]) == expected
    assert moved["label"] == f"生产设备台账第1行“{seen['name']}”"
    act(other, "remove", index=1, seen=shown(other, 1))
    (gone,) = mine.news()["conflicts"]["open"]
    assert gone["theirs"]["text"] == "这一行已被删除"
    assert "型号：甲写的" in gone["mine"]["text"]


def test_a_row_that_is_gone_takes_no_change_and_the_page_says_so(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member", "乙")
    seen = shown(mine, 1)
    act(other, "remove", index=1, seen=seen)
    before = rows_of(folder)
    assert "删除" in act(mine, "set", index=1, seen=seen, row={"name": "晚了"})["problem"]
    assert rows_of(folder) == before


def test_removing_a_row_that_another_changed_meanwhile_waits_for_the_leader(folder: Path) -> None:
    leader, other = Sitting(folder), Sitting(folder, "member", "乙")
    seen = shown(other, 1)
    act(leader, "set", index=1, seen=seen, row={"model": "刚改的"})
    lost = act(other, "remove", index=1, seen=seen)["conflict"]
    assert rows_of(folder)[0]["model"] == "刚改的"
    leader.ask("decide", n=lost["n"], choose="mine")
    assert rows_of(folder)[0]["name"] != seen["name"]


def test_undo_of_a_row_is_refused_when_somebody_changed_it_since(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member", "乙")
    act(mine, "add", row={"name": "我的"})
    last = len(rows_of(folder))
    act(other, "set", index=last, seen=shown(other, last), row={"name": "乙改的"})
    assert "他人" in mine.ask("undo")["problem"]
    assert names(folder)[-1] == "乙改的"


HEAD = "设备名称\t数量（台/套）\t其中数字化数量\t设备类别"


def test_a_block_from_excel_is_read_by_its_headings_and_undone_as_one(folder: Path) -> None:
    mine, before = Sitting(folder), rows_of(folder)
    text = f'{HEAD}\r\n"两行的\r\n名称"\t3\t1\t生产设备\r\n空压机\t2\t\t公辅设备\r\n'
    assert "saved" in act(mine, "paste", text=text)
    assert rows_of(folder)[len(before) :] == [
        {"name": "两行的\n名称", "quantity": 3, "quantity_digital": 1, "cat": "production"},
        {"name": "空压机", "quantity": 2, "cat": "auxiliary"},
    ]
    assert len({entry.n for entry in journal.read(folder)[-1:]}) == 1
    mine.ask("undo")
    assert rows_of(folder) == before


def test_a_block_without_headings_is_read_in_the_order_of_the_columns(folder: Path) -> None:
    mine, before = Sitting(folder), rows_of(folder)
    assert "saved" in act(mine, "paste", text="生产设备\t冲床\tJ23\t4\t2")
    expected = {"cat": "production", "name": "冲床", "model": "J23"}
    assert rows_of(folder)[-1] == {**expected, "quantity": 4, "quantity_digital": 2}
    assert len(rows_of(folder)) == len(before) + 1


def test_every_cell_that_does_not_fit_is_told_at_once_and_nothing_is_stored(folder: Path) -> None:
    mine, before = Sitting(folder), rows_of(folder)
    text = f"{HEAD}\t没有的列\n甲\t三台\t1\t生产设备\tx\n乙\t2\t1\t别的\ty\n丙\t1\t1\t生产设备\t"
    wrong = act(mine, "paste", text=text)["unfit"]
    assert [(each["row"], each["column"]) for each in wrong] == [
        (0, "没有的列"),
        (1, "数量"),
        (2, "设备类别"),
    ]
    assert rows_of(folder) == before
    partly = act(mine, "paste", text=text, partly=True)
    assert "saved" in partly
    assert names(folder)[len(before) :] == ["丙"]


def test_a_row_that_fits_cell_by_cell_but_not_in_itself_is_refused(folder: Path) -> None:
    mine, before = Sitting(folder), rows_of(folder)
    (wrong,) = act(mine, "paste", text=f"{HEAD}\n乙\t2\t9\t公辅设备")["unfit"]
    assert "9" in wrong["expected"]
    assert "不大于 2" in wrong["expected"]
    assert rows_of(folder) == before


def test_a_row_that_the_enterprise_wrote_says_so_until_the_group_changes_it(folder: Path) -> None:
    path = "annex_6.platform_list"
    theirs, ours = Sitting(folder, "enterprise", "甲"), Sitting(folder, "member", "乙")
    before = ours.open(path)[path]["rows"]
    assert not any(each["reported"] for each in before)
    assert "saved" in theirs.ask("row", path=path, action="add", row={"name": "云一"})
    assert "saved" in ours.ask("row", path=path, action="add", row={"name": "云二"})
    rows = ours.open(path)[path]["rows"]
    assert [each["reported"] for each in rows[len(before) :]] == [True, False]
    moved = theirs.ask(
        "row", path=path, action="move", index=len(rows), seen={"name": "云二"}, to=1
    )
    assert [each["reported"] for each in moved["item"]["rows"]].count(True) == 1
    place = next(each["n"] for each in moved["item"]["rows"] if each["reported"])
    ours.ask(
        "row", path=path, action="set", index=place, seen={"name": "云一"}, row={"provider": "某云"}
    )
    assert not any(each["reported"] for each in ours.open(path)[path]["rows"])
    sides = [each.side for each in journal.read(folder)[-4:]]
    assert sides == ["enterprise", "", "enterprise", ""]
    assert not list(journal.verify(folder))


def test_what_the_program_writes_into_a_row_nobody_types(folder: Path) -> None:
    mine = Sitting(folder)
    table = "annex_7.evidence"
    row = cells(mine.open(table)[table]["rows"][0])
    reply = mine.ask(
        "row", path=table, action="set", index=1, seen=row, row={"sha256": "0" * 64, "file": "x"}
    )
    assert [each["column"] for each in reply["unfit"]] == ["文件校验值（SHA-256）", "文件"]


def test_the_first_row_of_a_table_and_the_last_one_that_goes(folder: Path) -> None:
    mine = Sitting(folder)
    table = "annex_6.findings"
    for _ in mine.open(table)[table]["rows"]:
        row = cells(mine.open(table)[table]["rows"][0])
        mine.ask("row", path=table, action="remove", index=1, seen=row)
    assert mine.open(table)[table]["rows"] == []
    column = next(
        each["key"] for each in mine.open(table)[table]["columns"] if each["kind"] == "long_text"
    )
    reply = mine.ask("row", path=table, action="add", row={column: "第一行"})
    assert [cells(row)[column] for row in reply["item"]["rows"]] == ["第一行"]
    assert mine.ask("undo")["item"]["rows"] == []
