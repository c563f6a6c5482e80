"""What covers what: rows against columns, each crossing full, partly or empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from dxkit.charts.chart import Chart, ChartError, Gap, finish, require
from dxkit.charts.legend import Sign, legend
from dxkit.charts.lettering import SMALL, block, block_height, line_height, width_of, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Label, Mark, Picture, Stroke
from dxkit.errors import Problem


class Cover(Enum):
    """How far a crossing is covered."""

    FULL = "full"
    PART = "part"
    NONE = "none"


Cell: TypeAlias = Cover | Gap


@dataclass(frozen=True)
class Terms:
    """What the signs are called under the chart."""

    full: str = "已覆盖"
    part: str = "部分覆盖"
    none: str = "未覆盖"

    def of(self, cell: Cell) -> str:
        """Return the word for `cell`."""
        return cell.value if isinstance(cell, Gap) else str(getattr(self, cell.value))


_NAME = 3.3
_GAP = 0.2
_SIGN = 0.36
_SMALL_SIGN = 0.16
_PADDING = 0.11
_MARGIN = 0.1
# Heads of more lines than these are turned; a turned head is as short as its columns allow.
_MOST_LINES = 3
_SHORTEST, _STEP = 3.2, 0.4


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    terms: Terms = Terms(),
    width_cm: float = TEXT_WIDTH,
) -> Chart:
    """Draw `cells[row][column]` as filled, half filled or empty squares.

    Raises:
        ChartError: there is no row or no column, or a row of cells of another length.
    """
    return finish(compose(rows, columns, cells, terms, width_cm), _alt(rows, columns, cells, terms))


def compose(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    terms: Terms,
    width_cm: float = TEXT_WIDTH,
) -> Picture:
    """Return the marks of `matrix`."""
    _refuse_gaps(rows, columns, cells)
    left = _NAME + _GAP
    pitch = (width_cm - left) / len(columns)
    marks, y = _head(columns, left, pitch)
    marks.append(Stroke(0, y, width_cm, y, "axis"))
    top = y
    for name, line in zip(rows, cells, strict=True):
        words = wrap(name, _NAME, SMALL)
        height = max(block_height(words, SMALL), _SIGN) + 2 * _PADDING
        middle = y + height / 2
        marks += block(words, 0, middle, size=SMALL)
        for i, cell in enumerate(line):
            marks += _sign(cell, left + (i + 0.5) * pitch, middle)
        y += height
        marks.append(Stroke(0, y, width_cm, y))
    edges = [left + i * pitch for i in range(len(columns))]
    grid = [Stroke(x, top, x, y) for x in edges]
    explained, bottom = legend(_entries(cells, terms), left, y + _MARGIN, width_cm)
    return Picture(width_cm, bottom + 0.05, (*grid, *marks, *explained))


def _refuse_gaps(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]
) -> None:
    require(rows, "覆盖矩阵的行")
    require(columns, "覆盖矩阵的列")
    lengths = [len(line) for line in cells]
    if lengths != [len(columns)] * len(rows):
        expected = f"{len(rows)}行，每行{len(columns)}格"
        raise ChartError(Problem("覆盖矩阵", found=f"各行格数{lengths}", expected=expected))


def _head(columns: Sequence[str], left: float, pitch: float) -> tuple[list[Mark], float]:
    names = [wrap(column, pitch - _MARGIN, SMALL) for column in columns]
    if max(map(len, names)) > _MOST_LINES or _breaks_words(columns, pitch - _MARGIN):
        return _turned_head(columns, left, pitch)
    height = max(block_height(name, SMALL) for name in names) + _MARGIN
    marks: list[Mark] = []
    for i, name in enumerate(names):
        # Names stand on the line, however many lines they need.
        middle = height - _MARGIN / 2 - block_height(name, SMALL) / 2
        marks += block(name, left + (i + 0.5) * pitch, middle, size=SMALL, anchor="center")
    return marks, height


def _breaks_words(columns: Sequence[str], room: float) -> bool:
    words = (word for column in columns for word in re.findall(r"[!-~]+", column))
    return any(width_of(word, SMALL) > room for word in words)


def _turned_head(columns: Sequence[str], left: float, pitch: float) -> tuple[list[Mark], float]:
    """Return heads that read upwards, side by side in as many lines as a column is wide."""
    most = max(1, int(pitch / line_height(SMALL)))
    length = _SHORTEST
    while any(len(wrap(column, length, SMALL)) > most for column in columns):
        length += _STEP
    names = [wrap(column, length, SMALL) for column in columns]
    height = max(width_of(line, SMALL) for name in names for line in name) + 2 * _MARGIN
    marks: list[Mark] = []
    for i, name in enumerate(names):
        first = left + (i + 0.5) * pitch - (len(name) - 1) * line_height(SMALL) / 2
        marks += [
            Label(first + n * line_height(SMALL), height - _MARGIN, line, SMALL, turned=True)
            for n, line in enumerate(name)
        ]
    return marks, height


def _sign(cell: Cell, x: float, y: float) -> list[Mark]:
    left, top = x - _SIGN / 2, y - _SIGN / 2
    if cell is Cover.PART:
        half = Box(left, y, _SIGN, _SIGN / 2, "main", outlined=False)
        return [half, Box(left, top, _SIGN, _SIGN, "clear")]
    if cell is Gap.NOT_APPLICABLE:
        return [Stroke(x - 0.12, y, x + 0.12, y, "axis")]
    if cell is Cover.NONE:
        return [Box(x - _SMALL_SIGN / 2, y - _SMALL_SIGN / 2, _SMALL_SIGN, _SMALL_SIGN)]
    return [Box(left, top, _SIGN, _SIGN, "main" if cell is Cover.FULL else "dots")]


def _entries(cells: Sequence[Sequence[Cell]], terms: Terms) -> list[tuple[Sign, str]]:
    used = {cell for line in cells for cell in line}
    order: tuple[Cell, ...] = (Cover.FULL, Cover.PART, Cover.NONE, *Gap)
    return [(_sign_of(cell), terms.of(cell)) for cell in order if cell in used]


def _sign_of(cell: Cell) -> Sign:
    return lambda x, y: _sign(cell, x + 0.23, y)


def _alt(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]], terms: Terms
) -> str:
    listed = "；".join(
        f"{row}：{_found(columns, line, terms)}" for row, line in zip(rows, cells, strict=True)
    )
    return f"覆盖矩阵，{len(rows)}行{len(columns)}列。{listed}。"


def _found(columns: Sequence[str], line: Sequence[Cell], terms: Terms) -> str:
    """Return what one row says, the empty crossings only counted."""
    said = [
        f"{column}{terms.of(cell)}"
        for column, cell in zip(columns, line, strict=True)
        if cell is not Cover.NONE
    ]
    empty = sum(cell is Cover.NONE for cell in line)
    return "，".join([*said, f"{terms.none}{empty}项"] if empty else said)
