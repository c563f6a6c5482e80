"""Appendices A to I: the working behind the chapters, printed from the records."""

from __future__ import annotations

from dxkit.assessment.explanation import ConditionResult, IndicatorResult
from dxkit.assessment.logic import Context, judge
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.evidence import ledger_of
from dxkit.report.blocks import Block, Cell, Head, bullets, paragraph, table
from dxkit.report.forms import chosen_sections, not_involved, rows_table, shown_rows
from dxkit.report.measures import STATUS

OPEN_SECRECY = ("general", "internal", None)


def workings(diagnosis: Diagnosis) -> Block:
    """Return appendix A: every condition and number behind every indicator."""
    heads = [Head("序号", 7, "mid"), Head("指标", 22), Head("条件或数据", 41)]
    heads += [Head("现状", 18), Head("结论", 12, "mid")]
    rows = [row for result in diagnosis.results for row in _working(diagnosis, result)]
    return table("24项指标测算明细", heads, rows)


def _working(diagnosis: Diagnosis, result: IndicatorResult) -> list[list[str | Cell]]:
    number, name = str(result.indicator.no), result.indicator.name
    if result.condition is None:
        lines = [[label, words, ""] for label, words in result.numbers]
    else:
        lines = [_leaf(leaf) for leaf in result.condition.leaves()]
    lines.append(["结果", "", result.words])
    evidence = "、".join(diagnosis.support[result.indicator.id].numbers) or "无"
    height = len(lines) + 1
    first: list[str | Cell] = [Cell(number, down=height), Cell(name, down=height), *lines[0]]
    rest: list[list[str | Cell]] = [[*line] for line in lines[1:]]
    return [first, *rest, [Cell(f"证据：{evidence}", across=3)]]


def _leaf(leaf: ConditionResult) -> list[str]:
    return [leaf.words, leaf.found, STATUS[leaf.status]]


def evidence(diagnosis: Diagnosis) -> Block:
    """Return appendix B: the evidence ledger without what may not be shown."""
    shown = shown_rows(diagnosis.case, "annex_7", "evidence")
    open_rows = [
        row
        for row, raw in zip(shown, ledger_of(diagnosis.case), strict=True)
        if raw.get("secrecy") in OPEN_SECRECY
    ]
    heads = [Head("编号", 12, "mid"), Head("类别", 20), Head("材料名称", 32)]
    heads += [Head("形式", 16), Head("审核结论", 20, "mid")]
    keys = ("evidence_no", "category", "title", "form", "outcome")
    listed = table("证据台账", heads, [[row[key] for key in keys] for row in open_rows])
    hidden = len(shown) - len(open_rows)
    note = paragraph(f"另有 {hidden} 份涉密材料依规定不列入本报告。", "note")
    return listed + note if hidden else listed


def meetings(diagnosis: Diagnosis) -> Block:
    """Return appendix C: the meetings held and who signed in, without telephone numbers."""
    widths = {"title": 30, "held_on": 18, "start_at": 12, "end_at": 12, "place": 16, "host": 12}
    attended = {"meeting_no": 12, "name": 16, "org": 30, "dept": 22, "title": 20}
    case = diagnosis.case
    return rows_table(
        case, "annex_5", "meetings", widths, "会议登记", empty="会议尚未登记"
    ) + rows_table(case, "annex_5", "attendees", attended, "签到情况", empty="签到尚未登记")


def photos(diagnosis: Diagnosis) -> Block:
    """Return appendix D: photographs taken with consent."""
    return not_involved(diagnosis.case, "附录D", "本案卷没有登记经企业同意留存的现场照片")


def details(diagnosis: Diagnosis) -> Block:
    """Return appendix E: systems with their users and data, equipment by model."""
    systems = {"name": 26, "sw_class": 14, "licences": 14, "active_users": 14}
    systems |= {"last_data_at": 18, "demonstrated": 14}
    machines = {
        "name": 26,
        "model": 18,
        "quantity": 12,
        "interface": 26,
        "sampled": 9,
        "sample_ok": 9,
    }
    case = diagnosis.case
    return rows_table(case, "annex_6", "software_list", systems, "信息系统明细") + rows_table(
        case, "annex_6", "equipment_list", machines, "设备明细"
    )


def online_report(diagnosis: Diagnosis) -> Block:
    """Return appendix F: the downloaded self-assessment report and questionnaire."""
    rows = [
        row
        for row, raw in zip(
            shown_rows(diagnosis.case, "annex_7", "evidence"),
            ledger_of(diagnosis.case),
            strict=True,
        )
        if raw.get("category") == "D" and raw.get("secrecy") in OPEN_SECRECY
    ]
    if not rows:
        return not_involved(diagnosis.case, "附录F", "线上自评估报告和问卷尚未登记为证据")
    return bullets(f"{row['evidence_no']} {row['title']}（{row['outcome']}）" for row in rows)


def terms(diagnosis: Diagnosis) -> Block:
    """Return appendix G: terms, and the definition of every indicator with its standing."""
    widths = {"term": 20, "chinese_name": 25, "meaning": 55}
    glossary = rows_table(
        diagnosis.case, "annex_2", "glossary", widths, "术语", empty="术语尚未登记"
    )
    heads = [Head("序号", 7, "mid"), Head("指标", 27), Head("释义", 48), Head("口径性质", 18)]
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


def training(diagnosis: Diagnosis) -> Block:
    """Return appendix I: trainings and briefings among the meetings."""
    rows = shown_rows(diagnosis.case, "annex_5", "meetings")
    raw = diagnosis.case.annex("annex_5").get("meetings") or []
    wanted = {"training", "topic_training", "briefing"}
    chosen = [
        [row["title"], row["types"], row["held_on"], row["topic"]]
        for row, each in zip(rows, raw, strict=True)
        if wanted & set(each.get("types") or [])
    ]
    if not chosen:
        return not_involved(diagnosis.case, "附录I", "培训和情况汇报尚未登记")
    heads = [Head("名称", 30), Head("类型", 18), Head("日期", 18, "mid"), Head("主题", 34)]
    return table("培训与汇报记录", heads, chosen)
