"""The case on disk: one writer, nothing acknowledged is lost, nothing foreign gets in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dxkit import strict_yaml
from dxkit.case import (
    Change,
    NewFile,
    create,
    journal,
    list_folders,
    open_case,
    place_for,
    store_of,
    writing,
)
from dxkit.case.validation import problems_in
from dxkit.definitions import load
from dxkit.errors import CaseError, ConflictError
from dxkit.models.annex import Field, FieldType
from dxkit.strict_yaml import YamlText

DEFINITIONS = load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    answers = {"annex_6": {"equipment": 40, "equipment_digital": 30, "levels": {"finance": 2}}}
    return create(tmp_path / "trial", answers, DEFINITIONS, "测试").folder


def test_a_new_case_reads_back_as_written(folder: Path) -> None:
    case = open_case(folder)
    assert case.found["equipment"] == 40
    assert case.found["levels.finance"] == 2
    assert [entry.what for entry in journal.read(folder)] == ["create"]


def test_a_change_is_in_file_and_journal_with_who_and_what_before(folder: Path) -> None:
    with writing(folder, "张示例") as writer:
        writer.set("annex_6.equipment", 50)
    entry = journal.read(folder)[-1]
    assert (entry.who, entry.what) == ("张示例", "set")
    assert entry.changes == [{"path": "annex_6.equipment", "from": 40, "to": 50}]
    assert open_case(folder).found["equipment"] == 50


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        (
            "strength",
            "强",
            "E0（无佐证）、E1（仅口头）、E2（文件或记录）、E3（现场或系统演示核实） 之一",
        ),
        (
            "strength",
            3,
            "E0（无佐证）、E1（仅口头）、E2（文件或记录）、E3（现场或系统演示核实） 之一",
        ),
        ("recorded_at", "10月13日上午", "日期或日期和时间，如 2026-03-05 或 2026-03-05 09:30"),
        ("recorded_at", "2026-02-30", "日期或日期和时间，如 2026-03-05 或 2026-03-05 09:30"),
        ("recorder", 7, "说明文字"),
    ],
)
def test_a_part_of_an_answer_that_cannot_be_meant_is_refused_with_what_would_be_right(
    folder: Path, part: str, value: Any, expected: str
) -> None:
    with writing(folder, "甲") as writer, pytest.raises(CaseError) as refused:
        writer.set(f"annex_6.equipment.{part}", value)
    assert f"annex_6.equipment.{part}" in str(refused.value)
    assert f"应为：{expected}" in str(refused.value)


@pytest.mark.parametrize(
    ("indicators", "expected"),
    [
        (["none"], None),
        (["e_commerce", "customisation"], None),
        (["none", "e_commerce"], "“无”不能与其他选项同时选"),
        (["nothing"], "列表，各项为指标标识（见 dxkit list indicators），或 none（无）"),
    ],
)
def test_a_problem_names_indicators_or_says_that_there_are_none(
    folder: Path, indicators: list[str], expected: str | None
) -> None:
    problems = [{"problem_no": "P01", "indicators": indicators}]
    with writing(folder, "甲") as writer:
        if expected is None:
            case = writer.set("annex_2.problems", problems)
            assert case.annex("annex_2")["problems"] == problems
            return
        with pytest.raises(CaseError) as refused:
            writer.set("annex_2.problems", problems)
    assert f"应为：{expected}" in str(refused.value)


@pytest.mark.parametrize("at", ["2026-10-13", "2026-10-13 11:40", "2026-10-13T11:40:05"])
def test_an_answer_is_written_down_on_a_day_or_at_a_time_of_it(folder: Path, at: str) -> None:
    with writing(folder, "甲") as writer:
        case = writer.set("annex_6.equipment.recorded_at", at)
    assert case.record["equipment"].recorded_at == at


def test_a_change_based_on_a_value_no_longer_there_is_refused_with_both(folder: Path) -> None:
    with writing(folder, "甲") as writer:
        writer.set("annex_6.equipment", 50, based_on=40)
    with writing(folder, "乙") as writer, pytest.raises(ConflictError) as refused:
        writer.set("annex_6.equipment", 60, based_on=40)
    assert "50" in str(refused.value)
    assert "60" in str(refused.value)
    assert open_case(folder).found["equipment"] == 50


def test_a_change_that_does_not_fit_leaves_everything_as_it_was(folder: Path) -> None:
    before = (folder / "case.yaml").read_bytes()
    with writing(folder, "甲") as writer, pytest.raises(CaseError) as refused:
        writer.set("annex_6.equipment_digital", 41)
    assert "40" in str(refused.value)
    assert (folder / "case.yaml").read_bytes() == before
    assert len(journal.read(folder)) == 1


def test_an_edit_by_hand_is_journalled_as_such_at_the_next_open(folder: Path) -> None:
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8").replace("equipment: 40", "equipment: 44")
    path.write_text(text, encoding="utf-8")
    assert open_case(folder).found["equipment"] == 44
    entry = journal.read(folder)[-1]
    assert entry.what == "hand_edit"
    assert entry.changes == [{"path": "annex_6.equipment", "from": 40, "to": 44}]
    open_case(folder)
    assert len(journal.read(folder)) == 2


def test_a_torn_last_line_is_ignored_and_overwritten_by_the_next_entry(folder: Path) -> None:
    path = folder / journal.NAME
    with path.open("ab") as stream:
        stream.write(b'{"n": 2, "at": "half')
    assert open_case(folder).found["equipment"] == 40
    with writing(folder, "甲") as writer:
        writer.set("annex_6.equipment", 41)
    assert [entry.n for entry in journal.read(folder)] == [1, 2]
    assert list(journal.verify(folder)) == []


def test_a_crash_between_journal_and_file_is_finished_at_the_next_open(folder: Path) -> None:
    before = (folder / "case.yaml").read_bytes()
    with writing(folder, "甲") as writer:
        writer.set("annex_6.equipment", 77)
    after = (folder / "case.yaml").read_bytes()
    (folder / "case.yaml").write_bytes(before)
    (folder / ".case.yaml.part").write_bytes(after)
    assert open_case(folder).found["equipment"] == 77
    assert [entry.what for entry in journal.read(folder)] == ["create", "set"]


def test_a_crash_before_the_journal_leaves_no_trace(folder: Path) -> None:
    (folder / ".case.yaml.part").write_bytes(b"annex_6: {equipment: 99}\n")
    assert open_case(folder).found["equipment"] == 40
    assert sorted(path.name for path in folder.iterdir() if path.name != ".lock") == [
        "case.yaml",
        "journal.jsonl",
    ]


def test_an_older_version_put_back_by_hand_is_a_hand_edit(folder: Path) -> None:
    before = (folder / "case.yaml").read_bytes()
    with writing(folder, "甲") as writer:
        writer.set("annex_6.equipment", 77)
    (folder / "case.yaml").write_bytes(before)
    assert open_case(folder).found["equipment"] == 40
    assert journal.read(folder)[-1].what == "hand_edit"


def test_an_altered_journal_entry_breaks_the_chain(folder: Path) -> None:
    with writing(folder, "甲") as writer:
        writer.set("annex_6.equipment", 41)
    path = folder / journal.NAME
    path.write_text(
        path.read_text(encoding="utf-8").replace('"to":41', '"to":14'), encoding="utf-8"
    )
    assert "第 2 行" in str(next(journal.verify(folder)))


def test_the_journal_alone_rebuilds_the_case(folder: Path) -> None:
    with writing(folder, "甲") as writer:
        writer.set("annex_6.levels.finance", {"onsite": 3, "verified": 2, "remark": "降一级"})
        writer.set("annex_6.equipment", None)
    assert journal.replay(journal.read(folder)) == dict(open_case(folder).data)


WRITER = """
import sys
from dxkit.case import writing
folder, who, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
for n in range(count):
    with writing(folder, who) as writer:
        now = writer.data["annex_6"].get("equipment", 0)
        writer.set("annex_6.equipment", now + 1)
    print(now + 1, flush=True)
