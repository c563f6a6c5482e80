"""The day a report speaks of, which is its case's and never the printer's."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from dxkit.case import Case, journal

CHINA = timezone(timedelta(hours=8))


def day_of(case: Case) -> date:
    """Return the day on which a case became what it is: that of its journal's last entry.

    So the same case gives the same report whenever and wherever it is printed. What has no journal
    of its own, such as a group of cases, is looked at today.
    """
    last = journal.last(case.folder)
    return datetime.fromisoformat(last.at).astimezone(CHINA).date() if last else date.today()
