"""How each kind of block of a form is written as a table with its hidden marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dxkit.case.words import label_with_unit
from dxkit.definitions.printing_fit import ROW_LABEL
from dxkit.export.word.paragraphs import gap
from dxkit.export.word.xml import Element, w
from dxkit.forms import marks
from dxkit.forms.marks import Mark, checksum, mark
from dxkit.forms.paper.columns import NUMBER_WIDTH, least_width, widths
from dxkit.forms.paper.sheets import (
    Card,
    Cards,
    Entry,
    Form,
    Grid,
    Line,
    Pair,
    Pairs,
    Rows,
    Signing,
)
from dxkit.forms.word.balance import balanced
from dxkit.forms.word.content import said
from dxkit.forms.word.places import ROOM, narrow, roomy, to_sign
from dxkit.forms.word.runs import (
    BASIS_SIGNS,
    hidden,
    lines_of,
    marked,
    paragraph,
    raised,
    words,
)
from dxkit.forms.word.tables import (
    Cell,
    Row,
    keep_together,
    keep_with_next,
    push_down,
    table,
)
from dxkit.forms.written.printed import NOT_APPLICABLE, NOT_KNOWN
from dxkit.models.annex import NUMERIC, Field, FieldType

SEAL_HEIGHT, SIGN_HEIGHT = 46.0, 20.0
_LABEL_WIDTHS = {2: 34.0, 3: 32.0}
"""How wide the labels of a page are in millimetres, by how many may share a line."""
_LOW, _HIGH = 7.0, 9.0
_BETWEEN_TABLES, _BELOW_LETTER = 4.0, 8.0  # points
_TOLD_ON_CARDS = 2
_CHARACTERS = {"FormLabel": 3.53, "FormHead": 3.18}
_LABEL_CHARACTER, _LABEL_LINE, _SIGN_LINE, _BOX_PADDING = 3.53, 4.3, 5.3, 2.6
_KEPT = {2: 2, 3: 1}
"""How many lines of labels stay with the boxes below them, by how many may share a line."""
_TALL = {2: 14.0, 3: 10.0}
_WIDE = 200
_GRID_LABEL_SHARE = 0.34
_FIGURES = re.compile(rf"[-\d.]+%?|{NOT_KNOWN}|[是否]|{NOT_APPLICABLE}")
_ADDRESS = re.compile("[^，。；：]{1,40}：")
_TICK, _WIDEST_TICKS = 3.6, 62
_CENTRED = NUMERIC | {
    FieldType.DATE,
    FieldType.DATETIME,
    FieldType.TIME,
    FieldType.YES_NO,
}


def labelled(
    style: str, text: str, field: Field, kind: str, *parts: object, width: float = 0.0
) -> Element:
    """Return the label of a field with the sign of what it rests on, and its hidden mark.

    Where its width in millimetres is known, a label of two lines is broken by its sense.
    """
    sign = BASIS_SIGNS.get(field.basis, "")
    made = mark(kind, sign + text, *parts)
    before = [raised(sign)] if sign else []
    if width:
        room = (width - _BOX_PADDING) / _CHARACTERS[style] - len(sign) / 2
        text = balanced(text, room)
    first, *more = text.split("\n")
    broken = (run for line in more for run in (w("r", w("br")), *words(line)))
    return paragraph(style, [hidden(made.spelt()), *before, *words(first), *broken])


def text_of(paragraphs: Iterable[Element]) -> str:
    """Return the words that stand in some paragraphs."""
    return said(paragraphs).text


def heading(style: str, text: str, **options: bool) -> Element:
    """Return printed words that belong to no field."""
    return marked(style, text, mark(marks.STATIC, text), **options)


def header(lines: Sequence[tuple[str, str]], room: float) -> Element:
    """Return the common head of a form, two labels to a line, three on a wide page."""
    across = 3 if room > _WIDE else 2
    label = _LABEL_WIDTHS[across]
    rows = []
    for start in range(0, len(lines), across):
        beside = lines[start : start + across]
        value = room / len(beside) - label
        cells = [cell for pair in beside for cell in _header_cells(*pair, label, value)]
        low = all(text for _, text in beside)
        rows.append(Row(tuple(cells), height=_LOW if low else _HIGH))
    return table(rows)


def _header_cells(label: str, text: str, label_width: float, width: float) -> Iterator[Cell]:
    told = mark(marks.HEADER, label, checksum(text))
    yield Cell(label_width, (marked("FormLabel", label, told),))
    yield Cell(width, (paragraph("FormCell", words(text)),))


def pairs(block: Pairs, room: float, card: str = "") -> Element:
    """Return lines of labels and places; on a card they name its row.

    Before boxes to sign in the last lines stay on the page of the boxes.
    """
    lines = [_pair_line(line, room, card) for line in block.lines]
    if block.before_boxes:
        keep_together(lines[-_KEPT[3 if room > _WIDE else 2] :])
    return table(lines)


def _pair_line(line: Sequence[Pair], room: float, card: str) -> Row:
    shares = sum(pair.span for pair in line)
    label = _LABEL_WIDTHS[shares]
    cells: list[Cell] = []
    for pair in line:
        value = room * pair.span / shares - label
        paragraphs = roomy(pair.entry, value)
        cells += [
            Cell(label, (pair_label(pair, paragraphs, card, label),)),
            Cell(value, paragraphs, "center"),
        ]
    to_write = line[0].field.type is FieldType.LONG_TEXT and not line[0].entry.text
    return Row(tuple(cells), height=_TALL[shares] if to_write else _HIGH)


def pair_label(pair: Pair, value: Iterable[Element], card: str = "", width: float = 0.0) -> Element:
    """Return the label of a place; a derived one is filled in by the tool and not read back."""
    if pair.field.type is FieldType.COMPUTED:
        told = checksum(text_of(value))
        return labelled("FormLabel", pair.label, pair.field, marks.HEADER, told, width=width)
    if card:
        parts = (*card.split(":"), pair.path)
        return labelled("FormLabel", pair.label, pair.field, marks.DETAIL, *parts, width=width)
    return labelled("FormLabel", pair.label, pair.field, marks.FIELD, pair.path, width=width)


def signing(block: Signing, room: float, card: str = "") -> Element:
    """Return boxes to sign and seal in, big enough for a round seal of 42 mm."""
    lines = [_signing_line(line, room, card) for line in block.lines]
    keep_together(lines[:-1])
    return table(lines)


def _signing_line(line: Sequence[Pair], room: float, card: str) -> Row:
    sealed = any(pair.field.type is FieldType.SEAL for pair in line)
    height, share = SEAL_HEIGHT if sealed else SIGN_HEIGHT, room / len(line)
    cells = (Cell(share, _box(pair, share, height, card), "top") for pair in line)
    return Row(tuple(cells), height=height)


def _box(pair: Pair, width: float, height: float, card: str) -> tuple[Element, ...]:
    """Return what stands in a box: its label at the top, where to sign or seal at the bottom."""
    label, (first, *more) = pair_label(pair, (), card), to_sign(pair.entry)
    lines = lines_of(pair.label, (width - _BOX_PADDING) / _LABEL_CHARACTER)
    taken = lines * _LABEL_LINE + (1 + len(more)) * _SIGN_LINE + _BOX_PADDING
    push_down(first, max(height - taken, 0.0))
    label[0].append(w("jc", val="left"))
    return label, first, *more


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


def choices_told(choices: Sequence[str]) -> str:
    """Return in one paragraph what may be written in narrow columns."""
    return f"{'。　'.join(choices)}。"


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
        narrow(entry, _cell_style(entry), size)
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
    return Row(tuple(cells), height=_LOW if _is_full(line) else _HIGH)


def _is_full(line: Line) -> bool:
    """Tell whether nothing is left to be written in a row."""
    return line.sent and all(entry.text for entry in line.entries)


def _cell_style(entry: Entry) -> str:
    computed = entry.field.type is FieldType.COMPUTED and _FIGURES.fullmatch(entry.text)
    centred = computed or entry.text == NOT_KNOWN or entry.field.type in _CENTRED
    return "FormHead" if centred else "FormCell"


def cards(block: Cards, form: Form, room: float, first: bool) -> Iterator[Element]:
    """Yield the sheets of a table printed as cards, each beginning a page.

    The first does so only if it is a paper to sign of its own and not the `first` thing of a form.
    A sheet that begins a page says of which form it is and whose.
    """
    for number, card in enumerate(block.cards):
        if number > 0 or (bool(block.text) and not first):
            yield heading("FormCardTitle", f"{form.mark}　{form.title}", new_page=True)
            yield heading("FormCardHead", _whose(form), keep=True)
        yield _card_heading(block, card)
        yield from notes(block.note if number == 0 else "")
        yield from letter(block.text)
        if block.text:
            yield gap("FormBody", _BELOW_LETTER)
        yield from _card(block, card, room)


def _whose(form: Form) -> str:
    """Return in one line which project and enterprise a sheet belongs to."""
    told = (f"{label}：{text or ROOM}" for label, text in form.header[:_TOLD_ON_CARDS])
    return "　　".join(told)


def _card_heading(block: Cards, card: Card) -> Element:
    title = (block.title or block.field.label) + card.title * (len(block.cards) > 1)
    told: Mark = mark(marks.CARD, title, block.field.key, card.name)
    return marked("FormHeading", title, told)


def notes(note: str) -> Iterator[Element]:
    """Yield what is to be observed in filling in a section."""
    for line in note.split("\n") if note else ():
        yield heading("FormNote", line, keep=True)


def letter(paragraphs: Iterable[str], fine: bool = False) -> Iterator[Element]:
    """Yield the fixed text of a form; who is addressed stands at the edge.

    A `fine` text stays with what is filled in below it.
    """
    usual = "FormPledge" if fine else "FormText"
    for text in paragraphs:
        for line in text.split("\n"):
            style = "FormAddress" if _ADDRESS.fullmatch(line) else usual
            yield heading(style, line, keep=fine)


def _card(block: Cards, card: Card, room: float) -> Iterator[Element]:
    """Yield the tables of a card, parted so that they do not become one.

    What stands before the boxes to sign in stays on their page, of a list its last row.
    """
    name = f"{block.field.key}:{card.name}"
    for number, part in enumerate(card.blocks):
        if number > 0:
            before_boxes = isinstance(part, Signing)
            parting = gap("FormBody", _BETWEEN_TABLES)
            if before_boxes:
                keep_with_next([parting])
            yield parting
        signed = any(isinstance(each, Signing) for each in card.blocks[number + 1 : number + 2])
        match part:
            case Pairs():
                yield pairs(part, room, name)
            case Signing():
                yield signing(part, room, name)
            case Rows():
                yield from rows(part, room, before_boxes=signed)


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
    return Row(tuple(cells), height=_HIGH if to_write else _LOW)


def _grid_place(pair: Pair, width: float) -> tuple[Element, ...]:
    if pair.entry.options:
        return roomy(pair.entry, width, "FormCell")
    return narrow(pair.entry, _cell_style(pair.entry), width)
