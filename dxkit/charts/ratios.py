"""Horizontal bars from 0 to 100 %, with an open range for what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import Chart, Gap, drawable, finish, require, say
from dxkit.charts.legend import Sign, diamond, legend, swatch, tick
from dxkit.charts.lettering import SMALL, block, block_height, line_height, width_of, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Diamond, Label, Mark, Picture, Stroke
from dxkit.charts.scale import scale
from dxkit.percentages import percent

_NAME = 4.3
_VALUE = 2.5
_GAP = 0.25
_BAR = 0.44
_PADDING = 0.16


@dataclass(frozen=True)
class Benchmark:
    """A value to compare with: a published one, or with `target` one aimed at."""

    value: float
    label: str
    target: bool = False


@dataclass(frozen=True)
class Ratio:
    """One bar: a fraction, or a gap; an unknown one lies between `low` and `high`."""

    name: str
    value: float | Gap
    low: float = 0.0
    high: float = 1.0
    benchmarks: tuple[Benchmark, ...] = ()


@dataclass(frozen=True)
class _Flag:
    """The label of a benchmark: from `start` to `end` (cm), `lane` lanes above the bar."""

    benchmark: Benchmark
    at: float
    start: float
    end: float
    lane: int


def ratio_bars(rows: Sequence[Ratio], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw one bar per row: known solid, unknown as an open hatched range, else 不适用.

    Raises:
        ChartError: there is no row, or a number that is none.
    """
    return finish(compose(rows, width_cm), _alt(rows))


def compose(rows: Sequence[Ratio], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `ratio_bars`."""
    require(rows, "比率条形图")
    left, right = _NAME + _GAP, width_cm - _VALUE - _GAP
    marks: list[Mark] = []
    y = 0.1
    for row in rows:
        drawn, below = _row(row, left, right, width_cm, y)
        marks += [*drawn, Stroke(0, below, width_cm, below)]
        y = below
    explained, bottom = legend(_entries(rows), left, y + 2 * _GAP, width_cm)
    under = scale(left, right, 0.1, y)
    return Picture(width_cm, bottom + 0.05, (*under, *marks, *explained))


def _row(
    row: Ratio, left: float, right: float, edge: float, top: float
) -> tuple[list[Mark], float]:
    """Return the marks of one row and the y of its lower end."""
    name = wrap(row.name, _NAME)
    flags = _flags(row.benchmarks, left, right, edge)
    lanes = line_height(SMALL) * (1 + max((flag.lane for flag in flags), default=-1))
    value = _value_lines(row)
    half = max(block_height(name), block_height(value), _BAR) / 2
    middle = top + _PADDING + max(lanes + _BAR / 2, half)
    marks = [
        *block(name, 0, middle),
        *_bar(row, left, right, middle),
        *block(value, edge, middle, anchor="right"),
        *(mark for flag in flags for mark in _flag(flag, middle)),
    ]
    return marks, middle + half + _PADDING


def _bar(row: Ratio, left: float, right: float, middle: float) -> list[Mark]:
    if row.value is Gap.NOT_APPLICABLE:
        return []
    top, full = middle - _BAR / 2, right - left
    if isinstance(row.value, Gap):
        low, high = drawable(row.low), drawable(row.high)
        return [Box(left + full * low, top, full * (high - low), _BAR, "hatch")]
    return [Box(left, top, full * drawable(row.value), _BAR, "main", outlined=False)]


def _value_lines(row: Ratio) -> tuple[str, ...]:
    if row.value is Gap.UNKNOWN:
        return (row.value.value, f"{percent(row.low)}–{percent(row.high)}")
    return (say(row.value),)


def _flags(benchmarks: Sequence[Benchmark], left: float, right: float, edge: float) -> list[_Flag]:
    """Place the labels so that none covers another and no line crosses a label.

    Labels run to the right of their line, so going from right to left each one only has to rise
    above those that it would cover.
    """
    flags: list[_Flag] = []
    for mark in sorted(benchmarks, key=lambda benchmark: -benchmark.value):
        at = left + (right - left) * drawable(mark.value)
        start = max(0.0, min(at, edge - _flag_width(mark)))
        end = start + _flag_width(mark)
        lane = 1 + max((flag.lane for flag in flags if flag.start < end), default=-1)
        flags.append(_Flag(mark, at, start, end, lane))
    return flags


def _flag_width(benchmark: Benchmark) -> float:
    return width_of(_caption(benchmark), SMALL) + 2 * _PADDING


def _caption(benchmark: Benchmark) -> str:
    return f"{' '.join(benchmark.label.split())} {percent(benchmark.value)}"


def _flag(flag: _Flag, middle: float) -> list[Mark]:
    height = line_height(SMALL)
    y = middle - _BAR / 2 - (flag.lane + 0.5) * height
    ground = Box(flag.start, y - height / 2, flag.end - flag.start, height, outlined=False)
    text = Label(flag.start + _PADDING / 2, y, _caption(flag.benchmark), SMALL)
    line = Stroke(flag.at, y - height / 2, flag.at, middle - _BAR / 2, "axis")
    if flag.benchmark.target:
        return [ground, line, text, Diamond(flag.at, middle, 0.17)]
    # A white rim keeps the line visible on a dark bar.
    rim = Box(flag.at - 0.06, middle - _BAR / 2, 0.12, _BAR, outlined=False)
    across = Stroke(flag.at, middle - _BAR / 2, flag.at, middle + _BAR / 2 + 0.06, "bold")
    return [ground, line, text, rim, across]


def _entries(rows: Sequence[Ratio]) -> list[tuple[Sign, str]]:
    marks = [mark for row in rows for mark in row.benchmarks]
    entries: list[tuple[bool, Sign, str]] = [
        (any(not isinstance(row.value, Gap) for row in rows), swatch("main"), "诊断值"),
        (any(row.value is Gap.UNKNOWN for row in rows), swatch("hatch"), "未知，可能的范围"),
        (any(not mark.target for mark in marks), tick(), "对标值"),
        (any(mark.target for mark in marks), diamond("paper"), "目标值"),
    ]
    return [(sign, words) for shown, sign, words in entries if shown]


def _alt(rows: Sequence[Ratio]) -> str:
    return "比率条形图：" + "；".join(_sentence(row) for row in rows) + "。"


def _sentence(row: Ratio) -> str:
    if row.value is Gap.UNKNOWN:
        said = f"{row.name}未知，介于{percent(row.low)}与{percent(row.high)}之间"
    else:
        said = f"{row.name}{say(row.value)}"
    marks = "，".join(_caption(mark) for mark in row.benchmarks)
    return f"{said}（{marks}）" if marks else said
