"""What the record form computes by itself: sums, shares and what its grids say together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from dxkit.facts.view import Value, View
from dxkit.percentages import percent

INVESTED = ("hardware", "software", "security", "service")
SOFTWARE_KINDS = (
    ("mes_mom", "aps", "qms_lims", "eam", "ems", "wms", "scada_dcs"),
    ("erp", "finance", "srm_scm", "crm", "hrm", "oa", "bi"),
)


def software_both_kinds(view: View) -> str | None:
    """Return whether software for production and for management is in use; None while unknown."""
    basket = view.field("annex_6", "software_basket")
    cells = {row.code: view.case.found.get(f"{basket.key}.{row.code}") for row in basket.rows}
    kinds = [{cells.get(code) for code in codes} for codes in SOFTWARE_KINDS]
    if all("in_use" in kind for kind in kinds):
        return "是"
    return None if any("in_use" not in kind and None in kind for kind in kinds) else "否"


def hr_office_levels(view: View) -> str | None:
    """Return the levels of personnel and office work, as on the form."""
    labels = {row.code: row.label for row in view.field("annex_6", "levels").rows}
    levels = {key: view.case.record.get(f"levels.{key}") for key in ("hr", "office")}
    told = [f"{labels[k]}{a.value}级" for k, a in levels.items() if a and a.value is not None]
    return "、".join(told) or None


def segments_below(view: View) -> Value:
    """Return the key segments that apply and are known to lie below what indicator 6 asks."""
    tree = view.diagnosis.by_id["all_key_businesses_digital"].condition
    leaves = tree.leaves() if tree else ()
    keys = [leaf.question for leaf in leaves if leaf.status == "fails" and leaf.question]
    return tuple(view.definitions.questions[key].label for key in keys)


def investment_totals(view: View) -> Value:
    """Return what each year's investment adds up to in 万元; None where an amount is missing."""
    return tuple(map(_total, view.rows("annex_6", "investment")))


def investment_revenue_shares(view: View) -> Value:
    """Return each year's investment in percent of that year's revenue in the application."""
    revenue = {row.get("year"): row.get("revenue") for row in view.rows("annex_3", "yearly")}
    rows = view.rows("annex_6", "investment")
    return tuple(_share(_total(row), revenue.get(row.get("year"))) for row in rows)


def _online_share(part: str, whole: str, view: View) -> str | None:
    """Return an online amount of the last year as a share of a figure of the application."""
    years = [row for row in view.rows("annex_3", "yearly") if row.get("year")]
    last: Mapping[str, Any] = max(years, key=lambda row: int(row["year"]), default={})
    return _share(view.case.found.get(part), last.get(whole))


def _total(row: Mapping[str, Any]) -> float | None:
    amounts = [row.get(key) for key in INVESTED]
    return None if None in amounts else round(sum(float(each or 0) for each in amounts), 2)


def _share(part: Any, whole: Any) -> str | None:
    """Return a share without its sign, as the unit is printed beside it; 58600/763000 as 7.68."""
    numbers = isinstance(part, (int, float)) and isinstance(whole, (int, float))
    return percent(part / whole).removesuffix("%") if numbers and whole else None


online_purchases_share = partial(_online_share, "online_purchases", "cost")
online_sales_share = partial(_online_share, "online_sales", "revenue")
