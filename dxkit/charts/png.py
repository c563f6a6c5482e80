"""How drawn pixels become a PNG file: few colours, nothing transparent, no date and no software."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dxkit.charts.look import Colour, Look

_MOST = 256
# Where one colour covers another in part, so many shades lie between them.
_SHADES = 6
# Two shades nearer than this look the same, and Pillow may take one for the other.
_APART = 6
# A fifth more bytes than usual in half the time; a PDF packs its pictures anew anyway.
_COMPRESSION = 3

_Shade: TypeAlias = tuple[int, int, int]


def encoded(pixels: NDArray[np.uint8], style: Look) -> bytes:
    """Return pixels (red, green, blue, opacity) as PNG in the colours of `style` and their blends.

    Printers and PDF/A like a picture without transparency better, and few colours take a third of
    the bytes. The colours are known beforehand: to find them anew in every picture takes longer
    than to draw it.
    """
    with BytesIO() as stream:
        plain = Image.fromarray(pixels).convert("RGB")
        few = plain.quantize(palette=_palette(tuple(style.colours())), dither=Image.Dither.NONE)
        # Saved by Pillow, which notes neither software nor date.
        few.save(stream, format="png", dpi=(style.dpi, style.dpi), compress_level=_COMPRESSION)
        return stream.getvalue()


@lru_cache(maxsize=4)
def _palette(colours: tuple[Colour, ...]) -> Image.Image:
    pairs = list(combinations(colours, 2))
    parts = [part / (_SHADES + 1) for part in range(1, _SHADES + 1)]
    chosen: list[_Shade] = []
    for colour in (*colours, *(_blend(*pair, part) for part in parts for pair in pairs)):
        shade = _shade(colour)
        if not any(_alike(shade, other) for other in chosen):
            chosen.append(shade)
    made = Image.new("P", (1, 1))
    made.putpalette([part for shade in chosen[:_MOST] for part in shade])
    return made


def _blend(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue, opacity = (a + (b - a) * part for a, b in zip(one, other, strict=True))
    return red, green, blue, opacity


def _shade(colour: Colour) -> _Shade:
    red, green, blue = (round(255 * part) for part in colour[:3])
    return red, green, blue


def _alike(one: _Shade, other: _Shade) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < _APART
