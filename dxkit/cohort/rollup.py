"""What is told of each group: how many, mean or share, pooled ratio, and bounds from unknowns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from dxkit.cohort.groups import Group, divide
from dxkit.cohort.quartiles import quartiles
from dxkit.cohort.table import Table
from dxkit.cohort.tally import SCALE, Integers, Numbers, Tally, count, tally
from dxkit.definitions import Definitions
from dxkit.models.regional import Dimension


@dataclass(frozen=True)
class Figure:
    """One indicator in one group.

    `mean` is the simple mean over the `base` enterprises that have a value, which for a yes/no is
    the share of yes; `pooled` divides the sums of parts and wholes. `low` and `high` are the least
    and greatest mean that any completion of the missing answers could give. All are None where
    there is nothing to tell; so are `yes` of a ratio, and what only a ratio has of a yes/no.
    """

    count: int
    assessed: int
    base: int
    unknown: int
    not_applicable: int
    mean: float | None
    low: float | None
    high: float | None
    yes: int | None = None
    part: int | None = None
    whole: int | None = None
    pooled: float | None = None
    pooled_low: float | None = None
    pooled_high: float | None = None
    quartiles: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Figures:
    """One indicator in all groups, as columns; NaN where there is nothing to tell."""

    tally: Tally
    is_ratio: bool
    quartiles: Numbers | None

    @cached_property
    def mean(self) -> Numbers:
        """Return the mean over the enterprises that have a value."""
        return _divided(np.ldexp(self.tally.total.astype(float), -SCALE), self.tally.known)

    @cached_property
    def low(self) -> Numbers:
        """Return the least mean: every open row 0, and none that could only raise it.

        Rows that would be yes, or nothing, count only where no other row is left.
        """
        held = self.tally
        rows = held.known + held.open + held.at_most_no
        least = _divided(np.ldexp(held.total.astype(float), -SCALE), rows)
        return np.where((rows == 0) & (held.at_least_yes > 0), 1.0, least)

    @cached_property
    def high(self) -> Numbers:
        """Return the greatest mean, in the same manner."""
        held = self.tally
        added = held.open + held.at_least_yes
        rows = held.known + added
        most = _divided(np.ldexp(held.total.astype(float), -SCALE) + added, rows)
        return np.where((rows == 0) & (held.at_most_no > 0), 0.0, most)

    @cached_property
    def pooled(self) -> Numbers:
        """Return the sum of parts by the sum of wholes, of the enterprises that have both."""
        return _divided(self.tally.part, self.tally.whole)

    @cached_property
    def pooled_low(self) -> Numbers:
        """Return the least pooled ratio; a whole that is not known may be as large as any."""
        held = self.tally
        least = _divided(held.part, held.whole + held.half_whole)
        return np.where(held.loose + held.without_whole > 0, 0.0, least)

    @cached_property
    def pooled_high(self) -> Numbers:
        """Return the greatest pooled ratio: every part that is not known as large as its whole."""
        held = self.tally
        more = held.half_whole + held.half_part
        most = _divided(held.part + more, held.whole + more)
        most = np.where(np.isnan(most) & (held.without_whole > 0), 0.0, most)
        return np.where(held.loose > 0, 1.0, most)


@dataclass(frozen=True)
class RollUp:
    """The figures of every group that has a row; `groups` name each by its dimensions in turn."""

    dimensions: tuple[Dimension, ...]
    groups: tuple[tuple[Group, ...], ...]
    count: Integers
    assessed: Integers
    figures: Mapping[str, Figures]

    def figure(self, indicator: str, group: int = 0) -> Figure:
        """Return one indicator in the group at a place."""
        return self._figure(self.figures[indicator], group)

    def every(self) -> Iterator[tuple[tuple[Group, ...], str, Figure]]:
        """Yield every indicator in every group, group by group."""
        for place, group in enumerate(self.groups):
            for indicator, held in self.figures.items():
                yield group, indicator, self._figure(held, place)

    def _figure(self, held: Figures, at: int) -> Figure:
        tally = held.tally
        ratio = held.is_ratio
        return Figure(
            count=int(self.count[at]),
            assessed=int(self.assessed[at]),
            base=int(tally.known[at]),
            unknown=int(tally.unknown[at]),
            not_applicable=int(tally.not_applicable[at]),
            mean=_told(held.mean[at]),
            low=_told(held.low[at]),
            high=_told(held.high[at]),
            yes=None if ratio else int(tally.total[at]) >> SCALE,
            part=int(tally.part[at]) if ratio else None,
            whole=int(tally.whole[at]) if ratio else None,
            pooled=_told(held.pooled[at]) if ratio else None,
            pooled_low=_told(held.pooled_low[at]) if ratio else None,
            pooled_high=_told(held.pooled_high[at]) if ratio else None,
            quartiles=_three(held.quartiles, at),
        )


def roll_up(
    table: Table, definitions: Definitions, *dimensions: str, spread: bool = True
) -> RollUp:
    """Roll a table up by dimensions crossed, one indicator after the other; by none as a total.

    Args:
        table: the rows, as a rule of one year.
        definitions: what the dimensions and their groups are called.
        dimensions: ids of dimensions, such as `league`, `division`.
        spread: whether quartiles of ratios are wanted, which cost most of the time.

    Raises:
        ParameterError: if a dimension is not known.
    """
    division = divide(table, definitions, dimensions)
    groups = len(division.groups)
    counts = count(None, division.layers, groups)
    there = np.flatnonzero(counts) if dimensions else np.arange(1)
    figures = {}
    for key, column in table.columns.items():
        told = tally(column, division.layers, groups).take(there)
        wanted = spread and column.is_ratio
        three = quartiles(column, division.layers, groups)[there] if wanted else None
        figures[key] = Figures(told, column.is_ratio, three)
    return RollUp(
        division.dimensions,
        tuple(division.groups[place] for place in there),
        counts[there],
        count(table.assessed, division.layers, groups)[there],
        figures,
    )


def _divided(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> Numbers:
    nothing = np.full(len(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0))


def _told(number: np.float64) -> float | None:
    return None if np.isnan(number) else float(number)


def _three(spread: Numbers | None, at: int) -> tuple[float, float, float] | None:
    if spread is None or np.isnan(spread[at]).any():
        return None
    lower, middle, upper = (float(each) for each in spread[at])
    return lower, middle, upper
