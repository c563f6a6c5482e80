"""Chapter 7: targets, suggestions, one card each, and what they cost and bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.charts import Point, quadrant
from dxkit.diagnosis import Diagnosis
from dxkit.facts.report import payback_years
from dxkit.percentages import percent
from dxkit.report.answers import filled_rows, not_involved, rows_of, shown_rows, value
from dxkit.report.blocks import (
    NOTHING,
    Block,
    Cell,
    Head,
    figure,
    form,
    heading,
    join,
    prose,
    refer,
    table,
    wide,
    wrap,
)

PHASES = {"near": "近期（1年内）", "middle": "中期（1—3年）", "far": "远期（3年以上）"}
NONE_YET = "尚未提出建议"


def targets(diagnosis: Diagnosis) -> Block:
    """Return 表7-1: the chosen indicators, where they stand and where they shall be."""
    heads = [Head("指标", 31), Head("现值", 13, "mid"), Head("目标值", 13, "mid")]
    heads += [Head("目标年份", 12, "mid"), Head("说明", 31)]
    rows = [
        [result.indicator.name, result.words, _target(row), str(row.get("year") or ""), _note(row)]
        for row in rows_of(diagnosis.case, "annex_2", "targets")
        for result in diagnosis.results
        if result.indicator.id in (row.get("indicator") or [])
    ]
    if not rows:
        return not_involved(diagnosis.case, "7.1", "尚未设定目标")
    lead = refer("所选指标的现值和目标值见{下表:targets}。")
    return table("指标目标表", heads, rows, anchor="targets", lead=lead)


def _target(row: Mapping[str, Any]) -> str:
    if row.get("target_rate") is not None:
        return percent(float(row["target_rate"]) / 100)
    return "是" if row.get("target_reached") else "—"


def _note(row: Mapping[str, Any]) -> str:
    return str(row.get("note") or "")


def suggestions(diagnosis: Diagnosis) -> Block:
    """Return 表7-2: all suggestions, the most urgent first."""
    rows = sorted(shown_rows(diagnosis.case, "annex_2", "suggestions"), key=_urgency)
    if not rows:
        return not_involved(diagnosis.case, "7.2", NONE_YET)
    heads = [
        Head("编号", 5, "mid"),
        Head("名称", 16.5),
        Head("对应问题", 8, "mid"),
        Head("对应指标", 16),
        Head("优先级", 7, "mid"),
        Head("投资（万元）", 15, "mid"),
        Head("周期（月）", 8.5, "mid"),
        Head("预期效果", 24),
    ]
    lines = [
        [
            row["sug_no"],
            row["sug_name"],
            row["problem_ids"],
            row["indicators"] or "—",
            row["priority"],
            f"{row['invest_min']}—{row['invest_max']}",
            row["duration_months"],
            row["benefit_quant"],
        ]
        for row in rows
    ]
    lead = refer("全部建议按优先级列于{下表:suggestions}。")
    return wide(table("建议总表", heads, lines, anchor="suggestions", lead=lead))


def cards(diagnosis: Diagnosis) -> Block:
    """Return 7.3: one card for each suggestion."""
    raw = rows_of(diagnosis.case, "annex_2", "suggestions")
    if not raw:
        return not_involved(diagnosis.case, "7.3", NONE_YET)
    shown = shown_rows(diagnosis.case, "annex_2", "suggestions")
    pairs = sorted(zip(shown, raw, strict=True), key=lambda pair: _urgency(pair[0]))
    return join(_card(diagnosis, row, each) for row, each in pairs)


def _card(diagnosis: Diagnosis, row: Mapping[str, str], raw: Mapping[str, Any]) -> Block:
    pairs = [
        ("优先级", row["priority"], "期段", row["phase"]),
        ("投资估算", f"{row['invest_min']}—{row['invest_max']} 万元", "实施周期", _months(row)),
        ("年化效益", _benefit(row), "静态回收期", payback(raw)),
        ("难度／价值", f"{row['difficulty']}／{row['value_score']}", "责任部门", row["owner_dept"]),
    ]
    long = {
        "对应问题": _problems(diagnosis, raw),
        "影响指标": _aims(diagnosis, raw),
        "适用场景": row["scene"],
        "建设内容": row["content"],
        "技术路线与选型条件": row["approach"],
        "前提条件": row["prerequisites"],
        "预期效果": row["benefit_quant"],
        "风险": row["risk"],
    }
    rows = [
        [Cell(a, "label"), Cell(b or "—"), Cell(c, "label"), Cell(d or "—")] for a, b, c, d in pairs
    ]
    rows += [[Cell(label, "label"), Cell(text, across=3)] for label, text in long.items() if text]
    title = heading(3, f"{row['sug_no']} {row['sug_name']}")
    return wrap(title + form(rows, (16, 30, 16, 38)), "keep")


def _problems(diagnosis: Diagnosis, raw: Mapping[str, Any]) -> str:
    """Return the problems a suggestion answers, each with its statement."""
    statements = {
        row.get("problem_no"): str(row.get("statement") or "")
        for row in rows_of(diagnosis.case, "annex_2", "problems")
    }
    numbers = raw.get("problem_ids") or []
    return "\n".join(f"{number} {statements.get(number, '')}".strip() for number in numbers)


def _aims(diagnosis: Diagnosis, raw: Mapping[str, Any]) -> str:
    """Return the indicators a suggestion moves, with where they stand and where they shall be."""
    goals = {
        indicator: f"，{row.get('year')}年目标 {_target(row)}"
        for row in rows_of(diagnosis.case, "annex_2", "targets")
        for indicator in row.get("indicator") or []
    }
    return "\n".join(
        f"{result.indicator.name}：现值 {result.words}{goals.get(result.indicator.id, '')}"
        for result in diagnosis.results
        if result.indicator.id in (raw.get("indicators") or [])
    )


def _months(row: Mapping[str, str]) -> str:
    start = f"，{row['start_quarter'].replace('Q', '年第')}季度开始" if row["start_quarter"] else ""
    return f"{row['duration_months']} 个月{start}"


def _benefit(row: Mapping[str, str]) -> str:
    return f"{row['benefit_year']} 万元/年" if row["benefit_year"] else "未估算"


def payback(raw: Mapping[str, Any]) -> str:
    """Return the static payback in years as printed, a dash where it cannot be worked out."""
    years = payback_years(raw)
    return "—" if years is None else f"{years:.1f} 年"


def investment(diagnosis: Diagnosis) -> Block:
    """Return 表7-3 and 图7-1: sums by phase, and value against difficulty."""
    rows = rows_of(diagnosis.case, "annex_2", "suggestions")
    if not rows:
        return not_involved(diagnosis.case, "7.4", NONE_YET)
    heads = [Head("期段", 20), Head("建议数（项）", 17, "num"), Head("投资下限（万元）", 21, "num")]
    heads += [Head("投资上限（万元）", 21, "num"), Head("年化效益（万元）", 21, "num")]
    lines = [
        _phase_row(label, [r for r in rows if r.get("phase") == p]) for p, label in PHASES.items()
    ]
    lines.append(_phase_row("合计", rows))
    assumptions = value(diagnosis.case, "annex_2", "investment_assumptions")
    text = prose(f"测算假设：{assumptions}" if assumptions else "")
    drawn = _quadrant(diagnosis)
    beside = "，各项建议的价值和难度见{下图:quadrant}" if drawn else ""
    lead = refer(f"分期的投资和效益见{{下表:phases}}{beside}。")
    return table("投资估算", heads, lines, anchor="phases", lead=lead) + text + drawn


def _phase_row(label: str, rows: list[Mapping[str, Any]]) -> list[str]:
    sums = [sum(float(row.get(key) or 0) for row in rows) for key in _SUMMED]
    return [label, str(len(rows)), *(f"{amount:.2f}" for amount in sums)]


_SUMMED = ("invest_min", "invest_max", "benefit_year")


def _quadrant(diagnosis: Diagnosis) -> Block:
    scores = ("value_score", "difficulty")
    rows = filled_rows(diagnosis.case, "annex_2", "suggestions", *scores)
    points = [
        Point(n, _named(row), int(row["value_score"]), int(row["difficulty"]))
        for n, row in enumerate(rows, start=1)
    ]
    return figure(quadrant(points), "价值—难度象限", anchor="quadrant") if points else NOTHING


def _named(row: Mapping[str, Any]) -> str:
    return f"{row.get('sug_no') or ''} {row.get('sug_name') or '（未命名）'}".strip()


def _urgency(row: Mapping[str, str]) -> tuple[str, str]:
    return row["priority"], row["sug_no"]
