"""Chapters 8 and 9: when what is done, what secures it, what may go wrong, and the conclusion."""

from __future__ import annotations

import re

from dxkit.charts import Project, roadmap
from dxkit.diagnosis import Diagnosis
from dxkit.report.answers import not_involved, rows_of, rows_table, value
from dxkit.report.blocks import Block, figure, heading, join, labelled, paragraph, prose, refer
from dxkit.report.measures import counts_words

QUARTER = re.compile(r"\d{4}Q[1-4]")
PHASES = {"near": "近期", "middle": "中期", "far": "远期"}


def plan(diagnosis: Diagnosis) -> Block:
    """Return 图8-1: the suggestions over quarters and years."""
    rows = [
        row
        for row in rows_of(diagnosis.case, "annex_2", "suggestions")
        if QUARTER.fullmatch(str(row.get("start_quarter"))) and row.get("duration_months")
    ]
    if not rows:
        return not_involved(diagnosis.case, "8.1", "尚未提出带有开始季度和周期的建议")
    ordered = sorted(rows, key=lambda row: (str(row["start_quarter"]), str(row.get("sug_no"))))
    projects = [
        Project(
            name=f"{row.get('sug_no')} {row.get('sug_name')}",
            start=str(row["start_quarter"]),
            months=int(row["duration_months"]),
            phase=PHASES.get(str(row.get("phase")), "近期"),
            priority=str(row.get("priority") or ""),
        )
        for row in ordered
    ]
    lead = refer("各项建议的起止时间和先后见{下图:roadmap}。")
    return lead + figure(roadmap(projects), "分期路线图", anchor="roadmap")


def safeguards(diagnosis: Diagnosis) -> Block:
    """Return 表8-1: what secures the plan."""
    widths = {"area": 14, "measure": 66, "owner_dept": 20}
    missing = "保障措施尚未填写"
    return rows_table(
        diagnosis.case,
        "annex_2",
        "safeguards",
        widths,
        "保障措施",
        anchor="safeguards",
        empty=missing,
        lead=refer("保障措施和责任部门见{下表:safeguards}。"),
    )


def risks(diagnosis: Diagnosis) -> Block:
    """Return 表8-2: risks and the answer to each."""
    widths = {"risk": 25, "sug_nos": 14, "likelihood": 10, "severity": 12, "response": 39}
    return rows_table(
        diagnosis.case,
        "annex_2",
        "risks",
        widths,
        "风险与应对",
        anchor="risks",
        empty="风险尚未登记",
        lead=refer("实施中的主要风险和应对见{下表:risks}。"),
    )


def policies(diagnosis: Diagnosis) -> Block:
    """Return 表8-3: policies in force with number and date; nothing is promised."""
    widths = {"name": 30, "number": 19, "issued_on": 23, "relevance": 28}
    listed = rows_table(
        diagnosis.case,
        "annex_2",
        "policies",
        widths,
        "可衔接的政策与服务",
        anchor="policies",
        empty="未列出",
        lead=refer("可以衔接的政策与服务见{下表:policies}。"),
    )
    return listed + paragraph(
        "所列政策以主管部门发布的原文为准，本报告不作补贴或政策待遇承诺。", "note"
    )


def conclusion(diagnosis: Diagnosis) -> Block:
    """Return 9.1: for each direction the figures, what is verified and the group's words."""
    return join(_direction(diagnosis, n) for n in range(len(diagnosis.profiles)))


def _direction(diagnosis: Diagnosis, number: int) -> Block:
    profile = diagnosis.profiles[number]
    positive = [each for each in profile.results if each.value]
    verified = [each for each in positive if diagnosis.support[each.indicator.id].verified]
    ratios = "、".join(f"{each.indicator.name}{each.words}" for each in profile.ratios)
    figures = "；".join(filter(None, (ratios, f"是/否类指标中{counts_words(profile)}")))
    text = value(diagnosis.case, "annex_2", f"conclusion_{profile.direction.id}")
    return (
        heading(3, f"{profile.direction.name}方向")
        + labelled("数据：", f"{figures}。{_standing(len(verified), len(positive))}")
        + prose(text or "文字结论尚未填写。")
    )


def _standing(verified: int, positive: int) -> str:
    """Say how many of the indicators with a value or a yes have accepted evidence."""
    if not positive:
        return ""
    head = f"有数值或判为“是”的 {positive} 项"
    if verified == positive:
        return f"{head}均有经采信的证据。"
    if not verified:
        return f"{head}均未充分验证。"
    return f"{head}中，{verified} 项有经采信的证据，{positive - verified} 项未充分验证。"


def follow_up(diagnosis: Diagnosis) -> Block:
    """Return 9.2: diagnosis again, self-assessment, filing."""
    text = value(diagnosis.case, "annex_2", "follow_up")
    return prose(text) if text else not_involved(diagnosis.case, "9.2", "后续建议尚未填写")
