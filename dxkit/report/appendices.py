"""Appendices A, E to H: the working behind the chapters, printed from the records."""

from __future__ import annotations

from collections.abc import Mapping

from dxkit.assessment.explanation import IndicatorResult
from dxkit.assessment.logic import Context, judge
from dxkit.case import Case
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.evidence import SELF_REPORT
from dxkit.facts import fact
from dxkit.report.answers import rows_of, rows_table
from dxkit.report.blocks import NOTHING, Block, Cell, Head, paragraph, table
from dxkit.report.ledger import ledger
from dxkit.report.measures import verdict
from dxkit.report.record import chosen_sections

HASH_SHOWN = 16


def workings(diagnosis: Diagnosis) -> Block:
    """Return appendix A: every condition and number behind every indicator."""
    heads = [Head("序号", 7, "mid"), Head("指标", 19), Head("条件或数据", 40)]
    heads += [Head("现状", 22), Head("结论", 12, "mid")]
    rows = [row for result in diagnosis.results for row in _working(diagnosis, result)]
    return table("24项指标测算明细", heads, rows)


def _working(diagnosis: Diagnosis, result: IndicatorResult) -> list[list[str | Cell]]:
    number, name = str(result.indicator.no), result.indicator.name
    lines: list[list[str | Cell]]
    if result.condition is None:
        lines = [[label, words, ""] for label, words in result.numbers]
    else:
        lines = [[leaf.words, leaf.found, verdict(leaf)] for leaf in result.condition.leaves()]
    lines.append([Cell("结果", across=2), result.words])
    evidence = "、".join(diagnosis.support[result.indicator.id].cited) or "无"
    height = len(lines) + 1
    first: list[str | Cell] = [Cell(number, down=height), Cell(name, down=height), *lines[0]]
    return [first, *lines[1:], [Cell(f"证据：{evidence}", across=3)]]


def details(diagnosis: Diagnosis) -> Block:
    """Return appendix E: how key processes were verified, equipment by model, systems in use."""
    processes = {"process_name": 23, "key_basis": 21, "nc_reason": 20}
    processes |= {"methods": 18, "evidence": 18}
    systems = {"name": 23, "sw_class": 17, "licences": 14, "active_users": 14}
    systems |= {"last_data_at": 18, "demonstrated": 14}
    machines = {"name": 25, "model": 16, "quantity": 12, "interface": 21}
    machines |= {"sampled": 12, "sample_ok": 14}
    return (
        _detail(diagnosis.case, "key_process_list", processes, "关键工序明细")
        + _detail(diagnosis.case, "equipment_list", machines, "设备明细")
        + _detail(diagnosis.case, "software_list", systems, "信息系统明细")
    )


def _detail(case: Case, key: str, columns: Mapping[str, float], caption: str) -> Block:
    if not rows_of(case, "annex_6", key):
        return paragraph(f"{caption}尚未登记（附件6）。", "empty")
    return rows_table(case, "annex_6", key, columns, caption)


def online_report(diagnosis: Diagnosis) -> Block:
    """Return appendix F: the downloaded self-assessment report and questionnaire."""
    rows = [row for row, raw in ledger(diagnosis.case)[0] if raw.get("category") == SELF_REPORT]
    missing = fact(diagnosis.case, "self_assessment_files_missing")
    note = paragraph(f"尚未取得：{'、'.join(missing)}。", "note") if missing else NOTHING
    if not rows:
        return paragraph("线上自评估报告和问卷尚未登记为证据（附件7-1）。", "empty") + note
    heads = [Head("编号", 12, "mid"), Head("材料名称", 29), Head("取得日期", 23, "mid")]
    heads += [Head("审核结论", 13, "mid"), Head(f"校验值（前{HASH_SHOWN}位）", 23, "mid")]
    keys = ("evidence_no", "title", "received_on", "outcome")
    lines = [[*(row[key] for key in keys), row["sha256"][:HASH_SHOWN]] for row in rows]
    return table("线上自评估材料", heads, lines) + note


def terms(diagnosis: Diagnosis) -> Block:
    """Return appendix G: terms, and the definition of every indicator with its standing."""
    widths = {"term": 20, "chinese_name": 25, "meaning": 55}
    glossary = rows_table(
        diagnosis.case, "annex_2", "glossary", widths, "术语", empty="术语尚未登记"
    )
    heads = [Head("序号", 7, "mid"), Head("指标", 24), Head("释义", 45), Head("口径性质", 24)]
    rows = [
        [str(each.no), each.name, each.definition, each.basis.words]
        for each in diagnosis.definitions.indicators
    ]
    return glossary + table("指标释义与口径性质", heads, rows)


def record(diagnosis: Diagnosis) -> Block:
    """Return appendix H: the record form's answers that decide and explain the indicators.

    The lists of the record form stand in chapter 3 and appendix E; they are not printed twice.
    """
    return chosen_sections(diagnosis.case, "annex_6", not_asked(diagnosis))


def not_asked(diagnosis: Diagnosis) -> frozenset[str]:
    """Return the questions of the record form that another answer rules out."""
    computed = diagnosis.assessment
    context = Context(computed.definitions, computed.table, computed.results)
    return frozenset(
        key
        for key, field in diagnosis.definitions.questions.items()
        if field.shown_if is not None and not judge(field.shown_if, context).most[0]
    )
