"""What can be said of the region in one year, each part worked out when first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from dxkit.cohort import Changes, Gathered, RollUp, Table, Years, changes, gather, roll_up
from dxkit.cohort.gathering import Unread
from dxkit.cohort.reading import Progress
from dxkit.cohort.table import NO_YEAR
from dxkit.definitions import Definitions, load
from dxkit.diagnosis.benchmarks import Comparison, published
from dxkit.errors import ParameterError, Problem


@dataclass(frozen=True)
class Region:
    """All enterprises of one year; `before` has the year that they are compared with, if any.

    `last` has the cases of that year where they lie in a folder of their own.
    """

    definitions: Definitions
    gathered: Gathered
    year: int
    before: Years | None = None
    year_before: int = NO_YEAR
    last: Gathered | None = None
    _rolled: dict[tuple[str, ...], RollUp] = field(default_factory=dict)
    _changed: dict[tuple[str, ...], Changes] = field(default_factory=dict)

    @cached_property
    def table(self) -> Table:
        """Return the rows of the year."""
        return self.gathered.table.of_year(self.year)

    @property
    def total(self) -> RollUp:
        """Return the figures of all enterprises together."""
        return self.by()

    def by(self, *dimensions: str) -> RollUp:
        """Return the figures by dimensions crossed; by years those of all years.

        Raises:
            ParameterError: if a dimension is not known.
        """
        if dimensions not in self._rolled:
            table = self.gathered.table if "year" in dimensions else self.table
            self._rolled[dimensions] = roll_up(table, self.definitions, *dimensions)
        return self._rolled[dimensions]

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Return the cases that could not be read, of this year and the year before."""
        return self.gathered.unread + (() if self.last is None else self.last.unread)

    def changes(self, *dimensions: str) -> Changes | None:
        """Return why figures are not those of the year before; None without one.

        Raises:
            ParameterError: if a dimension is not known.
        """
        if self.before is None:
            return None
        if dimensions not in self._changed:
            self._changed[dimensions] = changes(self.before, self.definitions, *dimensions)
        return self._changed[dimensions]

    def beside(self, indicator: str, mean: float | None) -> tuple[Comparison, ...]:
        """Return the published values that an indicator's mean can be set beside."""
        rows = published(indicator, self.definitions, self.year or None)
        return tuple(Comparison(row, None if mean is None else mean - row.value) for row in rows)


def open_region(
    folder: Path,
    definitions: Definitions | None = None,
    cache: Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Region:
    """Return the latest year of a folder of cases, beside the last year before it that is there.

    Raises:
        ParameterError: if there is no such folder, or no case in it.
    """
    definitions = definitions or load()
    return of_gathered(gather(folder, definitions, cache, jobs, progress), definitions)


def of_gathered(gathered: Gathered, definitions: Definitions) -> Region:
    """Return the latest year of gathered cases, beside the last year before it that is there."""
    years = gathered.table.years
    region = Region(definitions, gathered, years[-1] if years else NO_YEAR)
    return beside_year(region, gathered, years[-2]) if len(years) > 1 else region


def of_year(region: Region, year: int) -> Region:
    """Return another year of the same cases, beside the last year before it.

    Raises:
        ParameterError: if no case tells of that year.
    """
    years = region.gathered.table.years
    if year not in years:
        expected = "、".join(map(str, years)) or "案卷中没有填写年度"
        raise ParameterError(Problem("年度", "", str(year), f"{expected} 中的一个"))
    chosen = Region(region.definitions, region.gathered, year)
    earlier = [each for each in years if each < year]
    return beside_year(chosen, region.gathered, earlier[-1]) if earlier else chosen


def beside_earlier(region: Region, last: Gathered, as_worked_out: Gathered | None = None) -> Region:
    """Return a region beside the last year before it of other cases.

    Raises:
        ParameterError: if none of them tells of an earlier year, or as for `beside_year`.
    """
    years = [year for year in last.table.years if not region.year or year < region.year]
    if not years:
        found = f"没有早于 {region.year} 年的案卷"
        raise ParameterError(Problem(str(last.folder), "", found, "上一年度的案卷"))
    compared = beside_year(region, last, years[-1], as_worked_out)
    return replace(compared, last=_with_unread_of(last, as_worked_out))


def _with_unread_of(last: Gathered, as_worked_out: Gathered | None) -> Gathered:
    """Return last year's cases with those unread that only the definitions of that time refuse."""
    known = {each.id for each in last.unread}
    others = () if as_worked_out is None else as_worked_out.unread
    further = (
        Unread(each.id, tuple(f"按当时的定义：{problem}" for problem in each.problems))
        for each in others
        if each.id not in known
    )
    return replace(last, unread=(*last.unread, *further))


def beside_year(
    region: Region, last: Gathered, year: int, as_worked_out: Gathered | None = None
) -> Region:
    """Return a region beside a year before it, which may be in a folder of its own.

    Args:
        region: the year that is told of.
        last: the cases of the year before, by the definitions in force.
        year: which of their years is meant.
        as_worked_out: the same cases by the definitions of that time, if those were others.

    Raises:
        ParameterError: if the cases of the year before have no such year, or are not the same.
    """
    if year not in last.table.years:
        expected = "、".join(map(str, last.table.years)) or "案卷中填写了年度的企业"
        raise ParameterError(Problem("上一年度", "", str(year), expected))
    rows = last.table.of_year(year)
    then = None
    if as_worked_out is not None:
        then = as_worked_out.table.of_year(year)
        if then.ids.tolist() != rows.ids.tolist():
            found = "按当时的定义读出的企业与现在不同"
            raise ParameterError(Problem("上一年度", "", found, "同一批案卷"))
    before = Years.of(rows, region.table, then)
    return Region(region.definitions, region.gathered, region.year, before, year)