"""


def _start(folder: Path, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), who, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")


@pytest.mark.slow
def test_four_writers_at_once_lose_no_update(folder: Path) -> None:
    writers = [_start(folder, f"写{n}", 10) for n in range(4)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0, 0]
    assert open_case(folder).found["equipment"] == 80
    assert list(journal.verify(folder)) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
def test_a_killed_writer_loses_nothing_it_acknowledged(folder: Path) -> None:
    for trial in range(5):
        writer = _start(folder, "将被终止", 1000)
        assert writer.stdout is not None
        seen = [writer.stdout.readline()]
        time.sleep(0.05 * trial)
        writer.send_signal(signal.SIGKILL)
        seen += writer.stdout.read().splitlines()
        writer.wait()
        acknowledged = max(int(line) for line in seen if line.strip())
        assert open_case(folder).found["equipment"] >= acknowledged
        assert list(journal.verify(folder)) == []


def test_counts_not_typed_come_from_their_table(tmp_path: Path) -> None:
    rows = [
        {"site": "一厂", "workshop": "熔炼", "line": "一线", "process_name": "配料", "is_key": True}
        | {"control_mode": "dcs", "nc": True},
        {"site": "一厂", "workshop": "熔炼", "line": "一线", "process_name": "扒渣", "is_key": True}
        | {"control_mode": "manual", "nc": False},
        {
            "site": "一厂",
            "workshop": "熔炼",
            "line": "一线",
            "process_name": "清扫",
            "is_key": False,
        }
        | {"control_mode": "manual", "nc": False},
    ]
    case = create(tmp_path / "t", {"annex_6": {"key_process_list": rows}}, DEFINITIONS, "测试")
    assert (case.found["key_processes"], case.found["key_processes_nc"]) == (2, 1)


@pytest.mark.parametrize("name", ["../outside", "a/b", "", ".hidden", "x" * 100])
def test_a_case_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaseError):
        open_case(name)
    assert not (tmp_path.parent / "outside").exists()


def test_the_journal_is_plain_json_lines(folder: Path) -> None:
    lines = (folder / journal.NAME).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["n"] for line in lines] == [1]


def test_a_basket_only_counts_once_every_class_is_answered(tmp_path: Path) -> None:
    rows = [row.code for row in _grid("software_basket").rows]
    some = {"software_basket": {"erp": "in_use", "mes_mom": "not_used"}}
    case = create(tmp_path / "some", {"annex_6": some}, DEFINITIONS, "测试")
    assert case.found.get("software_classes_applicable") is None
    full = {"software_basket": dict.fromkeys(rows, "not_used") | {"erp": "in_use"}}
    case = create(tmp_path / "full", {"annex_6": full}, DEFINITIONS, "测试")
    assert case.found["software_classes_applicable"] == len(rows) == 16
    assert case.found["software_classes_in_use"] == 1


def _grid(key: str) -> Field:
    return next(field for field in DEFINITIONS.annexes["annex_6"].fields if field.key == key)


PROCESS = {"site": "一厂", "workshop": "熔炼", "line": "一线", "process_name": "配料"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{**PROCESS}], (None, None)),
        ([{**PROCESS, "is_key": True}], (1, None)),
        ([{**PROCESS, "is_key": False}], (0, 0)),
        ([{**PROCESS, "is_key": True, "nc": False}, {**PROCESS, "is_key": False}], (1, 0)),
    ],
)
def test_a_blank_cell_is_unknown_not_a_no(tmp_path: Path, rows: list, expected: tuple) -> None:
    case = create(tmp_path / "t", {"annex_6": {"key_process_list": rows}}, DEFINITIONS, "测试")
    keys = ("key_processes", "key_processes_nc")
    assert tuple(case.found.get(key) for key in keys) == expected


def test_an_edit_by_hand_while_a_writer_is_at_work_is_kept(folder: Path) -> None:
    path = folder / "case.yaml"
    with writing(folder, "甲") as writer:
        writer.set("annex_6.equipment", 50)
        text = path.read_text(encoding="utf-8").replace(
            "equipment_digital: 30", "equipment_digital: 31"
        )
        path.write_text(text, encoding="utf-8")
        writer.set("annex_6.equipment", 51)
    found = open_case(folder).found
    assert (found["equipment"], found["equipment_digital"]) == (51, 31)
    assert [e.what for e in journal.read(folder)] == ["create", "set", "hand_edit", "set"]


def test_an_edit_by_hand_after_a_crash_is_laid_on_top_of_what_was_acknowledged(
    folder: Path,
) -> None:
    before = (folder / "case.yaml").read_bytes()
    with writing(folder, "甲") as writer:
        writer.set("annex_6.equipment", 77)
    (folder / ".case.yaml.part").write_bytes((folder / "case.yaml").read_bytes())
    edited = before.replace(b"equipment_digital: 30", b"equipment_digital: 29")
    (folder / "case.yaml").write_bytes(edited)
    found = open_case(folder).found
    assert (found["equipment"], found["equipment_digital"]) == (77, 29)
    assert [e.what for e in journal.read(folder)] == ["create", "set", "hand_edit"]
    assert journal.replay(journal.read(folder)) == dict(open_case(folder).data)


def test_a_part_of_an_answer_may_be_set_on_a_bare_value(folder: Path) -> None:
    with writing(folder, "甲") as writer:
        writer.set("annex_6.equipment.verified", 38)
        writer.set("annex_6.equipment.remark", "两台停用")
    answer = open_case(folder).record["equipment"]
    assert (answer.onsite, answer.verified, answer.remark) == (40, 38, "两台停用")
    assert journal.replay(journal.read(folder)) == dict(open_case(folder).data)


@pytest.mark.parametrize(
    "path", ["", "annex_6", "annex_6.equipment.x", "annex_6.interviews.0", "annex_6.interviews.-1"]
)
def test_a_path_that_leads_nowhere_is_refused(folder: Path, path: str) -> None:
    with writing(folder, "甲") as writer:
        writer.set("annex_6.interviews", [{"department": "生产部"}])
        with pytest.raises(CaseError):
            writer.set(path, 1)
        with pytest.raises(CaseError):
            writer.set("annex_6.interviews.3", {"department": "设备部"})
        assert writer.set("annex_6.interviews.2", {"department": "设备部"})


def test_a_writer_is_of_no_use_without_its_lock(folder: Path) -> None:
    with writing(folder, "甲") as writer:
        pass
    with pytest.raises(RuntimeError):
        writer.set("annex_6.equipment", 1)


@pytest.mark.parametrize("text", ["1.5e5", "tRUE", "~", "null", "0x10", "1_000", "12", "3.0", "no"])
def test_text_that_looks_like_something_else_stays_text(folder: Path, text: str) -> None:
    with writing(folder, "甲") as writer:
        writer.set("annex_3.enterprise_name", text)
    assert open_case(folder).annex("annex_3")["enterprise_name"] == text


@pytest.mark.parametrize(
    "line",
    ['{"n": 2, "changes": 3}', "[" * 100_000, '{"changes": [{"path": "a"}], "n": 1}', "null", "7"],
)
def test_a_foreign_journal_line_never_stops_a_case_from_opening(folder: Path, line: str) -> None:
    with (folder / journal.NAME).open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    assert open_case(folder).found["equipment"] == 40
    assert list(journal.verify(folder))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("changes", [{"path": 5, "from": None, "to": 1}]),
        ("changes", [{"path": "annex_6.equipment.x.y", "from": None, "to": 1}]),
        ("changes", [{"path": "", "from": None, "to": 5}]),
        ("at", 5),
        ("who", None),
    ],
)
def test_an_altered_journal_never_stops_a_case_from_opening(
    folder: Path, part: str, value: Any
) -> None:
    path = folder / journal.NAME
    entry = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**entry, part: value}) + "\n", encoding="utf-8")
    with (folder / "case.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# 手工加的一行\n")
    assert open_case(folder).found["equipment"] == 40
    assert list(journal.verify(folder))
    assert journal.replay(journal.read(folder))["annex_6"]["equipment"] == 40


def test_nobody_writes_without_a_name(folder: Path) -> None:
    with pytest.raises(CaseError, match="办理人"), writing(folder, "  "):
        pass
    assert len(journal.read(folder)) == 1


def test_folders_that_are_being_made_are_no_cases(folder: Path) -> None:
    (folder.parent / ".new-half").mkdir()
    (folder.parent / ".new-half" / "case.yaml").write_text("{}", encoding="utf-8")
    assert [each.name for each in list_folders(folder.parent)] == ["trial"]


def test_several_changes_are_one_entry(folder: Path) -> None:
    with writing(folder, "甲") as writer:
        writer.apply([Change("annex_6.equipment", 50), Change("annex_6.equipment_digital", 45)])
    found = open_case(folder).found
    assert (found["equipment"], found["equipment_digital"]) == (50, 45)
    entries = journal.read(folder)
    assert [step["path"] for step in entries[-1].changes] == [
        "annex_6.equipment",
        "annex_6.equipment_digital",
    ]
    assert len(entries) == 2
    assert journal.replay(entries) == dict(open_case(folder).data)


def test_of_several_changes_all_are_made_or_none(folder: Path) -> None:
    before = (folder / "case.yaml").read_bytes()
    fits, stale = Change("annex_6.equipment", 50), Change("annex_6.levels.finance", 3, based_on=1)
    unfit, nowhere = Change("annex_6.equipment_digital", 51), Change("annex_6.equipment.x.y", 1)
    with writing(folder, "甲") as writer:
        for wrong, error in ((stale, ConflictError), (unfit, CaseError), (nowhere, CaseError)):
            with pytest.raises(error):
                writer.apply([fits, wrong], [NewFile("evidence/a.txt", b"a")])
    assert (folder / "case.yaml").read_bytes() == before
    assert len(journal.read(folder)) == 1
    assert _names(folder) == {"case.yaml", "journal.jsonl"}


def test_every_conflict_of_several_changes_is_told(folder: Path) -> None:
    stale = [
        Change("annex_6.equipment", 1, based_on=2),
        Change("annex_6.levels.finance", 3, based_on=1),
    ]
    with writing(folder, "甲") as writer, pytest.raises(ConflictError) as refused:
        writer.apply(stale)
    assert [p.key for p in refused.value.problems] == [each.path for each in stale]


def test_changes_that_fit_only_together_are_made_together(folder: Path) -> None:
    with writing(folder, "甲") as writer:
        writer.apply([Change("annex_6.equipment_digital", 60), Change("annex_6.equipment", 70)])
    assert open_case(folder).found["equipment_digital"] == 60


def test_rows_are_added_and_removed_by_path(folder: Path) -> None:
    rows, new = "annex_6.interviews", "annex_6.interviews.+"
    with writing(folder, "甲") as writer:
        writer.apply([Change(new, {"department": name}) for name in ("甲部", "乙部", "丙部")])
        writer.apply([Change(f"{rows}.2", None, based_on={"department": "乙部"})])
        with pytest.raises(ConflictError):
            writer.apply([Change(f"{rows}.2", None, based_on={"department": "乙部"})])
    kept = [{"department": "甲部"}, {"department": "丙部"}]
    assert open_case(folder).annex("annex_6")["interviews"] == kept
    assert journal.replay(journal.read(folder))["annex_6"]["interviews"] == kept


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock"}


def test_a_file_comes_in_with_its_entry(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "设备台账.txt"
    source.write_bytes(b"40")
    with writing(folder, "甲") as writer:
        files = [NewFile("evidence/1.txt", source), NewFile("issued/V1.0/2.txt", b"40")]
        writer.apply([Change("annex_6.equipment", 41)], files)
    # sha256sum of the two bytes "40"
    digest = "d59eced1ded07f84c145592f65bdf854358e009c5cd705f5215bf18697fed103"
    assert journal.read(folder)[-1].files == [
        {"path": "evidence/1.txt", "sha256": digest},
        {"path": "issued/V1.0/2.txt", "sha256": digest},
    ]
    assert (folder / "evidence/1.txt").read_bytes() == b"40"
    assert (folder / "issued/V1.0/2.txt").read_bytes() == b"40"
    assert _names(folder) == {"case.yaml", "journal.jsonl", "evidence", "issued"}
    assert list(journal.verify(folder)) == []


@pytest.mark.parametrize(
    "path",
    [
        *("../a", "/a", "C:/a", "a\\b", ".lock", "evidence/.x", ""),
        *("case.yaml", "Case.yaml", "journal.jsonl", "restricted/case.yaml", "evidence/taken.txt"),
    ],
)
def test_a_file_overwrites_nothing_and_stays_inside(folder: Path, path: str) -> None:
    with writing(folder, "甲") as writer:
        writer.apply([], [NewFile("evidence/taken.txt", b"first")])
        with pytest.raises(CaseError):
            writer.apply([], [NewFile(path, b"second")])
    assert (folder / "evidence/taken.txt").read_bytes() == b"first"
    assert len(journal.read(folder)) == 2
    assert not (folder.parent / "a").exists()


def test_a_file_that_is_no_longer_what_was_looked_at_is_refused(folder: Path) -> None:
    with writing(folder, "甲") as writer, pytest.raises(CaseError):
        writer.apply([], [NewFile("evidence/a.txt", b"other", sha256="0" * 64)])
    assert _names(folder) == {"case.yaml", "journal.jsonl"}


def test_a_folder_that_leads_elsewhere_takes_no_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "evidence").symlink_to(tmp_path / "elsewhere")
    with writing(folder, "甲") as writer, pytest.raises(CaseError):
        writer.apply([], [NewFile("evidence/a.txt", b"a")])
    assert list((tmp_path / "elsewhere").iterdir()) == []


def _killed_when(folder: Path, moment: str) -> None:
    """Add a file and a value in another process that is killed at the call of a function."""
    program = f"""
