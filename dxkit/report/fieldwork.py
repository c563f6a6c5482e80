"""What to do on site for each indicator: whom to ask, what to look at, what to collect."""

from __future__ import annotations

from dxkit.diagnosis import Diagnosis
from dxkit.models.indicator import Indicator
from dxkit.report.blocks import Block, Head, table, wide


def plan(diagnosis: Diagnosis) -> Block:
    """Return one row an indicator: state, departments, what is looked at, evidence to collect."""
    heads = [Head("序号", 6, "mid"), Head("指标", 17), Head("现状", 9, "mid"), Head("问谁", 14)]
    heads += [Head("看什么", 24), Head("收集什么", 30)]
    rows = [
        [
            str(each.indicator.no),
            each.indicator.name,
            each.words,
            "、".join(each.indicator.departments) or "—",
            each.indicator.look_at or "—",
            "；".join(each.indicator.evidence),
        ]
        for each in diagnosis.results
    ]
    return wide(table("现场核实要点", heads, rows))


def readings(diagnosis: Diagnosis) -> Block:
    """Return how each indicator is read in this kind of production, and what counts."""
    heads = [
        Head("序号", 6, "mid"),
        Head("指标", 20),
        Head("本企业的读法", 37),
        Head("计数规则", 37),
    ]
    rows = [
        [str(each.no), each.name, reading_for(diagnosis, each), each.counting]
        for each in diagnosis.definitions.indicators
    ]
    return wide(table("按生产类型的读法", heads, rows))


def reading_for(diagnosis: Diagnosis, indicator: Indicator) -> str:
    """Return the reading for the production type; both where it is mixed or unknown."""
    kind = str(diagnosis.case.annex("annex_3").get("production_type") or "")
    if kind.startswith("process"):
        return indicator.reading.process
    if kind.startswith("discrete"):
        return indicator.reading.discrete
    return f"离散：{indicator.reading.discrete}\n流程：{indicator.reading.process}"
