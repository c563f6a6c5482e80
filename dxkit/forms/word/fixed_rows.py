"""How a grid, a table of fixed rows and columns, is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dxkit.case.words import label_with_unit
from dxkit.definitions.printing_fit import ROW_LABEL
from dxkit.export.word.xml import Element
from dxkit.forms import marks
from dxkit.forms.marks import checksum, mark
from dxkit.forms.paper.columns import NUMBER_WIDTH, least_width, widths
from dxkit.forms.paper.sheets import Grid, Pair
from dxkit.forms.word.places import narrow, roomy
from dxkit.forms.word.rows import cell_style
from dxkit.forms.word.runs import marked
from dxkit.forms.word.tables import LOW, ROW_HEIGHT, Cell, Row, keep_together, table
from dxkit.forms.word.wording import choices_told, heading, labelled, text_of
from dxkit.models.annex import Field, FieldType

_GRID_LABEL_SHARE = 0.34
_TICK, _WIDEST_TICKS = 3.6, 62


def grid(block: Grid, room: float) -> Iterator[Element]:
    """Yield a table of fixed rows and columns."""
    if block.title:
        yield heading("FormTableTitle", block.title)
    if block.choices:
        yield heading("FormSmall", choices_told(block.choices), keep=True)
    places = block.rows[0][2]
    left = room - NUMBER_WIDTH * block.field.numbered
    beside = least_width(pair.field for pair in places)
    label = min(room * _GRID_LABEL_SHARE, max(left - beside, ROW_LABEL))
    sizes = widths(map(_fitted, places), left - label)
    lines = [
        _grid_line(row, number if block.field.numbered else None, label, sizes)
        for number, row in enumerate(block.rows, start=1)
    ]
    made = [_grid_head(block, label, sizes), *lines]
    keep_together(made[:2])
    keep_together(made[-2:-1])
    yield table(made)


def _fitted(pair: Pair) -> Field:
    """Return the column, as wide as its boxes to tick need to stand in a line or two.

    In a column that few rows are asked they stand below each other.
    """
    options = pair.entry.options
    if not options or pair.field.asked_of:
        return pair.field
    needed = round(sum(len(option.label) + 2 for option in options) * _TICK) + 3
    width = max(pair.field.width or 0, min(needed, _WIDEST_TICKS))
    return pair.field.model_copy(update={"width": width})


def _grid_head(block: Grid, label: float, sizes: Sequence[float]) -> Row:
    cells = [Cell(label, (heading("FormHead", "项目"),))]
    if block.field.numbered:
        cells.insert(0, Cell(NUMBER_WIDTH, (heading("FormHead", "序号"),)))
    for pair, size in zip(block.rows[0][2], sizes, strict=True):
        column = pair.path.partition(".")[0]
        text = label_with_unit(pair.field)
        head = labelled("FormHead", text, pair.field, marks.GRID_COLUMN, column, width=size)
        cells.append(Cell(size, (head,)))
    return Row(tuple(cells), head=True)


def _grid_line(
    row: tuple[str, str, tuple[Pair, ...]],
    number: int | None,
    label: float,
    sizes: Sequence[float],
) -> Row:
    """Return a row; the first thing printed in it, its number or its label, says which it is."""
    code, text, places = row
    filled = [_grid_place(*each) for each in zip(places, sizes, strict=True)]
    derived = (
        text_of(paragraphs)
        for pair, paragraphs in zip(places, filled, strict=True)
        if pair.field.type is FieldType.COMPUTED
    )
    summed = checksum("".join(derived))
    if number is None:
        told = mark(marks.GRID_ROW, text, code, summed)
        cells = [Cell(label, (marked("FormCell", text, told),))]
    else:
        told = mark(marks.GRID_ROW, str(number), code, summed)
        cells = [
            Cell(NUMBER_WIDTH, (marked("FormHead", str(number), told),)),
            Cell(label, (heading("FormCell", text),)),
        ]
    cells += [Cell(size, paragraphs) for size, paragraphs in zip(sizes, filled, strict=True)]
    to_write = any(pair.field.type is not FieldType.COMPUTED for pair in places)
    return Row(tuple(cells), height=ROW_HEIGHT if to_write else LOW)


def _grid_place(pair: Pair, width: float) -> tuple[Element, ...]:
    if pair.entry.options:
        return roomy(pair.entry, width, "FormCell")
    return narrow(pair.entry, cell_style(pair.entry), width)
