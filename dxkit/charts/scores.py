"""Which suggestion is worth how much and how hard it is: numbered points on a grid of scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from dxkit.charts.chart import Chart, ChartError, finish, require
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Dot, Label, Mark, Picture, Stroke
from dxkit.errors import Problem

_SCORES = range(1, 6)
_AXIS = 0.95
_CELL = 1.55
_LOW_ROW = 1.05
_RADIUS = 0.225
_PITCH = 0.49
_PER_LINE = 3
_HEAD = 0.55
_GAP = 0.5
_NUMBER = 0.65
_PADDING = 0.1


@dataclass(frozen=True)
class Point:
    """One suggestion with its number and its scores from 1 to 5."""

    number: int
    name: str
    value: int
    difficulty: int


def quadrant(points: Sequence[Point], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw every point in the field of its two scores, beside a list of their names.

    The four corners are named; a score of 3 lies between them and belongs to none.

    Raises:
        ChartError: there is no point, or a score outside 1 to 5.
    """
    return finish(compose(points, width_cm), _alt(points))


def compose(points: Sequence[Point], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `quadrant`."""
    require(points, "价值—难度象限图")
    _refuse_other_scores(points)
    grid, lower = _grid(points)
    left = _AXIS + _CELL * len(_SCORES) + _GAP
    names, last = _names(points, left, width_cm)
    return Picture(width_cm, max(lower, last) + 0.05, (*grid, *names))


def _refuse_other_scores(points: Sequence[Point]) -> None:
    problems = [
        Problem(f"建议“{point.name}”", key, str(score), "1至5的整数")
        for point in points
        for key, score in (("价值", point.value), ("实施难度", point.difficulty))
        if score not in _SCORES
    ]
    if problems:
        raise ChartError(problems)


def _field(points: Sequence[Point], value: int, difficulty: int) -> list[Point]:
    return [point for point in points if (point.value, point.difficulty) == (value, difficulty)]


def _row_height(points: Sequence[Point], value: int) -> float:
    """Return a height at which the fullest field of the row holds its points apart."""
    fullest = max(len(_field(points, value, difficulty)) for difficulty in _SCORES)
    return max(_LOW_ROW, ceil(fullest / _PER_LINE) * _PITCH + 2 * _PADDING)


def _grid(points: Sequence[Point]) -> tuple[list[Mark], float]:
    """Return the marks of the grid and the y of its lower end."""
    grounds: list[Mark] = []
    dots: list[Mark] = []
    y = _HEAD
    for value in reversed(_SCORES):
        height = _row_height(points, value)
        for difficulty in _SCORES:
            box = Box(_x(difficulty), y, _CELL, height, _ground(value, difficulty), outlined=False)
            grounds.append(box)
            dots += _dots(_field(points, value, difficulty), box)
        dots.append(Label(_AXIS - 0.12, y + height / 2, _tick(value), SMALL, "right", "soft"))
        y += height
        dots.append(Stroke(_AXIS, y, _x(6), y))
    return [*grounds, *dots, *_frame(_HEAD, y), *_titles(_HEAD, y)], y + 3 * _GAP


def _tick(score: int) -> str:
    return {1: "低 1", 5: "高 5"}.get(score, str(score))


def _x(difficulty: int) -> float:
    return _AXIS + (difficulty - 1) * _CELL


def _ground(value: int, difficulty: int) -> Literal["paper", "ground"]:
    return "paper" if 3 in (value, difficulty) else "ground"


def _dots(points: Sequence[Point], box: Box) -> Iterator[Mark]:
    lines = [points[i : i + _PER_LINE] for i in range(0, len(points), _PER_LINE)]
    y = box.y + box.height / 2 - (len(lines) - 1) * _PITCH / 2
    for line in lines:
        x = box.x + box.width / 2 - (len(line) - 1) * _PITCH / 2
        for point in line:
            yield Dot(x, y, _RADIUS, "main")
            yield Label(x, y, str(point.number), SMALL, "center", "paper")
            x += _PITCH
        y += _PITCH


def _frame(top: float, bottom: float) -> list[Mark]:
    verticals = [Stroke(_x(score), top, _x(score), bottom) for score in _SCORES[1:]]
    return [*verticals, Box(_AXIS, top, _x(6) - _AXIS, bottom - top, "clear")]


def _titles(top: float, bottom: float) -> list[Mark]:
    easy, hard, middle = _x(2), _x(5), _x(3) + _CELL / 2
    ticks = [
        Label(_x(score) + _CELL / 2, bottom + 0.25, _tick(score), SMALL, "center", "soft")
        for score in _SCORES
    ]
    return [
        Label(easy, top / 2, "优先实施", SIZE, "center"),
        Label(hard, top / 2, "重点攻关", SIZE, "center"),
        *ticks,
        Label(easy, bottom + 0.75, "择机改进", SIZE, "center"),
        Label(hard, bottom + 0.75, "暂缓实施", SIZE, "center"),
        Label(middle, bottom + 1.2, "实施难度", SMALL, "center", "soft"),
        *block(tuple("价值"), 0.15, (top + bottom) / 2, size=SMALL, anchor="center", tone="soft"),
    ]


def _names(points: Sequence[Point], left: float, right: float) -> tuple[list[Mark], float]:
    """Return the list of names and the y of its lower end."""
    marks: list[Mark] = [
        Label(left, _HEAD / 2, "编号与建议", SMALL, "left", "soft"),
        Stroke(left, _HEAD, right, _HEAD, "axis"),
    ]
    y = _HEAD
    for point in sorted(points, key=lambda point: point.number):
        lines = wrap(point.name, right - left - _NUMBER, SMALL)
        height = block_height(lines, SMALL) + 2 * _PADDING
        marks.append(Label(left, y + height / 2, str(point.number), SMALL))
        marks += block(lines, left + _NUMBER, y + height / 2, size=SMALL)
        y += height
        marks.append(Stroke(left, y, right, y))
    return marks, y


def _alt(points: Sequence[Point]) -> str:
    listed = "；".join(f"{p.number} {p.name}价值{p.value}、难度{p.difficulty}" for p in points)
    return f"价值—难度象限图，共{len(points)}项建议。{listed}。"
