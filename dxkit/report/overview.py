"""Chapter 1 but 1.5: why and what was diagnosed, how, and how the figures are to be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case.words import METHODS
from dxkit.diagnosis import Diagnosis
from dxkit.facts import FACTS, fact, facts_of
from dxkit.lifecycle.terms import plain
from dxkit.models.rules import Ratio
from dxkit.report.answers import rows_table, shown_rows, value
from dxkit.report.blocks import Block, Head, bullets, paragraph, prose, refer, table

PRINCIPLES = "评估诊断遵循价值创造、客观公正、公开透明、合规自律的原则（指南第3章）。"
SOUGHT = (
    "onsite_days",
    "onsite_hours",
    "interviews_held",
    "people_interviewed",
    "departments_interviewed",
    "materials_reviewed",
    "materials_accepted",
    "evidence_fix_needed",
    "evidence_rejected",
    "evidence_not_provided",
    "evidence_not_applicable",
    "systems_demonstrated",
    "areas_walked",
    "data_collected",
)


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
    lead = refer("纳入和未纳入本次诊断的法人、厂区、产线和系统见{下表:scope}。")
    return lead + rows_table(
        diagnosis.case, "annex_2", "scope", widths, "诊断范围表", anchor="scope"
    )


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
    counts = fact(diagnosis.case, "methods_used")
    rows = [[label, str(counts[code])] for code, label in METHODS.items()]
    heads = [Head("采集方式", 60), Head("记录数（条）", 40, "mid")]
    lead = refer(f"{PRINCIPLES}各种采集方式的使用次数见{{下表:methods}}。")
    return lead + table("采集方式统计", heads, rows, anchor="methods")


def due_diligence(diagnosis: Diagnosis) -> Block:
    """Return 1.6 with 表1-5: what was looked at, and what could not be verified."""
    told = facts_of(diagnosis.case)
    rows = [[FACTS[name].label, _counted(told[name]), FACTS[name].unit] for name in SOUGHT]
    heads = [Head("项目", 50), Head("数量", 25, "mid"), Head("单位", 25, "mid")]
    unverified = value(diagnosis.case, "annex_2", "unverified")
    words = f"未能核实的事项：{unverified}" if unverified else "没有登记未能核实的事项。"
    lead = refer("访谈、审核材料、观看系统演示和巡视现场的数量见{下表:due-diligence}。")
    return lead + table("尽职调查统计", heads, rows, anchor="due-diligence") + prose(words)


def _counted(found: Any) -> str:
    """Return a count as printed; one told by category is summed up."""
    if isinstance(found, Mapping):
        return str(sum(found.values()))
    return "未记录" if found is None else plain(found)


def reading(diagnosis: Diagnosis) -> Block:
    """Return 1.7 with 表1-6: period, rounding, states and the rule of every indicator."""
    case = diagnosis.case
    year = value(case, "annex_2", "data_period_year") or "上一完整会计"
    day = value(case, "annex_2", "data_as_of") or "现场诊断当日"
    general = (
        f"统计期为{year}年度，时点数据取{day}。比率保留两位小数，金额单位为万元，计数为整数。"
        "“未知”指尚未填写、未回答或有争议，不作零也不作“否”，并给出可能的最小值和最大值；"
        "“不适用”须有理由，不计入比例的分母。指标取核定值，未核定的取现场值，自评估值只作对比。"
        "各项指标的判定口径见{下表:reading}。"
    )
    heads = [Head("序号", 7, "mid"), Head("指标", 24), Head("判定口径", 45), Head("依据性质", 24)]
    rows = [
        [str(each.no), each.name, rule_words(diagnosis, each.id), each.basis.words]
        for each in diagnosis.definitions.indicators
    ]
    more = prose(value(case, "annex_2", "data_notes"))
    listed = table("口径说明", heads, rows, anchor="reading", lead=refer(general))
    return listed + more + _policies(diagnosis)


def _policies(diagnosis: Diagnosis) -> Block:
    """Return the values that the guide leaves open, as they were applied, with their edition."""
    known = diagnosis.definitions
    heads = [Head("参数", 51), Head("取值", 15, "mid"), Head("依据性质", 23), Head("条款", 11)]
    rows = [
        [each.says, f"{plain(each.value)}{each.unit}", each.basis.words, each.clause]
        for each in known.policies.values()
    ]
    said = (
        f"指南未写明数值之处，本次诊断采用下列参数（第 {known.edition} 版），"
        "主管部门另有规定的从其规定。"
    )
    return paragraph(said) + table("", heads, rows)


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
