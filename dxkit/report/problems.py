"""Chapter 6: pain points and blockages, where they are, why they exist and what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dxkit.charts import Count, distribution
from dxkit.diagnosis import Diagnosis
from dxkit.models.annex import Field
from dxkit.report.answers import annex_field, not_involved, rows_of, shown_rows, value
from dxkit.report.blocks import Block, Head, figure, paragraph, prose, refer, table, wide

NONE_YET = "尚未登记问题"


def summary(diagnosis: Diagnosis) -> Block:
    """Return 6.1 with 图6-1: problems by group and severity."""
    rows = rows_of(diagnosis.case, "annex_2", "problems")
    written = value(diagnosis.case, "annex_2", "problem_summary")
    if not rows:
        return prose(written) or not_involved(diagnosis.case, "6.1", NONE_YET)
    text = prose(written or _counted(rows))
    groups = _column(diagnosis, "category").choices
    counts = [
        Count(group.label, *(_number(rows, group.code, severity) for severity in _SEVERITIES))
        for group in groups
        if any(row.get("category") == group.code for row in rows)
    ]
    if not counts:
        return text
    lead = refer("各类问题的数量和严重度见{下图:problem-groups}。")
    return text + lead + figure(distribution(counts), "问题分布", anchor="problem-groups")


_SEVERITIES = {"high": "高", "medium": "中", "low": "低"}


def _counted(rows: Sequence[Mapping[str, Any]]) -> str:
    grades = Counter(row.get("severity") for row in rows)
    parts = [
        f"严重度{word}的 {grades[code]} 项" for code, word in _SEVERITIES.items() if grades[code]
    ]
    return f"共登记问题 {len(rows)} 项，其中{'、'.join(parts)}。" if parts else ""


def problems(diagnosis: Diagnosis) -> Block:
    """Return 表6-1: every problem with place, indicator, evidence, cause and impact."""
    rows = shown_rows(diagnosis.case, "annex_2", "problems")
    if not rows:
        return not_involved(diagnosis.case, "6.2", NONE_YET)
    heads = [
        Head("编号", 5, "mid"),
        Head("问题描述", 22),
        Head("发生位置", 9),
        Head("类型", 5, "mid"),
        Head("关联指标", 12),
        Head("证据", 9),
        Head("原因", 15.5),
        Head("影响", 16),
        Head("严重度", 6.5, "mid"),
    ]
    keys = ["problem_no", "statement", "location", "kind", "indicators", "evidence"]
    keys += ["cause", "impact", "severity"]
    lines = [[row[key] for key in keys] for row in rows]
    lead = refer("逐项的位置、指标、证据、原因和影响见{下表:problems}。")
    return wide(table("问题清单", heads, lines, anchor="problems", lead=lead))


def root_causes(diagnosis: Diagnosis) -> Block:
    """Return 6.3: why the gravest problems exist."""
    text = value(diagnosis.case, "annex_2", "root_causes")
    return prose(text) if text else not_involved(diagnosis.case, "6.3", "尚未作根因分析")


def contradictions(diagnosis: Diagnosis) -> Block:
    """Return the contradictions between answers, for the group's own reading."""
    heads = [
        Head("程度", 10, "mid"),
        Head("应有的关系", 34),
        Head("涉及的答案", 40),
        Head("依据", 16),
    ]
    rows = [
        [
            each.severity_words,
            each.says,
            "\n".join(each.answers),
            f"{each.clause}\n{each.basis.words}",
        ]
        for each in diagnosis.findings
    ]
    note = paragraph("由本工具按规则检查得出，须由工作组核对后更正答案或说明理由。", "note")
    return table("答案之间的矛盾", heads, rows, empty="没有发现矛盾") + note


def _column(diagnosis: Diagnosis, key: str) -> Field:
    columns = annex_field(diagnosis.case, "annex_2", "problems").columns
    return next(column for column in columns if column.key == key)


def _number(rows: Sequence[Mapping[str, Any]], group: str, severity: str) -> int:
    return sum(row.get("category") == group and row.get("severity") == severity for row in rows)
