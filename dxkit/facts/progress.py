"""What a progress report tells: how many cases stand where, and how long nobody was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from dxkit.case import Case
from dxkit.case.course import passed_in
from dxkit.definitions import COURSE
from dxkit.facts.calendar import days_of
from dxkit.facts.view import View

SUBMITTED, RETURNED, NOT_BEGUN = "T16", "returned", "not_begun"


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


def progress_counts(view: View) -> Mapping[str, int]:
    """Count the cases that a form speaks of by state, milestone and open return, by row code."""
    found = Counter(code for case in view.case.members for code in _standing(case))
    return {row.code: found[row.code] for row in view.field("aux_7", "state_counts").rows}


def _standing(case: Case) -> Iterator[str]:
    done = passed_in(case.annex(COURSE).get("history") or [], case.definitions)
    yield str(case.annex(COURSE).get("state") or NOT_BEGUN)
    yield from done
    kinds = {case.definitions.transitions[step].kind for step in done}
    if "return" in kinds and SUBMITTED not in done:
        yield RETURNED
