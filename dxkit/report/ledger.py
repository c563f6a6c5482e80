"""Appendix B: the evidence ledger by category, what became of each piece, and the sum of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case import Case
from dxkit.diagnosis import Diagnosis
from dxkit.evidence.secrecy import row_stays
from dxkit.facts import fact
from dxkit.report.answers import annex_field, rows_of, shown_rows, value
from dxkit.report.blocks import NOTHING, Block, Head, labelled, paragraph, table, wide
from dxkit.report.photographs import kept_back_words

Shown = Mapping[str, str]
Raw = Mapping[str, Any]
BASICS = "基础信息"
ALL_INDICATORS = "全部"


def evidence(diagnosis: Diagnosis) -> Block:
    """Return appendix B: the pieces that may be shown, how many there are of each kind."""
    listed, reasons = ledger(diagnosis.case)
    if not listed and not reasons:
        return paragraph("证据尚未登记（附件7-1）。", "empty")
    heads = [Head("编号", 9, "mid"), Head("类别", 16), Head("材料名称", 26)]
    heads += [Head("支撑指标（序号）", 14, "mid"), Head("形式", 10.5, "mid")]
    heads += [Head("审核结论", 8.5, "mid"), Head("审核日期", 16, "mid")]
    rows = [_row(diagnosis, row, raw) for row, raw in listed]
    shown = table("证据台账", heads, rows) if rows else NOTHING
    return wide(shown + kept_back_words(reasons, "份材料") + _summary(diagnosis.case))


def ledger(case: Case) -> tuple[list[tuple[Shown, Raw]], list[str]]:
    """Return the rows that may be shown, by category, and why each of the others may not."""
    place = annex_field(case, "annex_7", "evidence")
    raw = rows_of(case, "annex_7", "evidence")
    judged = [row_stays(place, row) for row in raw]
    both = zip(shown_rows(case, "annex_7", "evidence"), raw, judged, strict=True)
    listed = [(row, each) for row, each, why in both if not why]
    return sorted(listed, key=_place), [why for why in judged if why]


def _place(pair: tuple[Shown, Raw]) -> tuple[str, str]:
    """Return by what a row is ordered; one without a category stands at the end."""
    row, raw = pair
    return str(raw.get("category") or "～"), row["evidence_no"]


def _row(diagnosis: Diagnosis, row: Shown, raw: Raw) -> list[str]:
    told = [row[key] for key in ("evidence_no", "category", "title")]
    return [*told, supported(diagnosis, raw), *(row[k] for k in ("form", "outcome", "reviewed_on"))]


def supported(diagnosis: Diagnosis, raw: Raw) -> str:
    """Return the numbers of the indicators that a piece supports, and whether basic facts too."""
    known = diagnosis.definitions.by_id
    numbers = sorted(known[each].no for each in raw.get("indicators") or [] if each in known)
    every = len(numbers) == len(known)
    words = [ALL_INDICATORS] if every else [str(number) for number in numbers]
    return "、".join([*words, *([BASICS] if raw.get("supports_basics") else [])])


def _summary(case: Case) -> Block:
    """Return how many pieces of each category came and what became of them, and the opinion."""
    grid = annex_field(case, "annex_7", "category_summary")
    counted = [dict(fact(case, column.fact or "")) for column in grid.columns]
    heads = [Head("类别", 30)]
    heads += [Head(each.label, 70 / len(grid.columns), "mid") for each in grid.columns]
    lines = [
        [row.label, *(str(each.get(row.code, 0)) for each in counted)]
        for row in grid.rows
        if any(each.get(row.code) for each in counted)
    ]
    lines.append(["合计", *(str(sum(each.values())) for each in counted)])
    return table("证据分类汇总（份）", heads, lines) + _opinion(case)


def _opinion(case: Case) -> Block:
    opinion = value(case, "annex_7", "overall_opinion")
    if not opinion:
        return paragraph("审核总体意见尚未填写（附件7-1）。", "empty")
    note = value(case, "annex_7", "overall_opinion_note").rstrip("。")
    return labelled("审核总体意见：", f"{opinion}{f'。{note}' if note else ''}。")
