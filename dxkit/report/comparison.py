"""Chapter 5: what the enterprise reported online beside what was found on site, with the causes."""

from __future__ import annotations

from dxkit.charts import Pair, paired_bars
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.differences import Difference, noticeable_points
from dxkit.diagnosis.evidence import SELF_REPORT, cited
from dxkit.diagnosis.statements import is_stated
from dxkit.facts import fact
from dxkit.percentages import points
from dxkit.report.answers import annex_field, not_involved, reason_left_out, rows_of, value
from dxkit.report.blocks import Block, Cell, Head, figure, form, paragraph, refer, table
from dxkit.report.readings import reading_of

WORKED_OUT = "＊"
"""The sign beside a self-assessed value that the report of the platform does not state."""


def self_assessment(diagnosis: Diagnosis) -> Block:
    """Return 表5-1: where, when and with what result the enterprise assessed itself."""
    case = diagnosis.case
    items = {
        "自评估平台": "self_assessment_platform",
        "完成日期": "self_assessment_on",
        "报告编号": "self_assessment_no",
        "得分或阶段": "self_assessment_result",
    }
    told = any(value(case, "annex_2", key) for key in items.values())
    if not told or reason_left_out(case, "5.1"):
        return not_involved(case, "5.1", "线上自评估的平台、日期和结果尚未填写")
    rows = [
        [Cell(label, "label"), Cell(value(case, "annex_2", key) or "未填")]
        for label, key in items.items()
    ]
    rows.append([Cell("留存的材料", "label"), Cell(_kept(diagnosis))])
    lead = refer("企业线上自评估的情况见{下表:self-assessment}。")
    return lead + form(rows, (30, 70), "线上自评估情况", anchor="self-assessment")


def _kept(diagnosis: Diagnosis) -> str:
    """Say under which numbers the downloaded files are kept, and which are not there."""
    rows = rows_of(diagnosis.case, "annex_7", "evidence")
    named = [str(row.get("evidence_no")) for row in rows if row.get("category") == SELF_REPORT]
    numbers = cited(named, diagnosis.case)
    missing = fact(diagnosis.case, "self_assessment_files_missing")
    kept = f"证据 {'、'.join(numbers)}" if numbers else ""
    return "；".join(filter(None, (kept, f"尚未取得 {'、'.join(missing)}" if missing else "")))


def differences(diagnosis: Diagnosis) -> Block:
    """Return 表5-2 and 图5-1: self-reported beside verified, and why they differ."""
    if not any(each.reported.state == "known" for each in diagnosis.differences):
        return not_involved(diagnosis.case, "5.2", "自评估值尚未录入，无从对比")
    heads = [
        Head("序号", 7, "mid"),
        Head("指标", 25),
        Head("自评值", 12, "mid"),
        Head("核定值", 12, "mid"),
        Head("差异（百分点）", 12, "mid"),
        Head("原因及说明", 32),
    ]
    rows = [_row(diagnosis, each) for each in diagnosis.differences]
    known = [each for each in diagnosis.differences if each.reported.state == "known"]
    pairs = [
        Pair(each.found.indicator.short_name, reading_of(each.reported), reading_of(each.found))
        for each in known
    ]
    most = noticeable_points(diagnosis.definitions) * 100
    note = paragraph(
        f"自评值照录自评估报告；标{WORKED_OUT}的，报告没有列出，按自报答案推算。"
        f"差异为核定值减自评值；超过{most:g}个百分点或是否相反的须说明原因，"
        "没有另行说明的，照录现场记录（附件6）所记的差异原因。只有一方不适用的，差异写“不适用”。",
        "note",
    )
    lead = refer("自评值与核定值逐项对比见{下表:differences}，有自评值的各项又见{下图:pairs}。")
    listed = table("差异表", heads, rows, anchor="differences", lead=lead)
    return listed + note + figure(paired_bars(pairs), "自评与核定对比图", anchor="pairs")


def _row(diagnosis: Diagnosis, each: Difference) -> list[str]:
    return [
        str(each.found.indicator.no),
        each.found.indicator.name,
        _told(each),
        each.found.words,
        _gap(each),
        _why(diagnosis, each),
    ]


def _told(each: Difference) -> str:
    """Return the self-assessed value, marked where the report itself does not state it."""
    known = each.reported.state != "unknown"
    return each.reported.words + (WORKED_OUT if known and not is_stated(each.reported) else "")


def _gap(each: Difference) -> str:
    states = (each.reported.state, each.found.state)
    if "unknown" in states:
        return "—"
    if not each.comparable:
        return "一致" if states[0] == states[1] else "不适用"
    if each.points is not None:
        return points(each.points)
    return "相反" if each.flips else "一致"


def _why(diagnosis: Diagnosis, each: Difference) -> str:
    table_field = annex_field(diagnosis.case, "annex_2", "difference_causes")
    column = next(column for column in table_field.columns if column.key == "cause")
    cause = column.label_of(each.cause) if each.cause else ""
    if not each.explained and each.exceeds(noticeable_points(diagnosis.definitions)):
        return "尚未说明原因"
    return "：".join(filter(None, (cause, each.explanation)))
