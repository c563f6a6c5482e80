"""How amounts change over a few years: grouped bars with their numbers in a table below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from dxkit.charts.chart import Chart, ChartError, Gap, amount, finish, require
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Fill, Label, Mark, Picture, Stroke
from dxkit.errors import Problem

_FILLS: tuple[Fill, ...] = ("main", "hatch", "tint", "dots", "paper", "grey", "cross")
_ROUND = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10)
_NAME = 3.4
_SWATCH = 0.6
_TOP = 0.65
_PLOT = 4.2
_YEAR = 0.55
_BAR = 0.62
_PADDING = 0.1


@dataclass(frozen=True)
class Series:
    """One kind of amount, a value for each year."""

    name: str
    values: tuple[float | Gap, ...]


def trend(
    years: Sequence[int],
    series: Sequence[Series],
    unit: str = "万元",
    width_cm: float = TEXT_WIDTH,
) -> Chart:
    """Draw the amounts of `series` side by side for each of `years`; `unit` is what they count.

    Raises:
        ChartError: there is no year or no series, too many series to tell apart, a series of
            another length, or a negative amount.
    """
    return finish(compose(years, series, unit, width_cm), _alt(years, series, unit))


def compose(
    years: Sequence[int],
    series: Sequence[Series],
    unit: str = "万元",
    width_cm: float = TEXT_WIDTH,
) -> Picture:
    """Return the marks of `trend`."""
    _refuse_faults(years, series)
    left = _NAME
    pitch = (width_cm - left) / len(years)
    base = _TOP + _PLOT
    marks: list[Mark] = _scale(series, unit, left, width_cm)
    for i, year in enumerate(years):
        middle = left + (i + 0.5) * pitch
        marks += _bars([one.values[i] for one in series], _top_of(series), middle, pitch)
        marks.append(Label(middle, base + _YEAR / 2, f"{year}年", SIZE, "center"))
    marks.append(Stroke(left, base, width_cm, base, "axis"))
    table, bottom = _table(series, left, pitch, width_cm)
    return Picture(width_cm, bottom + 0.05, (*marks, *table))


def _refuse_faults(years: Sequence[int], series: Sequence[Series]) -> None:
    require(years, "趋势图的年份")
    require(series, "趋势图的项目")
    if len(series) > len(_FILLS):
        raise ChartError(
            Problem("趋势图", found=f"{len(series)}项", expected=f"至多{len(_FILLS)}项")
        )
    for one in series:
        if len(one.values) != len(years):
            expected = f"{len(years)}年的值"
            raise ChartError(Problem("趋势图", one.name, f"{len(one.values)}年的值", expected))
        if any(value < 0 for value in one.values if not isinstance(value, Gap)):
            raise ChartError(Problem("趋势图", one.name, "负数", "不小于0的数"))


def _top_of(series: Sequence[Series]) -> float:
    """Return a round number at or above every amount."""
    largest = max(
        (value for one in series for value in one.values if not isinstance(value, Gap)), default=0
    )
    if largest <= 0:
        return 1.0
    power = 10.0 ** floor(log10(largest))
    return next(step * power for step in _ROUND if step * power >= largest)


def _scale(series: Sequence[Series], unit: str, left: float, right: float) -> list[Mark]:
    marks: list[Mark] = [Label(left - 0.15, 0.2, unit, SMALL, "right", "soft")]
    for part in range(5):
        y = _TOP + _PLOT * (1 - part / 4)
        text = amount(_top_of(series) * part / 4)
        marks.append(Stroke(left, y, right, y))
        marks.append(Label(left - 0.15, y, text, SMALL, "right", "soft"))
    return marks


def _bars(values: Sequence[float | Gap], top: float, middle: float, pitch: float) -> list[Mark]:
    width = min(_BAR, 0.8 * pitch / len(values))
    x = middle - width * len(values) / 2
    marks: list[Mark] = []
    for value, fill in zip(values, _FILLS, strict=False):
        if isinstance(value, Gap):
            sign = "?" if value is Gap.UNKNOWN else "–"
            marks.append(Label(x + width / 2, _TOP + _PLOT - 0.2, sign, SMALL, "center"))
        else:
            height = _PLOT * value / top
            marks.append(Box(x, _TOP + _PLOT - height, width, height, fill))
        x += width
    return marks


def _table(
    series: Sequence[Series], left: float, pitch: float, right: float
) -> tuple[list[Mark], float]:
    """Return the numbers under the bars and the y of their lower end."""
    y = _TOP + _PLOT + _YEAR
    marks: list[Mark] = [Stroke(0, y, right, y)]
    for one, fill in zip(series, _FILLS, strict=False):
        name = wrap(one.name, left - _SWATCH - _PADDING, SMALL)
        height = block_height(name, SMALL) + 2 * _PADDING
        middle = y + height / 2
        marks += [
            Box(0.02, middle - 0.14, 0.44, 0.28, fill),
            *block(name, _SWATCH, middle, size=SMALL),
        ]
        for i, value in enumerate(one.values):
            marks.append(Label(left + (i + 0.5) * pitch, middle, _say(value), SMALL, "center"))
        y += height
        marks.append(Stroke(0, y, right, y))
    return marks, y


def _say(value: float | Gap) -> str:
    return value.value if isinstance(value, Gap) else amount(value)


def _alt(years: Sequence[int], series: Sequence[Series], unit: str) -> str:
    listed = "；".join(
        f"{one.name}："
        + "，".join(f"{y}年{_say(v)}" for y, v in zip(years, one.values, strict=True))
        for one in series
    )
    return f"趋势图，单位{unit}。{listed}。"