import os, signal
from dxkit.case import Change, NewFile, incoming, writer, writing
def die(*_args, **_more): os.kill(os.getpid(), signal.SIGKILL)
with writing({str(folder)!r}, "甲") as it:
    {moment} = die
    it.apply([Change("annex_6.equipment", 41)], [NewFile("evidence/a.txt", b"a")])
"""
    code = subprocess.run([sys.executable, "-c", program], check=False).returncode
    assert code == -signal.SIGKILL


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
@pytest.mark.parametrize(
    ("moment", "after"),
    [
        ("writer.write_part", False),
        ("writer.journal.append", False),
        ("incoming.bring_in", True),
        ("incoming.clear", True),
    ],
)
def test_a_kill_leaves_the_case_before_or_after(folder: Path, moment: str, after: bool) -> None:
    _killed_when(folder, moment)
    assert open_case(folder).found["equipment"] == (41 if after else 40)
    kept = {"case.yaml", "journal.jsonl"} | ({"evidence"} if after else set())
    assert _names(folder) == kept
    assert (folder / "evidence/a.txt").exists() is after
    assert len(journal.read(folder)) == (2 if after else 1)
    assert list(journal.verify(folder)) == []


@pytest.mark.parametrize(
    ("moment", "after"), [("journal.append", False), ("incoming.bring_in", True)]
)
def test_an_interrupt_leaves_before_or_after_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str, after: bool
) -> None:
    def interrupt(*_args: object, **_more: object) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    with writing(folder, "甲") as writer:
        monkeypatch.setattr(f"dxkit.case.{moment}", interrupt)
        with pytest.raises(KeyboardInterrupt):
            writer.apply([Change("annex_6.equipment", 41)], [NewFile("evidence/a.txt", b"a")])
        assert writer.data["annex_6"]["equipment"] == (41 if after else 40)
    assert _names(folder) == {"case.yaml", "journal.jsonl"} | ({"evidence"} if after else set())
    assert len(journal.read(folder)) == (2 if after else 1)


def test_what_was_acknowledged_and_not_finished_is_finished_by_the_next_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.name == ".case.yaml.part":
            raise PermissionError(13, "open elsewhere", str(self))
        return real(self, target)

    with writing(folder, "甲") as writer:
        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", refuse)
            with pytest.raises(PermissionError):
                writer.set("annex_6.equipment", 41)
        writer.set("annex_6.equipment_digital", 31)
    found = open_case(folder).found
    assert (found["equipment"], found["equipment_digital"]) == (41, 31)
    assert journal.replay(journal.read(folder)) == dict(open_case(folder).data)


SECRET = DEFINITIONS.annexes["annex_3"].model_copy(update={"restricted": True, "id": "apart"})
WITH_SECRET = replace(DEFINITIONS, annexes={**DEFINITIONS.annexes, "apart": SECRET})
FIRST = next(field.key for field in SECRET.fields if field.type == "long_text")


def test_a_restricted_annex_is_written_apart(folder: Path) -> None:
    store = store_of(folder, "apart", WITH_SECRET)
    assert store == folder / "restricted"
    assert store_of(folder, "annex_6", WITH_SECRET) == folder
    assert open_case(folder, WITH_SECRET).restricted is None
    with writing(store, "甲", WITH_SECRET) as writer:
        writer.set(f"apart.{FIRST}", "只限知悉")
    apart = open_case(folder, WITH_SECRET).restricted
    assert apart is not None
    assert apart.annex("apart")[FIRST] == "只限知悉"
    assert "只限知悉" not in (folder / "case.yaml").read_text(encoding="utf-8")
    assert "只限知悉" not in (folder / "journal.jsonl").read_text(encoding="utf-8")
    assert [entry.what for entry in journal.read(store)] == ["create"]
    assert journal.replay(journal.read(store)) == dict(apart.data)
    assert list_folders(folder) == []


def test_an_annex_in_the_wrong_file_is_told_where_it_belongs(folder: Path) -> None:
    with writing(folder, "甲", WITH_SECRET) as writer, pytest.raises(CaseError) as refused:
        writer.set(f"apart.{FIRST}", "x")
    assert "restricted/case.yaml" in str(refused.value)
    store = store_of(folder, "apart", WITH_SECRET)
    with writing(store, "甲", WITH_SECRET) as writer, pytest.raises(CaseError) as refused:
        writer.set("annex_6.equipment", 1)
    assert "企业文件夹的 case.yaml" in str(refused.value)
    assert not store.exists()


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
@pytest.mark.parametrize(("moment", "after"), [("journal.append", False), ("Path.replace", True)])
def test_a_restricted_store_begins_whole_or_not_at_all(
    folder: Path, moment: str, after: bool
) -> None:
    program = f"""
