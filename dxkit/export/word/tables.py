"""How a table's grid is written in WordprocessingML."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from lxml.html import HtmlElement

from dxkit.export.grid import Cell, Grid
from dxkit.export.vocabulary import classes
from dxkit.export.word.markup import Markup, m
from dxkit.export.word.paragraphs import paragraph
from dxkit.export.word.reference import Reference

_ROW_HEIGHT = 510  # 0.9 cm in twentieths of a point
_TWIPS_PER_MM = 56.7
_INSETS = 160  # room left and right of a cell's text, as in the table style
_SHADES = {"open": "E6E6E6"}
_ALIGNMENTS = {"num": "right", "mid": "center"}
_WITHOUT_STYLE = {*_ALIGNMENTS, "seal-box"}


@dataclass(frozen=True)
class Look:
    """How wide a table is, in twentieths of a point, and whether it all stays on one page.

    A table to `keep` also stays with what follows it.
    """

    width: int
    keep: bool
    whole: bool = False


@dataclass(frozen=True)
class CellLook:
    """What a cell's paragraphs need: style key, alignment, room across, what they stay with."""

    style: str
    align: str
    room: int
    keep: bool


Fill = Callable[[HtmlElement, CellLook], Iterable[Markup]]


def table(made: Grid, reference: Reference, look: Look, fill: Fill) -> Markup:
    """Return a table whose cells' paragraphs are made by `fill`."""
    edges = _edges(made.shares, look.width)
    properties = m(
        "tblPr",
        m("tblStyle", val=reference.style("table")),
        m("tblW", w=look.width, type="dxa"),
        m("jc", val="center"),
        m("tblLayout", type="fixed"),
    )
    columns = [m("gridCol", w=right - left) for left, right in pairwise(edges)]
    writer = _Rows(made, edges, reference, fill)
    staying = len(made.rows) - (not look.keep) if look.keep or look.whole else made.heads
    rows = [writer.row(number, number < staying) for number in range(len(made.rows))]
    return m("tbl", properties, m("tblGrid", *columns), *rows)


def _edges(shares: list[float], width: int) -> list[int]:
    """Return where columns begin and end, so that rounding never adds up."""
    return [0, *(round(edge * width) for edge in accumulate(shares))]


class _Rows:
    """Writes the rows of one table."""

    def __init__(self, made: Grid, edges: list[int], reference: Reference, fill: Fill) -> None:
        self._grid = made
        self._edges = edges
        self._empty_style = reference.style("td")
        self._fill = fill

    def row(self, number: int, keep: bool) -> Markup:
        starting = self._grid.rows[number]
        reaching = [cell for (row, _), cell in self._grid.covered.items() if row == number]
        least = max((self._grid.height_of(cell) for cell in starting), default=0)
        properties = m(
            "trPr",
            m("cantSplit"),
            m("trHeight", val=max(_ROW_HEIGHT, round(least * _TWIPS_PER_MM)), hRule="atLeast"),
            m("tblHeader") if number < self._grid.heads else None,
        )
        cells = sorted((*starting, *reaching), key=lambda cell: cell.column)
        written = (self._cell(cell, cell.row == number, keep) for cell in cells)
        return m("tr", properties, *written)

    def _cell(self, cell: Cell, starts: bool, keep: bool) -> Markup:
        room = self._edges[cell.column + cell.colspan] - self._edges[cell.column]
        names = tuple(classes(cell.element))
        properties = _cell_properties(names, (cell.rowspan, cell.colspan), starts, room)
        if not starts:
            return m("tc", properties, paragraph(self._empty_style, keep_next=keep))
        align = next((_ALIGNMENTS[name] for name in names if name in _ALIGNMENTS), "")
        look = CellLook(_style_key(cell.element.tag, names), align, room - _INSETS, keep)
        return m("tc", properties, *self._fill(cell.element, look))


@lru_cache(maxsize=1024)
def _cell_properties(
    names: tuple[str, ...], spans: tuple[int, int], starts: bool, width: int
) -> Markup:
    down, across = spans
    shade = next((_SHADES[name] for name in names if name in _SHADES), "")
    merged = m("vMerge", val="restart") if starts else m("vMerge")
    return m(
        "tcPr",
        m("tcW", w=width, type="dxa"),
        m("gridSpan", val=across) if across > 1 else None,
        merged if down > 1 else None,
        m("shd", val="clear", color="auto", fill=shade) if shade else None,
        m("vAlign", val="bottom" if "seal-box" in names else "center"),
    )


def _style_key(tag: str, names: tuple[str, ...]) -> str:
    if tag == "th":
        return "th"
    return next((name for name in names if name not in _WITHOUT_STYLE), "td")
