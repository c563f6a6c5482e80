"""Why a group's figure is not last year's: parts by cause, which add up to the change exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dxkit.assessment.logic import KNOWN
from dxkit.cohort.groups import OUTSIDE, Group, Places, causes_in, divide
from dxkit.cohort.table import NOT_TOLD, Column, Table
from dxkit.cohort.tally import SCALE, Integers, added, grains
from dxkit.definitions import Definitions
from dxkit.models.regional import Dimension

MEMBERS = Group("members", "企业增减")
SETTLED = Group("settled", "有无结论的变化")
RESTATED = Group("restated", "定义修订")
UNEXPLAINED = Group("unexplained", "原因未说明")


@dataclass(frozen=True)
class Change:
    """How one indicator's mean in one group came from last year's to this year's.

    `parts` add up to `after` minus `before` exactly. `both` counts the enterprises that had a value
    in both years in this group; only of those can it be said whether their results changed.
    """

    before: Fraction
    after: Fraction
    base_before: int
    base_after: int
    both: int
    parts: Mapping[Group, Fraction]

    @property
    def total(self) -> Fraction:
        """Return by how much the mean changed."""
        return self.after - self.before


@dataclass(frozen=True)
class Years:
    """Last year's rows and this year's, with the enterprises that are in both.

    `then` has the results as they were worked out at the time, `restated` the same rows by the
    definitions in force; they are one table where the definitions are the same. `follows` gives
    for every row of last year its place in this year's, `OUTSIDE` if it is not there.
    """

    then: Table
    restated: Table
    now: Table
    follows: Places

    @classmethod
    def of(cls, last: Table, now: Table, as_worked_out: Table | None = None) -> Years:
        """Set two years side by side; enterprises are the same by their credit code only.

        Args:
            last: last year's rows, by the definitions in force.
            now: this year's rows.
            as_worked_out: last year's rows by the definitions of that time, if they were others.

        Raises:
            ValueError: if the two tables of last year do not have the same rows.
        """
        then = last if as_worked_out is None else as_worked_out
        if then.ids.tolist() != last.ids.tolist():
            raise ValueError("both tables of last year must have the same rows")
        places = {key: place for place, key in enumerate(now.keys) if key}
        follows = np.array([places.get(key, OUTSIDE) for key in last.keys], dtype=np.intp)
        return cls(then, last, now, follows)


@dataclass(frozen=True)
class Changes:
    """The changes of all groups that have a mean in both years."""

    dimensions: tuple[Dimension, ...]
    found: Mapping[tuple[Group, ...], Mapping[str, Change]]

    def every(self) -> Iterator[tuple[tuple[Group, ...], str, Change]]:
        """Yield every indicator's change in every group, group by group."""
        for group, changed in self.found.items():
            yield from ((group, key, each) for key, each in changed.items())


def changes(years: Years, definitions: Definitions, *dimensions: str) -> Changes:
    """Return why each indicator's mean changed in every group.

    An enterprise that is in a group in one year only, because it came, left or moved, is one of its
    members that changed. Of those in it in both years the change of each is put down to a change of
    definitions as far as the restated results tell, and else to the cause that this year's case
    gives; where it gives none it stays unexplained, and is never taken for a real change.

    Raises:
        ParameterError: if a dimension is not known.
    """
    last, now = (divide(each, definitions, dimensions) for each in (years.restated, years.now))
    causes = causes_in(definitions)
    found: dict[tuple[Group, ...], dict[str, Change]] = {}
    shared = [group for group in now.groups if group in set(last.groups)]
    layers = [
        (_renumbered(one, last.groups, shared), _renumbered(other, now.groups, shared))
        for one, other in zip(last.layers, now.layers, strict=True)
    ]
    for key in years.now.columns:
        sums = _Sums(years, key, layers, len(shared), len(causes))
        for place, group in enumerate(shared):
            if (change := sums.change(place, causes)) is not None:
                found.setdefault(group, {})[key] = change
    return Changes(now.dimensions, found)


def _renumbered(
    layer: Places, groups: tuple[tuple[Group, ...], ...], shared: list[tuple[Group, ...]]
) -> Places:
    """Return a layer with the places that its groups have among those of both years."""
    known = {group: place for place, group in enumerate(shared)}
    new = np.array([known.get(group, OUTSIDE) for group in groups] + [OUTSIDE], dtype=np.intp)
    return np.asarray(new[layer])


