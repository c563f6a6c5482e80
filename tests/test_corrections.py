"""Corrections, overrides, locks and proofs of a course: what an audit of an archived case found."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dxkit import paths, strict_yaml
from dxkit.case import Case, Change, NewFile, journal, look_at, open_case, writing
from dxkit.cli.standing import show_differences
from dxkit.diagnosis import diagnose
from dxkit.errors import BlockedError, LockedError
from dxkit.evidence.verification import verify
from dxkit.facts import fact
from dxkit.lifecycle import (
    Asked,
    advance,
    differences_between,
    edits_by_hand,
    results_between,
    standing,
)
from dxkit.lifecycle.judging import judge
from dxkit.lifecycle.nodes import passages
from dxkit.lifecycle.overrides import overrides_of
from dxkit.lifecycle.terms import Circumstances
from dxkit.lifecycle.versions import _between
from dxkit.report import front
from dxkit.report.versions import corrections, version_words
from tests.test_lifecycle import (
    DEFINITIONS,
    TODAY,
    asked,
    definitions_with,
    folder,
    go,
    report,
    rule,
    to_draft,
    to_plan,
)

__all__ = ["folder"]

SURVEYED = ("T13", "T15", "T14")
ARCHIVED = (*SURVEYED, "T16", "T17", "T18")
SMALL = {"equipment": 1000, "industrial_equipment": 1000, "equipment_on_cloud": 380}


def write(folder: Path, **fields: Any) -> Case:
    with writing(folder, "测试", DEFINITIONS) as writer:
        return writer.apply([Change(key.replace("__", "."), each) for key, each in fields.items()])


def edit(folder: Path, change: Any) -> None:
    """Edit the case file by hand."""
    data = dict(strict_yaml.read(folder / "case.yaml").data)
    change(data)
    (folder / "case.yaml").write_text(strict_yaml.dump(data), encoding="utf-8")


def steps(case: Case) -> list[str]:
    return [step.transition.id for step in standing(case, TODAY).ahead]


def test_a_correction_empties_what_told_of_the_version_before(folder: Path) -> None:
    to_draft(folder)
    write(folder, annex_1__result={"c18": "pass"}, annex_1__checked_on={"c18": "2026-09-10"})
    write(folder, annex_2__issued_on="2026-09-10", annex_2__author_sign=True)
    go(folder, *ARCHIVED, files=report(folder))
    write_course = {"annex_2.issued_on", "annex_1.result", "annex_1.checked_on"}
    case = go(folder, "T22", reason="设备上云数有误")
    emptied = {each["path"] for each in journal.read(folder)[-1].changes if each["to"] is None}
    assert write_course <= emptied
    assert case.annex("annex_2").get("author_sign") is None
    assert case.annex("annex_2")["report_status"] == "drafting"
    assert steps(case)[0] == "T13" and "T18" not in steps(case)


def test_every_step_ever_taken_is_told_with_whether_it_counts(folder: Path) -> None:
    to_draft(folder)
    go(folder, *ARCHIVED, files=report(folder))
    go(folder, "T22", reason="有误")
    write(folder, annex_4__risk_note="更正")
    case = go(folder, "T13", files=report(folder, "更正"))
    told = [(each.id, counts) for each, _, counts in standing(case, TODAY).taken]
    assert told[-8:] == [
        ("T13", False),
        ("T15", True),
        ("T14", True),
        ("T16", False),
        ("T17", False),
        ("T18", False),
        ("T22", True),
        ("T13", True),
    ]


def test_nodes_of_the_version_before_are_not_done_again(folder: Path) -> None:
    to_draft(folder)
    go(folder, "T13", files=report(folder))
    row = {"delivery_no": "S01", "report_version": "V1.0", "delivered_on": "2026-09-10"}
    write(folder, aux_10__deliveries=[{**row, "signed": True}])
    go(folder, "T15", "T14")
    write(folder, aux_8__submitted_on="2026-09-10", aux_9__filed_on="2026-09-10")
    go(folder, "T16", "T17")
    go(folder, "T22", reason="有误")
    write(folder, annex_4__risk_note="更正")
    case = go(folder, "T13", files=report(folder, "更正"))
    reached = {each.node.label: each.reached for each in passages(Circumstances(case, TODAY))}
    assert reached["报告定稿"] == "done"
    assert [reached[each] for each in ("报告送达", "报送盟市工信局", "线上填报")] == ["ahead"] * 3
    assert fact(case, "version_undelivered") == ("V1.1",)
    assert fact(case, "delivered_on") == "2026-09-10"


def test_a_corrected_report_is_due_at_the_bureau_from_its_own_delivery(folder: Path) -> None:
    def due(key: str, today: date) -> list[date]:
        found = standing(open_case(folder, DEFINITIONS), today).dues
        return [each.on for each in found if each.duty.key == key]

    def receipt(version: str, day: str) -> dict[str, Any]:
        return {"report_version": version, "delivered_on": day, "signed": True}

    def take(step: str, day: datetime, files: list[Path] | None = None) -> None:
        wanted = Asked("赵亮", "说明", {}, day)
        advance(folder, step, wanted, files or [], definitions=DEFINITIONS)

    to_draft(folder)
    go(folder, "T13", files=report(folder))
    write(folder, aux_10__deliveries=[receipt("V1.0", "2026-09-10")])
    go(folder, "T15", "T14")
    # Ten working days after Thursday 10 September 2026; Sunday the 20th is worked.
    assert due("submission", TODAY) == [date(2026, 9, 23)]
    go(folder, "T16")
    take("T22", datetime(2026, 12, 1, 9, 0))
    now = date(2026, 12, 9)
    # Nobody drafts or comments on the report once more, although neither was written down.
    assert due("submission", now) == due("draft", now) == due("comments", now) == []
    write(folder, annex_4__risk_note="更正")
    take("T13", datetime(2026, 12, 2, 9, 0), report(folder, "更正"))
    assert due("submission", now) == []
    write(folder, **{"aux_10__deliveries__+": receipt("V1.1", "2026-12-07")})
    # Ten working days after Monday 7 December 2026 is Monday the 21st, surveyed again or not.
    assert due("submission", now) == [date(2026, 12, 21)]
    take("T15", datetime(2026, 12, 9, 9, 0))
    assert due("submission", now) == [date(2026, 12, 21)]
    take("T16", datetime(2026, 12, 9, 10, 0))
    take("T19b", datetime(2026, 12, 14, 9, 0))
    assert due("submission", date(2026, 12, 14)) == [date(2026, 12, 28)]


def test_a_receipt_counts_for_the_version_that_it_names(folder: Path) -> None:
    to_draft(folder)
    case = go(folder, "T13", files=report(folder))
    row = {"delivery_no": "S01", "delivered_on": "2026-09-10", "signed": True}
    for version, wanted in (("v1.0", ()), (None, ()), ("V1.1", ("V1.0",))):
        told = {**row, **({"report_version": version} if version else {})}
        given = Case(folder, {**case.data, "aux_10": {"deliveries": [told]}}, DEFINITIONS, "")
        assert fact(given, "version_undelivered") == wanted


LEDGER = [
    {"seq": n, "title": f"材料{n}", "needed": True, "status": "archived"}
    | {"done_on": "2026-09-10", "file": f"issued/{n}.pdf", "pages": 3, "copies": 2}
    for n in (3, 15, 16, 20, 21)
]


def ledger_now(case: Case) -> dict[int, str]:
    return {row["seq"]: row["status"] for row in case.annex("annex_7")["service_ledger"]}


@pytest.mark.parametrize(
    ("step", "upto", "anew"), [("T22", ARCHIVED, (15, 16, 20, 21)), ("T19b", ARCHIVED[:4], (20,))]
)
def test_records_of_the_version_before_are_to_be_made_anew(
    folder: Path, step: str, upto: tuple[str, ...], anew: tuple[int, ...]
) -> None:
    write(folder, annex_7__service_ledger=LEDGER)
    to_draft(folder)
    go(folder, *upto, files=report(folder))
    case = go(folder, step, reason="有误")
    wanted = {row["seq"]: "not_formed" if row["seq"] in anew else "archived" for row in LEDGER}
    assert ledger_now(case) == wanted
    again = [row for row in case.annex("annex_7")["service_ledger"] if row["seq"] in anew]
    kept = {"seq", "title", "needed", "status", "copies"}
    assert {key for row in again for key, value in row.items() if value is not None} == kept
    # The guide's submission (5.1) and the archive both wait for them.
    assert fact(case, "pack_rows_missing") == tuple(f"{n} 材料{n}" for n in anew)
    assert fact(case, "ledger_rows_not_archived") == tuple(f"{n} 材料{n}" for n in anew)


def test_a_record_that_was_not_begun_is_not_begun_by_a_correction(folder: Path) -> None:
    write(folder, annex_7__service_ledger=[{"seq": 15, "title": "报告"}, {"seq": 16}])
    to_draft(folder)
    case = go(folder, "T13", "T22", files=report(folder))
    assert case.annex("annex_7")["service_ledger"] == [{"seq": 15, "title": "报告"}, {"seq": 16}]


def test_an_issue_after_a_correction_asks_for_a_change(folder: Path) -> None:
    to_draft(folder)
    go(folder, *SURVEYED, files=report(folder))
    write(folder, annex_5__meetings=[{"meeting_no": "M09", "types": ["briefing"]}])
    go(folder, "T22", reason="有误")
    write(folder, annex_2__issued_on="2026-09-11", annex_2__leader_sign=True)
    with pytest.raises(BlockedError, match=r"与已经发布的 V1\.0 没有不同"):
        go(folder, "T13", files=report(folder, "更正"))
    write(folder, annex_5__meetings__1__meeting_no="M08")
    assert go(folder, "T13", files=report(folder, "更正")).annex("engagement")["issues"][1:]


def test_filed_values_are_compared_with_what_was_issued(folder: Path) -> None:
    write(folder, **{f"annex_6__{key}": value for key, value in SMALL.items()})
    to_draft(folder)
    case = go(folder, "T13", files=report(folder))
    assert fact(case, "filing_report_values")["equipment_on_cloud_rate"] == "38.00%"
    case = write(folder, annex_6__equipment_on_cloud=370)
    assert fact(case, "filing_report_values")["equipment_on_cloud_rate"] == "38.00%"
    go(folder, "T15", "T22")
    go(folder, "T12")
    case = go(folder, "T13", files=report(folder, "更正"))
    assert fact(case, "filing_report_values")["equipment_on_cloud_rate"] == "37.00%"


def test_a_correction_tells_its_reason_and_the_results_that_changed(folder: Path) -> None:
    write(folder, **{f"annex_6__{key}": value for key, value in SMALL.items()})
    to_draft(folder)
    go(folder, "T13", "T15", files=report(folder))
    rates = {"key_process_nc_rate": "88.24%"}
    write(folder, aux_9__filed_value=rates, annex_2__delivered_on="2026-09-10")
    go(folder, "T22", reason="上云设备数抄错")
    write(folder, annex_6__equipment_on_cloud=370, annex_2__confirm_person="王示例")
    go(folder, "T12")
    case = go(folder, "T13", files=report(folder, "更正"), reason="")
    (changed,) = results_between(case, "V1.0", "V1.1")
    assert (changed.label, changed.before, changed.after) == (
        "指标8 企业工业设备上云率",
        "38.00%",
        "37.00%",
    )
    (field,) = differences_between(case, "V1.0", "V1.1")
    assert (field.path, field.before, field.after) == ("annex_6.equipment_on_cloud", "380", "370")
    printed = corrections(case).html
    assert "V1.1 的更正理由：上云设备数抄错" in printed
    assert "38.00%" in printed and "37.00%" in printed
    assert "filed_value" not in printed and "王示例" not in printed


def test_records_that_went_on_are_told_apart_from_what_was_corrected(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, **{f"annex_6__{key}": value for key, value in SMALL.items()})
    to_draft(folder)
    go(folder, "T13", "T22", files=report(folder))
    write(folder, annex_5__meetings=[{"meeting_no": "M09", "types": ["briefing"]}])
    write(folder, annex_4__tasks=[{"stage": "summary", "task": "情况汇报"}])
    write(folder, annex_6__equipment_on_cloud=370, annex_4__risk_note="更正")
    case = go(folder, "T12", "T13", files=report(folder, "更正"))
    versions = ("V1.0", "V1.1")
    told = [*results_between(case, *versions), *differences_between(case, *versions)]
    assert {each.path: each.kind for each in told} == {
        "indicator.equipment_on_cloud_rate": "result",
        "annex_4.tasks.1": "record",
        "annex_4.risk_note": "content",
        "annex_5.meetings.1": "record",
        "annex_6.equipment_on_cloud": "content",
    }
    show_differences(told)
    said = capsys.readouterr().out
    assert "共 5 处不同：指标结果 1 处、填写内容 2 处、过程记录 2 处。" in said
    results, content, records = map(said.index, ("指标8", "附件6", "附件5"))
    assert results < content < records


def test_a_grid_that_is_filled_at_once_is_told_cell_by_cell(folder: Path) -> None:
    to_draft(folder)
    write(folder, annex_4__risk_note="甲")
    case = go(folder, "T13", files=report(folder))
    before = {**case.data, "annex_4": {**case.annex("annex_4"), "risk_note": ""}}
    after = {**case.data, "annex_6": {"levels": {"finance": "B"}}}
    told = _between(before, after, Case(folder, after, DEFINITIONS, ""))
    assert [(each.before, each.after) for each in told if each.path == "annex_4.risk_note"] == [
        ("空", "甲")
    ]
    (level,) = [each for each in told if each.path.startswith("annex_6")]
    assert level.path == "annex_6.levels.finance" and "levels" not in level.label
    assert level.before == "空" and level.after


def test_only_the_report_that_was_issued_bears_its_version(folder: Path) -> None:
    to_draft(folder)
    case = go(folder, "T13", files=report(folder))
    assert version_words(case) == "V1.0"
    write(folder, engagement__exports=[{"form_no": "F1"}])
    assert version_words(open_case(folder, DEFINITIONS)) == "V1.0"
    case = write(folder, annex_4__risk_note="送达之后补记")
    assert version_words(case) == "V1.0之后的工作稿（未发布）"
    assert "工作稿，内容截至" in front.cover(diagnose(case)).html


def test_the_freeze_covers_what_reviews_found_and_the_edition(folder: Path) -> None:
    evidence = [{"evidence_no": "E-F003", "category": "F", "title": "画面", "outcome": "accepted"}]
    write(folder, annex_7__evidence=evidence)
    to_draft(folder)
    write(folder, annex_7__evidence__1__outcome="rejected")
    with pytest.raises(BlockedError, match="冻结之后又有改动：证据E-F003的审核结论"):
        go(folder, "T13", files=report(folder))
    go(folder, "T12")
    write(folder, engagement__snapshots__2__definitions="2025-01／0123456789ab")
    with pytest.raises(BlockedError, match="定义和规则参数（冻结时为2025-01／0123456789ab"):
        go(folder, "T13", files=report(folder))


def test_a_step_without_the_milestones_it_waits_for_is_a_fault(folder: Path) -> None:
    case = to_draft(folder)
    rows = case.annex("engagement")["history"]
    cut = [row for row in rows if row["transition"] not in ("T05", "T07")]
    case = write(folder, engagement__history=cut)
    faults = standing(case, TODAY).faults
    assert any("没有办理“告知书送达并取得回执”" in each for each in faults)
    assert any("没有办理“完成线上自评估”" in each for each in faults)
    assert not any("收到申请表" in each for each in faults)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"who": "赵亮"}, "放行R-04的“赵亮”不是附件4所列的组长"),
        ({"rule": "R-06"}, "R-06是必须满足的规则，不能放行"),
        ({"rule": "R-99"}, "没有规则“R-99”"),
        ({"reason": None}, "放行R-04没有写明理由"),
        ({"at": "2026-09-09 08:00"}, "没有与放行R-04同时办理的步骤"),
    ],
)
def test_an_override_that_no_step_wrote_is_a_fault_and_lets_nothing_pass(
    folder: Path, change: dict[str, Any], said: str
) -> None:
    case = to_plan(folder)
    assert standing(case, TODAY).faults == ()
    (row,) = case.annex("engagement")["overrides"]
    told = {key: each for key, each in {**row, **change}.items() if each is not None}
    case = write(folder, engagement__overrides=[told])
    stands = standing(case, TODAY)
    assert any(said in each for each in stands.faults)
    assert stands.overrides == () and overrides_of(case) == []
    seen = Circumstances(case, TODAY)
    assert judge(DEFINITIONS.rules["R-04"], seen).result == "failed"


def test_an_override_of_a_former_leader_still_holds(folder: Path) -> None:
    to_plan(folder)
    case = write(folder, annex_4__members__1__role="member", annex_4__members__2__role="leader")
    assert standing(case, TODAY).faults == ()
    assert [each.who for each in overrides_of(case)] == ["乌兰"]


def test_an_override_lapses_with_other_reasons_and_may_be_given_again(folder: Path) -> None:
    definitions = definitions_with(
        rule("R-58", {"number": "fact.team_size", "at_least": 4}, "block_unless_overridden")
    )

    def take(step: str, files: bool = False, **let: str) -> Case:
        who = asked("说明", who="乌兰", **let)
        return advance(
            folder, step, who, report(folder) if files else [], definitions=definitions
        ).case

    for step in (
        "T01",
        "T02",
        "T03",
        "T04",
        "T05",
        "T06",
        "T07",
        "T08",
        "T09",
        "T10",
        "T11",
        "T12",
    ):
        take(step)
    take("T13", files=True)
    for step in ("T15", "T14", "T16"):
        take(step)
    case = take("T17", R_58="两人足够")
    (row,) = case.annex("engagement")["overrides"]
    assert row["culprits"] == ["工作组人数（同一人只计一次）现为2人，须不少于4"]
    shrunk = write(folder, annex_4__members=[{"name": "乌兰", "role": "leader"}])
    seen = Circumstances(Case(folder, shrunk.data, definitions, shrunk.digest), TODAY)
    assert judge(definitions.rules["R-58"], seen).result == "failed"
    take("T22")
    assert overrides_of(open_case(folder, definitions)) == []
    take("T13", files=True)
    take("T15")
    take("T16")
    with pytest.raises(BlockedError, match="R-58"):
        take("T17")
    assert len(take("T17", R_58="只有一人").annex("engagement")["overrides"]) == 2


def test_an_archived_case_is_closed_for_all_but_its_course(folder: Path, tmp_path: Path) -> None:
    to_draft(folder)
    go(folder, *ARCHIVED, files=report(folder))
    before = (folder / "case.yaml").read_bytes()
    with pytest.raises(LockedError, match="案卷已归档，不再改动"):
        write(folder, annex_4__risk_note="补记")
    photo = NewFile("evidence/PH-001.png", b"x")
    with writing(folder, "测试", DEFINITIONS) as writer, pytest.raises(LockedError):
        writer.apply([], [photo])
    (folder / "restricted").mkdir()
    with (
        writing(folder / "restricted", "测试", DEFINITIONS) as writer,
        pytest.raises(LockedError, match="附件9"),
    ):
        writer.set("annex_9.systems", [{"system_no": "S1"}])
    assert (folder / "case.yaml").read_bytes() == before
    write(folder, engagement__exports=[{"form_no": "F1"}])
    go(folder, "T22", reason="有误")
    assert write(folder, annex_4__risk_note="更正").annex("annex_4")["risk_note"] == "更正"


def test_a_survey_is_closed_by_its_step_and_stays_so_through_a_correction(folder: Path) -> None:
    to_draft(folder)
    go(folder, "T13", files=report(folder))
    write(folder, annex_8__filled_on="2026-09-10", annex_8__report_received_on="2026-09-10")
    case = go(folder, "T15")
    assert case.annex("annex_8")["locked_on"] == "2026-09-10"
    for step in ("T22", "T12"):
        with pytest.raises(LockedError, match="已办理“完成满意度调查”，不再改动"):
            write(folder, annex_8__filler="刘示例")
        go(folder, step, reason="有误")
    edit(folder, lambda data: data["annex_8"].update(filler="刘示例"))
    stands = standing(open_case(folder, DEFINITIONS), TODAY)
    (found,) = stands.by_hand
    assert found.closed == ("annex_8",)
    assert "手工修改了附件8" in str(found.as_problem(stands.case))


def begin_apart(folder: Path) -> Path:
    """Begin annex 9 through the program and return the folder it is kept in."""
    (folder / "restricted").mkdir()
    with writing(folder / "restricted", "测试", DEFINITIONS) as writer:
        writer.set("annex_9.sec_head", "林示例")
    return folder / "restricted"


def change_head(apart: Path, name: str) -> None:
    edit(apart, lambda data: data["annex_9"].update(sec_head=name))


def test_an_edit_by_hand_of_what_is_kept_apart_is_listed_for_good(folder: Path) -> None:
    to_draft(folder)
    apart = begin_apart(folder)
    change_head(apart, "还开着")
    go(folder, *ARCHIVED, files=report(folder))  # takes in what was edited before it
    change_head(apart, "已归档")
    assert not verify(look_at(folder, DEFINITIONS)).whole
    stands = standing(open_case(folder, DEFINITIONS), TODAY)
    first, second = edits_by_hand(stands.case)
    assert (first.apart, first.closed) == (True, ())
    assert (second.apart, second.closed) == (True, ("annex_9",))
    told = str(second.as_problem(stands.case))
    assert "restricted/journal.jsonl 的“第 3 条”" in told
    assert "“归档”之后手工修改了附件9；应为：附件9不再改动" in told
    stands = standing(open_case(folder, DEFINITIONS), TODAY)
    assert stands.by_hand == (second,)
    assert (stands.changed_since, stands.changed_apart) == ((), (3,))


def test_a_correction_does_not_hide_what_was_edited_apart_while_closed(folder: Path) -> None:
    to_draft(folder)
    apart = begin_apart(folder)
    go(folder, *ARCHIVED, files=report(folder))
    change_head(apart, "已归档")
    case = go(folder, "T22", reason="有误")  # nobody opened annex 9 in between
    (found,) = edits_by_hand(case)
    assert found.closed == ("annex_9",)
    change_head(apart, "更正中")
    _ = open_case(folder, DEFINITIONS).restricted
    assert [each.closed for each in edits_by_hand(case)] == [("annex_9",), ()]


def test_proving_a_case_writes_nothing_and_sees_an_edit_by_hand(folder: Path) -> None:
    to_draft(folder)
    assert verify(look_at(folder, DEFINITIONS)).whole
    before = (folder / journal.NAME).read_bytes()
    edit(folder, lambda data: data["annex_4"].update(risk_note="手工"))
    for _time in range(2):
        (problem,) = verify(look_at(folder, DEFINITIONS)).problems
        assert "与流水最后一条的校验值不符" in str(problem)
    assert (folder / journal.NAME).read_bytes() == before
    opened = open_case(folder, DEFINITIONS)
    (found,) = edits_by_hand(opened)
    assert found.after == "冻结取值，开始编制报告" and found.paths == ("annex_4.risk_note",)
    assert verify(look_at(folder, DEFINITIONS)).whole


def test_a_case_without_a_journal_cannot_be_proved(folder: Path) -> None:
    (folder / journal.NAME).unlink()
    assert any("没有流水" in str(each) for each in verify(look_at(folder, DEFINITIONS)).problems)


def test_the_standalone_checker_names_files_that_were_added(folder: Path) -> None:
    checker = paths.templates() / "verify_evidence.py"
    assert len(checker.read_text(encoding="utf-8").splitlines()) <= 60

    def check() -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, str(checker), str(folder)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout

    assert check() == (0, "核对了 1 个文件，0 处不符。\n")
    (folder / "evidence").mkdir()
    (folder / "evidence/后加.txt").write_text("x", encoding="utf-8")
    code, said = check()
    assert code == 1 and "后加.txt：没有登记的文件" in said
