"""What the report counts and how it is told from another: numbers, checksum, day, headlines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime

from dxkit.case import journal
from dxkit.cohort import Table
from dxkit.diagnosis.benchmarks import HOME
from dxkit.models.indicator import Indicator
from dxkit.region import Region
from dxkit.report.moment import CHINA

_SHOWN = 16


def count(region: Region) -> int:
    """Return how many enterprises there are."""
    return region.table.size


def assessed(region: Region) -> int:
    """Return how many of them have at least one result."""
    return int(region.table.assessed.sum())


def year_words(region: Region) -> str:
    """Return the year as printed."""
    return f"{region.year}年度" if region.year else "年度未填"


def checksum(region: Region) -> str:
    """Return what tells these very cases, read by these very definitions, from any others.

    The cases of the year before count too where figures are compared with theirs.
    """
    told = hashlib.sha256(_content(region.table, region.year))
    if region.before is not None:
        told.update(_content(region.before.then, region.year_before))
    return told.hexdigest()[:_SHOWN]


def _content(table: Table, year: int) -> bytes:
    lines = [f"{table.definitions} {year}"]
    lines += (f"{one} {digest}" for one, digest in zip(table.ids, table.digests, strict=True))
    return "".join(f"{line}\n" for line in lines).encode()


def day_of(region: Region) -> date | None:
    """Return the day on which the youngest of the cases became what it is; None if none tells."""
    return max(_days(region), default=None)


def _days(region: Region) -> Iterator[date]:
    for one in region.table.ids[region.table.read]:
        last = journal.last(region.gathered.folder / one)
        if last is not None:
            yield datetime.fromisoformat(last.at).astimezone(CHINA).date()


def headline(region: Region) -> tuple[Indicator, ...]:
    """Return the indicators for which the region itself has published a target."""
    aimed = {
        row.indicator
        for row in region.definitions.benchmarks
        if row.kind == "target" and row.region == HOME and row.comparable
    }
    return tuple(each for each in region.definitions.indicators if each.id in aimed)


def ratios(region: Region) -> list[Indicator]:
    """Return the indicators that divide a part by a whole."""
    return [each for each in region.definitions.indicators if each.kind == "ratio"]


def yes_no(region: Region) -> list[Indicator]:
    """Return the indicators that are a yes or a no."""
    return [each for each in region.definitions.indicators if each.kind != "ratio"]
