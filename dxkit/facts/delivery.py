"""When the report reached the enterprise: by the receipts, not by what the group says."""

from __future__ import annotations

from dxkit.facts.calendar import days_of
from dxkit.facts.view import Row, View


def delivered_on(view: View) -> str | None:
    """Return the day of the first signed receipt; None without one."""
    receipts = (row for row in view.rows("aux_10", "deliveries") if _is_signed(row))
    days = days_of(row.get("delivered_on") for row in receipts)
    return days[0].isoformat() if days else None


def _is_signed(row: Row) -> bool:
    return bool(row.get("signed") or row.get("receiver_sign") or row.get("scan"))
