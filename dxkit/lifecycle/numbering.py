"""The year and number an engagement gets when it begins, unlike those of the cases beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date

from dxkit.case import Case, Change, list_folders
from dxkit.case.storage import locked
from dxkit.case.stores import FILE
from dxkit.definitions import COURSE

_NUMBER = re.compile(rb"^ +serial_no: *([0-9]{1,9})", re.MULTILINE)


@contextmanager
def one_at_a_time(case: Case) -> Iterator[None]:
    """Let nobody else number a case beside this one, or both would get the same number.

    Who may write only in the one case numbers it without the lock.
    """
    beside = case.folder.parent
    with locked(beside) if os.access(beside, os.W_OK) else nullcontext():
        yield


def numbering(case: Case, today: date) -> Iterator[Change]:
    """Yield the changes that number a case which has no year or number yet."""
    course = case.annex(COURSE)
    if course.get("year") is None:
        yield Change(f"{COURSE}.year", today.year)
    if course.get("serial_no") is None:
        yield Change(f"{COURSE}.serial_no", max(_taken(case), default=0) + 1)


def _taken(case: Case) -> Iterator[int]:
    """Yield the numbers of the cases beside this one, of every year and league.

    Their text is searched instead of read: thousands of cases are looked at in a moment, and a
    number seen too many only leaves a gap.
    """
    for folder in list_folders(case.folder.parent):
        if folder != case.folder and (path := folder / FILE).is_file():
            yield from (int(found) for found in _NUMBER.findall(path.read_bytes()))
