"""Somebody who has every published pack and the public list of enterprises, and wants an answer.

Reads nothing but packs: knows of every enterprise what it is called in public lists and whether it
gave an answer, and perhaps some whole answers, of those who joined in. Uses nothing of what
protects: other mathematics, so that a common mistake cannot hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from dxkit.models.peers import PeerPack

Lists = Mapping[str, Mapping[str, tuple[str, ...]]]
"""The public lists: what each enterprise is called in each dimension, by id."""
ROUNDED = 0.0005
"""A mean is printed to three places."""
NEAR = 1e-7


@dataclass(frozen=True)
class Found:
    """An answer the attacker has, or knows better than it may."""

    enterprise: str
    indicator: str
    by: str
    low: float
    high: float


@dataclass(frozen=True)
class Told:
    """Everything published about one indicator: who counts in which sum, and what the sum is."""

    who: tuple[str, ...]
    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    is_rate: bool


def told(
    packs: Sequence[tuple[PeerPack, Lists, Mapping[str, frozenset[str]], Mapping[str, str]]],
    indicator: str,
) -> Told:
    """Read what packs tell of an indicator.

    Each pack comes with the lists of its time, who gave an answer to which indicator, and under
    which name an enterprise's answer goes: the same name in two packs is the same answer.
    """
    names: dict[str, int] = {}
    rows = []
    rate = False
    for pack, lists, answered, called in packs:
        rate = pack.indicators[indicator].kind == "ratio"
        members = sorted(answered[indicator])
        for each in members:
            names.setdefault(called.get(each, each), len(names))
        for figure in pack.indicators[indicator].figures:
            by = pack.groups[figure.group].by
            inside = [each for each in members if _is_in(lists[each], by)]
            assert len(inside) == figure.base, "the attacker reads the lists as they were"
            low = (figure.value - ROUNDED) * figure.base - NEAR
            high = (figure.value + ROUNDED) * figure.base + NEAR
            if not rate:
                low, high = np.ceil(low), np.floor(high)
            rows.append(([names[called.get(each, each)] for each in inside], low, high))
    counts = np.zeros((len(rows), len(names)))
    for number, (places, _, _) in enumerate(rows):
        counts[number, places] = 1
    return Told(
        tuple(names),
        counts,
        np.array([low for _, low, _ in rows]),
        np.array([high for _, _, high in rows]),
        rate,
    )


def _is_in(labels: Mapping[str, tuple[str, ...]], by: Mapping[str, str]) -> bool:
    return all(label in labels.get(name, ()) for name, label in by.items())


def knowing(what: Told, answers: Mapping[str, float]) -> Told:
    """Return what is told with the answers of those who joined taken out."""
    inside = np.array([each in answers for each in what.who])
    known = np.array([answers.get(each, 0.0) for each in what.who])
    gone = what.counts @ known
    return Told(
        tuple(each for each in what.who if each not in answers),
        what.counts[:, ~inside],
        what.low - gone,
        what.high - gone,
        what.is_rate,
    )


def subtract(what: Told, fewer_than: int, deep: int = 3) -> Iterator[tuple[str, ...]]:
    """Yield who is left, too few, when groups are taken from a group that holds them."""
    groups = what.counts.astype(bool)
    for whole in range(len(groups)):
        inner = [
            each
            for each in range(len(groups))
            if each != whole and (groups[each] <= groups[whole]).all()
        ]
        parts = [np.zeros(groups.shape[1], bool)]
        parts += [groups[each] for each in inner]
        for much in range(2, deep + 1):
            for some in combinations(inner, much):
                if (groups[list(some)].sum(axis=0) <= 1).all():
                    parts.append(groups[list(some)].any(axis=0))
        parts += list(_partitions(groups, inner))
        for part in parts:
            left = np.flatnonzero(groups[whole] & ~part)
            if 0 < len(left) < fewer_than:
                yield tuple(what.who[each] for each in left)


def _partitions(groups: np.ndarray, inner: list[int]) -> Iterator[np.ndarray]:
    """Yield unions of as many inner groups as do not overlap, greedily, from every start."""
    for start in inner:
        union = groups[start].copy()
        for each in inner:
            if not (union & groups[each]).any():
                union |= groups[each]
        yield union


def isolate(what: Told, indicator: str) -> Iterator[Found]:
    """Yield whom linear algebra singles out: one unknown that the sums determine alone."""
    if not len(what.counts):
        return
    alike, first = np.unique(what.counts, axis=1, return_index=True)
    _, _, several = np.unique(what.counts, axis=1, return_counts=True, return_inverse=True)
    left, strength, _ = np.linalg.svd(alike.T, full_matrices=False)
    rank = left[:, strength > 1e-9 * strength[0]]
    determined = (rank**2).sum(axis=1) > 1 - 1e-9
    for place in np.flatnonzero(determined & (several == 1)):
        yield Found(what.who[first[place]], indicator, "线性代数", np.nan, np.nan)


def bound(what: Told, indicator: str, step: float, of: Sequence[str] = ()) -> Iterator[Found]:
    """Yield whom linear programs know too well: a yes or no for sure, a rate within a step."""
    if not len(what.counts):
        return
    sums = np.vstack([what.counts, -what.counts])
    limits = np.concatenate([what.high, -what.low])
    for place, name in enumerate(what.who):
        if (of and name not in of) or not what.counts[:, place].any():
            continue
        aim = np.zeros(len(what.who))
        ends = []
        for sign in (1, -1):
            aim[place] = sign
            solved = linprog(aim, A_ub=sums, b_ub=limits, bounds=(0, 1), method="highs")
            assert solved.status == 0, solved.message
            ends.append(sign * solved.fun)
        if _too_near(ends[0], ends[1], what.is_rate, step):
            yield Found(name, indicator, "线性规划", ends[0], ends[1])


def _too_near(low: float, high: float, is_rate: bool, step: float) -> bool:
    if is_rate:
        return high - low < step - NEAR
    return low > NEAR or high < 1 - NEAR


def force(what: Told, indicator: str, of: Sequence[str] = ()) -> Iterator[Found]:
    """Yield whose yes or no is certain among whole numbers, where fractions leave it open."""
    if not len(what.counts) or what.is_rate:
        return
    sums = LinearConstraint(what.counts, what.low, what.high)
    size = len(what.who)
    for place, name in enumerate(what.who):
        if (of and name not in of) or not what.counts[:, place].any():
            continue
        possible = []
        for wanted in (0, 1):
            low, high = np.zeros(size), np.ones(size)
            low[place] = high[place] = wanted
            solved = milp(
                np.zeros(size),
                integrality=np.ones(size),
                bounds=Bounds(low, high),
                constraints=sums,
            )
            if solved.status == 0:
                possible.append(float(wanted))
        assert possible, "the truth itself must be possible"
        if len(possible) == 1:
            yield Found(name, indicator, "整数规划", possible[0], possible[0])


def attack(
    what: Told, indicator: str, least: int, step: float, whole_numbers: bool = False
) -> list[Found]:
    """Try everything that one alone can try."""
    found = [Found(who[0], indicator, "相减", np.nan, np.nan) for who in subtract(what, least)]
    found += isolate(what, indicator)
    found += bound(what, indicator, step)
    if whole_numbers:
        found += force(what, indicator)
    return found
