"""The line under a chart that says what its signs mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from dxkit.charts.lettering import SMALL, width_of
from dxkit.charts.picture import Box, Diamond, Dot, Fill, Label, Mark, Stroke

Sign: TypeAlias = Callable[[float, float], list[Mark]]
"""Draws a sign whose left end is x and whose vertical middle is y."""

HEIGHT = 0.5
"""Height of one line of a legend, in cm."""

_SIGN = 0.6
_GAP = 0.55


def swatch(fill: Fill) -> Sign:
    """Return the sign of an area filled with `fill`."""
    return lambda x, y: [Box(x, y - 0.14, 0.46, 0.28, fill)]


def partial(fill: Fill) -> Sign:
    """Return the sign of an area that is filled to a part."""
    return lambda x, y: [
        Box(x, y - 0.14, 0.3, 0.28, fill, outlined=False),
        Box(x, y - 0.14, 0.46, 0.28, "clear"),
    ]


def dot(fill: Fill) -> Sign:
    """Return the sign of a point."""
    return lambda x, y: [Dot(x + 0.23, y, 0.13, fill)]


def diamond(fill: Fill) -> Sign:
    """Return the sign of a diamond."""
    return lambda x, y: [Diamond(x + 0.23, y, 0.17, fill)]


def tick() -> Sign:
    """Return the sign of a line across a bar."""
    return lambda x, y: [Stroke(x + 0.23, y - 0.18, x + 0.23, y + 0.18, "bold")]


def legend(
    entries: Sequence[tuple[Sign, str]], x: float, y: float, right: float
) -> tuple[list[Mark], float]:
    """Return the marks of a legend and the y under it; it starts at (x, y) and wraps at `right`."""
    marks: list[Mark] = []
    left, middle = x, y + HEIGHT / 2
    for sign, words in entries:
        width = _SIGN + width_of(words, SMALL)
        if left > x and left + width > right:
            left, middle = x, middle + HEIGHT
        marks += [*sign(left, middle), Label(left + _SIGN, middle, words, SMALL)]
        left += width + _GAP
    return marks, middle + HEIGHT / 2
