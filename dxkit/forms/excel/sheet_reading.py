"""Which field each cell of a returned sheet belongs to, told by its hidden ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dxkit.definitions import Definitions
from dxkit.forms.excel.cells import Contents
from dxkit.forms.excel.layout import SEQUENCE, HeadId, RowId, head_of, is_printed, row_of
from dxkit.forms.marks import checksum
from dxkit.forms.merging.totals import WHY, sums_up
from dxkit.forms.returned import Cell, Row, Unmatched
from dxkit.forms.written.sameness import is_empty
from dxkit.models.annex import Field, FieldType

_MOST_LISTED = 200
_MOST_TEXT = 200


@dataclass
class Found:
    """What the sheets of a file gave so far; cells and rows with the annex they say they are of."""

    cells: list[tuple[str, Cell]] = field(default_factory=list)
    columns: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    rows: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    unmatched: list[Unmatched] = field(default_factory=list)

    @property
    def annex(self) -> str:
        """Return the annex that the ids name first, empty if there are none."""
        named = [of for of, _ in self.cells] + [of for of, _ in self.columns]
        return next(iter(named), "")

    def strange_to(self, annex: str) -> Iterator[tuple[str, str, str]]:
        """Yield annex, place and text of what belongs to other annexes."""
        yield from ((of, cell.place, str(cell.raw)) for of, cell in self.cells if of != annex)
        for (of, key), rows in self.rows.items():
            if of != annex:
                yield from ((of, row.place, key) for row in rows)


@dataclass(frozen=True)
class Head:
    """The hidden row of column ids: where the ids of rows stand, and which column is what."""

    id: HeadId
    column: int
    columns: dict[int, str]


@dataclass
class SheetReading:
    """Reads one sheet from top to bottom into what was found."""

    contents: Contents
    definitions: Definitions
    found: Found
    head: Head | None = None
    own: set[tuple[str, str]] = field(default_factory=set)
    """The tables that no earlier sheet gave; the rows of the others are copies."""

    def read(self) -> None:
        """Read every row; what has no id is a new row of a table, or listed."""
        listed = 0
        for row in self.contents.rows:
            head = self._head_in(row)
            if head is not None:
                self._begin(head)
            elif not self._read_row(row):
                listed += 1
                self._list_row(row, listed)
        self.found.unmatched += self.contents.remarks

    def _head_in(self, row: int) -> Head | None:
        cells = self.contents.rows[row]
        texts = {column: self.contents.text(row, column) for column in cells}
        for column, text in texts.items():
            if (head := head_of(text)) is not None:
                ids = {at: said for at, said in texts.items() if said and at != column}
                return Head(head, column, ids)
        return None

    def _begin(self, head: Head) -> None:
        self.head = head
        if head.id.kind == "table":
            table = (head.id.annex, head.id.table)
            if table not in self.found.columns:
                self.own.add(table)
            known = self.found.columns.setdefault(table, {})
            known.update(dict.fromkeys(key for key in head.columns.values() if key[0] != "@"))

    def _read_row(self, row: int) -> bool:
        """Read one row; False if nothing says what its content is."""
        said = self._id_of(row)
        if is_printed(said):
            return self._is_untouched(row, said.rpartition("~")[2], self._beside(row))
        known = row_of(said)
        if self.head is None:
            return self._says_nothing(row, known)
        if self.head.id.kind == "table":
            return self._read_table_row(row, known)
        if known is None or known.number is not None:
            return self._says_nothing(row, known)
        return self._read_line(row, known)

    def _says_nothing(self, row: int, known: RowId | None) -> bool:
        """Tell whether a row holds no words of people; a spare row has its printed number."""
        texts = self._texts(self._words_in(row, known is not None), row)
        is_spare = known is not None and known.number == 0
        return not texts or (is_spare and len(texts) == 1 and _is_count(texts[0]))

    def _words_in(self, row: int, known: bool) -> list[int]:
        """Return the columns of a row's words; in the place of an id that is none stand words."""
        return self._beside(row) if known else [*self.contents.rows[row]]

    def _id_of(self, row: int) -> str:
        return self.contents.text(row, self.head.column if self.head else 1)

    def _beside(self, row: int) -> list[int]:
        at = self.head.column if self.head else 1
        return [column for column in self.contents.rows[row] if column != at]

    def _texts(self, columns: list[int], row: int) -> list[str]:
        return [text for column in columns if (text := self.contents.text(row, column).strip())]

    def _is_untouched(self, row: int, summed: str, columns: list[int]) -> bool:
        return not summed or checksum("".join(self._texts(columns, row))) == summed

    def _read_line(self, row: int, known: RowId) -> bool:
        assert self.head is not None
        columns = self.head.columns
        for column, key in columns.items():
            if key[0] != "@":
                place = self.contents.place(row, column)
                cell = Cell(self._path(known.key, key), self.contents.raw(row, column), place)
                self.found.cells.append((known.annex, cell))
        printed = [column for column, key in columns.items() if key[0] == "@"]
        self._list_strays(row, self._beside(row))
        return self._is_untouched(row, known.checksum, sorted(printed))

    def _path(self, line: str, column: str) -> str:
        assert self.head is not None
        if self.head.id.kind == "grid":
            return f"{column}.{line.rpartition('.')[2]}"
        return f"{line}.{column}" if self.head.id.kind == "record" else line

    def _read_table_row(self, row: int, known: RowId | None) -> bool:
        assert self.head is not None
        annex, table = self.head.id.annex, self.head.id.table
        if known is not None and (known.annex, known.key) != (annex, table):
            return self._says_nothing(row, known)
        if (known is None or not known.number) and sums_up(self._texts(self._beside(row), row)):
            self._list(row, WHY)
            return True
        cells = {
            key: (self.contents.raw(row, column, down=True), self.contents.place(row, column))
            for column, key in self.head.columns.items()
            if key[0] != "@"
        }
        if self._says_something(annex, table, cells):
            number = known.number or None if known is not None else None
            place = f"{self.contents.sheet.title}!第{row}行"
            proposed = known is not None and self._is_as_proposed(row, known)
            self._add_row((annex, table), Row(number, cells, place, proposed=proposed))
        self._list_strays(row, self._words_in(row, known is not None))
        return True

    def _is_as_proposed(self, row: int, known: RowId) -> bool:
        """Tell whether a row that was not sent shows just what was proposed, in any order."""
        assert self.head is not None
        if not known.checksum:
            return False
        at = {key: column for column, key in self.head.columns.items()}
        asked = [
            key
            for key, column in self._columns_of(known.annex, known.key).items()
            if key in at and column.type is not FieldType.COMPUTED
        ]
        return (
            checksum("".join(self.contents.text(row, at[key]) for key in asked)) == known.checksum
        )

    def _add_row(self, table: tuple[str, str], row: Row) -> None:
        """Add a row; of a copied sheet none, and those that differ from the first are listed."""
        rows = self.found.rows.setdefault(table, [])
        if table in self.own:
            rows.append(row)
        elif not any(_says_the_same(row, other) for other in rows):
            text = " ".join(str(raw) for raw, _ in row.cells.values() if raw is not None)
            why = "同一张明细表在前面的表页已经读入，本页与之不同的行没有读入"
            self.found.unmatched.append(Unmatched(row.place, text[:_MOST_TEXT], why))

    def _says_something(self, annex: str, table: str, cells: dict[str, tuple[Any, str]]) -> bool:
        """Tell whether a row holds anything that people write in, not only what is computed."""
        columns = self._columns_of(annex, table)
        return any(
            not is_empty(raw)
            for key, (raw, _place) in cells.items()
            if key not in columns or columns[key].type is not FieldType.COMPUTED
        )

    def _columns_of(self, annex: str, table: str) -> dict[str, Field]:
        known = self.definitions.annexes.get(annex)
        fields = known.fields if known is not None else ()
        field = next((each for each in fields if each.key == table), None)
        return {column.key: column for column in field.columns} if field is not None else {}

    def _list_strays(self, row: int, columns: list[int]) -> None:
        """List what stands in columns that are not the form's, or where rows are counted."""
        assert self.head is not None
        for column in columns:
            text = self.contents.text(row, column).strip()
            counted = self.head.columns.get(column) == SEQUENCE
            if text and (column not in self.head.columns or (counted and not _is_count(text))):
                place = self.contents.place(row, column)
                self.found.unmatched.append(
                    Unmatched(place, text, "这一列不是表单的栏目，没有读入")
                )

    def _list_row(self, row: int, listed: int) -> None:
        if listed > _MOST_LISTED:
            return
        why = "这一行没有可以认出的编号，或印好的文字被改动；此处的文字没有读入"
        if listed == _MOST_LISTED:
            why = f"{why}；本页以下类似的各行不再逐一列出"
        self._list(row, why)

    def _list(self, row: int, why: str) -> None:
        said = self._id_of(row)
        known = is_printed(said) or row_of(said) is not None
        text = " ".join(self._texts(self._words_in(row, known), row))
        place = f"{self.contents.sheet.title}!第{row}行"
        self.found.unmatched.append(Unmatched(place, text[:_MOST_TEXT], why))


def _is_count(text: str) -> bool:
    return text.removesuffix(".0").isdecimal()


def _says_the_same(row: Row, other: Row) -> bool:
    return {key: raw for key, (raw, _) in row.cells.items()} == {
        key: raw for key, (raw, _) in other.cells.items()
    }
