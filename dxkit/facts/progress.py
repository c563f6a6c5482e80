"""How long the bureau has heard nothing of the engagement."""

from __future__ import annotations

from dxkit.facts.calendar import days_of
from dxkit.facts.view import View


def last_progress_report_on(view: View) -> str | None:
    """Return the day of the last progress report that was made by today."""
    rows = view.rows("aux_7", "progress_reports")
    days = days_of(row.get("made_on") for row in rows if view.is_over(row.get("made_on")))
    return days[-1].isoformat() if days else None


def days_since_progress_report(view: View) -> int | None:
    """Return the days since the last progress report, before the first since the work began."""
    reports = days_of([last_progress_report_on(view)])
    begun = reports or days_of(row.get("at") for row in view.rows("engagement", "history"))
    begun = begun or days_of([view.value("annex_4", "implementation_period_start")])
    return max((view.today - begun[0]).days, 0) if begun else None
