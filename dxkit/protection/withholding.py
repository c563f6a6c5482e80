"""Which figures of one indicator are told: as many as leave every answer open, large ones first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dxkit.protection.groups import Booleans, Groups, Table
from dxkit.protection.witnesses import Places, Sums, all_open, exposed

_FOLLOWS = 1e-6


@dataclass(frozen=True)
class Rules:
    """How well hidden an answer must be."""

    least: int
    """The fewest enterprises a figure may be told of, or may be worked out of."""
    step: float
    """By how much a rate must remain uncertain; a yes or no always must be open as a whole."""

    @property
    def insiders(self) -> int:
        """Return how many enterprises may join what they know and still learn of no other.

        A group of `least` has one more than these and the one they are after, so that no sum over
        fewer than `least` follows from what is told.
        """
        return self.least - 2

    def ladder(self, most: int) -> Iterator[int]:
        """Yield how many enterprises a figure is at least told of, ever a quarter more."""
        rung = self.least
        while rung <= most:
            yield rung
            rung = rung * 5 // 4 + 1


@dataclass(frozen=True)
class Asked:
    """One indicator: the groups of those with an answer, their answers, and what was told before.

    `groups` counts the present enterprises; `before` adds a column for every figure that earlier
    releases told, which nothing can take back. Rows are enterprises with an answer, now or then.
    """

    groups: Groups
    values: npt.NDArray[np.float64]
    before: Booleans
    is_rate: bool

    @cached_property
    def shared(self) -> npt.NDArray[np.float64]:
        """Return how many enterprises two sums have in common: groups first, then those before."""
        every = np.hstack([self.groups.counts, self.before]).astype(float)
        return np.asarray(every.T @ every)

    def sums(self, told: Booleans, rules: Rules) -> Sums:
        """Return what an attacker has: the sums told now and before, and how answers can differ."""
        step = rules.step if self.is_rate else 1.0
        near = 1e-9
        return Sums(
            np.hstack([self.groups.counts[:, told], self.before]),
            can_rise=self.values <= 1 - step + near,
            can_fall=self.values >= step - near,
        )


def choose(asked: Asked, rules: Rules) -> Booleans:
    """Return which groups' figures are told: of each table those of no fewer than some number.

    The number of each table is a rung of one ladder that is the same whatever the answers; so of
    them nothing is given away but the rungs. First all tables climb together until everybody's
    answer is proved open; then one after another goes as far down again as that allows.
    """
    tables = [*dict.fromkeys(asked.groups.tables)]
    ladder = [*rules.ladder(int(asked.groups.sizes.max(initial=0)))]
    victims = left = _open_so_far(asked, rules)
    for rung in ladder:
        rungs = dict.fromkeys(tables, rung)
        left = exposed(asked.sums(_told(asked, rungs), rules), rules.insiders, left)
        if not len(left):
            break
    else:
        return np.zeros(len(asked.groups.keys), dtype=bool)
    told = _told(asked, rungs)
    for table in tables:
        for lower in ladder[: ladder.index(rung)]:
            tried = _told(asked, {**rungs, table: lower})
            if np.array_equal(tried, told):
                break
            if all_open(asked.sums(tried, rules), rules.insiders, victims):
                rungs[table], told = lower, tried
                break
    return told


def _told(asked: Asked, rungs: Mapping[Table, int]) -> Booleans:
    """Return the groups that are large enough, less those that a withheld one is the rest of.

    For each withheld group that follows the smallest of its table goes that suffices; if none does,
    all stay, and the next rung has to help.
    """
    sizes, tables = asked.groups.sizes, asked.groups.tables
    told = sizes >= np.array([rungs[table] for table in tables], dtype=np.int64)
    for group in np.flatnonzero(~told & (sizes > 0)).tolist():
        if _follows(asked, told, group):
            own = told & np.array([each == tables[group] for each in tables])
            helping = (
                each
                for each in _by_size(asked.groups, own)
                if not _follows(asked, _less(told, each), group)
            )
            if (found := next(helping, None)) is not None:
                told = _less(told, found)
    return told


def _less(chosen: Booleans, group: int) -> Booleans:
    without = chosen.copy()
    without[group] = False
    return without


def _open_so_far(asked: Asked, rules: Rules) -> Places | None:
    """Return whom earlier releases left open; for the others nothing can be done any more."""
    if not asked.before.any():
        return None
    lost = exposed(asked.sums(np.zeros(len(asked.groups.keys), dtype=bool), rules), rules.insiders)
    return np.setdiff1d(np.arange(len(asked.values)), lost)


def _follows(asked: Asked, told: Booleans, group: int) -> bool:
    """Tell whether a group's sum can be worked out of those told, now and before."""
    known = np.concatenate([told, np.ones(asked.before.shape[1], dtype=bool)])
    shared = asked.shared[known, group]
    solution = np.linalg.lstsq(asked.shared[np.ix_(known, known)], shared, rcond=None)[0]
    return bool(asked.shared[group, group] - shared @ solution < _FOLLOWS)


def _by_size(groups: Groups, among: Booleans) -> Iterator[int]:
    """Yield groups, the smaller before the larger."""
    places = np.flatnonzero(among).tolist()
    return iter(sorted(places, key=lambda each: (groups.sizes[each], each)))
