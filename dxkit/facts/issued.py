"""The version of the report in force: the last that was issued, and what it was made from."""

from __future__ import annotations

from dataclasses import replace

from dxkit.case import Case
from dxkit.case.past import content_at
from dxkit.facts.view import Row, View


def version_in_force(view: View) -> str | None:
    """Return the last version that was issued; None before any was."""
    last = _last(view.case)
    return str(last.get("version")) if last else None


def version_issued_on(view: View) -> str | None:
    """Return the day on which the version in force was issued; None before any was."""
    last = _last(view.case)
    return str(last.get("issued_at") or "")[:10] or None if last else None


def as_issued(case: Case) -> Case:
    """Return the case as it was when the version in force was issued; as it is before any was.

    Raises:
        CaseError: if the journal no longer reaches that far.
    """
    last = _last(case)
    if last is None or not last.get("journal_n"):
        return case
    if as_issued not in case.worked_out:
        then = content_at(case, int(last["journal_n"]), str(last.get("version")))
        case.worked_out[as_issued] = replace(case, data=then)
    issued: Case = case.worked_out[as_issued]
    return issued


def view_as_issued(view: View) -> View:
    """Return what facts are told of the version in force instead of the present answers."""
    return View(as_issued(view.case), view.today)


def _last(case: Case) -> Row | None:
    rows = case.annex("engagement").get("issues")
    return rows[-1] if rows else None
