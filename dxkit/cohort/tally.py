"""How results are counted by group: whole numbers only, so that no order of adding matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from dxkit.assessment.logic import KNOWN, NOT_APPLICABLE
from dxkit.cohort.groups import OUTSIDE, Places
from dxkit.cohort.table import Column

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

SCALE = 36
"""Values are added as whole numbers of 2**-36, so that a sum of any rows is exact to that grain."""
_HALF = SCALE // 2
_MOST = 2.0**53


@dataclass(frozen=True)
class Tally:
    """One indicator's results by group.

    `known` rows have a value; `open` ones could still have any; `at_most_no` and `at_least_yes`
    would have 0 or 1, unless the indicator turns out not to apply to them. `total` adds the known
    values in units of 2**-`SCALE`.

    The rest is 0 but for ratios. `part` and `whole` add what known ratios divide; `half_whole` the
    wholes whose part is not known; `half_part` and `without_whole` the parts, and their number,
    whose whole is not known; `loose` counts where neither is, or where the two contradict.
    """

    known: Integers
    open: Integers
    at_most_no: Integers
    at_least_yes: Integers
    not_applicable: Integers
    total: Integers
    part: Numbers
    whole: Numbers
    half_whole: Numbers
    half_part: Numbers
    without_whole: Integers
    loose: Integers

    @property
    def unknown(self) -> Integers:
        """Return how many rows have no result yet."""
        return self.open + self.at_most_no + self.at_least_yes

    def __add__(self, other: Tally) -> Tally:
        """Return the tally of two sets of rows that have no row in common."""
        names = (each.name for each in fields(Tally))
        return Tally(*(getattr(self, name) + getattr(other, name) for name in names))

    def take(self, index: npt.NDArray[np.intp]) -> Tally:
        """Return the tally of some groups."""
        return Tally(*(getattr(self, each.name)[index] for each in fields(Tally)))


def tally(column: Column, layers: Iterable[Places], groups: int) -> Tally:
    """Count one indicator's results by group; a row counts once in each of its groups."""
    kinds = _kinds(column)
    counted = [_one(column, kinds, layer, groups) for layer in layers]
    first, *others = counted
    for each in others:
        first = first + each
    return first


def count(rows: npt.NDArray[np.bool_] | None, layers: Iterable[Places], groups: int) -> Integers:
    """Count some rows, or all, by group."""
    total = np.zeros(groups, dtype=np.int64)
    for layer in layers:
        within = layer != OUTSIDE
        total += _count(layer[within if rows is None else within & rows], groups)
    return total


_KINDS = 5
_OPEN, _NO, _YES, _NOT_APPLICABLE = 1, 2, 3, 4


def _kinds(column: Column) -> npt.NDArray[np.int8]:
    """Return what each row counts as: known 0, open 1, not above no 2, not below yes 3, n/a 4.

    Bounds of an unknown that meet are kept only where they are 0 or 1, all that rules can give;
    any other would count as open, which its group's bounds contain as well.
    """
    low, high = column.low, column.high
    kinds = np.full(len(column.state), _OPEN, dtype=np.int8)
    kinds[high == 0] = _NO
    kinds[low == 1] = _YES
    kinds[column.state == KNOWN] = 0
    kinds[column.state == NOT_APPLICABLE] = _NOT_APPLICABLE
    return kinds


def _one(column: Column, kinds: npt.NDArray[np.int8], layer: Places, groups: int) -> Tally:
    if (layer == OUTSIDE).any():
        within = np.flatnonzero(layer != OUTSIDE)
        column, kinds, layer = column.take(within), kinds[within], layer[within]
    counts = _count(layer * _KINDS + kinds, groups * _KINDS).reshape(groups, _KINDS)
    known, some, no, yes, exempt = (np.ascontiguousarray(counts[:, kind]) for kind in range(_KINDS))
    own = kinds == 0
    if column.part is None or column.whole is None:
        ones = _count(layer[own & (column.low == 1)], groups)
        nothing = np.zeros(groups, dtype=np.int64)
        none = np.zeros(groups)
        sums = (ones << SCALE, none, none, none, none, nothing, nothing)
        return Tally(known, some, no, yes, exempt, *sums)
    missing = (kinds != 0) & (kinds != _NOT_APPLICABLE)
    has_part, has_whole = ~np.isnan(column.part), ~np.isnan(column.whole)
    part_only, whole_only = missing & has_part & ~has_whole, missing & has_whole & ~has_part
    return Tally(
        known,
        some,
        no,
        yes,
        exempt,
        added(grains(column.low[own]), layer[own], groups),
        _sum(column.part[own], layer[own], groups),
        _sum(column.whole[own], layer[own], groups),
        _sum(column.whole[whole_only], layer[whole_only], groups),
        _sum(column.part[part_only], layer[part_only], groups),
        _count(layer[part_only], groups),
        _count(layer[missing & (has_part == has_whole)], groups),
    )


def _count(places: Places, groups: int) -> Integers:
    return np.bincount(places, minlength=groups).astype(np.int64, copy=False)


def grains(values: Numbers) -> Integers:
    """Return fractions as whole numbers of 2**-`SCALE`."""
    return np.asarray(np.rint(np.ldexp(values, SCALE)).astype(np.int64))


def added(whole: Integers, places: Places, groups: int) -> Integers:
    """Add whole numbers exactly: each half of their digits apart, as floats that hold them."""
    upper = np.bincount(places, weights=whole >> _HALF, minlength=groups)
    lower = np.bincount(places, weights=whole & ((1 << _HALF) - 1), minlength=groups)
    return np.asarray((upper.astype(np.int64) << _HALF) + lower.astype(np.int64))


def _sum(counts: Numbers, places: Places, groups: int) -> Numbers:
    """Add counts; they are whole numbers, whose sum is exact in any order below 2**53.

    Raises:
        OverflowError: if a sum is beyond that.
    """
    total = np.bincount(places, weights=counts, minlength=groups)
    if total.size and total.max() >= _MOST:
        raise OverflowError("counts add up to more than a float holds exactly")
    return np.asarray(total, dtype=np.float64)
