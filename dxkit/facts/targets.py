"""Whether the targets that the report sets lie above what was found."""

from __future__ import annotations

from dxkit.facts.view import Culprits, Row, View, first_of


def targets_amiss(view: View) -> Culprits:
    """Name the targets below the present value, a yes aimed at as no, and those not set."""
    rows = view.begun_rows("annex_2", "targets")
    return tuple(words for row in rows if (words := _amiss(row, view))) if rows else None


def _amiss(row: Row, view: View) -> str:
    indicator = view.definitions.by_id.get(str(first_of(row.get("indicator"))))
    if indicator is None:
        return ""
    name, present = f"指标{indicator.no}{indicator.name}", view.diagnosis.by_id[indicator.id].value
    if indicator.kind == "yes_no":
        return "" if row.get("target_reached") is True else f"{name}的目标应为“是”"
    rate = row.get("target_rate")
    if rate is None:
        return f"{name}没有目标值"
    below = present is not None and float(rate) < round(float(present) * 100, 2)
    return f"{name}的目标{rate:g}%低于现值{float(present or 0):.2%}" if below else ""
