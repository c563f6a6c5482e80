"""How shares are spread among many: a box of quartiles, or each alone where they are few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import Chart, drawable, finish, require
from dxkit.charts.legend import Sign, diamond, dot, legend, swatch
from dxkit.charts.lettering import SMALL, block, block_height, line_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Diamond, Dot, Label, Mark, Picture, Stroke
from dxkit.charts.scale import scale
from dxkit.percentages import percent

FEW = 12
"""Below so many each value is drawn: quartiles of a handful would look like knowledge."""

_NAME = 4.3
_MEDIAN = 1.7
_BASE = 1.5
_GAP = 0.25
_BOX = 0.36
_PADDING = 0.14
_RADIUS = 0.09


@dataclass(frozen=True)
class Spread:
    """The known values of one thing; without any it is unknown."""

    name: str
    values: tuple[float, ...]
    quartiles: tuple[float, float, float] | None = None
    mean: float | None = None


def spreads(rows: Sequence[Spread], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw one line for each: least, quartiles, median, mean and greatest value, or the values.

    Raises:
        ChartError: there is no row, or a number that is none.
    """
    return finish(compose(rows, width_cm), _alt(rows))


def compose(rows: Sequence[Spread], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `spreads`."""
    require(rows, "分布图")
    left, right = _NAME + _GAP, width_cm - _MEDIAN - _BASE - _GAP
    top = line_height(SMALL) + _PADDING
    marks: list[Mark] = [
        Label(width_cm - _BASE, top / 2, "中位数", SMALL, "right", "soft"),
        Label(width_cm, top / 2, "企业数", SMALL, "right", "soft"),
        Stroke(0, top, width_cm, top),
    ]
    y = top
    for row in rows:
        name = wrap(row.name, _NAME)
        height = max(block_height(name), _BOX) + 2 * _PADDING
        middle = y + height / 2
        median = "未知" if row.quartiles is None else percent(row.quartiles[1])
        marks += [
            *block(name, 0, middle),
            *_drawn(row, left, right - left, middle),
            Label(width_cm - _BASE, middle, median, anchor="right"),
            Label(width_cm, middle, str(len(row.values)), anchor="right", tone="soft"),
            Stroke(0, y + height, width_cm, y + height),
        ]
        y += height
    explained, bottom = legend(_entries(rows), left, y + 2 * _GAP, width_cm)
    return Picture(width_cm, bottom + 0.05, (*scale(left, right, top, y), *marks, *explained))


def _drawn(row: Spread, left: float, full: float, middle: float) -> list[Mark]:
    if not row.values or row.quartiles is None:
        return [Box(left, middle - _BOX / 2, full, _BOX, "hatch")]

    def at(value: float) -> float:
        return left + full * drawable(value)

    if len(row.values) < FEW:
        marks: list[Mark] = [Dot(at(value), middle, _RADIUS, "tint") for value in row.values]
    else:
        marks = _box(row.values, row.quartiles, at(0), full, middle)
    return marks + ([] if row.mean is None else [Diamond(at(row.mean), middle, 0.14)])


def _box(
    values: Sequence[float],
    quartiles: tuple[float, float, float],
    left: float,
    full: float,
    middle: float,
) -> list[Mark]:
    least, most = (left + full * drawable(end) for end in (min(values), max(values)))
    low, median, high = (left + full * drawable(each) for each in quartiles)
    top, bottom = middle - _BOX / 2, middle + _BOX / 2
    return [
        Stroke(least, middle, most, middle, "axis"),
        *(Stroke(x, middle - 0.1, x, middle + 0.1, "axis") for x in (least, most)),
        Box(low, top, high - low, _BOX, "tint"),
        Stroke(median, top, median, bottom, "bold"),
    ]


def _box_sign(x: float, y: float) -> list[Mark]:
    ends = Stroke(x, y, x + 0.5, y, "axis")
    return [
        ends,
        Box(x + 0.1, y - 0.14, 0.28, 0.28, "tint"),
        Stroke(x + 0.23, y - 0.14, x + 0.23, y + 0.14, "bold"),
    ]


def _entries(rows: Sequence[Spread]) -> list[tuple[Sign, str]]:
    counts = [len(row.values) for row in rows]
    entries: list[tuple[bool, Sign, str]] = [
        (max(counts) >= FEW, _box_sign, "最小值、四分位、中位数、最大值"),
        (any(0 < each < FEW for each in counts), dot("tint"), f"一家企业（不足{FEW}家的逐家画出）"),
        (max(counts) > 0, diamond("paper"), "均值"),
        (0 in counts, swatch("hatch"), "未知"),
    ]
    return [(sign, words) for shown, sign, words in entries if shown]


def _alt(rows: Sequence[Spread]) -> str:
    return "分布图：" + "；".join(_sentence(row) for row in rows) + "。"


def _sentence(row: Spread) -> str:
    if not row.values or row.quartiles is None:
        return f"{row.name}未知"
    low, median, high = map(percent, row.quartiles)
    ends = f"最小{percent(min(row.values))}，最大{percent(max(row.values))}"
    return f"{row.name}{len(row.values)}家，中位数{median}，四分位{low}至{high}，{ends}"
