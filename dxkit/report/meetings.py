"""Appendices C and I: the meetings with who came and what was said, trainings and briefings."""

from __future__ import annotations

from collections.abc import Mapping

from dxkit.case import Case
from dxkit.diagnosis import Diagnosis
from dxkit.facts import facts_of
from dxkit.facts.meetings import minutes_of
from dxkit.report.answers import record_card, record_cards, rows_of, shown_rows
from dxkit.report.blocks import NOTHING, Block, Head, bullets, join, paragraph, table

Shown = Mapping[str, str]
MINUTED = {"kickoff", "opening", "closing"}
SAID = (
    *("held_on", "place", "host", "recorder", "attendees_count", "written_on", "agenda"),
    *("key_points", "completion", "problems", "proposals", "enterprise_opinions"),
)
TAUGHT = (
    *("held_on", "place", "hours", "audience_count", "is_digital_topic", "counts_for_5_3"),
    *("trainer", "trainer_background", "audience_depts", "outline", "questions", "quiz_result"),
)
BRIEFED = (
    *("held_on", "place", "presenter", "report_version", "principal_name", "principal_title"),
    *("principal_signed", "attendees", "contents", "opinions", "commitments", "follow_up"),
)


def meetings(diagnosis: Diagnosis) -> Block:
    """Return appendix C: the meetings held, who signed in, and what was said."""
    held = shown_rows(diagnosis.case, "annex_5", "meetings")
    if not held:
        return paragraph("会议尚未登记（附件5），没有签到和纪要可列。", "empty")
    return _register(diagnosis, held) + _attendance(diagnosis, held) + _minutes(diagnosis)


def _register(diagnosis: Diagnosis, held: list[dict[str, str]]) -> Block:
    heads = [Head("编号", 8, "mid"), Head("会议名称", 21), Head("类型", 14)]
    heads += [Head("日期和时间", 23, "mid"), Head("地点", 14), Head("主持人", 10, "mid")]
    came = facts_of(diagnosis.case)["meeting_attendance"]
    rows = [
        [
            row["meeting_no"],
            row["title"],
            row["types"],
            f"{row['held_on']}\n{_hours(row)}".strip(),
            row["place"],
            row["host"],
            str(present or "—"),
        ]
        for row, present in zip(held, came, strict=True)
    ]
    return table("会议登记", [*heads, Head("签到（人）", 10, "mid")], rows)


def _hours(row: Shown) -> str:
    return "至".join(filter(None, (row["start_at"], row["end_at"])))


def _attendance(diagnosis: Diagnosis, held: list[dict[str, str]]) -> Block:
    """Return one line for each side at each meeting, without telephone numbers."""
    present = shown_rows(diagnosis.case, "annex_5", "attendees")
    if not present:
        return paragraph("签到尚未登记（附件5）。", "empty")
    heads = [
        Head("会议编号", 12, "mid"),
        Head("单位类别", 15, "mid"),
        Head("人数（人）", 14, "mid"),
    ]
    heads += [Head("签到人员", 59)]
    rows = []
    for number in (row["meeting_no"] for row in held):
        at_meeting = [row for row in present if row["meeting_no"] == number]
        for side in dict.fromkeys(row["org_side"] for row in at_meeting):
            people = [_person(row) for row in at_meeting if row["org_side"] == side]
            rows.append([number, side, str(len(people)), "、".join(people)])
    return table("签到情况", heads, rows)


def _person(row: Shown) -> str:
    post = row["org"] + row["title"]
    return f"{row['name']}（{post}）" if post else row["name"]


def _minutes(diagnosis: Diagnosis) -> Block:
    """Return the minutes one by one with what was agreed, and the meetings that have none."""
    case = diagnosis.case
    told = join(
        record_card(case, "aux_3", "minutes", row, ("minutes_no", "meeting_title"), SAID)
        + _agreed(case, row["minutes_no"])
        for row in shown_rows(case, "aux_3", "minutes")
    )
    view = facts_of(case).view
    silent = [
        f"会议 {row.get('meeting_no') or '（未编号）'} 还没有会议纪要（辅-3）。"
        for row in view.rows("annex_5", "meetings")
        if MINUTED & set(row.get("types") or []) and not minutes_of(view, row)
    ]
    return told + bullets(silent)


def _agreed(case: Case, number: str) -> Block:
    rows = [row for row in shown_rows(case, "aux_3", "actions") if row["minutes_no"] == number]
    if not number or not rows:
        return NOTHING
    heads = [Head("议定事项", 40), Head("责任人", 14, "mid"), Head("期限", 23, "mid")]
    keys = ("action", "owner", "due_on", "done_on")
    lines = [[row[key] for key in keys] for row in rows]
    return table("", [*heads, Head("完成日期", 23, "mid")], lines)


def training(diagnosis: Diagnosis) -> Block:
    """Return appendix I: the records of trainings and briefings."""
    case = diagnosis.case
    taught = record_cards(case, "aux_5", "trainings", ("training_no", "topic"), TAUGHT)
    briefed = record_cards(case, "aux_6", "briefings", ("briefing_no", "held_on"), BRIEFED)
    return (taught or _missing(case, {"training", "topic_training"}, "培训", "辅-5")) + (
        briefed or _missing(case, {"briefing"}, "情况汇报", "辅-6")
    )


def _missing(case: Case, kinds: set[str], what: str, form: str) -> Block:
    """Say that there is no record, and which meetings of the kind were held all the same."""
    held = [
        str(row.get("meeting_no") or row.get("title") or "（未编号）")
        for row in rows_of(case, "annex_5", "meetings")
        if kinds & set(row.get("types") or [])
    ]
    already = f"已登记会议 {'、'.join(held)}，但" if held else ""
    return paragraph(f"{what}：{already}记录（{form}）尚未填写。", "empty")
