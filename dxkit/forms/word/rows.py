"""How the rows of a repeating table are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dxkit.case.words import label_with_unit
from dxkit.export.word.xml import Element
from dxkit.forms import marks
from dxkit.forms.marks import checksum, mark
from dxkit.forms.paper.columns import NUMBER_WIDTH, widths
from dxkit.forms.paper.sheets import Entry, Line, Rows
from dxkit.forms.word.places import narrow
from dxkit.forms.word.runs import marked
from dxkit.forms.word.tables import LOW, ROW_HEIGHT, Cell, Row, keep_together, table
from dxkit.forms.word.wording import choices_told, heading, labelled, text_of
from dxkit.forms.written.printed import NOT_APPLICABLE, NOT_KNOWN
from dxkit.models.annex import NUMERIC, FieldType

_FIGURES = re.compile(rf"[-\d.]+%?|{NOT_KNOWN}|[是否]|{NOT_APPLICABLE}")
_CENTRED = NUMERIC | {
    FieldType.DATE,
    FieldType.DATETIME,
    FieldType.TIME,
    FieldType.YES_NO,
}


def rows(block: Rows, room: float, before_boxes: bool = False) -> Iterator[Element]:
    """Yield a repeating table with its title and what may be written in narrow columns.

    The first row stays with the head, the last one is not left alone on a page; before boxes to
    sign in it stays on theirs.
    """
    if block.title:
        yield heading("FormTableTitle", block.title)
    if block.choices:
        yield heading("FormSmall", choices_told(block.choices), keep=True)
    sizes = widths(block.columns, room - NUMBER_WIDTH)
    lines = enumerate(block.lines, start=1)
    counted = [
        _rows_line(line, place if block.card else line.number, sizes) for place, line in lines
    ]
    made = [_rows_head(block, sizes), *counted]
    keep_together(made[:2])
    keep_together(made[-2:-1])
    keep_together(made[-1:] if before_boxes else ())
    yield table(made)


def _rows_head(block: Rows, sizes: Sequence[float]) -> Row:
    cells = [Cell(NUMBER_WIDTH, (heading("FormHead", "序号"),))]
    for column, size in zip(block.columns, sizes, strict=True):
        parts = (block.field.key, column.key, block.card)
        told = label_with_unit(column)
        label = labelled("FormHead", told, column, marks.COLUMN, *parts, width=size)
        cells.append(Cell(size, (label,)))
    return Row(tuple(cells), head=True)


def _rows_line(line: Line, shown: int, sizes: Sequence[float]) -> Row:
    """Return a row; on a card rows are counted from 1, whatever number they were sent under."""
    filled = [
        narrow(entry, cell_style(entry), size)
        for entry, size in zip(line.entries, sizes, strict=True)
    ]
    derived = (
        text_of(paragraphs)
        for entry, paragraphs in zip(line.entries, filled, strict=True)
        if entry.field.type is FieldType.COMPUTED
    )
    told = checksum("".join(derived))
    if line.seeded:
        whole = checksum("".join(map(text_of, filled)))
        number = mark(marks.SEEDED_ROW, str(shown), line.number, told, whole)
    else:
        kind = marks.SENT_ROW if line.sent else marks.BLANK_ROW
        number = mark(kind, str(shown), line.number, told)
    cells = [Cell(NUMBER_WIDTH, (marked("FormHead", str(shown), number),))]
    cells += [Cell(size, paragraphs) for size, paragraphs in zip(sizes, filled, strict=True)]
    return Row(tuple(cells), height=LOW if _is_full(line) else ROW_HEIGHT)


def _is_full(line: Line) -> bool:
    """Tell whether nothing is left to be written in a row."""
    return line.sent and all(entry.text for entry in line.entries)


def cell_style(entry: Entry) -> str:
    """Return the style of a cell: figures, days and what is not known stand in its middle."""
    computed = entry.field.type is FieldType.COMPUTED and _FIGURES.fullmatch(entry.text)
    centred = computed or entry.text == NOT_KNOWN or entry.field.type in _CENTRED
    return "FormHead" if centred else "FormCell"