class _Sums:
    """What one indicator's change is worked out from: whole numbers by group."""

    def __init__(
        self,
        years: Years,
        key: str,
        layers: list[tuple[Places, Places]],
        groups: int,
        causes: int,
    ) -> None:
        self._sums: dict[str | int, Integers] = {}
        self._groups = groups
        then, restated, now = (
            _Values(table.columns[key]) for table in (years.then, years.restated, years.now)
        )
        follows = years.follows
        for last, this in layers:
            there = follows != OUTSIDE
            same = there & (last != OUTSIDE) & (last == this[np.where(there, follows, 0)])
            both = same & then.known & now.known[np.where(there, follows, 0)]
            stays, stayed = np.flatnonzero(same), follows[same]
            had, has = np.flatnonzero(both), follows[both]
            in_both, known_in_both = (np.zeros(years.now.size, dtype=bool) for _ in range(2))
            in_both[stayed], known_in_both[has] = True, True
            old = then.known & (last != OUTSIDE)
            new = now.known & (this != OUTSIDE)
            self._add("before", then, np.flatnonzero(old), last)
            self._add("after", now, np.flatnonzero(new), this)
            self._add("both before", then, had, last)
            self._add("both after", now, has, this)
            self._add("left", then, np.flatnonzero(old & ~same), last)
            self._add("came", now, np.flatnonzero(new & ~in_both), this)
            self._add("lost", then, stays[then.known[stays] & ~both[stays]], last)
            self._add("won", now, np.flatnonzero(new & in_both & ~known_in_both), this)
            fresh = np.where(restated.known[had], restated.grains[had], then.grains[had])
            self._put("restated", fresh - then.grains[had], last[had])
            told, rest = years.now.causes[key][has], now.grains[has] - fresh
            for cause in (NOT_TOLD, *range(causes)):
                own = told == cause
                self._put(cause, rest[own], last[had][own])

    def change(self, at: int, causes: tuple[Group, ...]) -> Change | None:
        """Return the change of one group; None where one of the years has no mean."""
        had, has, both = (
            int(self._sums[f"count {name}"][at]) for name in ("before", "after", "both before")
        )
        if not (had and has):
            return None
        before, after = (self._mean(name, at) for name in ("before", "after"))
        usual = [self._mean(f"both {name}", at) if both else before for name in ("before", "after")]
        parts = {
            MEMBERS: self._beyond("came", "after", usual[1], at)
            - self._beyond("left", "before", usual[0], at),
            SETTLED: self._beyond("won", "after", usual[1], at)
            - self._beyond("lost", "before", usual[0], at),
            RESTATED: self._share("restated", both, at),
            **{cause: self._share(n, both, at) for n, cause in enumerate(causes)},
            UNEXPLAINED: self._share(NOT_TOLD, both, at),
        }
        return Change(before, after, had, has, both, parts)

    def _add(self, name: str, values: _Values, rows: npt.NDArray[np.intp], places: Places) -> None:
        self._put(name, values.grains[rows], places[rows])
        counts = np.bincount(places[rows], minlength=self._groups).astype(np.int64)
        self._sums[f"count {name}"] = self._sums.get(f"count {name}", 0) + counts

    def _put(self, name: str | int, what: Integers, places: Places) -> None:
        self._sums[name] = self._sums.get(name, 0) + added(what, places, self._groups)

    def _mean(self, name: str, at: int) -> Fraction:
        return Fraction(int(self._sums[name][at]), int(self._sums[f"count {name}"][at]) << SCALE)

    def _beyond(self, some: str, of: str, usual: Fraction, at: int) -> Fraction:
        """Return by how much some rows move the mean of all from what is usual."""
        count, total = int(self._sums[f"count {some}"][at]), int(self._sums[some][at])
        beyond = Fraction(total, 1 << SCALE) - count * usual
        return beyond / int(self._sums[f"count {of}"][at])

    def _share(self, name: str | int, rows: int, at: int) -> Fraction:
        return Fraction(int(self._sums[name][at]), rows << SCALE) if rows else Fraction(0)


class _Values:
    """The known values of a column, in grains."""

    def __init__(self, column: Column) -> None:
        self.known = column.state == KNOWN
        self.grains = grains(np.where(self.known, column.low, 0).astype(np.float64))
