"""What an enterprise reported beside what was verified, so that differences stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import (
    Chart,
    Gap,
    Reading,
    drawable,
    fill_of,
    finish,
    is_fraction,
    require,
    say,
)
from dxkit.charts.legend import Sign, legend, swatch
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Fill, Label, Mark, Picture, Stroke, Tone, Weight
from dxkit.percentages import points

_NAME = 4.6
_WORD = 1.75
_GAP = 0.3
_HEAD = 0.62
_BAR = 0.22
_SQUARE = 0.34
_PADDING = 0.1


@dataclass(frozen=True)
class Pair:
    """One indicator as the enterprise reported it and as it was verified."""

    name: str
    reported: Reading
    verified: Reading


def paired_bars(rows: Sequence[Pair], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw ratios as two bars and yes/no as two squares, with both readings and the difference.

    Raises:
        ChartError: there is no row, or a number that is none.
    """
    return finish(compose(rows, width_cm), _alt(rows))


def compose(rows: Sequence[Pair], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `paired_bars`."""
    require(rows, "自评估与核实对比图")
    left, right = _NAME + _GAP, width_cm - 3 * _WORD - _GAP
    marks: list[Mark] = _head(width_cm)
    y = _HEAD
    for row in rows:
        name = wrap(row.name, _NAME)
        height = max(block_height(name), 2 * _BAR) + 2 * _PADDING
        middle = y + height / 2
        marks += block(name, 0, middle)
        marks += _graphic(row, left, right, middle)
        marks += _words(row, width_cm, middle)
        y += height
        marks.append(Stroke(0, y, width_cm, y))
    explained, bottom = legend(_entries(rows), 0.02, y + _PADDING, width_cm)
    return Picture(width_cm, bottom + 0.05, (*marks, *explained))


def _head(width: float) -> list[Mark]:
    titles = ("线上自评估", "线下核实", "差异/百分点")
    words = [
        Label(_column(i, width), _HEAD / 2, title, SMALL, "right", "soft")
        for i, title in enumerate(titles)
    ]
    name = Label(0, _HEAD / 2, "指标", SMALL, "left", "soft")
    return [name, *words, Stroke(0, _HEAD, width, _HEAD, "axis")]


def _column(index: int, width: float) -> float:
    """Return the right edge of the column of words with that index."""
    return width - (2 - index) * _WORD


def _words(row: Pair, width: float, middle: float) -> list[Mark]:
    difference = _difference(row)
    tone: Tone = "ink" if _differs(row) else "soft"
    return [
        Label(_column(0, width), middle, say(row.reported), SIZE, "right"),
        Label(_column(1, width), middle, say(row.verified), SIZE, "right"),
        Label(_column(2, width), middle, difference, SIZE, "right", tone),
    ]


def _difference(row: Pair) -> str:
    if is_fraction(row.reported) and is_fraction(row.verified):
        return points(row.verified - row.reported)
    if Gap.UNKNOWN in (row.reported, row.verified):
        return "无法比较"
    if row.reported is row.verified:
        return "一致"
    return "不适用" if Gap.NOT_APPLICABLE in (row.reported, row.verified) else "相反"


def _differs(row: Pair) -> bool:
    """Tell whether the two say different things; a yes of what does not apply does so too."""
    if _difference(row) == "不适用":
        return row.reported is True
    return _difference(row) not in ("一致", "0.00", "无法比较")


def _graphic(row: Pair, left: float, right: float, middle: float) -> list[Mark]:
    if is_fraction(row.reported) or is_fraction(row.verified):
        return _bars(row, left, right, middle)
    return _squares(row, left, right, middle)


def _bars(row: Pair, left: float, right: float, middle: float) -> list[Mark]:
    half = _BAR + _PADDING
    marks: list[Mark] = [
        Stroke(x, middle - half, x, middle + half)
        for x in (left + (right - left) / 4 * quarter for quarter in (1, 2, 3, 4))
    ]
    bars: tuple[tuple[float, Reading, Fill], ...] = (
        (middle - _BAR, row.reported, "tint"),
        (middle, row.verified, "main"),
    )
    for top, reading, fill in bars:
        if is_fraction(reading):
            width = (right - left) * drawable(reading)
            marks.append(Box(left, top, width, _BAR, fill))
    return [*marks, Stroke(left, middle - half, left, middle + half, "axis")]


def _squares(row: Pair, left: float, right: float, middle: float) -> list[Mark]:
    centres = (left + (right - left) / 4, right - (right - left) / 4)
    weight: Weight = "bold" if _differs(row) else "grid"
    marks: list[Mark] = [Stroke(centres[0], middle, centres[1], middle, weight)]
    for x, reading in zip(centres, (row.reported, row.verified), strict=True):
        corner = (x - _SQUARE / 2, middle - _SQUARE / 2)
        marks.append(Box(*corner, _SQUARE, _SQUARE, fill_of(reading)))
    return marks


def _entries(rows: Sequence[Pair]) -> list[tuple[Sign, str]]:
    readings = [reading for row in rows for reading in (row.reported, row.verified)]
    entries: list[tuple[bool, Sign, str]] = [
        (any(map(is_fraction, readings)), swatch("tint"), "比率：自评估"),
        (any(map(is_fraction, readings)), swatch("main"), "比率：核实"),
        (any(map(_is_yes_no, readings)), _two_squares, "左自评估、右核实，实心是、空心否"),
        (Gap.NOT_APPLICABLE in readings, swatch("hatch"), "不适用"),
        (Gap.UNKNOWN in readings, swatch("dots"), "未知"),
    ]
    return [(sign, words) for shown, sign, words in entries if shown]


def _is_yes_no(reading: Reading) -> bool:
    return isinstance(reading, bool)


def _two_squares(x: float, y: float) -> list[Mark]:
    return [Box(x, y - 0.1, 0.2, 0.2, "main"), Box(x + 0.28, y - 0.1, 0.2, 0.2)]


def _alt(rows: Sequence[Pair]) -> str:
    different = [row for row in rows if _differs(row)]
    listed = "；".join(_sentence(row) for row in rows)
    return f"自评估与核实对比图，共{len(rows)}项，不同的{len(different)}项。{listed}。"


def _sentence(row: Pair) -> str:
    unit = "个百分点" if is_fraction(row.reported) and is_fraction(row.verified) else ""
    difference = f"{_difference(row)}{unit}"
    return f"{row.name}自评估{say(row.reported)}，核实{say(row.verified)}，{difference}"
