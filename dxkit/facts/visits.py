"""When the group was on site, for how many hours and days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, time

from dxkit.facts.calendar import day_of, days_of
from dxkit.facts.view import ROUNDING, Row, Value, View, rounded_down

# Held in the enterprise before the report; a briefing comes after it.
SITE_MEETINGS = {"kickoff", "opening", "closing", "training"}

Span = tuple[float, float]


def onsite_begun_on(view: View) -> str | None:
    """Return the first day on which anything is recorded on site."""
    return next((day.isoformat() for day in _days(view)), None)


def last_onsite_on(view: View) -> str | None:
    """Return the last day on which anything is recorded on site."""
    return next((day.isoformat() for day in reversed(_days(view))), None)


def first_onsite_on(view: View) -> str | None:
    """Return the first day on site; before it the day of the notice, else of the plan."""
    return (
        onsite_begun_on(view)
        or view.value("aux_2", "onsite_from")
        or view.value("annex_4", "plan_onsite_from")
    )


def onsite_hours(view: View) -> float | None:
    """Return the hours on site; time that two records share counts once."""
    hours = _hours_by_day(view)
    return round(sum(hours.values()), 2) if hours else None


def onsite_days(view: View) -> float | None:
    """Return the days on site: hours over hours a day, or days of enough hours if that is more.

    What is rounded is rounded down, so that two half days of 3 h 59 are not yet a day.
    """
    hours = _hours_by_day(view)
    if not hours:
        return None
    long_days = sum(each + ROUNDING >= view.policy("day_from_hours") for each in hours.values())
    return max(rounded_down(sum(hours.values()) / view.policy("hours_per_day")), float(long_days))


def presence_hours(view: View) -> Value:
    """Return the hours of each row of the presence record, None where a time is missing."""
    spans = (_span(row, "arrived", "left") for row in view.rows("annex_6", "presence"))
    return tuple(round(span[1] - span[0], 2) if span else None for span in spans)


def visit_days(view: View) -> list[date]:
    """Return the days of the presence record, each once."""
    return sorted(set(days_of(row.get("date") for row in view.rows("annex_6", "presence"))))


def _days(view: View) -> list[date]:
    walks = (row.get("walked_at") for row in view.rows("annex_6", "site_walks"))
    checks = (row.get("checked_at") for row in view.rows("annex_6", "warehouse_checks"))
    meetings = (row.get("held_on") for row in _meetings_on_site(view))
    return sorted({*visit_days(view), *days_of([*walks, *checks, *meetings])})


def _meetings_on_site(view: View) -> Iterator[Row]:
    """Yield the meetings held in the enterprise; what is held on line is no time on site."""
    for row in view.rows("annex_5", "meetings"):
        if row.get("mode") == "onsite" and SITE_MEETINGS & set(row.get("types") or []):
            yield row


def _hours_by_day(view: View) -> dict[date, float]:
    spans: dict[date, list[Span]] = defaultdict(list)
    for row in view.rows("annex_6", "presence"):
        _note(spans, row.get("date"), _span(row, "arrived", "left"))
    for row in _meetings_on_site(view):
        _note(spans, row.get("held_on"), _span(row, "start_at", "end_at"))
    return {day: _covered(each) for day, each in spans.items()}


def _note(spans: dict[date, list[Span]], day: object, span: Span | None) -> None:
    when = day_of(day)
    if when is not None and span is not None:
        spans[when].append(span)


def _span(row: Row, start: str, end: str) -> Span | None:
    try:
        first, last = (_clock(str(row.get(key))) for key in (start, end))
    except ValueError:
        return None
    return (first, last) if last > first else None


def _clock(text: str) -> float:
    clock = time.fromisoformat(text)
    return clock.hour + clock.minute / 60


def _covered(spans: list[Span]) -> float:
    """Return the hours that spans cover together."""
    total, reached = 0.0, 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total
