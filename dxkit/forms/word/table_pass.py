"""How one returned table is gone through: heads and labels say what the other cells mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from dxkit.forms import marks
from dxkit.forms.marks import Mark, checksum
from dxkit.forms.merging.totals import WHY, sums_up
from dxkit.forms.returned import Unreadable
from dxkit.forms.word.boxes import opened
from dxkit.forms.word.findings import Findings, RowKey
from dxkit.forms.word.grid import Seen
from dxkit.forms.written.sameness import SIGNING
from dxkit.models.annex import FieldType

CHANGED = "印好的文字被改动或补写，没有读入"
DERIVED = "由系统带出的内容，改动没有读入"
NO_FIELD = "不属于任何栏目，没有读入"
MERGED = "与左边的单元格合并，不知道是否同样适用"
_HEADS = {marks.COLUMN, marks.GRID_COLUMN, marks.PART}
_ROWS = {marks.SENT_ROW, marks.BLANK_ROW, marks.SEEDED_ROW}
_LABELS = {marks.FIELD, marks.DETAIL, marks.HEADER, marks.STATIC}

Recognise = Callable[[Seen], Mark | None]


@dataclass
class TablePass:
    """Goes through the rows of one table; remembers the heads seen so far."""

    findings: Findings
    recognise: Recognise
    trusted: bool
    """Whether the marks are the file's own, so that checksums and row numbers can be relied on."""
    heads: dict[str, list[Seen]] = field(default_factory=dict)
    last_row: str = ""
    put_in: int = 0
    met: set[str] = field(default_factory=set)
    """The rows under the present head; one that comes again is a copy, which is a new row."""

    def row(self, cells: Sequence[Seen]) -> None:
        """Take in one row."""
        cells = [part for cell in cells for part in opened(cell, self._is_signed, self.recognise)]
        for cell in cells:
            cell.mark = self.recognise(cell)
            self._check(cell)
        kinds = {cell.mark.kind: cell.mark for cell in cells if cell.mark is not None}
        if heads := kinds.keys() & _HEADS:
            self._head(cells, heads)
        elif marks.QUESTION in kinds:
            self._by_head(cells, marks.PART, kinds[marks.QUESTION])
        elif marks.GRID_ROW in kinds:
            self._by_head(cells, marks.GRID_COLUMN, kinds[marks.GRID_ROW])
        elif rows := kinds.keys() & _ROWS:
            self._table_row(cells, kinds[rows.pop()])
        elif kinds:
            self._labelled(cells)
        else:
            self._unknown(cells)

    def _is_signed(self, told: Mark) -> bool:
        """Tell whether a label is that of a box to sign or seal in."""
        if told.kind == marks.FIELD:
            asked = self.findings.question(told.parts[0])
        else:
            table, _, column = told.parts
            known = self.findings.has_column(table, column)
            asked = self.findings.column(table, column) if known else None
        return asked is not None and asked.type in SIGNING

    def _check(self, cell: Seen) -> None:
        printed = cell.mark is not None and not cell.continues
        if printed and self.trusted and cell.mark and not cell.mark.fits(cell.text):
            self.findings.miss(cell.place, cell.text, CHANGED)

    def _head(self, cells: Sequence[Seen], kinds: Iterable[str]) -> None:
        self.heads |= {kind: list(cells) for kind in kinds}
        self.met.clear()
        for cell in cells:
            if cell.mark is not None and cell.mark.kind == marks.COLUMN:
                self.findings.has_column(*cell.mark.parts[:2])

    def _by_head(self, cells: Sequence[Seen], head: str, row: Mark) -> None:
        """Read a row whose cells mean what the head above them and the mark before them say."""
        derived: list[str] = []
        for cell, mark in self._under(cells, head):
            if mark is None:
                self.findings.miss(cell.place, cell.text, NO_FIELD)
            elif mark.kind == marks.PART:
                self.findings.cell(f"{row.parts[0]}.{mark.parts[0]}", cell)
            elif row.kind == marks.QUESTION:
                self.findings.cell(f"{mark.parts[0]}.{_row_code(row)}.onsite", cell)
            else:
                derived += self._grid_cell(cell, mark.parts[0], row.parts[0])
        if row.kind == marks.GRID_ROW:
            self._check_derived(cells[0], row, derived)

    def _grid_cell(self, cell: Seen, column: str, row: str) -> list[str]:
        asked = self.findings.question(f"{column}.{row}")
        if asked is not None and asked.type is FieldType.COMPUTED:
            return [cell.text]
        self.findings.cell(f"{column}.{row}", cell)
        return []

    def _under(self, cells: Sequence[Seen], head: str) -> list[tuple[Seen, Mark | None]]:
        """Return the cells that have a head with what it says; those without marks have none."""
        heads = self.heads.get(head, [])
        paired: list[tuple[Seen, Mark | None]] = []
        for place, cell in enumerate(cells):
            if cell.mark is None:
                above = self._above(cell, place, heads, len(cells))
                paired.append((cell, _meant(above)))
        return paired

    def _above(self, cell: Seen, place: int, heads: Sequence[Seen], count: int) -> Seen | None:
        if len(heads) == count:
            return heads[place]
        return next((each for each in heads if each.start == cell.start), None)

    def _table_row(self, cells: Sequence[Seen], row: Mark) -> None:
        name = f"{row.kind}{row.parts[0]}"
        if name in self.met:
            self._put_in(cells)
            return
        self.met.add(name)
        self.last_row, self.put_in = name, 0
        sent = row.kind == marks.SENT_ROW or (not self.trusted and not self._on_card())
        number = int(row.parts[0]) if sent and row.parts[0].isdecimal() else None
        derived = self._row_cells(cells, (self.last_row,), number, _is_touched(cells, row))
        self._check_derived(cells[0], row, derived)

    def _on_card(self) -> bool:
        """Tell whether the rows are counted anew on a card, so that a count does not name them."""
        heads = self.heads.get(marks.COLUMN, [])
        return any(told.parts[2] for head in heads if (told := _meant(head)))

    def _row_cells(
        self, cells: Sequence[Seen], key: RowKey, number: int | None, touched: bool = True
    ) -> list[str]:
        """Read the cells of a table's row; return what stands in its derived columns."""
        derived: list[str] = []
        under = self._under(cells, marks.COLUMN)
        for cell, mark in under:
            if mark is None or not self.findings.has_column(*mark.parts[:2]):
                self.findings.miss(cell.place, cell.text, NO_FIELD)
                continue
            table, column, card = mark.parts[0], mark.parts[1], mark.parts[2]
            if self.findings.column(table, column).type is FieldType.COMPUTED:
                derived.append(cell.text)
            else:
                self.findings.row_cell(table, column, (card, *key), cell, number, card)
                if touched:
                    self.findings.touch(table, (card, *key))
                self._note_covered(cell, (card, *key), number)
        return derived

    def _note_covered(self, cell: Seen, key: RowKey, number: int | None) -> None:
        """Say of the columns that a merged cell covers that they cannot be told."""
        heads = self.heads.get(marks.COLUMN, [])
        if not cell.text:
            return
        for head in heads:
            told = _meant(head)
            if told is not None and cell.start < head.start < cell.start + cell.span:
                lost = Unreadable(cell.text, MERGED)
                self.findings.row_lost(told.parts[0], told.parts[1], key, cell, lost, number)

    def _check_derived(self, first: Seen, row: Mark, derived: Sequence[str]) -> None:
        text = "".join(derived)
        if self.trusted and len(row.parts) > 1 and checksum(text) != row.parts[1]:
            self.findings.miss(first.place, text or "（已清空）", DERIVED)

    def _labelled(self, cells: Sequence[Seen]) -> None:
        label: Mark | None = None
        values: list[Seen] = []
        for cell in cells:
            if cell.mark is not None:
                self._close(label, values)
                label, values = cell.mark, []
            else:
                values.append(cell)
        self._close(label, values)

    def _close(self, label: Mark | None, values: list[Seen]) -> None:
        """Read what stands between a label and the next one; a split cell is read as one."""
        if label is None or label.kind not in _LABELS or label.kind == marks.STATIC:
            for value in values:
                self.findings.miss(value.place, value.text, NO_FIELD)
            return
        if not values:
            return
        whole = values[0]
        for more in values[1:]:
            whole.said.lines += more.said.lines
            whole.said.drawn += more.said.drawn
        self._value(label, whole)

    def _value(self, label: Mark, value: Seen) -> None:
        if label.kind == marks.HEADER:
            if self.trusted and checksum(value.text) != label.parts[0]:
                self.findings.miss(value.place, value.text or "（已清空）", DERIVED)
        elif label.kind == marks.FIELD:
            self.findings.cell(label.parts[0], value)
        else:
            table, name, column = label.parts
            if not self.findings.has_column(table, column):
                self.findings.miss(value.place, value.text, NO_FIELD)
                return
            number = int(name) if name.isdecimal() else None
            self.findings.row_cell(table, column, ("card", name), value, number)
            self.findings.touch(table, ("card", name))

    def _unknown(self, cells: Sequence[Seen]) -> None:
        """Read a row that people put in, where a table's head tells what its cells mean."""
        if self.last_row and marks.COLUMN in self.heads:
            # The first cell is the row's number, which nobody need have written.
            cells[0].mark = marks.mark(marks.STATIC, cells[0].text)
            self._put_in(cells)
            return
        for cell in cells:
            self.findings.miss(cell.place, cell.text, NO_FIELD)

    def _put_in(self, cells: Sequence[Seen]) -> None:
        first = cells[0]
        if sums_up(cell.text for cell in cells):
            self.findings.miss(first.place, " ".join(cell.text for cell in cells).strip(), WHY)
            return
        if not first.text.rstrip(".、").isdecimal():
            self.findings.miss(first.place, first.text, NO_FIELD)
        self.put_in += 1
        self._row_cells(cells, ("put in", self.last_row, str(self.put_in)), None)


def _is_touched(cells: Sequence[Seen], row: Mark) -> bool:
    """Tell whether people wrote in a row; of a seeded one they may have left all as proposed."""
    if row.kind != marks.SEEDED_ROW:
        return True
    return checksum("".join(cell.text for cell in cells if cell.mark is None)) != row.parts[2]


def _row_code(question: Mark) -> str:
    """Return the row of the grid that a question stands for."""
    return question.parts[0].partition(".")[2]


def _meant(head: Seen | None) -> Mark | None:
    """Return what a head says of the cells below it, None if it is no head of ours."""
    told = head.mark if head is not None else None
    return told if told is not None and told.kind in _HEADS else None
