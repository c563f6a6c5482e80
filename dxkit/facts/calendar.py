"""The days and times that forms hold, read alike; blanks and slips passed over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any


def day_of(value: Any) -> date | None:
    """Return the day of an ISO date or datetime; None where there is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def days_of(values: Iterable[Any]) -> list[date]:
    """Return the days among some values, in order."""
    return sorted(day for day in map(day_of, values) if day is not None)


def minutes_of(value: Any) -> int | None:
    """Return the minutes of a day that a time such as 09:30 names; None if it names none."""
    try:
        moment = time.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.hour * 60 + moment.minute
