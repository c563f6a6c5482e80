"""How the questions of a record form are written: one row each, in a line below what else is told.

A line below is printed only for parts that say something and have no column, or say more than
their column has room for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dxkit.case.words import label_with_unit
from dxkit.export.word.xml import Element
from dxkit.forms import marks
from dxkit.forms.marks import checksum, mark
from dxkit.forms.paper.parts import BELOW, COLUMNS
from dxkit.forms.paper.sheets import Entry, Pair, Question, Questions
from dxkit.forms.record_parts import LABELS
from dxkit.forms.word.places import narrow, packed_ticks, roomy
from dxkit.forms.word.runs import (
    BASIS_SIGNS,
    hidden,
    length_of,
    lines_of,
    marked,
    paragraph,
    raised,
    words,
)
from dxkit.forms.word.tables import Cell, Row, keep_together, table
from dxkit.forms.word.wording import heading, labelled, text_of
from dxkit.forms.written.printed import DERIVED_ROW, SIGNS
from dxkit.models.annex import FieldType

_QUESTION, _BESIDE = "question", "beside"
_WIDTHS = {
    False: {_QUESTION: 29.0, "onsite": 46.0}
    | {"verified": 14.0, "methods": 22.5, "informant": 15.0, "evidence": 16.5, "remark": 13.0},
    True: {_QUESTION: 20.0, "onsite": 38.0, _BESIDE: 20.5}
    | {"verified": 13.0, "methods": 22.5, "informant": 14.0, "evidence": 16.0, "remark": 12.0},
}
"""Millimetres of a page 156 wide, by whether something is asked beside each question."""
_YIELDING = ("informant", "remark")
"""The columns whose words go below if one of them has too little room, which frees theirs."""
_GAINING = {
    False: {"onsite": 0.07, "verified": 0.28, "evidence": 0.65},
    True: {_BESIDE: 0.5, "verified": 0.3, "evidence": 0.2},
}
_BELOW, _DERIVED, _FREE = 4.8, 7.0, 18.0
_CHARACTER, _SMALL, _PADDING, _BESIDE_WORDS = 3.2, 2.85, 3.0, 2.9
_MOST_LINES = 3
_SEE_BELOW = "见下行"
LEGEND = f"采集方式：{'、'.join(SIGNS)}，勾选代字。核定值同现场值的不填。"
"""What the heads of the columns leave unsaid."""


def questions(block: Questions, room: float) -> Iterator[Element]:
    """Yield a list of questions as one table whose head is repeated on every page."""
    if block.title:
        yield heading("FormTableTitle", block.title)
    for line in (*block.legend, LEGEND):
        yield heading("FormSmall", line, keep=True)
    yield _Writing(block, room).table()


class _Writing:
    """Writes one list; knows how wide its columns are."""

    def __init__(self, block: Questions, room: float) -> None:
        self._block = block
        self._room = room
        usual = _WIDTHS[bool(block.beside)]
        scale = room / sum(usual.values())
        self._widths = {part: width * scale for part, width in usual.items()}
        crowded = any(
            self._has_too_little_room(question, part)
            for question in block.questions
            for part in _YIELDING
            if part in question.parts
        )
        self._columns = tuple(part for part in COLUMNS if not (crowded and part in _YIELDING))
        freed = sum(usual[part] for part in _YIELDING) * scale * crowded
        for part, share in _GAINING[bool(block.beside)].items():
            self._widths[part] += freed * share

    def table(self) -> Element:
        rows = [self._head()]
        for question in self._block.questions:
            lines = list(self._rows(question))
            keep_together(lines[:-1])
            rows += lines
        return table(rows)

    def _head(self) -> Row:
        cells = [Cell(self._widths[_QUESTION], (heading("FormHead", "题号与题目"),))]
        for part in self._columns:
            told = mark(marks.PART, LABELS[part], part)
            cells.append(Cell(self._widths[part], (marked("FormHead", LABELS[part], told),)))
        for column in self._block.beside:
            label = labelled("FormHead", column.label, column, marks.GRID_COLUMN, column.key)
            cells.insert(2, Cell(self._beside_width(), (label,)))
        return Row(tuple(cells), height=6.0, head=True)

    def _beside_width(self) -> float:
        return self._widths[_BESIDE] / len(self._block.beside)

    def _rows(self, question: Question) -> Iterator[Row]:
        if question.field.type is FieldType.COMPUTED:
            yield self._derived(question)
            return
        without = [part for part in COLUMNS if part not in self._columns]
        below = [part for part in (*without, *BELOW) if question.parts[part].text]
        below += [part for part in self._columns if self._has_too_little_room(question, part)]
        yield self._line(question, below)
        pairs = [
            Pair(f"{question.path}.{part}", LABELS[part], question.parts[part]) for part in below
        ]
        for line in self._in_lines([*pairs, *question.told_beside]):
            yield Row(tuple(line), height=_BELOW)

    def _has_too_little_room(self, question: Question, part: str) -> bool:
        if part in ("onsite", "methods"):
            return False
        room = (self._widths[part] - _PADDING) / _CHARACTER
        return lines_of(question.parts[part].text, room) > _MOST_LINES

    def _line(self, question: Question, below: Sequence[str]) -> Row:
        cells = [Cell(self._widths[_QUESTION], (_own_cell(question),))]
        for part in self._columns:
            width = self._widths[part]
            if part in below:
                cells.append(Cell(width, (heading("FormHead", _SEE_BELOW),)))
            else:
                cells.append(Cell(width, _place(question.parts[part], part, width)))
        for pair in question.beside:
            width = self._beside_width()
            cells.insert(2, Cell(width, roomy(pair.entry, width, "FormCell")))
        onsite = question.parts["onsite"]
        is_free = question.field.type is FieldType.LONG_TEXT and not onsite.text
        return Row(tuple(cells), height=_FREE) if is_free else Row(tuple(cells))

    def _in_lines(self, pairs: Sequence[Pair]) -> Iterator[list[Cell]]:
        """Yield labels and values in lines that fill the page."""
        line: list[tuple[float, Pair]] = []
        for pair in pairs:
            needed = _needed(pair)
            if line and sum(width for width, _ in line) + needed > self._room:
                yield list(_cells(line, self._room))
                line = []
            line.append((min(needed, self._room), pair))
        if line:
            yield list(_cells(line, self._room))

    def _derived(self, question: Question) -> Row:
        entry = question.parts["onsite"]
        paragraphs = narrow(entry if entry.text else replace(entry, text=DERIVED_ROW))
        told = checksum(text_of(paragraphs))
        label = labelled("FormCell", _asked(question), question.field, marks.HEADER, told)
        width = self._widths[_QUESTION] + self._widths["onsite"]
        return Row((Cell(width, (label,)), Cell(self._room - width, paragraphs)), height=_DERIVED)


def _place(entry: Entry, part: str, width: float) -> tuple[Element, ...]:
    if part == "methods":
        return packed_ticks(entry)
    if part == "onsite":
        return roomy(entry, width, "FormCell")
    return narrow(entry)


def _needed(pair: Pair) -> float:
    """Return how many millimetres a label and its words take in one line."""
    longest = max(length_of(line) for line in pair.entry.text.split("\n"))
    return _label_width(pair) + longest * _SMALL + _BESIDE_WORDS


def _label_width(pair: Pair) -> float:
    return len(pair.label) * _SMALL + _BESIDE_WORDS


def _cells(line: Sequence[tuple[float, Pair]], room: float) -> Iterator[Cell]:
    """Yield the cells of a line; the last value takes what room is left."""
    left = room - sum(width for width, _ in line)
    for number, (width, pair) in enumerate(line, start=1):
        told = mark(marks.FIELD, pair.label, pair.path)
        yield Cell(_label_width(pair), (marked("FormTiny", pair.label, told),))
        more = left if number == len(line) else 0.0
        yield Cell(width - _label_width(pair) + more, narrow(pair.entry, "FormTiny"))


def _own_cell(question: Question) -> Element:
    text = _asked(question)
    sign = BASIS_SIGNS.get(question.field.basis, "")
    told = mark(marks.QUESTION, sign + text, question.path)
    content = [hidden(told.spelt()), *([raised(sign)] if sign else []), *words(text)]
    return paragraph("FormCell", content)


def _asked(question: Question) -> str:
    label = label_with_unit(question.field.model_copy(update={"label": question.label}))
    return f"{question.no} {label}".strip()
