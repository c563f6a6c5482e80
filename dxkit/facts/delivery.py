"""When the report reached the enterprise: by the receipts, not by what the group says."""

from __future__ import annotations

from collections.abc import Iterable

from dxkit.facts.calendar import day_of, days_of
from dxkit.facts.issued import version_in_force
from dxkit.facts.view import Culprits, Row, View


def delivered_on(view: View) -> str | None:
    """Return the day of the first signed receipt, whichever the version; None without one."""
    return _first_day(_receipts(view))


def version_delivered_on(view: View) -> str | None:
    """Return the day on which the version in force was signed for; None if it was not."""
    return _first_day(_receipts_of(view, version_in_force(view)))


def version_receipts(view: View) -> str | None:
    """Return the numbers of the receipts of the version in force; None without one."""
    rows = _receipts_of(view, version_in_force(view))
    return "、".join(str(row["delivery_no"]) for row in rows if row.get("delivery_no")) or None


def version_undelivered(view: View) -> Culprits:
    """Name the version in force if nobody signed for it; nothing before any was issued."""
    version = version_in_force(view)
    return (version,) if version is not None and not _receipts_of(view, version) else ()


def receipts_apart(view: View) -> int | None:
    """Return the days between what the survey and the nearest receipt say of the delivery."""
    said = day_of(view.value("annex_8", "report_received_on"))
    days = days_of(row.get("delivered_on") for row in _receipts(view))
    return min((abs((said - day).days) for day in days), default=None) if said else None


def corrections_undelivered(view: View) -> Culprits:
    """Name the version that is in force if it is a correction and nobody signed for it."""
    return version_undelivered(view) if len(view.rows("engagement", "issues")) > 1 else ()


def _first_day(rows: Iterable[Row]) -> str | None:
    days = days_of(row.get("delivered_on") for row in rows)
    return days[0].isoformat() if days else None


def _receipts_of(view: View, version: str | None) -> list[Row]:
    """Return the receipts of a version, all of them before any was issued.

    A receipt that names no version is taken for one of the first.
    """
    rows, issues = _receipts(view), view.rows("engagement", "issues")
    if version is None:
        return rows
    first = str(issues[0].get("version"))
    told = [(row, str(row.get("report_version") or first).strip().upper()) for row in rows]
    return [row for row, named in told if named == version.upper()]


def _receipts(view: View) -> list[Row]:
    return [row for row in view.rows("aux_10", "deliveries") if _is_signed(view, row)]


def _is_signed(view: View, row: Row) -> bool:
    return bool(row.get("signed") or row.get("receiver_sign")) or view.has_file(row.get("scan"))
