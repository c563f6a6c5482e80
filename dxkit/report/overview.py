"""Chapter 1: why and what was diagnosed, by whom, how, and how the figures are to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dxkit.case.words import chinese_date
from dxkit.charts import Event, timeline
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.evidence import ledger_of
from dxkit.models.rules import Ratio
from dxkit.report.blocks import Block, Head, bullets, figure, paragraph, prose, table
from dxkit.report.forms import METHODS, rows_of, rows_table, shown_rows, value

PRINCIPLES = "评估诊断遵循价值创造、客观公正、公开透明、合规自律的原则（指南第3章）。"
SITE_BLOCKS = {
    "interviews": "interview",
    "site_walks": "site_walk",
    "demonstrations": "system_demo",
    "data_collections": "data_collection",
    "warehouse_checks": "site_walk",
}


def background(diagnosis: Diagnosis) -> Block:
    """Return 1.1, the group's own words or the purpose as the guide states it."""
    usual = (
        "本次诊断依据《内蒙古自治区规模以上工业企业线下数字化评估诊断工作流程指南》开展，"
        "围绕4个评价方向、11个细分领域、24项关键指标测算企业数字化发展水平，"
        "摸清现状和痛点、堵点，提出可行的提升方案。"
    )
    return prose(value(diagnosis.case, "annex_2", "background") or usual)


def scope(diagnosis: Diagnosis) -> Block:
    """Return 表1-1: what was within the diagnosis and what was not, with the reason."""
    widths = {"kind": 14, "name": 41, "included": 14, "reason": 31}
    return rows_table(diagnosis.case, "annex_2", "scope", widths, "诊断范围表")


def references(diagnosis: Diagnosis) -> Block:
    """Return 1.3, the texts the diagnosis rests on; the guide always comes first."""
    rows = shown_rows(diagnosis.case, "annex_2", "references")
    listed = [_reference(row["name"], row["number"]) for row in rows]
    guide = diagnosis.definitions.framework.guide
    named = any(guide in each for each in listed)
    return bullets(listed if named else [_reference(guide, ""), *listed])


def _reference(name: str, number: str) -> str:
    title = name if "《" in name else f"《{name}》"
    return f"{title}（{number}）" if number else title


def methods(diagnosis: Diagnosis) -> Block:
    """Return 1.4: the four principles and 表1-2, how often each way of collecting was used."""
    counts = methods_used(diagnosis)
    rows = [[label, str(counts[code])] for code, label in METHODS.items()]
    heads = [Head("采集方式", 60), Head("记录数（条）", 40, "mid")]
    return paragraph(PRINCIPLES) + table("采集方式统计", heads, rows)


def methods_used(diagnosis: Diagnosis) -> Counter[str]:
    """Count the answers and site records by the way they were collected."""
    case = diagnosis.case
    counts = Counter(method for answer in case.record.values() for method in answer.methods)
    for block, method in SITE_BLOCKS.items():
        counts[method] += len(rows_of(case, "annex_6", block))
    return counts


def group(diagnosis: Diagnosis) -> Block:
    """Return 表1-3: the members of the working group."""
    widths = {"name": 12, "role": 10, "org": 26, "title": 18, "duty_fields": 34}
    missing = "工作组成员尚未登记（附件4）"
    return rows_table(diagnosis.case, "annex_4", "members", widths, "工作组成员表", empty=missing)


def process(diagnosis: Diagnosis) -> Block:
    """Return 表1-4 and 图1-1: every node the guide asks for, with its date or as missing."""
    events = nodes(diagnosis)
    rows = [
        [event.label, _day(event.day), "已完成" if event.done else "未记录"] for event in events
    ]
    heads = [Head("过程节点", 46), Head("日期", 30, "mid"), Head("状态", 24, "mid")]
    listed = table("过程节点表", heads, rows)
    return listed + figure(timeline(_as_they_came(events)), "诊断过程时间轴")


def _as_they_came(events: list[Event]) -> list[Event]:
    """Return the nodes by their dates; one without a date stays behind the node before it."""
    days: list[date] = []
    for event in events:
        days.append(event.day or (days[-1] if days else date.min))
    order = sorted(range(len(events)), key=days.__getitem__)
    return [events[position] for position in order]


