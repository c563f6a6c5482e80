"""How a picture becomes pixels: the only module that draws, straight on matplotlib's Agg canvas.

A chart has hundreds of marks and a region thousands of charts, so there are no figures and no
artists in between: they take longer than the drawing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import floor
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path as Outline
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from dxkit import fonts
from dxkit.charts import letters, png
from dxkit.charts.look import Colour, Look, Pen, hatch, look
from dxkit.charts.picture import Box, Diamond, Dot, Fill, Label, Mark, Picture, Stroke
from dxkit.errors import FontError, Problem

_CM_PER_INCH = 2.54
_CM_PER_POINT = _CM_PER_INCH / 72
# Half the height of a Chinese character or a digit above its baseline, in em.
_BASELINE = 0.37

_IN_PLACE = IdentityTransform()
_FOUR_CORNERS = np.array([1, 2, 2, 2, 79], dtype=Outline.code_type)
_CIRCLE = Outline.unit_circle()
_ROUND: NDArray[np.float64] = np.array(_CIRCLE.vertices)


def to_png(picture: Picture) -> bytes:
    """Return `picture` in its true size as PNG; the same picture always gives the same bytes.

    Raises:
        FontError: a text holds characters that the font would show as boxes.
        ChartError: the style file is unusable.
    """
    _refuse_missing_glyphs(picture)
    style = look()
    return png.encoded(pixels(picture, style), style)


def pixels(picture: Picture, style: Look) -> NDArray[np.uint8]:
    """Return the drawn picture, rows of red, green, blue and opacity."""
    canvas = _Canvas(picture, style)
    for mark in picture.marks:
        _DRAWN[type(mark)](canvas, mark)
    return np.asarray(canvas.agg.buffer_rgba())


def _refuse_missing_glyphs(picture: Picture) -> None:
    texts = dict.fromkeys(mark.text for mark in picture.marks if isinstance(mark, Label))
    missing = {text: fonts.missing_glyphs(fonts.sans(), text) for text in texts}
    problems = [
        Problem("图表文字", text, f"字体中没有的字符“{absent}”", "换用字体中有的字")
        for text, absent in missing.items()
        if absent
    ]
    if problems:
        raise FontError(problems)


class _Canvas:
    """A sheet of a picture's size in the look of `style`; Agg counts pixels from below."""

    def __init__(self, picture: Picture, style: Look) -> None:
        self.style = style
        self.per_cm = style.dpi / _CM_PER_INCH
        width, self._height = picture.width * self.per_cm, picture.height * self.per_cm
        self.agg: Any = RendererAgg(width, self._height, style.dpi)  # type: ignore[no-untyped-call]
        self.fill(_rectangle(0, 0, width, self._height), style.paper, None)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the picture lies, in pixels from the lower left."""
        return x * self.per_cm, self._height - y * self.per_cm

    def fill(self, outline: Outline, inside: Colour | None, pen: Pen | None) -> None:
        """Draw an area of one colour."""
        self._draw(_context(pen, "butt", "miter"), outline, inside)

    def pattern(self, outline: Outline, lines: str) -> None:
        """Draw a pattern over an area of any shape."""
        self._draw(_hatching(lines, self.style.hatching), outline, None)

    def tiles(self, left: float, lower: float, right: float, upper: float, lines: str) -> None:
        """Draw a pattern over a rectangle, whose edges lie on whole pixels as Agg's do.

        Agg makes a pattern anew for every area, which takes as long as all else in a chart.
        """
        tile = _tile(lines, self.style.hatching, int(self.style.dpi))
        across = np.arange(floor(left + 0.5), floor(right + 0.5))
        down = np.arange(*(floor(int(self._height) - y + 0.5) for y in (upper, lower)))
        if len(across) and len(down):
            image = tile[np.ix_(down % len(tile), across % len(tile))]
            self.paste(image, across[0], int(self._height) - down[-1] - 1)

    def paste(self, image: NDArray[np.uint8], left: int, lower: int) -> None:
        """Draw pixels (red, green, blue, opacity); Agg takes the lowest row first."""
        context = GraphicsContextBase()
        self.agg.draw_image(context, left, lower, np.ascontiguousarray(image[::-1]))

    def line(self, outline: Outline, pen: Pen, dashed: bool) -> None:
        """Draw a line."""
        context = _context(pen, "butt" if dashed else "projecting", "round")
        if dashed:
            context.set_dashes(0, pen.dashes)
        self._draw(context, outline, None)

    def _draw(self, context: Any, outline: Outline, inside: Colour | None) -> None:
        self.agg.draw_path(context, outline, _IN_PLACE, inside)


@lru_cache(maxsize=16)
def _tile(lines: str, pen: Pen, side: int) -> NDArray[np.uint8]:
    """Return the square of pixels that a pattern repeats, an inch wide, on nothing."""
    agg: Any = RendererAgg(side, side, side)  # type: ignore[no-untyped-call]
    agg.draw_path(_hatching(lines, pen), _rectangle(0, 0, side, side), _IN_PLACE, None)
    return np.array(agg.buffer_rgba())


def _hatching(lines: str, pen: Pen) -> Any:
    context = _context(None, "butt", "miter")
    context.set_hatch(lines)
    context.set_hatch_color(pen.colour)
    context.set_hatch_linewidth(pen.width)
    return context


def _context(pen: Pen | None, cap: str, join: str) -> Any:
    context: Any = GraphicsContextBase()
    context.set_linewidth(0 if pen is None else pen.width)
    if pen is not None:
        context.set_foreground(pen.colour, isRGBA=True)
    context.set_capstyle(cap)
    context.set_joinstyle(join)
    return context


def _rectangle(left: float, lower: float, right: float, upper: float) -> Outline:
    corners = [(left, lower), (right, lower), (right, upper), (left, upper), (left, lower)]
    return Outline(corners, _FOUR_CORNERS)


def _area(canvas: _Canvas, outline: Outline, fill: Fill) -> None:
    inside, pen = canvas.style.fills.get(fill), canvas.style.outline
    if lines := hatch(fill):
        canvas.fill(outline, inside, None)
        canvas.pattern(outline, lines)
        canvas.fill(outline, None, pen)
    else:
        canvas.fill(outline, inside, pen)


def _box(canvas: _Canvas, box: Box) -> None:
    left, upper = canvas.at(box.x, box.y)
    right, lower = canvas.at(box.x + box.width, box.y + box.height)
    outline = _rectangle(left, lower, right, upper)
    inside = canvas.style.fills.get(box.fill)
    pen = canvas.style.outline if box.outlined else None
    if lines := hatch(box.fill):
        canvas.fill(outline, inside, None)
        canvas.tiles(left, lower, right, upper, lines)
        inside = None
    canvas.fill(outline, inside, pen)


def _dot(canvas: _Canvas, dot: Dot) -> None:
    middle, radius = canvas.at(dot.x, dot.y), dot.radius * canvas.per_cm
    _area(canvas, Outline(_ROUND * radius + middle, _CIRCLE.codes), dot.fill)


def _diamond(canvas: _Canvas, diamond: Diamond) -> None:
    x, y, r = diamond.x, diamond.y, diamond.radius
    corners = [(x - r, y), (x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    _area(canvas, Outline([canvas.at(*at) for at in corners], _FOUR_CORNERS), diamond.fill)


def _stroke(canvas: _Canvas, stroke: Stroke) -> None:
    ends = [canvas.at(stroke.x1, stroke.y1), canvas.at(stroke.x2, stroke.y2)]
    canvas.line(Outline(ends), canvas.style.pens[stroke.weight], stroke.dashed)


def _label(canvas: _Canvas, label: Label) -> None:
    drop = _BASELINE * label.size * _CM_PER_POINT
    x, y = canvas.at(label.x + drop * label.turned, label.y + drop * (not label.turned))
    line = letters.line(label.text, label.size, canvas.style.dpi)
    image = line.coloured(canvas.style.inks[label.tone])
    along = -line.width * {"left": 0.0, "center": 0.5, "right": 1.0}[label.anchor] + line.start
    if label.turned:
        left, lower = x + line.below - len(line.ink), y + along
        image = np.rot90(image)
    else:
        left, lower = x + along, y - line.below
    canvas.paste(image, round(left), round(lower))


_DRAWN: Mapping[type[Mark], Callable[[_Canvas, Any], None]] = {
    Box: _box,
    Dot: _dot,
    Diamond: _diamond,
    Stroke: _stroke,
    Label: _label,
}
