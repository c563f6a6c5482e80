"""What only the archive copy tells: the course of the case, the survey, the filing, the exports."""

from __future__ import annotations

from dxkit.case.answers import column_fields
from dxkit.case.words import chinese_date, label_with_unit
from dxkit.diagnosis import Diagnosis
from dxkit.facts import facts_of
from dxkit.facts.survey import POINTS_PER_STEP
from dxkit.lifecycle.history import rows_of as course_rows
from dxkit.lifecycle.overrides import overrides_of
from dxkit.lifecycle.terms import plain
from dxkit.report import versions
from dxkit.report.answers import (
    alignment,
    annex_field,
    rows_table,
    shown_rows,
    two_to_a_line,
    value,
)
from dxkit.report.blocks import NOTHING, Block, Head, bullets, form, paragraph, table
from dxkit.report.process import rule_words

COURSE, SURVEY, FILING = "engagement", "annex_8", "aux_9"
ASKED = (
    *("filled_on", "filler", "filler_dept", "score", "grade", "completion"),
    *("recommendation", "most_valuable", "improvements", "plan_to_implement"),
)
SCORE = "score"
FILED = ("system_url", "filed_on", "submit_no", "report_version", "filler", "checker", "checked_on")


def head(diagnosis: Diagnosis) -> Block:
    """Return what the pages belong to: enterprise, report, where the case stands."""
    case = diagnosis.case
    pairs = [
        ("企业名称", case.name),
        ("项目编号", value(case, COURSE, "engagement_no") or "尚未编号"),
        ("报告编号", value(case, "annex_2", "report_no") or "尚未编号"),
        ("办理状态", value(case, COURSE, "state") or "尚未立项"),
    ]
    title = paragraph("归档补充页", "front-title")
    note = paragraph("本补充页只随案卷存档，不随报告送达企业，也不报送。", "note")
    return title + form(two_to_a_line(pairs), (21, 29, 21, 29)) + note


def history(diagnosis: Diagnosis) -> Block:
    """Return the steps of the engagement as they were taken."""
    rows = shown_rows(diagnosis.case, COURSE, "history")
    if not rows:
        return paragraph("尚未立项，没有办理记录。", "empty")
    titles = {name: step.title for name, step in diagnosis.definitions.transitions.items()}
    heads = [Head("步骤", 26), Head("办理后状态", 17), Head("时间", 23, "mid")]
    heads += [Head("办理人", 12, "mid"), Head("理由或说明", 22)]
    lines = [
        [
            f"{row['transition']} {titles.get(row['transition'], '')}".strip(),
            row["to_state"],
            row["at"],
            row["who"],
            row["reason"],
        ]
        for row in rows
    ]
    return table("办理经过", heads, lines)


def decisions(diagnosis: Diagnosis) -> Block:
    """Return what was let pass with reason and name, and which warnings came up when."""
    return _overrides(diagnosis) + _notes(diagnosis)


def _overrides(diagnosis: Diagnosis) -> Block:
    let_pass = overrides_of(diagnosis.case)
    if not let_pass:
        return paragraph("没有放行的规则。", "empty")
    heads = [Head("规则", 34), Head("理由", 31), Head("放行人", 12, "mid")]
    rows = [
        [rule_words(diagnosis.case, each.rule), each.reason, each.who, _day(each.at)]
        for each in let_pass
    ]
    return table("放行记录", [*heads, Head("日期", 23, "mid")], rows)


def _notes(diagnosis: Diagnosis) -> Block:
    noted = course_rows(diagnosis.case, "notes")
    if not noted:
        return paragraph("办理过程中没有提醒。", "empty")
    heads = [Head("规则", 60), Head("办理人", 17, "mid"), Head("日期", 23, "mid")]
    rows = [
        [
            rule_words(diagnosis.case, str(row.get("rule"))),
            str(row.get("who") or ""),
            _day(row.get("noted_at")),
        ]
        for row in noted
    ]
    return table("提醒记录", heads, rows)


def issued(diagnosis: Diagnosis) -> Block:
    """Return what was frozen, what went out, and what later versions corrected."""
    case = diagnosis.case
    widths = {"snapshot_no": 12, "at": 24, "who": 14, "journal_n": 12, "definitions": 38}
    frozen = (
        rows_table(case, COURSE, "snapshots", widths, "冻结记录")
        if course_rows(case, "snapshots")
        else paragraph("内容尚未冻结。", "empty")
    )
    lead = paragraph("已经发布的版本：") if course_rows(case, "issues") else NOTHING
    return frozen + lead + (versions.corrections(case) or versions.issues(case))


def satisfaction(diagnosis: Diagnosis) -> Block:
    """Return what the enterprise said in the survey: score, grade, dimensions and words."""
    case = diagnosis.case
    if not case.annex(SURVEY):
        return paragraph("满意度调查表（附件8）尚未填写。", "empty")
    pairs = []
    for each in (annex_field(case, SURVEY, key) for key in ASKED):
        pairs.append((label_with_unit(each), value(case, SURVEY, each.key) or "未填"))
        pairs += [_overall(diagnosis)] if each.key == SCORE else []
    told = form(two_to_a_line(pairs), (21, 29, 21, 29), "满意度调查结果")
    return told + _dimensions(diagnosis) + _facts(diagnosis) + _contradictions(diagnosis)


