"""How large the enterprise is by its own application: the figures of its last year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from dxkit.facts.view import View


def _of_last_year(key: str, view: View) -> float | None:
    """Return a figure of the last year that the application tells of; None while it tells none."""
    years = [row for row in view.rows("annex_3", "yearly") if row.get("year")]
    last: Mapping[str, Any] = max(years, key=lambda row: int(row["year"]), default={})
    found = last.get(key)
    return found if isinstance(found, (int, float)) else None


staff_last_year = partial(_of_last_year, "staff")
revenue_last_year = partial(_of_last_year, "revenue")
cost_last_year = partial(_of_last_year, "cost")
