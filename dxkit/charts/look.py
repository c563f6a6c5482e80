"""How marks look on paper: colours, line weights and hatches, as the style file gives them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from matplotlib import rc_params_from_file
from matplotlib.colors import to_rgba

from dxkit.charts.chart import ChartError
from dxkit.charts.picture import Fill, Tone, Weight
from dxkit.errors import Problem
from dxkit.paths import templates

Colour: TypeAlias = tuple[float, float, float, float]
"""Red, green, blue and opacity, each from 0 to 1."""

WHITE: Colour = (1.0, 1.0, 1.0, 1.0)

# Colours that the style names by their order: main, grey, tint, ground.
_ROLES = ("main", "grey", "tint", "ground")
# How much of the main colour each shade holds, the rest being white: blends that every picture's
# palette has anyway; the second last is dark enough for white letters.
_SHADES: dict[Fill, float] = {
    "shade1": 1 / 7,
    "shade2": 2 / 7,
    "shade3": 3 / 7,
    "shade4": 5 / 7,
    "shade5": 1.0,
}
_HATCHES: dict[Fill, str] = {"hatch": "/////", "dots": "....", "cross": "xxxx"}


@dataclass(frozen=True)
class Pen:
    """The colour of a line, its width in points, and how long and far apart its dashes are."""

    colour: Colour
    width: float
    dashes: tuple[float, ...]


@dataclass(frozen=True)
class Look:
    """What the style file says, by the roles that marks name; fills of no colour are not in it."""

    dpi: float
    paper: Colour
    fills: dict[Fill, Colour]
    inks: dict[Tone, Colour]
    pens: dict[Weight, Pen]
    outline: Pen
    hatching: Pen

    def colours(self) -> list[Colour]:
        """Return every colour that a mark may have and that is no blend of others, each once."""
        pens = (*self.pens.values(), self.outline, self.hatching)
        fills = (colour for fill, colour in self.fills.items() if fill not in _SHADES)
        found = (*fills, *self.inks.values(), *(pen.colour for pen in pens))
        return list(dict.fromkeys((self.paper, WHITE, *found)))


def hatch(fill: Fill) -> str | None:
    """Return the pattern that fills an area, as matplotlib spells it; None for a plain one."""
    return _HATCHES.get(fill)


def style_file() -> Path:
    """Return the style file a user edits to change the look of all charts."""
    return templates() / "charts" / "dxkit.mplstyle"


def look() -> Look:
    """Return the look of all charts; the style file is read again only when it has changed.

    Raises:
        ChartError: there is no style file, or it names too few colours.
    """
    path = style_file()
    if not path.is_file():
        raise ChartError(Problem(str(path), found="没有这个文件", expected="图表样式文件"))
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Look:
    # Starting from the defaults keeps a user's own matplotlib settings out of the reports.
    style: Any = rc_params_from_file(path, use_default_template=True)
    named = [to_rgba(colour) for colour in style["axes.prop_cycle"].by_key()["color"]]
    if len(named) < len(_ROLES):
        found, expected = f"{len(named)}种颜色", f"{len(_ROLES)}种颜色"
        raise ChartError(Problem(str(path), "axes.prop_cycle", found, expected))
    main, grey, tint, ground = named[: len(_ROLES)]

    def pen(colour: str, width: str) -> Pen:
        thick = float(style[width])
        dashes = tuple(length * thick for length in style["lines.dashed_pattern"])
        return Pen(to_rgba(style[colour]), thick, dashes)

    return Look(
        dpi=float(style["figure.dpi"]),
        paper=to_rgba(style["figure.facecolor"]),
        fills={
            "main": main,
            "grey": grey,
            "tint": tint,
            "ground": ground,
            **{shade: _diluted(main, share) for shade, share in _SHADES.items()},
            **dict.fromkeys(("paper", "hatch", "dots", "cross"), WHITE),
        },
        inks={
            "ink": to_rgba(style["text.color"]),
            "soft": to_rgba(style["axes.labelcolor"]),
            "paper": WHITE,
        },
        pens={
            "grid": pen("grid.color", "grid.linewidth"),
            "axis": pen("axes.edgecolor", "axes.linewidth"),
            "bold": pen("text.color", "lines.linewidth"),
        },
        outline=pen("patch.edgecolor", "patch.linewidth"),
        hatching=pen("hatch.color", "hatch.linewidth"),
    )


def _diluted(colour: Colour, share: float) -> Colour:
    """Return a colour mixed with white, of which it is a share."""
    red, green, blue = (1 - share * (1 - part) for part in colour[:3])
    return red, green, blue, 1.0
