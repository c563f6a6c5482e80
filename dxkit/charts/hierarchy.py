"""Which unit stands below which, and in which column: a tree laid out without lengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

# A pile with more units than this is split while there is a column left for it.
_TALL = 5


@dataclass(frozen=True)
class Branch:
    """A unit with all that report to it; a whole chart is one branch without a name."""

    name: str
    below: tuple[Branch, ...]


@dataclass(frozen=True)
class Row:
    """A unit in a pile, `level` steps below the unit that the pile hangs from."""

    name: str
    level: int
    leads: bool


@dataclass(frozen=True)
class Place:
    """A unit over `columns` columns from `first` on; those below it stand beside or piled up."""

    name: str
    depth: int
    first: int
    columns: int
    beside: tuple[Place, ...] = ()
    piles: tuple[tuple[Row, ...], ...] = ()

    def walk(self) -> Iterator[Place]:
        """Yield this place and all places below it."""
        yield self
        for lower in self.beside:
            yield from lower.walk()


def tree(reports: Sequence[tuple[str, str | None]]) -> Branch:
    """Return names and the names they report to as a tree; whoever has no superior is at its top.

    A name that is not listed is no superior, nor is a unit to itself or to those above it. Where a
    name is listed twice, the first one leads.
    """
    above = _superiors(reports)
    below: dict[int | None, list[int]] = {}
    for unit, superior in enumerate(above):
        below.setdefault(superior, []).append(unit)

    def branch(name: str, unit: int | None) -> Branch:
        return Branch(name, tuple(branch(reports[i][0], i) for i in below.get(unit, ())))

    return branch("", None)


def height(branch: Branch) -> int:
    """Return how many levels there are below `branch`."""
    return 1 + max(map(height, branch.below)) if branch.below else 0


def breadth(branch: Branch, spread: int) -> int:
    """Return how many columns it takes to have units beside each other down to depth `spread`."""
    return len(list(_stems(branch, spread)))


def place(whole: Branch, spread: int, most: int) -> Place:
    """Give every unit its column: beside each other down to depth `spread`, piled up below.

    Piles that are tall get more than one column, as long as there are at most `most` in all.
    """
    shares = _shares([_sizes(stem) for stem in _stems(whole, spread)], most)
    return _place(whole, 0, spread, 0, iter(shares))


def _superiors(reports: Sequence[tuple[str, str | None]]) -> list[int | None]:
    known: dict[str, int] = {}
    for i, (name, _) in enumerate(reports):
        known.setdefault(name, i)
    above: list[int | None] = [None] * len(reports)
    for i, (_, superior) in enumerate(reports):
        leader = known.get(superior) if superior else None
        if leader is not None and i not in _upwards(above, leader):
            above[i] = leader
    return above


def _upwards(above: Sequence[int | None], start: int) -> Iterator[int]:
    """Yield `start`, its superior, the superior of that one and so on."""
    unit: int | None = start
    while unit is not None:
        yield unit
        unit = above[unit]


def _stems(branch: Branch, spread: int) -> Iterator[Branch]:
    """Yield from left to right the branches under which nothing stands beside each other."""
    if spread == 0 or not branch.below:
        yield branch
        return
    for lower in branch.below:
        yield from _stems(lower, spread - 1)


def _sizes(stem: Branch) -> list[int]:
    """Return how many rows each unit below `stem` takes, with all that is below it."""
    return [len(list(_rows(lower, 0))) for lower in stem.below]


def _rows(branch: Branch, level: int) -> Iterator[Row]:
    yield Row(branch.name, level, bool(branch.below))
    for lower in branch.below:
        yield from _rows(lower, level + 1)


def _shares(sizes: Sequence[Sequence[int]], most: int) -> list[int]:
    """Return how many columns each stem gets."""
    shares = [1] * len(sizes)
    while sum(shares) < most:
        tallest = max(range(len(sizes)), key=lambda i: sum(sizes[i]) / shares[i])
        if sum(sizes[tallest]) <= _TALL * shares[tallest] or shares[tallest] >= len(sizes[tallest]):
            break
        shares[tallest] += 1
    return shares


def _place(branch: Branch, depth: int, spread: int, first: int, shares: Iterator[int]) -> Place:
    if depth == spread or not branch.below:
        piles = _piles(branch, next(shares))
        return Place(branch.name, depth, first, max(len(piles), 1), (), piles)
    beside: list[Place] = []
    column = first
    for lower in branch.below:
        beside.append(_place(lower, depth + 1, spread, column, shares))
        column += beside[-1].columns
    return Place(branch.name, depth, first, column - first, tuple(beside))


def _piles(stem: Branch, columns: int) -> tuple[tuple[Row, ...], ...]:
    cuts = _cuts(_sizes(stem), columns) if stem.below else []
    return tuple(tuple(row for i in cut for row in _rows(stem.below[i], 0)) for cut in cuts)


def _cuts(sizes: Sequence[int], columns: int) -> list[list[int]]:
    """Return the positions in `sizes`, in order, as at most `columns` lists of like totals."""
    limit = max(*sizes, ceil(sum(sizes) / columns))
    while len(cuts := _filled(sizes, limit)) > columns:
        limit += 1
    return cuts


def _filled(sizes: Sequence[int], limit: int) -> list[list[int]]:
    cuts: list[list[int]] = [[]]
    for i, size in enumerate(sizes):
        if sum(sizes[j] for j in cuts[-1]) + size > limit:
            cuts.append([])
        cuts[-1].append(i)
    return cuts
