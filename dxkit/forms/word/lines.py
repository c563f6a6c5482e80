"""How labels with their places, and boxes to sign in, are written as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dxkit.export.word.xml import Element, w
from dxkit.forms import marks
from dxkit.forms.marks import checksum, mark
from dxkit.forms.paper.sheets import Block, Pair, Pairs, Signing
from dxkit.forms.word.places import roomy, to_sign
from dxkit.forms.word.runs import lines_of, marked, paragraph, words
from dxkit.forms.word.tables import LOW, ROW_HEIGHT, Cell, Row, keep_together, push_down, table
from dxkit.forms.word.wording import BOX_PADDING, labelled, text_of
from dxkit.models.annex import FieldType

SEAL_HEIGHT, SIGN_HEIGHT = 46.0, 20.0
_LABEL_WIDTHS = {2: 34.0, 3: 32.0}
"""How wide the labels of a page are in millimetres, by how many may share a line."""
_LABEL_CHARACTER, _LABEL_LINE, _SIGN_LINE = 3.53, 4.3, 5.3
_KEPT = {2: 2, 3: 1}
"""How many lines of labels stay with the boxes below them, by how many may share a line."""
_TALL = {2: 14.0, 3: 10.0}
_WIDE = 200


def header(lines: Sequence[tuple[str, str]], room: float) -> Element:
    """Return the common head of a form, two labels to a line, three on a wide page."""
    across = 3 if room > _WIDE else 2
    label = _LABEL_WIDTHS[across]
    rows = []
    for start in range(0, len(lines), across):
        beside = lines[start : start + across]
        share = room / across
        values = [share - label] * (len(beside) - 1)
        values.append(room - share * len(values) - label)
        cells = [
            cell
            for pair, value in zip(beside, values, strict=True)
            for cell in _header_cells(*pair, label, value)
        ]
        low = all(text for _, text in beside)
        rows.append(Row(tuple(cells), height=LOW if low else ROW_HEIGHT))
    return table(rows)


def _header_cells(label: str, text: str, label_width: float, width: float) -> Iterator[Cell]:
    told = mark(marks.HEADER, label, checksum(text))
    yield Cell(label_width, (marked("FormLabel", label, told),))
    yield Cell(width, (paragraph("FormCell", words(text)),))


def with_boxes(blocks: Iterable[Block]) -> Iterator[tuple[Block, Signing | None]]:
    """Yield the blocks of a page, lines of labels together with the boxes that follow them."""
    before: Block | None = None
    for block in blocks:
        if isinstance(before, Pairs) and isinstance(block, Signing):
            yield before, block
            before = None
            continue
        if before is not None:
            yield before, None
        before = block
    if before is not None:
        yield before, None


def pairs(
    block: Pairs,
    room: float,
    card: str = "",
    boxes: Signing | None = None,
    whole: bool = False,
) -> Element:
    """Return lines of labels and places; on a card they name its row.

    They stand on one page if they are to be `whole` and fit on one. Boxes to sign in stand in the
    same table, and the last lines stay on their page.
    """
    lines = [_pair_line(line, room, card) for line in block.lines]
    if whole:
        keep_together(lines[: None if boxes else -1])
    if boxes is None:
        return table(lines)
    keep_together(lines[-_KEPT[3 if room > _WIDE else 2] :])
    return table([*lines, *_signing_lines(boxes, room, card)])


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
    return Row(tuple(cells), height=_TALL[shares] if to_write else ROW_HEIGHT)


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
    return table(_signing_lines(block, room, card))


def _signing_lines(block: Signing, room: float, card: str) -> list[Row]:
    lines = [_signing_line(line, room, card) for line in block.lines]
    keep_together(lines[:-1])
    return lines


def _signing_line(line: Sequence[Pair], room: float, card: str) -> Row:
    sealed = any(pair.field.type is FieldType.SEAL for pair in line)
    height, share = SEAL_HEIGHT if sealed else SIGN_HEIGHT, room / len(line)
    cells = (Cell(share, _box(pair, share, height, card), "top") for pair in line)
    return Row(tuple(cells), height=height)


def _box(pair: Pair, width: float, height: float, card: str) -> tuple[Element, ...]:
    """Return what stands in a box: its label at the top, where to sign or seal at the bottom."""
    label, (first, *more) = pair_label(pair, (), card), to_sign(pair.entry)
    lines = lines_of(pair.label, (width - BOX_PADDING) / _LABEL_CHARACTER)
    taken = lines * _LABEL_LINE + (1 + len(more)) * _SIGN_LINE + BOX_PADDING
    push_down(first, max(height - taken, 0.0))
    label[0].append(w("jc", val="left"))
    return label, first, *more
