"""How one share became another: where it began, what each cause added or took, where it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import Chart, drawable, finish, require
from dxkit.charts.legend import Sign, legend, swatch
from dxkit.charts.lettering import SMALL, block, block_height, line_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Fill, Label, Mark, Picture, Stroke
from dxkit.charts.scale import scale
from dxkit.percentages import percent, points

_NAME = 4.3
_VALUE = 2.6
_GAP = 0.25
_BAR = 0.4
_PADDING = 0.14


@dataclass(frozen=True)
class Cause:
    """One cause and by how much it moved the share."""

    name: str
    by: float


@dataclass(frozen=True)
class Stand:
    """The share at one time."""

    name: str
    value: float


def waterfall(
    before: Stand, causes: Sequence[Cause], after: Stand, width_cm: float = TEXT_WIDTH
) -> Chart:
    """Draw the share before, a bar for each cause where the last one ended, and the share after.

    Raises:
        ChartError: there is no cause, or a number that is none.
    """
    return finish(compose(before, causes, after, width_cm), _alt(before, causes, after))


def compose(
    before: Stand, causes: Sequence[Cause], after: Stand, width_cm: float = TEXT_WIDTH
) -> Picture:
    """Return the marks of `waterfall`."""
    require(causes, "变化分解图")
    left, right = _NAME + _GAP, width_cm - _VALUE - _GAP
    bars: list[tuple[str, float, float, Fill, str]] = [
        (before.name, 0.0, before.value, "main", percent(before.value))
    ]
    at = before.value
    for cause in causes:
        fill: Fill = "tint" if cause.by >= 0 else "hatch"
        bars.append((cause.name, at, at + cause.by, fill, points(cause.by)))
        at += cause.by
    bars.append((after.name, 0.0, after.value, "main", percent(after.value)))
    marks: list[Mark] = []
    y = 0.1
    joint: tuple[float, float] | None = None
    for name, start, end, fill, words in bars:
        lines = wrap(name, _NAME)
        height = max(block_height(lines), _BAR) + 2 * _PADDING
        middle = y + height / 2
        x1, x2 = (left + (right - left) * drawable(each) for each in (start, end))
        if joint is not None:
            marks.append(Stroke(joint[0], joint[1], joint[0], middle - _BAR / 2, "axis", True))
        marks += [
            *block(lines, 0, middle),
            Box(min(x1, x2), middle - _BAR / 2, abs(x2 - x1), _BAR, fill),
            Label(width_cm, middle, words, anchor="right"),
            Stroke(0, y + height, width_cm, y + height),
        ]
        joint = x2, middle + _BAR / 2
        y += height
    foot = y + line_height(SMALL)
    entries: list[tuple[Sign, str]] = [
        (swatch("tint"), "提高（百分点）"),
        (swatch("hatch"), "降低（百分点）"),
    ]
    explained, bottom = legend(entries, left, foot + _PADDING, width_cm)
    return Picture(width_cm, bottom + 0.05, (*scale(left, right, 0.1, y), *marks, *explained))


def _alt(before: Stand, causes: Sequence[Cause], after: Stand) -> str:
    moved = "；".join(f"{cause.name}{points(cause.by)}个百分点" for cause in causes)
    return (
        f"变化分解图：{before.name}{percent(before.value)}；{moved}；"
        f"{after.name}{percent(after.value)}。"
    )
