"""The scale of per cent that charts of shares stand on."""

from __future__ import annotations

from dxkit.charts.lettering import SMALL
from dxkit.charts.picture import Label, Mark, Stroke

_BELOW = 0.25
"""Centimetres from the scale to its numbers."""


def scale(left: float, right: float, top: float, bottom: float) -> list[Mark]:
    """Return a line for each quarter from 0 to 100 per cent, with its number below."""
    marks: list[Mark] = []
    for percentage in (0, 25, 50, 75, 100):
        x = left + (right - left) * percentage / 100
        marks.append(Stroke(x, top, x, bottom, "grid" if percentage else "axis"))
        marks.append(Label(x, bottom + _BELOW, f"{percentage}%", SMALL, "center", "soft"))
    return marks
