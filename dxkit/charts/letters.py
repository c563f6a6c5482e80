"""How a line of text looks as pixels; lines that recur are set once in a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import floor

import numpy as np
from matplotlib.font_manager import get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from numpy.typing import NDArray

from dxkit import fonts
from dxkit.charts.look import Colour

_PER_PIXEL = 64  # FreeType counts in sixty-fourths
_POINTS_PER_INCH = 72
_BLANK = " "
_KEPT = 2048  # lines, of about five kilobytes


@dataclass(frozen=True)
class Line:
    """A line of text: how much ink each pixel bears, how far it runs, and where it stands.

    `width` and `start`, where the ink begins behind the pen, are in pixels; `below` is how many
    rows lie under the baseline.
    """

    ink: NDArray[np.uint8]
    width: float
    start: int
    below: int

    def coloured(self, colour: Colour) -> NDArray[np.uint8]:
        """Return the line in a colour: rows of red, green, blue and opacity."""
        made = np.empty((*self.ink.shape, 4), np.uint8)
        made[..., :3] = [round(255 * part) for part in colour[:3]]
        made[..., 3] = self.ink
        return made


@lru_cache(maxsize=_KEPT)
def line(text: str, size: float, dpi: float) -> Line:
    """Return `text` set in `size` points."""
    font = _font()
    font.clear()
    font.set_size(size, dpi)
    # The blank behind the text lets FreeType count whole pixels from the pen, not from the first
    # ink, which would shift the first character against the others by a part of one.
    font.set_text(text + _BLANK, 0, flags=LoadFlags.TARGET_LIGHT)
    font.draw_glyphs_to_bitmap(antialiased=True)
    ink = np.array(font.get_image())
    ink.flags.writeable = False  # it is shared
    width, height = (length / _PER_PIXEL for length in font.get_width_height())
    above = floor(height - font.get_descent() / _PER_PIXEL) + 1
    blank = fonts.text_width(fonts.sans(), _BLANK) * size * dpi / _POINTS_PER_INCH
    start = floor(font.get_bitmap_offset()[0] / _PER_PIXEL)
    return Line(ink, width - blank, start, len(ink) - above)


def _font() -> FT2Font:
    # The file itself, not a family name: no font cache and no installed font has a say. Matplotlib
    # keeps it, and opens it anew in a fork: two processes that read one open file read wrong.
    return get_font([str(fonts.sans())])