def _overall(diagnosis: Diagnosis) -> tuple[str, str]:
    """Return the overall item, which is held beside the score and does not count in it."""
    survey = diagnosis.definitions.seeds.survey
    grid = next(
        each
        for each in diagnosis.definitions.annexes[SURVEY].fields
        if any(column.key == survey.rating for column in each.columns)
    )
    item = next(row for row in grid.rows if row.code == survey.overall)
    rated = (diagnosis.case.annex(SURVEY).get(survey.rating) or {}).get(survey.overall)
    rating = next(column for column in grid.columns if column.key == survey.rating)
    if rated in (None, survey.not_rated):
        return item.label, "未填" if rated is None else rating.label_of(rated)
    return item.label, f"{rating.label_of(rated)}（折合 {POINTS_PER_STEP * int(rated)} 分）"


def _facts(diagnosis: Diagnosis) -> Block:
    """Return what the enterprise answered about the course of the service, item by item."""
    sections = diagnosis.definitions.annexes[SURVEY].sections
    fields = next(each for each in sections if each.id == "facts").fields
    rows = [
        [label_with_unit(each), value(diagnosis.case, SURVEY, each.key) or "未填"]
        for each in fields
    ]
    return table("事实核对", [Head("事项", 76), Head("企业答复", 24, "mid")], rows)


def _dimensions(diagnosis: Diagnosis) -> Block:
    told = facts_of(diagnosis.case)
    scores, rated = told["survey_dimensions"] or {}, told["survey_rated"]
    heads = [Head("维度", 40), Head("权重", 20, "mid"), Head("评分项数", 20, "mid")]
    rows = [
        [
            each.name,
            f"{each.weight:g}",
            f"{rated[each.dimension]}/{len(each.items)}",
            plain(scores[each.dimension]) if each.dimension in scores else "未评",
        ]
        for each in diagnosis.definitions.seeds.survey.rows
    ]
    return table("各维度得分", [*heads, Head("得分（分）", 20, "mid")], rows)


def _contradictions(diagnosis: Diagnosis) -> Block:
    found = facts_of(diagnosis.case)["survey_contradictions"]
    if not found:
        return paragraph("企业所填与案卷没有不一致。", "note")
    return paragraph("企业所填与案卷不一致之处：", "note") + bullets(found)


def filing(diagnosis: Diagnosis) -> Block:
    """Return the 24 values as reported beside those filed on line."""
    case = diagnosis.case
    if not case.annex(FILING):
        return paragraph("尚未线上填报（辅-9）。", "empty")
    fields = [annex_field(case, FILING, key) for key in FILED]
    pairs = [(each.label, value(case, FILING, each.key) or "未填") for each in fields]
    return form(two_to_a_line(pairs), (21, 29, 21, 29), "线上填报信息") + _filed(diagnosis)


def _filed(diagnosis: Diagnosis) -> Block:
    told, answers = facts_of(diagnosis.case), diagnosis.case.annex(FILING)
    values, same = told["filing_report_values"], told["filing_same"]
    filed, notes = answers.get("filed_value") or {}, answers.get("difference_note") or {}
    heads = [Head("序号", 8, "mid"), Head("指标", 36), Head("报告值", 13, "mid")]
    heads += [Head("填报值", 13, "mid"), Head("核对", 12, "mid"), Head("差异说明", 18)]
    rows = [
        [
            str(each.no),
            each.name,
            values[each.id] or "未知",
            str(filed.get(each.id) or "未填报"),
            same[each.id],
            str(notes.get(each.id) or ""),
        ]
        for each in diagnosis.definitions.indicators
    ]
    return table("24项指标填报核对", heads, rows)


def exports(diagnosis: Diagnosis) -> Block:
    """Return every form and pack that was exported, with what it held and what for."""
    if not course_rows(diagnosis.case, "exports"):
        return paragraph("没有导出记录。", "empty")
    widths = {"form_no": 19, "at": 21, "who": 11, "annex": 13, "format": 8}
    widths |= {"purpose": 15, "contains": 13}
    fields = column_fields(annex_field(diagnosis.case, COURSE, "exports"))
    heads = [
        Head(fields[key].label, width, alignment(fields[key])) for key, width in widths.items()
    ]
    marks = {annex.id: annex.mark for annex in diagnosis.definitions.annexes.values()}
    rows = [
        [marks.get(row[key], row[key]) if key == "annex" else row[key] for key in widths]
        for row in shown_rows(diagnosis.case, COURSE, "exports")
    ]
    return table("导出记录", heads, rows)


def _day(at: object) -> str:
    return chinese_date(str(at)) if at else ""
