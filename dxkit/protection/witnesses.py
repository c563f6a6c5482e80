"""Whether each answer could be another one although every figure told stayed the same.

A *witness* against knowing an answer is a second set of answers that gives the very same figures,
and in which this answer is another. It is made by letting some answers rise by a step and as many
fall, so that every group told loses what it gains. An enterprise is safe from `insiders` others who
join what they know if it has one witness more than that, no two of which change the answer of the
same other enterprise: whatever those others know, one witness leaves all of it as it is.

What is found is proved; where none is found, the search may have missed one. That errs on the safe
side: what cannot be proved is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dxkit.protection.groups import Booleans

Places = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Change = tuple[int, ...]

_FEW, _MANY = 24, 100
_HOPELESS = 40
"""From how many left on a longer search is not worth its time: some of them will stay."""
_MOST_PAIRS = 2_000_000
_TRIED_PER_PARTNER = 3


@dataclass(frozen=True)
class Sums:
    """What is told of one indicator: who counts in which sum, and which way each answer can go."""

    counts: Booleans
    """A row per enterprise with an answer, a column per sum told."""
    can_rise: Booleans
    can_fall: Booleans

    @cached_property
    def marks(self) -> Hashes:
        """Return a number per enterprise; a change is unseen only if the marks of it cancel out."""
        dice = np.random.default_rng(20261130)
        weights = dice.integers(0, 2**64, size=self.counts.shape[1], dtype=np.uint64)
        marks = self.counts.astype(np.uint64) @ weights
        return np.asarray(marks, np.uint64)

    def unseen(self, rising: Change, falling: Change) -> bool:
        """Tell whether every sum stays the same, counted and not by marks."""
        gained = self.counts[list(rising)].sum(axis=0)
        return bool(np.array_equal(gained, self.counts[list(falling)].sum(axis=0)))


def exposed(sums: Sums, insiders: int, of: Places | None = None) -> Places:
    """Return the places of those (of all or of some) that have too few witnesses.

    Once many have, the rest is returned unlooked at: it is not proved to have more.
    """
    counted = np.asarray(sums.counts.any(axis=1))
    left = np.flatnonzero(counted) if of is None else of[counted[of]]
    left = left[np.argsort(_smallest_sum(sums)[left], kind="stable")]
    for most in (_FEW, _MANY):
        if not len(left) or (most == _MANY and len(left) > _HOPELESS):
            break
        left = _without_enough(_Search(sums, most), left, insiders + 1)
    return left


def all_open(sums: Sums, insiders: int, of: Places | None = None) -> bool:
    """Tell whether everybody (of all or of some) has enough witnesses, at the first who has not."""
    counted = np.asarray(sums.counts.any(axis=1))
    those = np.flatnonzero(counted) if of is None else of[counted[of]]
    those = those[np.argsort(_smallest_sum(sums)[those], kind="stable")]
    few, many = _Search(sums, _FEW), _Search(sums, _MANY)
    needed = insiders + 1
    return all(few.finds(each, needed) or many.finds(each, needed) for each in those.tolist())


def _without_enough(search: _Search, of: Places, needed: int) -> Places:
    left: list[int] = []
    for number, place in enumerate(of.tolist()):
        if len(left) > _HOPELESS:
            return np.array([*left, *of[number:].tolist()], int)
        if not search.finds(place, needed):
            left.append(place)
    return np.array(left, int)


def _smallest_sum(sums: Sums) -> Places:
    """Return of how many the smallest sum is that each enterprise counts in."""
    sizes = np.where(sums.counts, sums.counts.sum(axis=0), len(sums.counts) + 1)
    return np.asarray(sizes.min(axis=1, initial=len(sums.counts) + 1), np.int64)


@dataclass
class _Search:
    """Looks for witnesses among all pairs of some: `most` of every sum told."""

    sums: Sums
    most: int
    _dice: np.random.Generator = field(default_factory=lambda: np.random.default_rng(5))

    @cached_property
    def _pool(self) -> Booleans:
        """Mark those of whom pairs are made: of every sum as many, so that no small one is missed.

        Of no sum more than would make too many pairs.
        """
        most = self.most
        while True:
            pool = np.zeros(len(self.sums.counts), dtype=bool)
            for column in self.sums.counts.T:
                places = np.flatnonzero(column)
                chosen = self._dice.permutation(places)[:most] if len(places) > most else places
                pool[chosen] = True
            rising, falling = (pool & self.sums.can_rise).sum(), (pool & self.sums.can_fall).sum()
            if int(rising) * int(falling) <= _MOST_PAIRS or most <= 1:
                return pool
            most = min(most, int(pool.sum())) * 2 // 3

    @cached_property
    def _rising(self) -> Places:
        return np.flatnonzero(self._pool & self.sums.can_rise)

    @cached_property
    def _falling(self) -> Places:
        return np.flatnonzero(self._pool & self.sums.can_fall)

    @cached_property
    def _pairs(self) -> tuple[Hashes, Places]:
        """Return what a fall and a rise together change, in order, and which pair it is."""
        marks = self.sums.marks
        changes = (marks[self._falling][:, None] - marks[self._rising][None, :]).ravel()
        order = np.argsort(changes, kind="stable")
        return changes[order], order

    def finds(self, place: int, needed: int) -> bool:
        """Tell whether one answer has as many witnesses that share nobody else."""
        used: set[int] = {place}
        for rising, falling in self._witnesses(place):
            others = {*rising, *falling} - {place}
            if used.isdisjoint(others) and self.sums.unseen(rising, falling):
                used.update(others)
                needed -= 1
                if not needed:
                    return True
        return False

    def _witnesses(self, place: int) -> Iterator[tuple[Change, Change]]:
        """Yield who might rise and who fall, one of them the enterprise itself."""
        for falls in (True, False):
            may = self.sums.can_fall if falls else self.sums.can_rise
            if may[place]:
                yield from self._twins(place, falls)
                yield from self._fours(place, falls)

    def _twins(self, place: int, falls: bool) -> Iterator[tuple[Change, Change]]:
        """Yield those who stand in the same sums and can go the other way."""
        opposite = self.sums.can_rise if falls else self.sums.can_fall
        for other in np.flatnonzero(opposite & (self.sums.marks == self.sums.marks[place])):
            if other != place:
                yield ((int(other),), (place,)) if falls else ((place,), (int(other),))

    def _fours(self, place: int, falls: bool) -> Iterator[tuple[Change, Change]]:
        """Yield three others: one goes the other way, and a pair makes good what that changes."""
        marks = self.sums.marks
        partners = self._dice.permutation(self._rising if falls else self._falling)
        partners = partners[partners != place]
        missing = marks[partners] - marks[place] if falls else marks[place] - marks[partners]
        changes, order = self._pairs
        first = np.searchsorted(changes, missing, "left")
        last = np.searchsorted(changes, missing, "right")
        for found in np.flatnonzero(last > first):
            partner, low, high = int(partners[found]), int(first[found]), int(last[found])
            for row in self._some(low, high):
                fall, rise = self._pair(int(order[row]))
                falling, rising = ((place, fall), (partner, rise))
                if not falls:
                    falling, rising = (partner, fall), (place, rise)
                if len({*falling, *rising}) == 4:
                    yield rising, falling

    def _some(self, low: int, high: int) -> Iterator[int]:
        """Yield some of many rows, from anywhere among them on."""
        start = int(self._dice.integers(low, high))
        for step in range(min(_TRIED_PER_PARTNER, high - low)):
            yield low + (start - low + step) % (high - low)

    def _pair(self, number: int) -> tuple[int, int]:
        fall, rise = divmod(number, len(self._rising))
        return int(self._falling[fall]), int(self._rising[rise])
