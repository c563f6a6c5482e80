"""Which figures of one indicator are told: as many as leave every answer open, large ones first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dxkit.protection.groups import Booleans, Groups
from dxkit.protection.witnesses import Places, Sums, exposed

_FOLLOWS = 1e-6
_PART = 4


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
    """Return which groups' figures are told.

    Too small a group is not told, nor one too many that it would follow from. Then whoever's answer
    is not proved open has the smallest figures taken away that it counts in, until all are open.
    """
    told = asked.groups.sizes >= rules.least
    for group in np.flatnonzero(~told & (asked.groups.sizes > 0)).tolist():
        _hide(asked, told, group)
    left: Places | None = _open_so_far(asked, rules)
    while told.any():
        left = exposed(asked.sums(told, rules), rules.insiders, left)
        if not len(left):
            break
        for group in _smallest(asked, told, left):
            told[group] = False
            _hide(asked, told, group)
    return told


def _open_so_far(asked: Asked, rules: Rules) -> Places | None:
    """Return whom earlier releases left open; for the others nothing can be done any more."""
    if not asked.before.any():
        return None
    lost = exposed(asked.sums(np.zeros(len(asked.groups.keys), dtype=bool), rules), rules.insiders)
    return np.setdiff1d(np.arange(len(asked.values)), lost)


def _smallest(asked: Asked, told: Booleans, left: Places) -> list[int]:
    """Return of the smallest groups that exposed enterprises count in the smaller part.

    Not all of them at once: without the first ones the others may do.
    """
    counted = asked.groups.counts[left] & told
    counted = counted[counted.any(axis=1)]
    sizes = np.where(counted, asked.groups.sizes, len(asked.values) + 1)
    own = np.zeros_like(told)
    own[sizes.argmin(axis=1)] = True
    ordered = [*_by_size(asked.groups, own)] or [next(_by_size(asked.groups, told))]
    return ordered[: -(-len(ordered) // _PART)]


def _hide(asked: Asked, told: Booleans, group: int) -> None:
    """Take away as many more figures as it needs that a withheld one does not follow from the rest.

    First of its own table, the smallest that suffices; of others, the smallest by and by. What
    follows from earlier releases alone cannot be hidden any more.
    """
    if _follows(asked, np.zeros_like(told), group):
        return
    while told.any() and _follows(asked, told, group):
        table = asked.groups.tables[group]
        own = told & np.array([each == table for each in asked.groups.tables])
        among = [*_by_size(asked.groups, own)] or [*_by_size(asked.groups, told)]
        suffices = (each for each in among if _helps(asked, told, each, group))
        told[next(suffices, among[0])] = False


def _helps(asked: Asked, told: Booleans, away: int, group: int) -> bool:
    without = told.copy()
    without[away] = False
    return not _follows(asked, without, group)


def _follows(asked: Asked, told: Booleans, group: int) -> bool:
    """Tell whether a group's sum can be worked out of those told, now and before."""
    known = np.hstack([asked.groups.counts[:, told], asked.before]).astype(float)
    wanted = asked.groups.counts[:, group].astype(float)
    return follows(known, wanted)


def follows(known: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]) -> bool:
    """Tell whether a column is a combination of others."""
    solution = np.linalg.lstsq(known.T @ known, known.T @ wanted, rcond=None)[0]
    return bool(np.abs(known @ solution - wanted).max(initial=0.0) < _FOLLOWS)


def _by_size(groups: Groups, among: Booleans) -> Iterator[int]:
    """Yield groups, those told by more dimensions first, the smaller before the larger."""
    places = np.flatnonzero(among)
    order = sorted(places, key=lambda each: (groups.sizes[each], -len(groups.tables[each]), each))
    return iter(int(each) for each in order)
