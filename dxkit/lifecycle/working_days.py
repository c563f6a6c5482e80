"""Which days are working days in China, and which day lies so many of them from another."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Tell whether people work on a day: by the published holidays, else Monday to Friday."""
    if _is_published(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


def between(first: date, second: date) -> int:
    """Count the working days after a day up to and including another; 0 if it is not later.

    From a Monday to the Thursday of an ordinary week there are three.
    """
    days = (first + _DAY * number for number in range(1, (second - first).days + 1))
    return sum(is_working_day(day) for day in days)


def after(day: date, working_days: int) -> date:
    """Return the working day by which so many have gone by since a day; the day itself for 0."""
    found = day
    while between(day, found) < working_days:
        found += _DAY
    return found


def before(day: date, working_days: int) -> date:
    """Return the last working day from which so many still go by up to a day."""
    found = day
    while between(found, day) < working_days or not is_working_day(found):
        found -= _DAY
    return found


def caution(*days: date) -> str:
    """Return in words that some year's holidays are not known; empty if all are."""
    unknown = sorted({day.year for day in days if not _is_published(day.year)})
    years = "、".join(str(year) for year in unknown)
    return f"{years}年的节假日安排未收录，按周一至周五计算" if unknown else ""


def _is_published(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
