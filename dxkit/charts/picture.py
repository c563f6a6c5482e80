"""What a chart is made of before it is drawn: marks on paper, measured in centimetres.

The origin is the upper left corner and y grows downwards, as one reads a page. Fills and tones are
named by their role; only `look` knows which colour or hatch a role has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Shade: TypeAlias = Literal["shade1", "shade2", "shade3", "shade4", "shade5"]
"""The main colour in five strengths, from faint to full, for amounts that are read from a map."""
Fill: TypeAlias = (
    Literal["main", "grey", "tint", "ground", "paper", "hatch", "dots", "cross", "clear"] | Shade
)
Tone: TypeAlias = Literal["ink", "soft", "paper"]
Anchor: TypeAlias = Literal["left", "center", "right"]
Weight: TypeAlias = Literal["grid", "axis", "bold"]

TEXT_WIDTH = 15.6
"""Width of the text block of an upright A4 page, in cm."""
WIDE = 24.0
"""Width of the text block of a landscape A4 page, in cm."""


@dataclass(frozen=True)
class Box:
    """A rectangle with its upper left corner at (x, y)."""

    x: float
    y: float
    width: float
    height: float
    fill: Fill = "paper"
    outlined: bool = True


@dataclass(frozen=True)
class Dot:
    """A filled circle around (x, y)."""

    x: float
    y: float
    radius: float
    fill: Fill = "main"


@dataclass(frozen=True)
class Diamond:
    """A square standing on its corner, around (x, y)."""

    x: float
    y: float
    radius: float
    fill: Fill = "paper"


@dataclass(frozen=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: Weight = "grid"
    dashed: bool = False


@dataclass(frozen=True)
class Label:
    """One line of text whose vertical middle is y and whose `anchor` is x; `size` in points.

    A `turned` line reads upwards: its middle is x, and it starts at y.
    """

    x: float
    y: float
    text: str
    size: float = 9
    anchor: Anchor = "left"
    tone: Tone = "ink"
    turned: bool = False


Mark: TypeAlias = Box | Dot | Diamond | Stroke | Label


@dataclass(frozen=True)
class Picture:
    """Marks on a sheet of `width` by `height` cm; later marks lie on top of earlier ones."""

    width: float
    height: float
    marks: tuple[Mark, ...]
