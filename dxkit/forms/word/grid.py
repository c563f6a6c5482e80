"""How the rows and cells of a returned table lie: spans, merged cells, rows struck out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dxkit.export.word.xml import Element
from dxkit.forms.marks import Mark
from dxkit.forms.word.content import Said, attribute, child, name_of, said

_WRAPPERS = {"sdt", "sdtContent", "customXml", "ins", "smartTag"}


@dataclass
class Seen:
    """One cell as it lies in the file; `start` counts the columns of the grid from 0."""

    said: Said
    start: int
    span: int
    continues: bool
    place: str
    inner: list[Element]
    """Tables that stand within the cell."""
    mark: Mark | None = None
    """What the cell was printed as, once that is known; None for the place of a value."""

    @property
    def text(self) -> str:
        """Return the visible words of the cell."""
        return self.said.text


def rows_in(table: Element, number: int) -> Iterator[list[Seen]]:
    """Yield the rows of a table, the `number`th of the file, without those struck out."""
    above: dict[int, Seen] = {}
    rows = (row for row in _within(table, "tr") if child(row, "trPr", "del") is None)
    for place, row in enumerate(rows, start=1):
        cells = list(_cells(row, f"第{number}个表第{place}行"))
        for cell in cells:
            merged = above.get(cell.start) if cell.continues else None
            if merged is not None and not cell.text:
                cell.said = Said(merged.said.lines, cell.said.marks, [], merged.said.struck)
            above[cell.start] = cell
        yield cells


def _cells(row: Element, place: str) -> Iterator[Seen]:
    before = attribute(child(row, "trPr", "gridBefore"), "val")
    start = int(before) if before.isdecimal() else 0
    for number, cell in enumerate(_within(row, "tc"), start=1):
        properties = child(cell, "tcPr")
        span = _span(properties)
        if child(properties, "cellDel") is not None:
            # Whoever strikes one cell out does not mean the others to move under its head.
            start += span
            continue
        merge = child(properties, "vMerge")
        continues = merge is not None and attribute(merge, "val") != "restart"
        words = said(_within(cell, "p"))
        inner = list(_within(cell, "tbl"))
        yield Seen(words, start, span, continues, f"{place}第{number}列", inner)
        start += span


def _span(properties: Element | None) -> int:
    told = attribute(child(properties, "gridSpan"), "val")
    return max(int(told), 1) if told.isdecimal() else 1


def _within(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a name, also those that stand in wrappers."""
    for node in element:
        if name_of(node) == name:
            yield node
        elif name_of(node) in _WRAPPERS:
            yield from _within(node, name)
