"""Groups ranked by a share: solid bars, under each the range that missing answers leave open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import Chart, Gap, drawable, finish, require, say
from dxkit.charts.legend import Sign, legend, swatch
from dxkit.charts.lettering import SMALL, block, block_height, line_height, width_of, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Label, Mark, Picture, Stroke
from dxkit.charts.scale import scale
from dxkit.percentages import percent

_NAME = 4.3
_VALUE = 1.7
_BASE = 1.5
_GAP = 0.25
_BAR = 0.32
_BELOW = 0.13
_CAP = 0.06
_PADDING = 0.12
_LABEL = 0.05


@dataclass(frozen=True)
class Ranked:
    """One group: its share or a gap, the bounds of the share, and on how many it rests."""

    name: str
    value: float | Gap
    low: float = 0.0
    high: float = 1.0
    base: int = 0
    small: bool = False
    """Whether the base is too small for the share to say much."""


@dataclass(frozen=True)
class Line:
    """A share that every group is set against, such as that of all together."""

    name: str
    value: float


def ranked_bars(
    rows: Sequence[Ranked], line: Line | None = None, width_cm: float = TEXT_WIDTH
) -> Chart:
    """Draw the groups from the greatest share to the least, those without one at the end.

    Raises:
        ChartError: there is no row, or a number that is none.
    """
    ordered = ranked(rows)
    return finish(compose(ordered, line, width_cm), _alt(ordered, line))


def ranked(rows: Sequence[Ranked]) -> list[Ranked]:
    """Return the rows from the greatest share to the least, gaps last, else as they came."""
    return sorted(rows, key=lambda row: (isinstance(row.value, Gap), -_number(row)))


def _number(row: Ranked) -> float:
    return 0.0 if isinstance(row.value, Gap) else row.value


def compose(
    rows: Sequence[Ranked], line: Line | None = None, width_cm: float = TEXT_WIDTH
) -> Picture:
    """Return the marks of `ranked_bars`, in the order given."""
    require(rows, "排序条形图")
    left, right = _NAME + _GAP, width_cm - _VALUE - _BASE - _GAP
    top = line_height(SMALL) + _PADDING
    marks: list[Mark] = [
        Label(width_cm - _BASE, top / 2, "数值", SMALL, "right", "soft"),
        Label(width_cm, top / 2, "企业数", SMALL, "right", "soft"),
        Stroke(0, top, width_cm, top),
    ]
    y = top
    for row in rows:
        drawn, below = _row(row, left, right, width_cm, y)
        marks += [*drawn, Stroke(0, below, width_cm, below)]
        y = below
    across = _line(line, left, right, top, y) if line is not None else []
    explained, bottom = legend(_entries(rows), left, y + 2 * _GAP, width_cm)
    return Picture(
        width_cm, bottom + 0.05, (*scale(left, right, top, y), *marks, *across, *explained)
    )


def _row(
    row: Ranked, left: float, right: float, edge: float, top: float
) -> tuple[list[Mark], float]:
    name = wrap(row.name, _NAME)
    height = max(block_height(name), _BAR + 2 * _BELOW) + 2 * _PADDING
    middle = top + height / 2
    star = "*" if row.small else ""
    marks = [
        *block(name, 0, middle),
        *_bar(row, left, right - left, middle),
        Label(edge - _BASE, middle, say(row.value), anchor="right"),
        Label(edge, middle, f"{row.base}{star}", anchor="right", tone="soft"),
    ]
    return marks, top + height


def _bar(row: Ranked, left: float, full: float, middle: float) -> list[Mark]:
    if row.value is Gap.NOT_APPLICABLE:
        return []
    top = middle - _BAR / 2
    low, high = left + full * drawable(row.low), left + full * drawable(row.high)
    if isinstance(row.value, Gap):
        return [Box(low, top, high - low, _BAR, "hatch")]
    bar = Box(left, top, full * drawable(row.value), _BAR, "tint" if row.small else "main")
    return [bar, *(_bounds(low, high, middle + _BAR / 2 + _BELOW) if high > low else [])]


def _bounds(low: float, high: float, y: float) -> list[Mark]:
    caps = [Stroke(x, y - _CAP, x, y + _CAP, "axis") for x in (low, high)]
    return [Stroke(low, y, high, y, "axis"), *caps]


def _bounds_sign(x: float, y: float) -> list[Mark]:
    return _bounds(x, x + 0.46, y)


def _line(line: Line, left: float, right: float, top: float, bottom: float) -> list[Mark]:
    x = left + (right - left) * drawable(line.value)
    words = f"{line.name} {percent(line.value)}"
    half = width_of(words, SMALL) / 2
    at = min(max(x, left + half), right - half)
    return [
        Stroke(x, top - _LABEL, x, bottom, "axis", dashed=True),
        Label(at, (top - _LABEL) / 2, words, SMALL, "center"),
    ]


def _entries(rows: Sequence[Ranked]) -> list[tuple[Sign, str]]:
    known = [row for row in rows if not isinstance(row.value, Gap)]
    entries: list[tuple[bool, Sign, str]] = [
        (any(not row.small for row in known), swatch("main"), "已知企业的数值"),
        (any(row.small for row in known), swatch("tint"), "企业数少（*），不宜比较"),
        (any(row.high > row.low for row in known), _bounds_sign, "未知补齐后的界限"),
        (any(row.value is Gap.UNKNOWN for row in rows), swatch("hatch"), "未知，可能的范围"),
    ]
    return [(sign, words) for shown, sign, words in entries if shown]


def _alt(rows: Sequence[Ranked], line: Line | None) -> str:
    head = f"排序条形图（{line.name}{percent(line.value)}）：" if line else "排序条形图："
    return head + "；".join(_sentence(row) for row in rows) + "。"


def _sentence(row: Ranked) -> str:
    if row.value is Gap.NOT_APPLICABLE:
        return f"{row.name}{row.value.value}"
    said = f"{row.name}{say(row.value)}（{row.base}家）"
    if row.high > row.low:
        said += f"，介于{percent(row.low)}与{percent(row.high)}之间"
    return said