def nodes(diagnosis: Diagnosis) -> list[Event]:
    """Return the nodes of the process in the guide's order."""
    case = diagnosis.case
    application, plan, report = (case.annex(f"annex_{n}") for n in (3, 4, 2))
    meetings = rows_of(case, "annex_5", "meetings")
    dates = {
        "编制诊断计划": plan.get("compiled_on"),
        "企业提交申请表": application.get("applied_on"),
        "完成线上自评估": application.get("selfassess_on"),
        "启动会": _held(meetings, "kickoff"),
        "宣贯培训会": _held(meetings, "training"),
        "首次会议": _held(meetings, "opening"),
        "现场诊断开始": report.get("onsite_from"),
        "末次会议": _held(meetings, "closing"),
        "报告定稿": report.get("issued_on"),
        "情况汇报": _held(meetings, "briefing"),
    }
    return [Event(label, _date(day), bool(day)) for label, day in dates.items()]


def due_diligence(diagnosis: Diagnosis) -> Block:
    """Return 1.6 with 表1-5: what was looked at, and what could not be verified."""
    case = diagnosis.case
    interviews = rows_of(case, "annex_6", "interviews")
    ledger = ledger_of(case)
    accepted = sum(row.get("outcome") in ("accepted", "accepted_after_fix") for row in ledger)
    counted = [
        ("访谈次数", len(interviews), "次"),
        ("访谈涉及部门", _distinct(interviews, "dept", "department"), "个"),
        ("审核材料", len(ledger), "份"),
        ("其中采信", accepted, "份"),
        ("演示核实信息系统", len(rows_of(case, "annex_6", "demonstrations")), "次"),
        ("现场巡视区域或产线", len(rows_of(case, "annex_6", "site_walks")), "处"),
        ("数据采集记录", len(rows_of(case, "annex_6", "data_collections")), "条"),
    ]
    heads = [Head("项目", 50), Head("数量", 25, "mid"), Head("单位", 25, "mid")]
    listed = table("尽职调查统计", heads, [[name, str(n), unit] for name, n, unit in counted])
    unverified = value(case, "annex_2", "unverified")
    words = f"未能核实的事项：{unverified}" if unverified else "没有登记未能核实的事项。"
    return listed + prose(words)


def reading(diagnosis: Diagnosis) -> Block:
    """Return 1.7 with 表1-6: period, rounding, states and the rule of every indicator."""
    case = diagnosis.case
    year = value(case, "annex_2", "data_period_year") or "上一完整会计"
    day = value(case, "annex_2", "data_as_of") or "现场诊断当日"
    general = (
        f"统计期为{year}年度，时点数据取{day}。比率保留两位小数，金额单位为万元，计数为整数。"
        "“未知”指尚未填写、未回答或有争议，不作零也不作“否”，并给出可能的最小值和最大值；"
        "“不适用”须有理由，不计入比例的分母。指标取核定值，未核定的取现场值，自评估值只作对比。"
    )
    heads = [Head("序号", 7, "mid"), Head("指标", 24), Head("判定口径", 45), Head("依据性质", 24)]
    rows = [
        [str(each.no), each.name, rule_words(diagnosis, each.id), each.basis.words]
        for each in diagnosis.definitions.indicators
    ]
    more = prose(value(case, "annex_2", "data_notes"))
    return paragraph(general) + table("口径说明", heads, rows) + more


def rule_words(diagnosis: Diagnosis, indicator_id: str) -> str:
    """Say an indicator's rule in one sentence, from the rule itself."""
    indicator = diagnosis.definitions.by_id[indicator_id]
    if isinstance(indicator.rule, Ratio):
        questions = diagnosis.definitions.questions
        return f"{questions[indicator.rule.part].label} ÷ {questions[indicator.rule.whole].label}"
    tree = diagnosis.by_id[indicator_id].condition
    leaves = [leaf.words for leaf in tree.leaves()] if tree else []
    head = f"{tree.words}：" if tree and tree.parts else ""
    return head + "；".join(leaves)


def _held(meetings: Iterable[Mapping[str, Any]], kind: str) -> str | None:
    days = [row.get("held_on") for row in meetings if kind in (row.get("types") or [])]
    return min((str(day) for day in days if day), default=None)


def _date(day: object) -> date | None:
    return date.fromisoformat(str(day)[:10]) if day else None


def _day(day: date | None) -> str:
    return chinese_date(day.isoformat()) if day else "—"


def _distinct(rows: Iterable[Mapping[str, Any]], *keys: str) -> int:
    return len({row[key] for row in rows for key in keys if row.get(key)})
