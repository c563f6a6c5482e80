"""How marks look on paper: the only module that knows matplotlib, colours and hatches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from dxkit import fonts
from dxkit.charts.chart import ChartError
from dxkit.charts.picture import Box, Diamond, Dot, Fill, Label, Mark, Picture, Stroke, Tone, Weight
from dxkit.errors import FontError, Problem
from dxkit.paths import templates

_CM_PER_INCH = 2.54
_CM_PER_POINT = _CM_PER_INCH / 72
# Half the height of a Chinese character or a digit above its baseline, in em.
_BASELINE = 0.37
# Colours that the style names by their order: main, grey, tint, ground.
_ROLES = 4
_COLOURS = 64
_HATCHES = {"hatch": "/////", "dots": "....", "cross": "xxxx"}


def style_file() -> Path:
    """Return the style file a user edits to change the look of all charts."""
    return templates() / "charts" / "dxkit.mplstyle"


def figure(picture: Picture) -> Figure:
    """Return `picture` as a matplotlib figure of its true size, free of pyplot's global state."""
    with _style():
        fig = Figure(figsize=(picture.width / _CM_PER_INCH, picture.height / _CM_PER_INCH))
        place = (
            Affine2D().scale(1, -1).translate(0, picture.height).scale(1 / _CM_PER_INCH)
            + fig.dpi_scale_trans
        )
        for depth, mark in enumerate(picture.marks):
            artist = _ARTISTS[type(mark)](mark)
            artist.set(transform=place, zorder=depth)
            fig.add_artist(artist)
        return fig


def to_png(fig: Figure) -> bytes:
    """Return `fig` as PNG; the same figure always gives the same bytes.

    Raises:
        FontError: a text holds characters that the font would show as boxes.
    """
    _refuse_missing_glyphs(fig)
    with _style(), BytesIO() as stream:
        canvas = FigureCanvasAgg(fig)
        canvas.draw()  # type: ignore[no-untyped-call] # matplotlib gives it no types
        # Saved by Pillow, which notes neither software nor date. Without transparency, which
        # printers and PDF/A like better, and with few colours, which takes a third of the bytes.
        pixels = Image.fromarray(
            np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        ).convert("RGB")
        few = pixels.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(stream, format="png", dpi=(fig.dpi, fig.dpi))
        return stream.getvalue()


@contextmanager
def _style() -> Iterator[None]:
    path = style_file()
    if not path.is_file():
        raise ChartError(Problem(str(path), found="没有这个文件", expected="图表样式文件"))
    # Starting from the defaults keeps a user's own matplotlib settings out of the reports.
    with matplotlib.style.context(path, after_reset=True):
        yield


def _refuse_missing_glyphs(fig: Figure) -> None:
    texts = [artist.get_text() for artist in fig.findobj(Text) if isinstance(artist, Text)]
    missing = {text: fonts.missing_glyphs(fonts.sans(), text) for text in texts}
    problems = [
        Problem("图表文字", text, f"字体中没有的字符“{absent}”", "换用字体中有的字")
        for text, absent in missing.items()
        if absent
    ]
    if problems:
        raise FontError(problems)


def _colours() -> list[str]:
    colours = [str(colour) for colour in rcParams["axes.prop_cycle"].by_key()["color"]]
    if len(colours) < _ROLES:
        found, expected = f"{len(colours)}种颜色", f"{_ROLES}种颜色"
        raise ChartError(Problem(str(style_file()), "axes.prop_cycle", found, expected))
    return colours[:_ROLES]


def _filling(fill: Fill) -> dict[str, Any]:
    main, grey, tint, ground = _colours()
    plain = {"main": main, "grey": grey, "tint": tint, "ground": ground, "clear": "none"}
    return {
        "facecolor": plain.get(fill, "white"),
        "edgecolor": rcParams["patch.edgecolor"],
        "hatch": _HATCHES.get(fill),
    }


def _ink(tone: Tone) -> str:
    inks = {"ink": rcParams["text.color"], "soft": rcParams["axes.labelcolor"], "paper": "white"}
    return str(inks[tone])


def _pen(weight: Weight) -> tuple[str, float]:
    pens = {
        "grid": (rcParams["grid.color"], rcParams["grid.linewidth"]),
        "axis": (rcParams["axes.edgecolor"], rcParams["axes.linewidth"]),
        "bold": (rcParams["text.color"], rcParams["lines.linewidth"]),
    }
    return pens[weight]


def _box(box: Box) -> Artist:
    outline = None if box.outlined else 0
    return Rectangle((box.x, box.y), box.width, box.height, linewidth=outline, **_filling(box.fill))


def _dot(dot: Dot) -> Artist:
    return Circle((dot.x, dot.y), dot.radius, **_filling(dot.fill))


def _diamond(diamond: Diamond) -> Artist:
    x, y, r = diamond.x, diamond.y, diamond.radius
    corners = [(x - r, y), (x, y - r), (x + r, y), (x, y + r)]
    return Polygon(corners, closed=True, **_filling(diamond.fill))


def _stroke(stroke: Stroke) -> Artist:
    colour, width = _pen(stroke.weight)
    return Line2D(
        [stroke.x1, stroke.x2],
        [stroke.y1, stroke.y2],
        color=colour,
        linewidth=width,
        linestyle="--" if stroke.dashed else "-",
    )


def _label(label: Label) -> Artist:
    drop = _BASELINE * label.size * _CM_PER_POINT
    return Text(
        label.x + drop * label.turned,
        label.y + drop * (not label.turned),
        label.text,
        rotation=90 if label.turned else 0,
        rotation_mode="anchor",
        # The file itself, not a family name: no font cache and no installed font has a say.
        fontproperties=FontProperties(fname=str(fonts.sans()), size=label.size),
        color=_ink(label.tone),
        horizontalalignment=label.anchor,
        verticalalignment="baseline",
        parse_math=False,
    )


_ARTISTS: Mapping[type[Mark], Callable[[Any], Artist]] = {
    Box: _box,
    Dot: _dot,
    Diamond: _diamond,
    Stroke: _stroke,
    Label: _label,
}
