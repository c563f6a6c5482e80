"""What a change is worked out from: whole numbers by group, of the rows that stay, come and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dxkit.assessment.logic import KNOWN
from dxkit.cohort.groups import OUTSIDE, Places
from dxkit.cohort.table import NOT_TOLD, Column
from dxkit.cohort.tally import SCALE, Integers, added, grains

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Layer:
    """The groups of last year's rows and of this year's, and the rows that stay in theirs.

    `stay` are rows of last year, `stayed` in the same order the rows of this year they became.
    """

    last: Places
    now: Places
    stay: Rows
    stayed: Rows

    @classmethod
    def of(cls, last: Places, now: Places, follows: Places) -> Layer:
        """Find who stays; `follows` gives for every row of last year its place in this year's."""
        there = np.flatnonzero((follows != OUTSIDE) & (last != OUTSIDE))
        same = last[there] == now[follows[there]]
        return cls(last, now, there[same], follows[there[same]])


@dataclass(frozen=True)
class Results:
    """One indicator in both years, and by this year's rows why it is not as the year before.

    `then` are last year's results as they were worked out at the time, `restated` those of the same
    rows by the definitions in force.
    """

    then: Column
    restated: Column
    now: Column
    causes: npt.NDArray[np.int8]


@dataclass
class Sums:
    """Sums and counts by group under a name; the sums of causes under their places."""

    groups: int
    _sums: dict[str | int, Integers] = field(default_factory=dict)
    _counts: dict[str | int, Integers] = field(default_factory=dict)

    def add(self, name: str | int, values: Integers, places: Places) -> None:
        """Add values to what stands under a name, each to its group."""
        counts = np.bincount(places, minlength=self.groups).astype(np.int64)
        self._sums[name] = self._sums.get(name, 0) + added(values, places, self.groups)
        self._counts[name] = self._counts.get(name, 0) + counts

    def count(self, name: str, at: int) -> int:
        """Return how many values were added in a group."""
        return int(self._counts[name][at])

    def mean(self, name: str, at: int) -> Fraction:
        """Return the mean of a group that has a value."""
        return Fraction(int(self._sums[name][at]), self.count(name, at) << SCALE)

    def share(self, name: str | int, rows: int, at: int) -> Fraction:
        """Return what a sum is to each of some rows; what was never added is nothing."""
        if name not in self._sums or not rows:
            return Fraction(0)
        return Fraction(int(self._sums[name][at]), rows << SCALE)

    def beyond(self, some: str, of: str, usual: Fraction, at: int) -> Fraction:
        """Return by how much some rows move the mean of all from what is usual."""
        total = Fraction(int(self._sums[some][at]), 1 << SCALE)
        return (total - self.count(some, at) * usual) / self.count(of, at)


def sums_of(results: Results, layers: Sequence[Layer], groups: int) -> Sums:
    """Add one indicator up: all that is known, who came and left, what came to be known, and why.

    A result that the definitions in force leave open counts as it was worked out at the time.
    """
    sums = Sums(groups)
    had, has = (column.state == KNOWN for column in (results.then, results.now))
    old, fresh, new = map(_grains, (results.then, results.restated, results.now))
    fresh = np.where(results.restated.state == KNOWN, fresh, old)
    for each in layers:
        both = had[each.stay] & has[each.stayed]
        before, after = (
            np.flatnonzero(known & (places != OUTSIDE))
            for known, places in ((had, each.last), (has, each.now))
        )
        first, second = each.stay[both], each.stayed[both]
        of_last = {
            "before": before,
            "both before": first,
            "left": np.setdiff1d(before, each.stay),
            "lost": each.stay[had[each.stay] & ~both],
        }
        of_now = {
            "after": after,
            "both after": second,
            "came": np.setdiff1d(after, each.stayed),
            "won": each.stayed[has[each.stayed] & ~both],
        }
        for name, rows in of_last.items():
            sums.add(name, old[rows], each.last[rows])
        for name, rows in of_now.items():
            sums.add(name, new[rows], each.now[rows])
        sums.add("restated", fresh[first] - old[first], each.last[first])
        moved, told = new[second] - fresh[first], results.causes[second]
        for cause in (NOT_TOLD, *np.unique(told[told != NOT_TOLD])):
            own = told == cause
            sums.add(int(cause), moved[own], each.last[first][own])
    return sums


def _grains(column: Column) -> Integers:
    """Return the known values as whole numbers, 0 for those that are not."""
    return grains(np.where(column.state == KNOWN, column.low, 0).astype(np.float64))
