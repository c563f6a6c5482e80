"""Who reports to whom: a tree of boxes, side by side while they fit, then in piles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dxkit.charts.arrows import line
from dxkit.charts.chart import Chart, finish, require
from dxkit.charts.hierarchy import Branch, Place, Row, breadth, height, place, tree
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Fill, Mark, Picture, Tone

_NARROWEST = 1.75
_NARROWEST_PILED = 1.4
_WIDEST = 3.9
_GAP = 0.16
_INDENT = 0.3
_SPINE = 0.13
_DROP = 0.6
_PADDING = 0.14
_ROW_GAP = 0.14
_MARGIN = 0.03


@dataclass(frozen=True)
class Unit:
    """One department, workshop or office and the name of the unit it reports to."""

    name: str
    parent: str | None = None


@dataclass(frozen=True)
class _Columns:
    """Where columns lie from left to right, and how far a pile is indented at each level."""

    left: float
    pitch: float
    indent: float

    def box(self, unit: Place) -> tuple[float, float]:
        """Return the left edge and the width of the box of `unit`."""
        width = min(unit.columns * self.pitch - _GAP, _WIDEST)
        return self.centre(unit) - width / 2, width

    def piled(self, column: int, level: int) -> tuple[float, float]:
        """Return the left edge and the width of a box in a pile."""
        shift = (level + 1) * self.indent
        return self._edge(column) + shift, self.pitch - _GAP - shift

    def centre(self, unit: Place) -> float:
        return self.left + (unit.first + unit.columns / 2) * self.pitch

    def spine(self, column: int, level: int) -> float:
        """Return the x of the line along which the boxes of one level of a pile hang."""
        return self._edge(column) + level * self.indent + _SPINE

    def _edge(self, column: int) -> float:
        return self.left + column * self.pitch + _GAP / 2


@dataclass(frozen=True)
class _Rows:
    """Upper edges and heights: of the boxes beside each other by depth, and of the piles' rows."""

    depths: tuple[tuple[float, float], ...]
    piles: tuple[tuple[float, float], ...]

    @property
    def bottom(self) -> float:
        return max(top + tall for top, tall in (*self.depths, *self.piles))


