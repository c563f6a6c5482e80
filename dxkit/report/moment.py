"""The day a report speaks of, which is its case's and never the printer's."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

from dxkit.case import Case, journal

CHINA = timezone(timedelta(hours=8))


def day_of(case: Case) -> date:
    """Return the day on which a case became what it is: that of its journal's last entry.

    So the same case gives the same report whenever and wherever it is printed. What has no journal
    of its own, such as a group of cases, is looked at today.
    """
    try:
        state = (case.folder / journal.NAME).stat()
    except OSError:
        return date.today()
    return _last_day(case.folder, state.st_mtime_ns, state.st_size) or date.today()


@lru_cache(maxsize=64)
def _last_day(folder: Path, _changed: int, _size: int) -> date | None:
    # A report asks forty times, and a journal may be long.
    last = journal.last(folder)
    return datetime.fromisoformat(last.at).astimezone(CHINA).date() if last else None
