"""How lines run between boxes: from column to column, and from one line of boxes to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

from dxkit.charts.arrows import HEAD, arrow, line
from dxkit.charts.courses import Bundle, Course
from dxkit.charts.picture import Mark

LANE = 0.14
"""Distance between two lines that run side by side, in cm."""

_PORT = 0.21
_NEAR = 0.05
_START = 0.12


@dataclass(frozen=True)
class Columns:
    """Where columns lie from left to right: `per_line` of them, then again on the next line."""

    per_line: int
    left: float
    width: float
    gap: float

    def x(self, column: int) -> float:
        """Return the left edge of `column`."""
        return self.left + column % self.per_line * (self.width + self.gap)

    def right(self, column: int) -> float:
        """Return the right edge of `column`."""
        return self.x(column) + self.width

    def line(self, column: int) -> int:
        """Return on which line `column` stands."""
        return column // self.per_line

    def ends_line(self, column: int) -> bool:
        """Return whether the column after `column` begins a new line."""
        return (column + 1) % self.per_line == 0


@dataclass(frozen=True)
class Cell:
    """Where a node lies from top to bottom; `passage` if a line runs through instead of a box."""

    top: float
    height: float
    passage: bool

    @property
    def middle(self) -> float:
        """Return the y half-way down."""
        return self.top + self.height / 2


def wires(
    course: Course, columns: Columns, cells: Sequence[Cell], bottoms: Sequence[float]
) -> list[Mark]:
    """Return all links of `course` as lines, with arrows where they reach a box.

    Args:
        course: the nodes and their links.
        columns: where columns lie.
        cells: one for each node.
        bottoms: the lower edge of each line of boxes; the space under it is free for lines.
    """
    marks: list[Mark] = []
    exits = [cell.middle for cell in cells]
    for column in range(course.length):
        bundles = course.bundles(column)
        entries = _entries(column, course, columns, cells, exits)
        ways = _Ways(column, columns, bottoms, exits, entries, cells)
        if columns.ends_line(column):
            marks += chain.from_iterable(ways.around(i, b) for i, b in enumerate(bundles))
        else:
            bent = [bundle for bundle in bundles if not ways.is_straight(bundle)]
            marks += chain.from_iterable(ways.ahead(bundle, bent) for bundle in bundles)
        for (_, node), y in entries.items():
            if cells[node].passage:
                exits[node] = y
                marks += line((columns.x(column + 1), y), (columns.right(column + 1), y))
    return marks


def _entries(
    column: int, course: Course, columns: Columns, cells: Sequence[Cell], exits: Sequence[float]
) -> dict[tuple[Bundle, int], float]:
    """Return the y at which each bundle out of `column` enters each of its targets.

    No two bundles enter at one y, and none where another line leaves in the same gap: lines that
    lie on each other could be read as a link that does not exist.
    """
    bundles = course.bundles(column)
    leaving: list[float] = []
    if not columns.ends_line(column):
        leaving = [exits[node] for bundle in bundles for node in bundle.sources]
    entries: dict[tuple[Bundle, int], float] = {}
    for node in dict.fromkeys(node for bundle in bundles for node in bundle.targets):
        entering = [bundle for bundle in bundles if node in bundle.targets]
        taken = list(leaving)
        level = {b: _level(b, node, course, columns, exits) for b in entering}
        for bundle in sorted(entering, key=lambda b: level[b] is None):
            y = level[bundle]
            entries[bundle, node] = _free(cells[node], taken, len(entering)) if y is None else y
            taken.append(entries[bundle, node])
    return entries


def _level(
    bundle: Bundle, node: int, course: Course, columns: Columns, exits: Sequence[float]
) -> float | None:
    """Return the y of a source on the same row as `node`, from which the line runs straight on."""
    if columns.ends_line(course.columns[bundle.sources[0]]):
        return None
    same = [exits[source] for source in bundle.sources if course.rows[source] == course.rows[node]]
    return same[0] if same else None


def _free(cell: Cell, taken: Sequence[float], entering: int) -> float:
    """Return the y nearest to the middle of `cell` at which no other line runs."""
    crowd = entering + sum(abs(y - cell.middle) < cell.height / 2 for y in taken)
    pitch = max(min(_PORT, (cell.height / 2 - _NEAR) / max(crowd // 2, 1)), 2 * _NEAR)
    ports = (cell.middle + side * i * pitch for i in count() for side in (-1, 1))
    return next(y for y in ports if all(abs(y - other) > 0.6 * pitch for other in taken))


@dataclass(frozen=True)
class _Ways:
    """The gap after one column, with the heights at which lines enter and leave it."""

    column: int
    columns: Columns
    bottoms: Sequence[float]
    exits: Sequence[float]
    entries: dict[tuple[Bundle, int], float]
    cells: Sequence[Cell]

    def is_straight(self, bundle: Bundle) -> bool:
        """Return whether one level line is all that `bundle` needs."""
        ends = {self.entries[bundle, node] for node in bundle.targets}
        return len({self.exits[node] for node in bundle.sources} | ends) == 1

    def ahead(self, bundle: Bundle, bent: Sequence[Bundle]) -> Iterator[Mark]:
        """Yield the lines of a bundle to the next column; each of `bent` has its own lane."""
        left = self.columns.right(self.column)
        if bundle not in bent:
            yield from self._in(bundle, left)
            return
        room = self.columns.gap - _START - HEAD
        lane = left + _START + room * (bent.index(bundle) + 0.5) / len(bent)
        ys = [self.exits[node] for node in bundle.sources]
        ys += [self.entries[bundle, node] for node in bundle.targets]
        yield from self._out(bundle, lane)
        yield from line((lane, min(ys)), (lane, max(ys)))
        yield from self._in(bundle, lane)

    def around(self, i: int, bundle: Bundle) -> Iterator[Mark]:
        """Yield the lines of the `i`-th bundle that goes on in the next line of boxes."""
        right = self.columns.right(self.column) + _START + i * LANE
        left = self.columns.left - HEAD - _START - i * LANE
        track = self.bottoms[self.columns.line(self.column)] + 2 * _START + i * LANE
        start = min(self.exits[node] for node in bundle.sources)
        end = max(self.entries[bundle, node] for node in bundle.targets)
        yield from self._out(bundle, right)
        yield from line((right, start), (right, track), (left, track), (left, end))
        yield from self._in(bundle, left)

    def _out(self, bundle: Bundle, lane: float) -> Iterator[Mark]:
        for node in bundle.sources:
            y = self.exits[node]
            yield from line((self.columns.right(self.column), y), (lane, y))

    def _in(self, bundle: Bundle, lane: float) -> Iterator[Mark]:
        for node in bundle.targets:
            y, edge = self.entries[bundle, node], self.columns.x(self.column + 1)
            ends = line if self.cells[node].passage else arrow
            yield from ends((lane, y), (edge, y))
