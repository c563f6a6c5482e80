"""Appendices A to I: the working behind the chapters, printed from the records."""

from __future__ import annotations

from collections.abc import Mapping

from dxkit.assessment.explanation import IndicatorResult
from dxkit.assessment.logic import Context, judge
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.evidence import ledger_of
from dxkit.report.blocks import Block, Cell, Head, bullets, paragraph, table
from dxkit.report.forms import chosen_sections, not_involved, rows_table, shown_rows
from dxkit.report.measures import verdict

OPEN_SECRECY = ("general", "internal")


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
    evidence = "、".join(diagnosis.support[result.indicator.id].numbers) or "无"
    height = len(lines) + 1
    first: list[str | Cell] = [Cell(number, down=height), Cell(name, down=height), *lines[0]]
    return [first, *lines[1:], [Cell(f"证据：{evidence}", across=3)]]


def evidence(diagnosis: Diagnosis) -> Block:
    """Return appendix B: the evidence ledger without what may not be shown."""
    shown = shown_rows(diagnosis.case, "annex_7", "evidence")
    open_rows = [
        row
        for row, raw in zip(shown, ledger_of(diagnosis.case), strict=True)
        if raw.get("secrecy") in OPEN_SECRECY
    ]
    heads = [Head("编号", 10.5, "mid"), Head("类别", 25), Head("材料名称", 32)]
    heads += [Head("形式", 18.5), Head("审核结论", 14, "mid")]
    keys = ("evidence_no", "category", "title", "form", "outcome")
    listed = table("证据台账", heads, [[row[key] for key in keys] for row in open_rows])
    hidden = len(shown) - len(open_rows)
    note = paragraph(f"另有 {hidden} 份涉密或未标明密级的材料依规定不列入本报告。", "note")
    return listed + note if hidden else listed


def meetings(diagnosis: Diagnosis) -> Block:
    """Return appendix C: the meetings held, who signed in, and what was said."""
    held = shown_rows(diagnosis.case, "annex_5", "meetings")
    return _register(held) + _attendance(diagnosis, held) + _minutes(held)


def _register(held: list[dict[str, str]]) -> Block:
    heads = [Head("编号", 8, "mid"), Head("会议名称", 24), Head("日期", 23, "mid")]
    heads += [Head("时间", 19, "mid"), Head("地点", 15), Head("主持人", 11, "mid")]
    rows = [
        [
            row["meeting_no"],
            row["title"],
            row["held_on"],
            "至".join(filter(None, (row["start_at"], row["end_at"]))),
            row["place"],
            row["host"],
        ]
        for row in held
    ]
    return table("会议登记", heads, rows, empty="会议尚未登记")


def _attendance(diagnosis: Diagnosis, held: list[dict[str, str]]) -> Block:
    """Return one line for each side at each meeting, without telephone numbers."""
    present = shown_rows(diagnosis.case, "annex_5", "attendees")
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
    return table("签到情况", heads, rows, empty="签到尚未登记")


def _person(row: Mapping[str, str]) -> str:
    post = row["org"] + row["title"]
    return f"{row['name']}（{post}）" if post else row["name"]


def _minutes(held: list[dict[str, str]]) -> Block:
    heads = [Head("会议编号", 12, "mid"), Head("主题与议程", 46), Head("已说明的内容", 28)]
    heads += [Head("纪要编号", 14, "mid")]
    keys = ("meeting_no", "topic", "topics_covered", "minutes")
    rows = [[row[key] for key in keys] for row in held]
    return table("会议纪要摘要", heads, rows, empty="会议纪要尚未登记")


def photos(diagnosis: Diagnosis) -> Block:
    """Return appendix D: the numbers of the photographs taken with the enterprise's consent."""
    heads = [Head("会议编号", 14, "mid"), Head("会议名称", 46), Head("照片数（张）", 16, "mid")]
    heads += [Head("照片编号", 24)]
    keys = ("meeting_no", "title", "photos_count", "photos")
    rows = [
        [row[key] for key in keys]
        for row in shown_rows(diagnosis.case, "annex_5", "meetings")
        if row["photos"]
    ]
    if not rows:
        missing = "本案卷没有登记经企业同意留存的现场照片"
        return not_involved(diagnosis.case, "附录D", missing)
    note = "照片按编号存于案卷，限制区域的照片和企业不同意使用的照片不列入。"
    return table("现场照片登记", heads, rows) + paragraph(note, "note")


def details(diagnosis: Diagnosis) -> Block:
    """Return appendix E: systems with their users and data, equipment by model."""
    systems = {"name": 23, "sw_class": 17, "licences": 14, "active_users": 14}
    systems |= {"last_data_at": 18, "demonstrated": 14}
    machines = {"name": 25, "model": 16, "quantity": 12, "interface": 21}
    machines |= {"sampled": 12, "sample_ok": 14}
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
    heads = [Head("名称", 26), Head("类型", 16), Head("日期", 23, "mid"), Head("主题", 35)]
    return table("培训与汇报记录", heads, chosen)
