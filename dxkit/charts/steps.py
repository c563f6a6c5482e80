"""How far each business segment has come, in steps from 0 to 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import Chart, ChartError, Gap, finish, require
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Fill, Label, Mark, Picture, Stroke
from dxkit.errors import Problem

STEPS = 4
"""The highest level."""

_NAME = 4.3
_WORD = 1.6
_GAP = 0.25
_HEAD = 0.6
_BAR = 0.36
_PADDING = 0.11


@dataclass(frozen=True)
class Level:
    """One business segment and its level from 0 to 4, or why it has none."""

    name: str
    level: int | Gap


def levels(rows: Sequence[Level], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw one step bar per row; 不适用 and 未知 are said in words.

    Raises:
        ChartError: there is no row, or a level outside 0 to 4.
    """
    return finish(compose(rows, width_cm), _alt(rows))


def compose(rows: Sequence[Level], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `levels`."""
    require(rows, "业务环节水平图")
    for row in rows:
        _refuse_other_levels(row)
    left = _NAME + _GAP
    step = (width_cm - _WORD - left) / STEPS
    marks: list[Mark] = [
        Label(left + (i + 0.5) * step, _HEAD / 2, f"{i + 1}级", SMALL, "center", "soft")
        for i in range(STEPS)
    ]
    marks.append(Stroke(0, _HEAD, width_cm, _HEAD, "axis"))
    y = _HEAD
    for row in rows:
        name = wrap(row.name, _NAME)
        height = max(block_height(name), _BAR) + 2 * _PADDING
        middle = y + height / 2
        marks += [*block(name, 0, middle), *_steps(row.level, left, step, middle)]
        marks.append(Label(width_cm, middle, _word(row.level), SIZE, "right"))
        y += height
        marks.append(Stroke(0, y, width_cm, y))
    return Picture(width_cm, y + 0.05, tuple(marks))


def _refuse_other_levels(row: Level) -> None:
    if not isinstance(row.level, Gap) and row.level not in range(STEPS + 1):
        raise ChartError(Problem("业务环节水平图", row.name, str(row.level), f"0至{STEPS}的整数"))


def _steps(level: int | Gap, left: float, step: float, middle: float) -> list[Mark]:
    if level is Gap.NOT_APPLICABLE:
        return []
    reached = 0 if isinstance(level, Gap) else level
    rest: Fill = "dots" if isinstance(level, Gap) else "paper"
    return [
        Box(left + i * step, middle - _BAR / 2, step - 0.08, _BAR, "main" if i < reached else rest)
        for i in range(STEPS)
    ]


def _word(level: int | Gap) -> str:
    return level.value if isinstance(level, Gap) else f"{level}级"


def _alt(rows: Sequence[Level]) -> str:
    listed = "；".join(f"{row.name}{_word(row.level)}" for row in rows)
    return f"业务环节数字化水平图（最高{STEPS}级）：{listed}。"
