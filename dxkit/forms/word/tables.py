"""How rows and cells of a form's tables are written; widths are in millimetres."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from dxkit.export.word.xml import Element, find, w

ROW_HEIGHT, LOW = 9.0, 7.0
"""How high a row to write in is in millimetres, and one that nothing is left to write in."""
_LONGEST = 900  # characters
_TWIPS = 56.6929


@dataclass(frozen=True)
class Cell:
    """One cell: its paragraphs, how wide it is and how it looks."""

    width: float
    paragraphs: tuple[Element, ...]
    align: str = "center"
    open_above: bool = False
    open_below: bool = False


@dataclass(frozen=True)
class Row:
    """One row, broken across pages only if it is very long; a head row is repeated on each."""

    cells: tuple[Cell, ...]
    height: float = ROW_HEIGHT
    head: bool = False


def table(rows: Sequence[Row]) -> Element:
    """Return a table of rows whose cells need not stand below each other."""
    edges = sorted({edge for row in rows for edge in _edges(row)})
    properties = w(
        "tblPr",
        w("tblStyle", val="FormTable"),
        w("tblW", w=edges[-1], type="dxa"),
        w("tblLayout", type="fixed"),
    )
    columns = [w("gridCol", w=right - left) for left, right in pairwise(edges)]
    return w("tbl", properties, w("tblGrid", *columns), *(_row(row, edges) for row in rows))


def _edges(row: Row) -> list[int]:
    """Return where the cells of a row begin and end, in twentieths of a point."""
    sums = accumulate((cell.width for cell in row.cells), initial=0.0)
    return [round(round(edge, 1) * _TWIPS) for edge in sums]


def _row(row: Row, edges: Sequence[int]) -> Element:
    properties = w(
        "trPr",
        None if _is_long(row) else w("cantSplit"),
        w("trHeight", val=round(row.height * _TWIPS), hRule="atLeast"),
        w("tblHeader") if row.head else None,
    )
    spans = pairwise(_edges(row))
    cells = (
        _cell(cell, right - left, edges.index(right) - edges.index(left))
        for cell, (left, right) in zip(row.cells, spans, strict=True)
    )
    return w("tr", properties, *cells)


def _is_long(row: Row) -> bool:
    """Tell whether a row may be higher than a page, so that it would be cut if never broken."""
    return any(
        sum(len(str(part)) for each in cell.paragraphs for part in each.itertext()) > _LONGEST
        for cell in row.cells
    )


def _cell(cell: Cell, width: int, span: int) -> Element:
    sides = [("top", cell.open_above), ("bottom", cell.open_below)]
    borders = [w(side, val="nil") for side, is_open in sides if is_open]
    properties = w(
        "tcPr",
        w("tcW", w=width, type="dxa"),
        w("gridSpan", val=span) if span > 1 else None,
        w("tcBorders", *borders) if borders else None,
        w("vAlign", val=cell.align),
    )
    return w("tc", properties, *cell.paragraphs)


def push_down(paragraph: Element, millimetres: float) -> None:
    """Leave room above a paragraph."""
    paragraph[0].append(w("spacing", before=round(millimetres * _TWIPS)))


def keep_with_next(paragraphs: Iterable[Element]) -> None:
    """Keep paragraphs on the page of what follows."""
    for paragraph in paragraphs:
        if find(paragraph, "w:pPr/w:keepNext") is None:
            paragraph[0].insert(
                1 if paragraph[0].find(w("pStyle").tag) is not None else 0, w("keepNext")
            )


def keep_together(rows: Iterable[Row]) -> None:
    """Keep every paragraph of the rows on the page of the next one."""
    for row in rows:
        for cell in row.cells:
            keep_with_next(cell.paragraphs)
