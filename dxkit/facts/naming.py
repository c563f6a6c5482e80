"""What an engagement and its papers are called by number, and where it stands."""

from __future__ import annotations

from dxkit.facts.view import View

LEAGUE_DIGITS = 4


def engagement_no(view: View) -> str | None:
    """Return league, year and serial number: 1508-2026-0001; None while one is missing."""
    league = view.value("annex_3", "league")
    year, serial = (view.value("engagement", key) for key in ("year", "serial_no"))
    if not league or year is None or serial is None:
        return None
    return f"{str(league)[:LEAGUE_DIGITS]}-{year}-{serial:04d}"


def plan_no(view: View) -> str | None:
    """Return the number of the plan in its present version."""
    number = engagement_no(view)
    return f"{number}-P{view.value('annex_4', 'plan_version') or 1:02d}" if number else None


def report_no(view: View) -> str | None:
    """Return the number of the report; its versions share it."""
    number = engagement_no(view)
    return f"{number}-R" if number else None


def state(view: View) -> str:
    """Return where the engagement stands; one that was not begun is a draft."""
    return str(
        view.value("engagement", "state") or next(iter(view.definitions.lifecycle.states)).id
    )
