"""Why a group's figure is not last year's: parts by cause, which add up to the change exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dxkit.cohort.groups import OUTSIDE, Division, Group, Places, causes_in, divide
from dxkit.cohort.table import NOT_TOLD, Table
from dxkit.cohort.year_sums import Layer, Results, Sums, sums_of
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
        follows = np.array([places.pop(key, OUTSIDE) for key in last.keys], dtype=np.intp)
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
    shared = [group for group in now.groups if group in set(last.groups)]
    layers = [
        Layer.of(_renumbered(one, shared), _renumbered(other, shared), years.follows)
        for one, other in zip(_layers(last), _layers(now), strict=True)
    ]
    found: dict[tuple[Group, ...], dict[str, Change]] = {}
    for key in years.now.columns.keys() & years.then.columns.keys():
        results = Results(
            years.then.columns[key],
            years.restated.columns[key],
            years.now.columns[key],
            years.now.causes[key],
        )
        sums = sums_of(results, layers, len(shared))
        for place, group in enumerate(shared):
            if (change := _change(sums, place, causes)) is not None:
                found.setdefault(group, {})[key] = change
    return Changes(now.dimensions, _in_order(found, shared, years.now))


Grouped = tuple[Places, tuple[tuple[Group, ...], ...]]


def _layers(division: Division) -> list[Grouped]:
    return [(layer, division.groups) for layer in division.layers]


def _renumbered(layer: Grouped, shared: Sequence[tuple[Group, ...]]) -> Places:
    """Return a layer with the places that its groups have among those of both years."""
    places, groups = layer
    known = {group: place for place, group in enumerate(shared)}
    new = np.array([known.get(group, OUTSIDE) for group in groups] + [OUTSIDE], dtype=np.intp)
    return np.asarray(new[places])


def _in_order(
    found: Mapping[tuple[Group, ...], Mapping[str, Change]],
    groups: Sequence[tuple[Group, ...]],
    table: Table,
) -> dict[tuple[Group, ...], dict[str, Change]]:
    return {
        group: {key: found[group][key] for key in table.columns if key in found[group]}
        for group in groups
        if group in found
    }


def _change(sums: Sums, at: int, causes: Sequence[Group]) -> Change | None:
    """Return the change of one group; None where one of the years has no mean."""
    before, after, both = (sums.count(name, at) for name in ("before", "after", "both before"))
    if not (before and after):
        return None
    then, now = sums.mean("before", at), sums.mean("after", at)
    usual = (sums.mean("both before", at), sums.mean("both after", at)) if both else (then, then)
    parts = {
        MEMBERS: sums.beyond("came", "after", usual[1], at)
        - sums.beyond("left", "before", usual[0], at),
        SETTLED: sums.beyond("won", "after", usual[1], at)
        - sums.beyond("lost", "before", usual[0], at),
        RESTATED: sums.share("restated", both, at),
        **{cause: sums.share(place, both, at) for place, cause in enumerate(causes)},
        UNEXPLAINED: sums.share(NOT_TOLD, both, at),
    }
    return Change(then, now, before, after, both, parts)