import os, signal
from pathlib import Path
from typing import Any
from dxkit.case import journal, writing
from test_case import FIRST, WITH_SECRET
def die(*_args, **_more): os.kill(os.getpid(), signal.SIGKILL)
with writing(Path({str(folder)!r}) / "restricted", "甲", WITH_SECRET) as it:
    {moment} = die
    it.set(f"apart.{{FIRST}}", "x")
"""
    command = [sys.executable, "-c", program]
    code = subprocess.run(command, check=False, cwd=Path(__file__).parent).returncode
    assert code == -signal.SIGKILL
    case = open_case(folder, WITH_SECRET)
    assert (case.restricted is not None) is after
    kept = {"case.yaml", "journal.jsonl"} | ({"restricted"} if after else set())
    assert _names(folder) == kept
    if after:
        assert _names(folder / "restricted") == {"case.yaml", "journal.jsonl"}


def test_no_case_is_called_restricted() -> None:
    with pytest.raises(CaseError):
        place_for("restricted")


def test_what_was_found_in_a_restricted_store_is_not_repeated(folder: Path) -> None:
    store = folder / "restricted"
    store.mkdir()
    (store / "case.yaml").write_text(
        'format: 1\nannex_9: {sec_phone: "机组代号甲"}\n', encoding="utf-8"
    )
    with pytest.raises(CaseError, match=r"annex_9\.sec_phone") as refused:
        _ = open_case(folder).restricted
    assert "机组代号甲" not in str(refused.value)


@pytest.mark.parametrize("path", ["annex_3.enterprise_name", "annex_3.enterprise_seal"])
def test_blanks_are_no_answer(folder: Path, path: str) -> None:
    with writing(folder, "甲") as writer, pytest.raises(CaseError, match=path):
        writer.set(path, "\u3000 ")


JUNK = [
    {"onsite": 5, "remrak": "x"},
    {"onsite": 5, "evidence": 3},
    {"onsite": 5, "methods": True},
    {"evidence": 3, "methods": {"a": 1}, "remrak": []},
    {"verified": {"verified": [1]}, "not_applicable": 3, "strength": []},
    [[{}]],
    True,
]


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("junk", JUNK)
def test_whatever_stands_in_place_of_an_answer_is_told_with_its_key(junk, restricted) -> None:
    data: dict[str, Any] = {}
    for annex in DEFINITIONS.annexes.values():
        if annex.restricted is restricted:
            for key, field in annex.questions():
                column, _, row = key.partition(".")
                if field.type in (FieldType.SIGNATURE, FieldType.SEAL, FieldType.YES_NO):
                    continue  # true is right there
                if row:
                    data.setdefault(annex.id, {}).setdefault(column, {})[row] = junk
                else:
                    data.setdefault(annex.id, {})[column] = junk
    told = problems_in(YamlText(data), "case.yaml", DEFINITIONS, restricted)
    keys = {problem.key for problem in told}
    for annex_id, answers in data.items():
        for column, answer in answers.items():
            rows = answer if isinstance(answer, dict) and answer is not junk else {"": answer}
            for row in rows:
                place = f"{annex_id}.{column}.{row}".rstrip(".")
                assert any(key == place or key.startswith(f"{place}.") for key in keys), place


def test_every_slip_within_an_answer_is_told_at_once(folder: Path) -> None:
    answer = {"onsite": 5, "remrak": "x", "evidence": 3, "methods": True}
    text = strict_yaml.dump({"annex_6": {"equipment": answer, "equipment_digital": 9}})
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as refused:
        open_case(folder)
    keys = [problem.key.partition("（")[0] for problem in refused.value.problems]
    spots = ["equipment.remrak", "equipment.evidence", "equipment.methods", "equipment_digital"]
    assert keys == [f"annex_6.{spot}" for spot in spots]
