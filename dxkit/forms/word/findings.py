"""What was read of a returned Word file so far: cells, rows by their number, and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dxkit.definitions import Definitions
from dxkit.forms.paper.parts import DISPUTE, REASON
from dxkit.forms.record_parts import asks_record, part_field
from dxkit.forms.returned import Cell, Row, Table, Unmatched, Unreadable
from dxkit.forms.word.grid import Seen
from dxkit.forms.word.understood import Understood, understand
from dxkit.models.annex import Annex, Field, FieldType

RowKey = tuple[str, ...]
_STRUCK = "不含划掉的文字（删除线）的内容：删去划掉的，只留要填的"


@dataclass
class _Gathered:
    """A row whose cells may stand in several places of the file."""

    number: int | None
    place: str
    card: str | None
    cells: dict[str, tuple[str | Unreadable | None, str]] = field(default_factory=dict)
    touched: bool = False


def _written(found: Understood, seen: Seen) -> str | Unreadable | None:
    """Return what was understood of a cell, unless some of its words are struck out."""
    if seen.said.struck:
        return Unreadable(seen.text, _STRUCK)
    return found.raw


class Findings:
    """Collects what one file says about one annex."""

    def __init__(self, annex: Annex, definitions: Definitions) -> None:
        self.annex = annex
        self._definitions = definitions
        self._questions = dict(annex.questions())
        self._tables = {each.key: each for each in annex.fields if each.type is FieldType.TABLE}
        self._rows: dict[str, dict[RowKey, _Gathered]] = {}
        self._columns: dict[str, dict[str, None]] = {}
        self.cells: list[Cell] = []
        self.unmatched: list[Unmatched] = []

    def miss(self, place: str, text: str, why: str) -> None:
        """Note something written that belongs to no field."""
        if text:
            self.unmatched.append(Unmatched(place, text, why))

    def cell(self, path: str, seen: Seen) -> None:
        """Note what stands in the place of a field, `column.row` or part of an answer."""
        question, part = self._asked(path)
        if question is None:
            self.miss(seen.place, seen.text, "表中没有这个栏目")
            return
        asked = part_field(question, part) if part else question
        found = understand(asked, seen.text, self._definitions, part == "onsite")
        self.cells.append(Cell(path, _written(found, seen), seen.place))
        self._note_answer(path.removesuffix(f".{part}"), found, seen)
        self._note_beside(found, seen)

    def question(self, path: str) -> Field | None:
        """Return the question at a path, None if there is none."""
        return self._questions.get(path)

    def _asked(self, path: str) -> tuple[Field | None, str]:
        if path in self._questions:
            return self._questions[path], ""
        key, _, part = path.rpartition(".")
        question = self._questions.get(key)
        known = question is not None and asks_record(self.annex, question)
        return (question, part) if known else (None, "")

    def _note_answer(self, path: str, found: Understood, seen: Seen) -> None:
        for part, told in ((REASON, found.reason), (DISPUTE, found.dispute)):
            if told is not None:
                self.cells.append(Cell(f"{path}.{part}", told, seen.place))

    def _note_beside(self, found: Understood, seen: Seen) -> None:
        self.miss(seen.place, found.beside, "写在选项之外，没有可以存放的栏目")
        for drawn in seen.said.drawn:
            self.miss(seen.place, drawn, "图片和文本框里的内容不读入")

    def has_column(self, table: str, column: str) -> bool:
        """Note that a table's column stands in the file; False if the annex has no such."""
        known = table in self._tables and column in self._columns_of(table)
        if known:
            self._columns.setdefault(table, {})[column] = None
        return known

    def column(self, table: str, column: str) -> Field:
        """Return a column of a table."""
        return self._columns_of(table)[column]

    def _columns_of(self, table: str) -> Mapping[str, Field]:
        return {each.key: each for each in self._tables[table].columns}

    def row_cell(
        self, table: str, column: str, key: RowKey, seen: Seen, number: int | None, card: str = ""
    ) -> None:
        """Note a cell of a row; the row is known again by its key wherever it goes on."""
        found = understand(self.column(table, column), seen.text, self._definitions)
        self._note_beside(found, seen)
        written = _written(found, seen)
        raw, _ = self._row(table, key, seen, number, card).cells.setdefault(
            column, (written, seen.place)
        )
        if raw != written:
            self.miss(seen.place, seen.text or "（空）", "同一行出现了两次，内容不同，以第一处为准")

    def touch(self, table: str, key: RowKey) -> None:
        """Note that a row says something; others only show what was proposed."""
        self._rows[table][key].touched = True

    def row_lost(
        self,
        table: str,
        column: str,
        key: RowKey,
        seen: Seen,
        lost: Unreadable,
        number: int | None,
    ) -> None:
        """Note that a cell of a row cannot be told."""
        self._row(table, key, seen, number, "").cells[column] = (lost, seen.place)
        self.touch(table, key)

    def _row(self, table: str, key: RowKey, seen: Seen, number: int | None, card: str) -> _Gathered:
        rows = self._rows.setdefault(table, {})
        return rows.setdefault(key, _Gathered(number, seen.place, card or None))

    def tables(self) -> Iterator[Table]:
        """Yield the tables with the rows in which something stands."""
        for path, columns in self._columns.items():
            gathered = self._rows.get(path, {}).values()
            rows = tuple(
                Row(
                    number=each.number,
                    cells=each.cells,
                    place=each.place,
                    card=self._card(path, each.card),
                    proposed=not each.touched,
                )
                for each in gathered
                if any(raw is not None for raw, _ in each.cells.values())
            )
            yield Table(path, tuple(columns), rows)

    def _card(self, table: str, name: str | None) -> str | None:
        """Return what stands first on the card that a row was found on."""
        within = self._tables[table].within
        if name is None or within is None:
            return None
        card = self._rows.get(within, {}).get(("card", name))
        joint = self._tables[within].columns[0].key
        raw = card.cells.get(joint, (None, ""))[0] if card else None
        return raw if isinstance(raw, str) else ""
