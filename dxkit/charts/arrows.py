"""Lines that turn at right angles and end in an arrow head."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

from dxkit.charts.picture import Mark, Stroke

Corner: TypeAlias = tuple[float, float]

HEAD = 0.16
"""Length of an arrow head, in cm."""

_SPREAD = 0.09


def line(*corners: Corner) -> list[Mark]:
    """Return a line through `corners`."""
    return [Stroke(*start, *end, "axis") for start, end in pairwise(corners) if start != end]


def arrow(*corners: Corner) -> list[Mark]:
    """Return a line through `corners` with a head at the last; its last part must have a length."""
    return [*line(*corners), *_head(corners[-2], corners[-1])]


def double_arrow(start: Corner, end: Corner) -> list[Mark]:
    """Return a line with a head at either end."""
    return [*arrow(start, end), *_head(end, start)]


def _head(start: Corner, tip: Corner) -> list[Mark]:
    """Return the two barbs at `tip` of a level or upright line that comes from `start`."""
    x, y = tip
    if start[1] == y:
        back = x - HEAD if x > start[0] else x + HEAD
        barbs = [(back, y - _SPREAD), (back, y + _SPREAD)]
    else:
        back = y - HEAD if y > start[1] else y + HEAD
        barbs = [(x - _SPREAD, back), (x + _SPREAD, back)]
    return [Stroke(*barb, x, y, "axis") for barb in barbs]
