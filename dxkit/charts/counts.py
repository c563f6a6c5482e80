"""How many problems each group has, by severity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import Chart, ChartError, finish, require
from dxkit.charts.legend import legend, swatch
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Fill, Label, Mark, Picture, Stroke
from dxkit.errors import Problem

_SEVERITIES: tuple[tuple[str, Fill], ...] = (("高", "main"), ("中", "hatch"), ("低", "paper"))
_NAME = 3.6
_NUMBER = 0.9
_GAP = 0.25
_HEAD = 0.55
_BAR = 0.42
_PADDING = 0.12


@dataclass(frozen=True)
class Count:
    """One group and how many problems of each severity it has."""

    name: str
    high: int = 0
    medium: int = 0
    low: int = 0

    @property
    def parts(self) -> tuple[int, int, int]:
        """The counts from high to low."""
        return self.high, self.medium, self.low

    @property
    def total(self) -> int:
        """All problems of the group."""
        return sum(self.parts)


def distribution(counts: Sequence[Count], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw one bar per group, divided by severity, with the numbers beside it.

    Raises:
        ChartError: there is no group, or a negative count.
    """
    return finish(compose(counts, width_cm), _alt(counts))


def compose(counts: Sequence[Count], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `distribution`."""
    require(counts, "问题分布图")
    _refuse_negative(counts)
    left, right = _NAME + _GAP, width_cm - 4 * _NUMBER - _GAP
    unit = (right - left) / max(1, *(count.total for count in counts))
    marks: list[Mark] = _head(width_cm)
    y = _HEAD
    for count in counts:
        name = wrap(count.name, _NAME)
        height = max(block_height(name), _BAR) + 2 * _PADDING
        middle = y + height / 2
        marks += block(name, 0, middle)
        marks += _bar(count, left, unit, middle)
        marks += _numbers(count, width_cm, middle)
        y += height
        marks.append(Stroke(0, y, width_cm, y))
    marks.append(Stroke(left, _HEAD, left, y, "axis"))
    entries = [(swatch(fill), f"严重度{name}") for name, fill in _SEVERITIES]
    explained, bottom = legend(entries, left, y + _PADDING, width_cm)
    return Picture(width_cm, bottom + 0.05, (*marks, *explained))


def _refuse_negative(counts: Sequence[Count]) -> None:
    problems = [
        Problem("问题分布图", count.name, str(min(count.parts)), "不小于0的个数")
        for count in counts
        if min(count.parts) < 0
    ]
    if problems:
        raise ChartError(problems)


def _column(index: int, width: float) -> float:
    return width - (3 - index) * _NUMBER


def _head(width: float) -> list[Mark]:
    titles = [*(name for name, _ in _SEVERITIES), "合计"]
    words = [
        Label(_column(i, width), _HEAD / 2, title, SMALL, "right", "soft")
        for i, title in enumerate(titles)
    ]
    return [*words, Stroke(0, _HEAD, width, _HEAD, "axis")]


def _bar(count: Count, left: float, unit: float, middle: float) -> list[Mark]:
    marks: list[Mark] = []
    for part, (_, fill) in zip(count.parts, _SEVERITIES, strict=True):
        if part:
            marks.append(Box(left, middle - _BAR / 2, part * unit, _BAR, fill))
        left += part * unit
    return marks


def _numbers(count: Count, width: float, middle: float) -> list[Mark]:
    return [
        Label(_column(i, width), middle, str(number), SIZE, "right", "ink" if number else "soft")
        for i, number in enumerate((*count.parts, count.total))
    ]


def _alt(counts: Sequence[Count]) -> str:
    total = sum(count.total for count in counts)
    listed = "；".join(
        f"{count.name}{count.total}项（高{count.high}、中{count.medium}、低{count.low}）"
        for count in counts
    )
    return f"问题分布图，共{total}项。{listed}。"
