"""When the report reached the enterprise: by the receipts, not by what the group says."""

from __future__ import annotations

from dxkit.facts.calendar import days_of
from dxkit.facts.view import Culprits, Row, View


def delivered_on(view: View) -> str | None:
    """Return the day of the first signed receipt; None without one."""
    days = days_of(row.get("delivered_on") for row in _receipts(view))
    return days[0].isoformat() if days else None


def corrections_undelivered(view: View) -> Culprits:
    """Name the version that is in force if it is a correction and nobody signed for it."""
    issued = [str(row.get("version")) for row in view.rows("engagement", "issues")]
    received = {str(row.get("report_version") or "").strip().upper() for row in _receipts(view)}
    return tuple(each for each in issued[1:][-1:] if each.upper() not in received)


def _receipts(view: View) -> list[Row]:
    return [row for row in view.rows("aux_10", "deliveries") if _is_signed(row)]


def _is_signed(row: Row) -> bool:
    return bool(row.get("signed") or row.get("receiver_sign") or row.get("scan"))
