"""The course of a case: what blocks a step, what a step writes, and that it is never half-done."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dxkit.case import Case, Change, create, journal, open_case, writing
from dxkit.definitions import Definitions, load
from dxkit.errors import BlockedError, CaseError, ConflictError
from dxkit.lifecycle import (
    Asked,
    Circumstances,
    advance,
    as_plain,
    differences_between,
    foresee,
    next_version,
    of_kind,
    progress,
    standing,
    survey,
)
from dxkit.lifecycle.checklists import checklists
from dxkit.models.lifecycle import Rule
from dxkit.models.shape import Basis

CASES = [{"title": "甲", "passes": True}, {"title": "乙", "fails": ["block"]}]
ALWAYS = {"number": 1, "at_least": 1}
THREE = {"rows": "annex_4.members", "at_least": "policy.members_min"}
SIGNED = {"filled": ["annex_4.leader_sign"]}
MEMBERS = [
    {"name": "乌兰", "role": "leader", "is_expert": True},
    {"name": "赵亮", "role": "member"},
]
TODAY = date(2026, 9, 10)


def rule(name: str, needs: dict[str, Any], severity: str = "block") -> Rule:
    part = {
        "severity": severity,
        "basis": "guide",
        "needs": needs,
        "says": "要求。",
        "mend": "补上",
    }
    told = {"id": name, "title": "试验", "basis": "guide", "requires": [part], "cases": CASES}
    return Rule.of(told)


def definitions_with(*rules: Rule) -> Definitions:
    """The shipped course, guarded only by some rules that a test can satisfy by hand."""
    shipped = load()
    named = {each for step in shipped.transitions.values() for each in (*step.rules, *step.warns)}
    easy = {name: rule(name, ALWAYS) for name in sorted(named)}
    return replace(shipped, rules={**easy, **{each.id: each for each in rules}})


DEFINITIONS = definitions_with(
    rule("R-04", THREE, "block_unless_overridden"),
    rule("R-06", SIGNED),
    rule("R-07", {"filled": ["annex_4.risk_note"]}, "warn"),
)


def asked(reason: str = "", who: str = "赵亮", **overrides: str) -> Asked:
    named = {key.replace("_", "-"): why for key, why in overrides.items()}
    return Asked(who, reason, named, datetime(2026, 9, 10, 9, 30))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = {
        "annex_3": {"enterprise_name": "甲厂", "league": "150200"},
        "annex_4": {"members": MEMBERS, "leader_sign": True, "group_no": "第一组"},
    }
    return create(tmp_path / "cases" / "demo", content, DEFINITIONS, "测试").folder


def go(folder: Path, *steps: str, reason: str = "说明", files: list[Path] | None = None) -> Case:
    case = open_case(folder, DEFINITIONS)
    for step in steps:
        issues = DEFINITIONS.transitions[step].issues
        case = advance(
            folder, step, asked(reason), files or [] if issues else [], definitions=DEFINITIONS
        ).case
    return case


def to_plan(folder: Path) -> Case:
    go(folder, "T01", "T02")
    return advance(
        folder, None, asked(who="乌兰", R_04="企业偏远，两人足够"), definitions=DEFINITIONS
    ).case


def to_draft(folder: Path) -> Case:
    to_plan(folder)
    return go(folder, "T04", "T05", "T06", "T07", "T08", "T09", "T10", "T11", "T12")


def report(folder: Path, text: str = "报告") -> list[Path]:
    made = folder.parent.parent / "made"
    made.mkdir(exist_ok=True)
    (made / "report.docx").write_text(text, encoding="utf-8")
    return [made / "report.docx"]


def state(case: Case) -> str:
    return str(case.annex("engagement")["state"])


def test_a_case_begins_with_a_year_and_a_number_of_its_own(folder: Path) -> None:
    other = create(folder.parent / "other", {}, DEFINITIONS, "测试").folder
    first, second = go(folder, "T01"), go(other, "T01")
    numbers = [case.annex("engagement")["serial_no"] for case in (first, second)]
    assert numbers == [1, 2]
    assert first.annex("engagement")["year"] == 2026
    assert state(first) == "draft"


def test_cases_that_begin_at_once_get_numbers_of_their_own(folder: Path) -> None:
    names = [f"case-{number}" for number in range(4)]
    for name in names:
        create(folder.parent / name, {}, DEFINITIONS, "测试")
    with ThreadPoolExecutor(len(names)) as pool:
        cases = list(pool.map(lambda name: go(folder.parent / name, "T01"), names))
    assert sorted(case.annex("engagement")["serial_no"] for case in cases) == [1, 2, 3, 4]


def test_every_step_of_the_straight_way_is_next_in_its_turn(folder: Path) -> None:
    seen = []
    case = open_case(folder, DEFINITIONS)
    while (following := standing(case, TODAY).next) is not None:
        seen.append(following.transition.id)
        if following.transition.id == "T03":
            case = to_plan_from_team(folder)
        else:
            case = go(folder, following.transition.id, files=report(folder))
    assert seen == [f"T{n:02d}" for n in (*range(1, 14), 15, 14, 16, 17, 18)]
    assert state(case) == "archived"


def to_plan_from_team(folder: Path) -> Case:
    return advance(folder, None, asked(who="乌兰", R_04="企业偏远"), definitions=DEFINITIONS).case


def test_a_blocked_step_names_every_blocker_and_writes_nothing(folder: Path) -> None:
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_4.leader_sign", None)
    go(folder, "T01", "T02")
    before = (folder / "case.yaml").read_bytes(), (folder / "journal.jsonl").read_bytes()
    with pytest.raises(BlockedError) as refused:
        advance(folder, None, asked(), definitions=DEFINITIONS)
    lines = str(refused.value).splitlines()
    assert len(lines) == 2
    assert "R-04" in lines[0] and "现有2行，须不少于3行" in lines[0]
    assert "R-06" in lines[1] and "尚未填写：附件4·组长签字" in lines[1]
    assert before == ((folder / "case.yaml").read_bytes(), (folder / "journal.jsonl").read_bytes())


def test_a_step_is_one_entry_with_its_history_override_and_notes(folder: Path) -> None:
    go(folder, "T01", "T02")
    before = len(journal.read(folder))
    case = to_plan_from_team(folder)
    assert len(journal.read(folder)) == before + 1
    course = case.annex("engagement")
    assert course["history"][-1] == {
        "transition": "T03",
        "from_state": "team",
        "to_state": "plan",
        "at": "2026-09-10 09:30",
        "who": "乌兰",
        "journal_n": before,
    }
    assert course["overrides"] == [
        {
            "rule": "R-04",
            "culprits": ["附件4·工作组成员表：现有2行，须不少于3行"],
            "reason": "企业偏远",
            "who": "乌兰",
            "at": "2026-09-10 09:30",
            "journal_n": before,
        }
    ]
    (note,) = course["notes"]
    assert (note["rule"], note["note"]) == ("R-07", "要求。尚未填写：附件4·备注与风险预案")


def test_a_rule_of_a_later_step_is_only_told_and_noted(folder: Path) -> None:
    definitions = definitions_with(
        rule("R-04", ALWAYS), rule("R-28", {"filled": ["annex_4.risk_note"]})
    )
    for step in ("T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09"):
        advance(folder, step, asked(), definitions=definitions)
    step = standing(open_case(folder, definitions), TODAY).next
    assert step is not None and not step.missing
    assert [verdict.rule.id for verdict, _ in step.later] == ["R-28"]
    case = advance(folder, None, asked(), definitions=definitions).case
    noted = [str(row["rule"]) for row in case.annex("engagement")["notes"]]
    assert [each for each in noted if each.startswith("R-")] == ["R-28"]
    with pytest.raises(BlockedError, match="R-28"):
        advance(folder, None, asked(), definitions=definitions)


@pytest.mark.parametrize(
    ("who", "overrides", "said"),
    [
        ("赵亮", {"R_04": "偏远"}, "附件4所列的组长：乌兰"),
        ("乌兰", {"R_04": " "}, "没有写明理由"),
        ("乌兰", {"R_06": "不需要"}, "规则已满足，无须放行"),
        ("乌兰", {"R_43": "不需要"}, "不是这一步的规则"),
        ("", {}, "没有写明"),
    ],
)
def test_an_override_that_does_not_hold_is_refused(
    folder: Path, who: str, overrides: dict[str, str], said: str
) -> None:
    go(folder, "T01", "T02")
    with pytest.raises((BlockedError, CaseError), match=said):
        advance(folder, "T03", asked(who=who, **overrides), definitions=DEFINITIONS)
    assert state(open_case(folder, DEFINITIONS)) == "team"


def test_a_hard_block_cannot_be_overridden(folder: Path) -> None:
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_4.leader_sign", None)
    go(folder, "T01", "T02")
    with pytest.raises(BlockedError, match="不能放行"):
        advance(folder, "T03", asked(who="乌兰", R_04="偏远", R_06="忙"), definitions=DEFINITIONS)


@pytest.mark.parametrize(
    ("basis", "said"), [("guide", "指南的硬性要求"), ("design", "保证数据完整的要求")]
)
def test_a_hard_block_is_called_the_guides_only_if_it_is(
    folder: Path, basis: str, said: str
) -> None:
    hard = rule("R-06", {"filled": ["annex_4.risk_note"]})
    part = hard.requires[0].model_copy(update={"basis": Basis(basis)})
    definitions = definitions_with(hard.model_copy(update={"requires": (part,)}))
    for step in ("T01", "T02"):
        advance(folder, step, asked(), definitions=definitions)
    with pytest.raises(BlockedError, match=f"{said}，不能放行"):
        advance(folder, "T03", asked(who="乌兰", R_06="忙"), definitions=definitions)


def test_what_is_watched_all_the_time_is_noted_with_every_step(folder: Path) -> None:
    always = rule("R-61", {"filled": ["annex_4.risk_note"]}, "warn")
    definitions = definitions_with(always.model_copy(update={"standing": True}))
    case = advance(folder, "T01", asked(), definitions=definitions).case
    assert case.annex("engagement").get("notes") is None  # nothing is watched before the beginning
    case = advance(folder, "T02", asked(), definitions=definitions).case
    (note,) = case.annex("engagement")["notes"]
    assert (note["rule"], note["note"]) == ("R-61", "要求。尚未填写：附件4·备注与风险预案")


FILING = load().rules["R-57"]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-10-30", None),
        ("2026-10-31", "还有30天（30天提醒）"),
        ("2026-11-15", "还有15天（30天提醒）"),
        ("2026-11-16", "还有14天（14天提醒）"),
        ("2026-11-23", "还有7天（7天提醒）"),
        ("2026-11-28", "还有2天（3天提醒）"),
        ("2026-11-30", "今天到期（3天提醒）"),
        ("2026-12-03", "已逾期3天"),
    ],
)
def test_the_filing_counts_down_from_the_day_the_report_is_out(
    folder: Path, today: str, said: str | None
) -> None:
    definitions = replace(DEFINITIONS, rules={**DEFINITIONS.rules, "R-57": FILING})
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_4.implementation_period_end", "2026-11-30")
    to_draft(folder)
    day = date.fromisoformat(today)

    def told() -> list[str]:
        found = standing(open_case(folder, definitions), day).warnings
        return [why for each, part in found if each.rule.id == "R-57" for why in part.reasons]

    wanted = [] if said is None else [f"线上填报距实施周期结束：{said}"]
    assert told() == []  # the report is not out
    go(folder, "T13", files=report(folder))
    assert told() == wanted
    go(folder, "T15", "T14", "T16")  # now the filing itself is next
    assert told() == wanted


def test_a_case_is_called_by_the_milestones_it_passed(folder: Path) -> None:
    to_draft(folder)

    def place() -> str:
        return standing(open_case(folder, DEFINITIONS), TODAY).place

    go(folder, "T13", "T15", "T14", files=report(folder))
    assert place() == "满意度完成，已向主要负责人汇报"
    go(folder, "T16")
    assert place() == "满意度完成，已向主要负责人汇报，已报送工信局"
    go(folder, "T19b", reason="缺签收页")
    assert place() == "满意度完成，已向主要负责人汇报，退回补正"
    go(folder, "T16", "T17")
    assert place() == "满意度完成，已向主要负责人汇报，已报送工信局，已线上填报"
    go(folder, "T19a", reason="补充数据")
    assert place() == "报告编制与审核，已向主要负责人汇报，退回补正"
    with writing(folder, "郑丁", DEFINITIONS) as writer:
        writer.set("annex_2.corrections", "补充了数据来源。")
    go(folder, "T12", "T13", "T15", "T16", "T17", "T18", files=report(folder))
    assert place() == "归档"


def test_a_submission_sent_back_is_due_anew_and_not_while_the_report_is_mended(
    folder: Path,
) -> None:
    to_draft(folder)
    go(folder, "T13", "T15", "T14", "T16", files=report(folder))

    def due(today: date) -> list[date]:
        found = standing(open_case(folder, DEFINITIONS), today).dues
        return [each.on for each in found if each.duty.key == "submission"]

    assert due(date(2026, 11, 30)) == []
    later = Asked("赵亮", "缺签收页", {}, datetime(2026, 11, 30, 9, 0))
    advance(folder, "T19b", later, definitions=DEFINITIONS)
    # Ten working days after Monday 30 November 2026 is Monday 14 December.
    assert due(date(2026, 11, 30)) == [date(2026, 12, 14)]
    advance(folder, "T22", later, definitions=DEFINITIONS)
    assert due(date(2026, 12, 31)) == []


def test_documents_to_be_fixed_are_due_by_name(folder: Path) -> None:
    rows = [
        {
            "evidence_no": "E-C001",
            "title": "台账",
            "outcome": "fix_needed",
            "fix_due": "2026-09-08",
        },
        {"evidence_no": "E-A001", "title": "执照", "outcome": "accepted", "fix_due": "2026-09-01"},
    ]
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_7.evidence", rows)
    go(folder, "T01")
    (fixes,) = [
        due
        for due in standing(open_case(folder, DEFINITIONS), TODAY).dues
        if due.duty.key == "fixes"
    ]
    assert fixes.overdue
    assert fixes.words == "企业补正材料（E-C001 台账，2026-09-08前）：2026年9月8日前，已逾期2天"


def test_a_briefing_without_a_record_is_no_milestone(folder: Path) -> None:
    definitions = replace(DEFINITIONS, rules={**DEFINITIONS.rules, "R-49": load().rules["R-49"]})
    to_draft(folder)
    with pytest.raises(BlockedError, match="R-49"):
        advance(folder, "T14", asked(), definitions=definitions)


def test_a_checklist_tells_what_each_node_lacks(folder: Path) -> None:
    definitions = load()
    checked = {c.checklist.label: c for c in checklists(Circumstances(open_case(folder), TODAY))}
    assert list(checked) == ["进场前", "现场第一日", "现场结束", "报告", "收尾"]
    before = {paper.says: reasons for paper, reasons in checked["进场前"].papers}
    assert before["附件4计划表"] == ("R-10（计划完整，覆盖三个阶段，已签署）尚未满足",)
    assert checked["进场前"].missing == 5
    assert all(each.checklist.papers for each in checked.values())
    assert definitions.lifecycle.checklists[0].prints[0] == "空白附件5四份"


def test_milestones_come_before_the_step_that_waits_for_them(folder: Path) -> None:
    to_plan(folder)
    go(folder, "T04", "T06")
    with pytest.raises(BlockedError) as refused:
        go(folder, "T08")
    told = str(refused.value)
    assert "T05" in told and "T07" in told and "T06" not in told
    case = go(folder, "T05", "T07", "T08")
    assert state(case) == "ready"


def test_a_step_can_be_named_by_number_state_or_name(folder: Path) -> None:
    for name in ("T01", "组建工作组"):
        advance(folder, name, asked(), definitions=DEFINITIONS)
    assert state(open_case(folder, DEFINITIONS)) == "team"
    with pytest.raises(BlockedError, match="现处于“组建工作组”，不能办理“归档”") as refused:
        advance(folder, "T18", asked(), definitions=DEFINITIONS)
    assert "T03 确认工作组" in str(refused.value)


def test_the_snapshot_tells_content_by_journal_position(folder: Path) -> None:
    case = to_draft(folder)
    (snapshot,) = case.annex("engagement")["snapshots"]
    entries = journal.read(folder)
    held = journal.replay(entries[: snapshot["journal_n"]])
    assert entries[snapshot["journal_n"] - 1].file == snapshot["digest"]
    assert held["engagement"]["state"] == "onsite_end"
    assert held["annex_4"] == open_case(folder, DEFINITIONS).data["annex_4"]
    again = go(folder, "T12").annex("engagement")["snapshots"]
    assert [each["snapshot_no"] for each in again] == ["S1", "S2"]


def test_an_issue_keeps_its_files_and_sets_version_and_status(folder: Path) -> None:
    to_draft(folder)
    case = go(folder, "T13", files=report(folder))
    (issued,) = case.annex("engagement")["issues"]
    assert (issued["version"], issued["files"]) == ("V1.0", ["issued/V1.0/report.docx"])
    assert (folder / "issued/V1.0/report.docx").read_text(encoding="utf-8") == "报告"
    assert case.annex("annex_2") == {"report_version": "V1.0", "report_status": "final"}
    assert issued["snapshot_no"] == "S1"
    assert journal.read(folder)[-1].files[0]["path"] == "issued/V1.0/report.docx"


def test_answers_changed_since_they_were_frozen_are_frozen_again_before_an_issue(
    folder: Path,
) -> None:
    to_draft(folder)
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_6.equipment", 40)
        writer.set("annex_4.risk_note", "与取值无关")
    label = DEFINITIONS.fields["annex_6.equipment"].label
    with pytest.raises(
        BlockedError, match=f"冻结之后又有改动：{label}$|冻结之后又有改动：{label}；"
    ):
        advance(folder, "T13", asked(), report(folder), definitions=DEFINITIONS)
    go(folder, "T12")
    case = advance(folder, "T13", asked(), report(folder), definitions=DEFINITIONS).case
    assert case.annex("engagement")["issues"][0]["snapshot_no"] == "S2"


def test_an_issue_without_files_is_refused(folder: Path) -> None:
    to_draft(folder)
    with pytest.raises(BlockedError, match="没有报告文件"):
        go(folder, "T13")


def test_a_report_made_from_other_content_is_not_issued(folder: Path) -> None:
    case = to_draft(folder)
    with writing(folder, "他人", DEFINITIONS) as writer:
        writer.set("annex_4.risk_note", "改动")
    with pytest.raises(ConflictError):
        advance(folder, "T13", asked(), report(folder), case.digest, DEFINITIONS)
    assert not (folder / "issued").exists()


def test_a_correction_is_a_new_version_and_tells_what_differs(folder: Path) -> None:
    to_draft(folder)
    go(folder, "T13", "T15", "T14", "T16", "T17", files=report(folder))
    first = (folder / "issued/V1.0/report.docx").read_bytes()
    go(folder, "T22", reason="成员姓名有误")
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_4.members.2.name", "其其格")
        writer.set("annex_4.risk_note", "已核对")
    case = advance(folder, "T13", asked(), report(folder, "更正"), definitions=DEFINITIONS).case
    assert (folder / "issued/V1.0/report.docx").read_bytes() == first
    assert (folder / "issued/V1.1/report.docx").read_text(encoding="utf-8") == "更正"
    versions = [
        (each["version"], each.get("reason")) for each in case.annex("engagement")["issues"]
    ]
    assert versions == [("V1.0", "说明"), ("V1.1", "成员姓名有误")]
    told = [
        (each.label, each.before, each.after)
        for each in differences_between(case, "V1.0", "V1.1")
        if each.path.startswith("annex_4")
    ]
    assert told == [
        ("附件4·工作组成员表第2行", "姓名：赵亮；角色：成员", "姓名：其其格；角色：成员"),
        ("附件4·备注与风险预案", "空", "已核对"),
    ]
    assert next_version(case) == "V1.2"
    with pytest.raises(CaseError, match=r"V1\.0、V1\.1"):
        differences_between(case, "V1.0", "V2.0")


def test_a_correction_asks_for_submission_and_filing_again(folder: Path) -> None:
    to_draft(folder)
    go(folder, "T13", "T15", "T14", "T16", "T17", "T22", files=report(folder))
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_4.risk_note", "已核对")
    case = go(folder, "T13", "T15", files=report(folder))
    ahead = [step.transition.id for step in standing(case, TODAY).ahead]
    assert ahead == ["T16", "T17", "T18"]


def test_a_suspended_case_goes_on_where_it_was(folder: Path) -> None:
    to_plan(folder)
    suspend = of_kind(open_case(folder, DEFINITIONS), "suspend").id
    with pytest.raises(BlockedError, match="没有写明理由"):
        advance(folder, suspend, asked(), definitions=DEFINITIONS)
    case = go(folder, suspend, reason="停产检修")
    assert state(case) == "suspended"
    assert [step.transition.kind for step in standing(case, TODAY).ahead] == ["resume"]
    with pytest.raises(BlockedError, match="--resume"):
        advance(folder, None, asked(), definitions=DEFINITIONS)
    assert state(go(folder, of_kind(open_case(folder, DEFINITIONS), "resume").id)) == "plan"


@pytest.mark.parametrize(
    ("course", "said"),
    [
        ({"state": "archived"}, "当前状态为“归档”，办理经过到“尚未立项”为止"),
        ({"history": [{"transition": "T77", "to_state": "draft"}]}, "第1行：没有步骤“T77”"),
        (
            {"history": [{"transition": "T02", "from_state": "draft", "to_state": "team"}]},
            "第1行：“尚未立项”不能办理“组建工作组”",
        ),
        (
            {"history": [{"transition": "T01", "to_state": "team", "at": "2026-03-02 09:00"}]},
            "第1行：“立项建档”不会到“组建工作组”",
        ),
        ({"history": [{"transition": "T01", "to_state": "draft"}]}, "第1行：没有写明时间"),
        (
            {
                "state": "team",
                "history": [
                    {"transition": "T01", "to_state": "draft", "at": "2026-03-02 09:00"},
                    {
                        "transition": "T02",
                        "from_state": "draft",
                        "to_state": "team",
                        "at": "2026-03-01 09:00",
                    },
                ],
            },
            "第2行：时间为2026年3月1日，早于上一步的2026年3月2日",
        ),
        ({"state": "suspended"}, "当前状态为“中止”"),
    ],
)
def test_a_course_that_no_step_wrote_is_told_and_stops_every_step(
    folder: Path, course: dict[str, Any], said: str
) -> None:
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.apply([Change(f"engagement.{key}", value) for key, value in course.items()])
    stands = standing(open_case(folder, DEFINITIONS), TODAY)
    assert any(said in fault for fault in stands.faults)
    assert stands.place.endswith("（办理记录有误）")
    for step in stands.ahead:
        with pytest.raises(BlockedError, match="办理记录"):
            advance(folder, step.transition.id, asked("说明"), definitions=DEFINITIONS)
    assert as_plain(stands)["faults"] == list(stands.faults)


def test_a_course_that_the_steps_wrote_has_no_faults(folder: Path) -> None:
    to_draft(folder)
    go(folder, "T13", "T20a", files=report(folder))
    go(folder, "T20b", "T15", "T14", "T16", "T19b", "T16", "T17", "T18")
    go(folder, "T22", "T20a", "T21", reason="企业注销")
    assert standing(open_case(folder, DEFINITIONS), TODAY).faults == ()


def test_what_changes_in_a_closed_case_is_pointed_out(folder: Path) -> None:
    go(folder, "T01")
    case = go(folder, "T21", reason="企业注销")
    assert standing(case, TODAY).changed_since == ()
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("engagement.exports.+", {"form_no": "P-001"})
        writer.set("annex_4.risk_note", "补记")
    last = len(journal.read(folder))
    stands = standing(open_case(folder, DEFINITIONS), TODAY)
    assert stands.changed_since == (last,)
    assert as_plain(stands)["changed_since_the_end"] == [last]


def test_versions_are_not_compared_on_a_journal_that_was_cut_off(folder: Path) -> None:
    to_draft(folder)
    go(folder, "T13", files=report(folder))
    case = go(folder, "T22")
    (folder / journal.NAME).unlink()
    with pytest.raises(CaseError, match="流水现只有"):
        differences_between(open_case(folder, DEFINITIONS), "V1.0", "V1.0")
    assert case.annex("engagement")["issues"]


def test_a_case_is_terminated_before_it_was_submitted_not_after(folder: Path) -> None:
    to_draft(folder)
    go(folder, "T13", "T15", "T14", "T16", files=report(folder))
    with pytest.raises(BlockedError):
        of_kind(open_case(folder, DEFINITIONS), "terminate")
    go(folder, "T19b", reason="缺签收页")
    case = go(folder, "T21", reason="企业注销")
    assert standing(case, TODAY).next is None


def test_foreseeing_writes_nothing_and_says_the_same(folder: Path) -> None:
    go(folder, "T01")
    case = open_case(folder, DEFINITIONS)
    seen = foresee(case, None, asked())
    assert state(seen.case) == "team"
    assert open_case(folder, DEFINITIONS).digest == case.digest
    assert advance(folder, None, asked(), definitions=DEFINITIONS).case.data == seen.case.data


def test_what_is_due_is_counted_in_working_days(folder: Path) -> None:
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_4.plan_onsite_from", "2026-09-17")
    case = go(folder, "T01")
    dues = {due.duty.key: due for due in standing(case, date(2026, 9, 15)).dues}
    # Thursday 17 September: three working days before is Monday 14, two is 15, one is 16.
    assert [dues[key].on.day for key in ("notice", "application", "self_assessment")] == [
        14,
        15,
        16,
    ]
    assert dues["notice"].words == "发出诊断事项告知书：2026年9月14日前，已逾期1天"
    assert dues["application"].words.endswith("今天到期")
    assert dues["self_assessment"].words.endswith("还有1天")
    assert dues["progress_report"].on == date(2026, 10, 10)


def test_what_is_done_is_no_longer_due(folder: Path) -> None:
    with writing(folder, "测试", DEFINITIONS) as writer:
        writer.set("annex_4.plan_onsite_from", "2026-09-17")
        writer.set("aux_2.sent_on", "2026-09-11")
    keys = {due.duty.key for due in standing(go(folder, "T01"), TODAY).dues}
    assert "notice" not in keys and "application" in keys


def test_a_standing_is_plain_data_too(folder: Path) -> None:
    go(folder, "T01", "T02")
    told = as_plain(standing(open_case(folder, DEFINITIONS), TODAY))
    assert (told["state"], told["state_name"]) == ("team", "组建工作组")
    (step,) = told["ahead"]
    assert (step["step"], step["open"]) == ("T03", False)
    assert [each["rule"] for each in step["blockers"]] == ["R-04"]


def test_all_cases_are_listed_and_a_broken_one_is_never_fatal(folder: Path) -> None:
    go(folder, "T01")
    create(folder.parent / "late", {"annex_3": {"league": "150100"}}, DEFINITIONS, "测试")
    broken = folder.parent / "broken"
    shutil.copytree(folder, broken)
    (broken / "case.yaml").write_text("annex_3: [", encoding="utf-8")
    rows = survey(folder.parent, TODAY, DEFINITIONS)
    assert [(row.id, row.league, row.place) for row in rows] == [
        ("late", "呼和浩特市", "尚未立项"),
        ("demo", "包头市", "立项建档"),
        ("broken", "未填盟市", "读不出"),
    ]
    assert rows[-1].problems
    told = [(each.league, each.group, each.total, each.states) for each in progress(rows)]
    assert told == [
        ("呼和浩特市", "未填工作组", 1, {"尚未立项": 1}),
        ("包头市", "第一组", 1, {"立项建档": 1}),
    ]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
def test_a_killed_step_leaves_the_case_before_or_after(folder: Path) -> None:
    to_draft(folder)
    files = report(folder, "报告" * 100_000)
    program = f"""
