"""A picture as a figure of matplotlib's own artists: what matplotlib itself would make of it.

Charts are drawn without artists, because those take five times as long; what is drawn is held
against them.
"""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from dxkit import fonts
from dxkit.charts.look import style_file
from dxkit.charts.picture import Box, Diamond, Dot, Label, Picture, Stroke

HATCHES = {"hatch": "/////", "dots": "....", "cross": "xxxx"}
PENS = {
    "grid": ("grid.color", "grid.linewidth"),
    "axis": ("axes.edgecolor", "axes.linewidth"),
    "bold": ("text.color", "lines.linewidth"),
}


def figure(picture: Picture) -> Figure:
    """Return the figure of a picture, in the style of the charts."""
    with mpl.style.context(style_file(), after_reset=True):
        made = Figure(figsize=(picture.width / 2.54, picture.height / 2.54))
        place = Affine2D().scale(1, -1).translate(0, picture.height).scale(1 / 2.54)
        for depth, mark in enumerate(picture.marks):
            drawn = artist(mark)
            drawn.set(transform=place + made.dpi_scale_trans, zorder=depth)
            made.add_artist(drawn)
        return made


def pixels(picture: Picture) -> np.ndarray:
    """Return the drawn figure, rows of red, green, blue and opacity."""
    made = figure(picture)
    with mpl.style.context(style_file(), after_reset=True):
        canvas = FigureCanvasAgg(made)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba()).copy()


def extents(picture: Picture) -> tuple[list[tuple[str, Any]], Any]:
    """Return each text with its box in pixels, and the size of the figure."""
    made = figure(picture)
    renderer = FigureCanvasAgg(made).get_renderer()
    found = [(text.get_text(), text.get_window_extent(renderer)) for text in made.findobj(Text)]
    return [(text, box) for text, box in found if text], made.bbox


def artist(mark: Box | Dot | Diamond | Stroke | Label) -> Artist:
    """Return the artist that draws a mark."""
    match mark:
        case Box(x, y, width, height, fill, outlined):
            line = None if outlined else 0
            return Rectangle((x, y), width, height, linewidth=line, **filling(fill))
        case Dot(x, y, radius, fill):
            return Circle((x, y), radius, **filling(fill))
        case Diamond(x, y, r, fill):
            corners = [(x - r, y), (x, y - r), (x + r, y), (x, y + r)]
            return Polygon(corners, closed=True, **filling(fill))
        case Stroke(x1, y1, x2, y2, weight, dashed):
            colour, width = (mpl.rcParams[key] for key in PENS[weight])
            style = "--" if dashed else "-"
            return Line2D([x1, x2], [y1, y2], color=colour, linewidth=width, linestyle=style)
    return letters(mark)


def filling(fill: str) -> dict[str, Any]:
    colours = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    plain = dict(zip(("main", "grey", "tint", "ground"), colours, strict=False), clear="none")
    outline = mpl.rcParams["patch.edgecolor"]
    return {
        "facecolor": plain.get(fill, "white"),
        "edgecolor": outline,
        "hatch": HATCHES.get(fill),
    }


def letters(label: Label) -> Text:
    drop = 0.37 * label.size * 2.54 / 72
    inks = {"ink": "text.color", "soft": "axes.labelcolor"}
    return Text(
        label.x + drop * label.turned,
        label.y + drop * (not label.turned),
        label.text,
        rotation=90 if label.turned else 0,
        rotation_mode="anchor",
        fontproperties=FontProperties(fname=str(fonts.sans()), size=label.size),
        color=mpl.rcParams[inks[label.tone]] if label.tone in inks else "white",
        horizontalalignment=label.anchor,
        verticalalignment="baseline",
        parse_math=False,
    )