def organisation(units: Sequence[Unit], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw the units as a tree, top down.

    A unit whose superior is not listed, or would stand below the unit itself, goes to the top.

    Raises:
        ChartError: there is no unit.
    """
    return finish(compose(units, width_cm), _alt(units))


def compose(units: Sequence[Unit], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `organisation`."""
    require(units, "组织架构图")
    whole = _whole(units)
    spread = _spread(whole, width_cm)
    most = int(_room(width_cm) / _pitch_needed(whole, spread))
    top = place(whole, spread, most)
    columns = _columns(top, height(whole) - spread, width_cm)
    rows = _rows(top, spread, columns)
    marks = [mark for unit in top.walk() for mark in _unit(unit, columns, rows)]
    return Picture(width_cm, rows.bottom + _MARGIN, tuple(marks))


def _whole(units: Sequence[Unit]) -> Branch:
    return tree([(unit.name, unit.parent) for unit in units])


def _pitch_needed(whole: Branch, spread: int) -> float:
    piled = _NARROWEST_PILED + _INDENT * (height(whole) - spread)
    return max(_NARROWEST, piled) + _GAP


def _spread(whole: Branch, width: float) -> int:
    """Return down to which depth units can stand side by side; 0 piles all of them up."""
    room, depths = _room(width), range(height(whole), 0, -1)
    return next((d for d in depths if breadth(whole, d) * _pitch_needed(whole, d) <= room), 0)


def _room(width: float) -> float:
    return width - 2 * _MARGIN


def _columns(top: Place, pile_levels: int, width: float) -> _Columns:
    pitch = min(_room(width) / top.columns, _WIDEST + _GAP)
    # However deep a pile is, its last box stays wide enough for a few letters.
    indent = min(_INDENT, (pitch - _GAP - _NARROWEST_PILED) / max(pile_levels, 1))
    return _Columns((width - pitch * top.columns) / 2, pitch, indent)


def _rows(top: Place, spread: int, columns: _Columns) -> _Rows:
    tall = [0.0] * (spread + 1)
    for unit in list(top.walk())[1:]:
        words = _words(unit.name, columns.box(unit)[1], SIZE)
        tall[unit.depth] = max(tall[unit.depth], block_height(words) + 2 * _PADDING)
    depths = _stacked(tall[1:], _MARGIN, _DROP)
    # A single pile hangs close to its unit; several need room for the line between them.
    drop = _DROP if any(len(unit.piles) > 1 for unit in top.walk()) else _DROP / 2
    first = sum(depths[-1]) + drop if depths else _MARGIN
    return _Rows(depths, _stacked(_pile_heights(top, columns), first, _ROW_GAP))


def _stacked(heights: Sequence[float], top: float, gap: float) -> tuple[tuple[float, float], ...]:
    """Return the upper edge and the height of each of `heights`, one under another."""
    return tuple((top + sum(heights[:i]) + i * gap, tall) for i, tall in enumerate(heights))


def _pile_heights(top: Place, columns: _Columns) -> list[float]:
    # One height for a row of all piles keeps the boxes in line across the page.
    tall: list[float] = []
    for unit in top.walk():
        for column, pile in enumerate(unit.piles, unit.first):
            tall += [0.0] * (len(pile) - len(tall))
            for i, row in enumerate(pile):
                words = _words(row.name, columns.piled(column, row.level)[1], SMALL)
                tall[i] = max(tall[i], block_height(words, SMALL) + 1.6 * _PADDING)
    return tall


def _words(name: str, width: float, size: float) -> tuple[str, ...]:
    return wrap(name, width - _PADDING, size)


def _unit(unit: Place, columns: _Columns, rows: _Rows) -> Iterator[Mark]:
    """Yield a unit, the lines to the units below it, and its piles."""
    if unit.depth:
        yield from _lines_beside(unit, columns, rows)
        yield from _lines_to_piles(unit, columns, rows)
        x, width = columns.box(unit)
        top, tall = rows.depths[unit.depth - 1]
        yield from _box(unit.name, Box(x, top, width, tall, _fill(unit)), SIZE)
    for column, pile in enumerate(unit.piles, unit.first):
        yield from _pile(pile, column, columns, rows)


def _fill(unit: Place) -> Fill:
    if not (unit.beside or unit.piles):
        return "paper"
    return "main" if unit.depth == 1 else "tint"


def _box(name: str, box: Box, size: float) -> list[Mark]:
    tone: Tone = "paper" if box.fill == "main" else "ink"
    words = _words(name, box.width, size)
    x, y = box.x + box.width / 2, box.y + box.height / 2
    return [box, *block(words, x, y, size=size, anchor="center", tone=tone)]


def _lines_beside(unit: Place, columns: _Columns, rows: _Rows) -> list[Mark]:
    targets = [columns.centre(lower) for lower in unit.beside]
    return _fork(columns.centre(unit), sum(rows.depths[unit.depth - 1]), targets)


def _lines_to_piles(unit: Place, columns: _Columns, rows: _Rows) -> list[Mark]:
    """Return the lines from a unit to the head of each of its piles."""
    foot = sum(rows.depths[unit.depth - 1])
    spines = [columns.spine(unit.first + i, 0) for i in range(len(unit.piles))]
    if len(spines) == 1:
        return line((spines[0], foot), (spines[0], rows.piles[0][0]))
    return _fork(columns.centre(unit), foot, spines)


def _fork(x: float, foot: float, targets: Sequence[float]) -> list[Mark]:
    """Return the lines from (x, foot) down to every target, each stretch drawn once."""
    if not targets:
        return []
    bus, end = foot + _DROP / 2, foot + _DROP
    ends = (x, *targets)
    drops = [mark for target in targets for mark in line((target, bus), (target, end))]
    return [*line((x, foot), (x, bus)), *line((min(ends), bus), (max(ends), bus)), *drops]


def _pile(pile: Sequence[Row], column: int, columns: _Columns, rows: _Rows) -> Iterator[Mark]:
    for i, row in enumerate(pile):
        x, width = columns.piled(column, row.level)
        top, tall = rows.piles[i]
        middle, spine = top + tall / 2, columns.spine(column, row.level)
        head = _head(pile, i, rows)
        if head is not None:
            yield from line((spine, head), (spine, middle), (x, middle))
        yield from _box(row.name, Box(x, top, width, tall, "tint" if row.leads else "paper"), SMALL)


def _head(pile: Sequence[Row], i: int, rows: _Rows) -> float | None:
    """Return the y at which the line to row `i` of a pile begins; units at the top have none.

    It begins at the box before it on the same level, or else at the unit both report to.
    """
    before = next((j for j in range(i - 1, -1, -1) if pile[j].level <= pile[i].level), None)
    if pile[i].level == 0 and not rows.depths:
        return None
    if before is None:
        return rows.piles[0][0]
    top, tall = rows.piles[before]
    return top + (tall / 2 if pile[before].level == pile[i].level else tall)


def _alt(units: Sequence[Unit]) -> str:
    whole = _whole(units)
    listed = "；".join(_sentences(whole))
    top = "、".join(branch.name for branch in whole.below)
    return f"组织架构图，共{len(units)}个单位。最上层：{top}。" + (f"{listed}。" if listed else "")


def _sentences(branch: Branch) -> Iterator[str]:
    for lower in branch.below:
        if lower.below:
            yield f"{lower.name}下设{'、'.join(unit.name for unit in lower.below)}"
        yield from _sentences(lower)
