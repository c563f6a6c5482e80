"""How many of each group are done: a bar as long as the group, filled as far as it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import Chart, ChartError, finish, require
from dxkit.charts.legend import Sign, legend, swatch
from dxkit.charts.lettering import block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Label, Mark, Picture, Stroke
from dxkit.errors import Problem
from dxkit.percentages import percent

_NAME = 4.3
_NUMBERS = 4.2
_GAP = 0.25
_BAR = 0.36
_PADDING = 0.12


@dataclass(frozen=True)
class Covered:
    """One group: how many it has and how many of them are done."""

    name: str
    done: int
    total: int


def coverage(rows: Sequence[Covered], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw one bar for each group with `done / total` beside it.

    Raises:
        ChartError: there is no group, or more of one is done than there is.
    """
    return finish(compose(rows, width_cm), _alt(rows))


def compose(rows: Sequence[Covered], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `coverage`."""
    require(rows, "覆盖图")
    _refuse_more_than_all(rows)
    left, right = _NAME + _GAP, width_cm - _NUMBERS - _GAP
    unit = (right - left) / max(1, *(row.total for row in rows))
    marks: list[Mark] = []
    y = 0.1
    for row in rows:
        name = wrap(row.name, _NAME)
        height = max(block_height(name), _BAR) + 2 * _PADDING
        middle = y + height / 2
        top = middle - _BAR / 2
        marks += [
            *block(name, 0, middle),
            Box(left, top, row.total * unit, _BAR, "paper"),
            Box(left, top, row.done * unit, _BAR, "main"),
            Label(width_cm - 1.7, middle, f"{row.done} / {row.total}", anchor="right"),
            Label(width_cm, middle, _share(row), anchor="right", tone="soft"),
            Stroke(0, y + height, width_cm, y + height),
        ]
        y += height
    entries: list[tuple[Sign, str]] = [(swatch("main"), "已评估"), (swatch("paper"), "尚未评估")]
    explained, bottom = legend(entries, left, y + _PADDING, width_cm)
    axis = Stroke(left, 0.1, left, y, "axis")
    return Picture(width_cm, bottom + 0.05, (axis, *marks, *explained))


def _share(row: Covered) -> str:
    return percent(row.done / row.total) if row.total else "—"


def _refuse_more_than_all(rows: Sequence[Covered]) -> None:
    problems = [
        Problem("覆盖图", row.name, f"{row.done} / {row.total}", "完成数在0与总数之间")
        for row in rows
        if not 0 <= row.done <= row.total
    ]
    if problems:
        raise ChartError(problems)


def _alt(rows: Sequence[Covered]) -> str:
    listed = "；".join(f"{row.name}{row.total}家中{row.done}家" for row in rows)
    return f"覆盖图：{listed}。"