import sys
from pathlib import Path
from dxkit.lifecycle import advance
from test_lifecycle import DEFINITIONS, asked
print("ready", flush=True)
for step in ("T13", "T22") * 100:
    given = [Path({str(files[0])!r})] if step == "T13" else []
    advance(Path({str(folder)!r}), step, asked("更正"), given, definitions=DEFINITIONS)
"""
    dice = random.Random(7)
    for _trial in range(40):
        command = [sys.executable, "-c", program]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parent
        )
        assert process.stdout is not None
        assert process.stdout.readline()
        time.sleep(dice.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        _whole(folder)
        if state(open_case(folder, DEFINITIONS)) == "report_issued":
            go(folder, "T22", reason="更正")


def _whole(folder: Path) -> None:
    """The journal is whole, tells the content, and names exactly the files that are there."""
    case = open_case(folder, DEFINITIONS)
    course = case.annex("engagement")
    assert list(journal.verify(folder)) == []
    assert journal.replay(journal.read(folder)) == dict(case.data)
    issued = {path for row in course.get("issues", []) for path in row["files"]}
    kept = {path.relative_to(folder).as_posix() for path in (folder / "issued").rglob("*.docx")}
    assert issued == kept
    assert course["history"][-1]["to_state"] == course["state"]
    assert {path.name for path in folder.iterdir()} <= {
        "case.yaml",
        "journal.jsonl",
        ".lock",
        "issued",
    }
