"""What became of a repeating table: rows added, removed and changed, merged with those of now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dxkit.forms.merging.cell_comparison import Item, Judging, Outcome, Spot
from dxkit.forms.merging.registered import guarded, without_doubles
from dxkit.forms.merging.row_matching import match_by_names, match_now, match_returned
from dxkit.forms.merging.row_names import naming_columns, words_of
from dxkit.forms.returned import Row, Table
from dxkit.forms.secret_masks import is_hidden
from dxkit.forms.written.parsing import Parsed
from dxkit.forms.written.sameness import is_blank, is_empty, same_value
from dxkit.models.annex import Field, FieldType


@dataclass(frozen=True)
class MergedRow:
    """A row as it will be: what it is now, and what the returned form would change in it."""

    now: Mapping[str, Any] | None
    touched: Mapping[str, Item]
    removal: Item | None = None


@dataclass(frozen=True)
class TableMerge:
    """The rows of a table in the order they will have; `moved` tells that people moved rows.

    `now` is what the case holds for the table, as it is stored.
    """

    path: str
    now: Any
    rows: tuple[MergedRow, ...]
    moved: bool

    @property
    def items(self) -> Iterator[Item]:
        """Yield what became of each cell that changed, and of each row that was removed."""
        for row in self.rows:
            yield from row.touched.values()
            if row.removal is not None:
                yield row.removal


@dataclass(frozen=True)
class _Line:
    """A returned row, read against the sent row that it is."""

    row: Row
    cells: Mapping[str, Parsed]
    sent: int | None


@dataclass(frozen=True)
class TableComparison:
    """Compares one table; `stored` is what the case holds for it now."""

    judging: Judging
    field: Field
    table: Table
    sent: Sequence[Mapping[str, Any]]
    stored: Any

    @property
    def now(self) -> Sequence[Mapping[str, Any]]:
        """Return the rows that the case holds now."""
        return self.stored or []

    def merge(self) -> TableMerge:
        """Return the rows as they will be."""
        base = self.sent if self.judging.known else self.now
        places: Sequence[int | None] = match_now(base, self.now, self.field.columns[0].key)
        lines = self._lines(base)
        changed = self._changed_rows(lines, base, places)
        gone = self._gone(lines, base, places) if self.judging.known else {}
        matched = [line.sent for line in lines if line.sent is not None]
        rows = self._in_order(lines, changed, gone, places)
        return TableMerge(self._path, self.stored, tuple(rows), matched != sorted(matched))

    @property
    def _path(self) -> str:
        return f"{self.judging.annex.id}.{self.field.key}"

    @property
    def _columns(self) -> Mapping[str, Field]:
        """Return the columns that the file has and people fill in."""
        return {
            column.key: column
            for column in self.field.columns
            if column.key in self._present and column.type is not FieldType.COMPUTED
        }

    @property
    def _present(self) -> set[str]:
        carded = any(row.card is not None for row in self.table.rows)
        return {*self.table.columns, *([self.field.columns[0].key] if carded else [])}

    def _raw(self, row: Row, key: str) -> Any:
        if key in row.cells:
            return row.cells[key][0]
        return row.card if key == self.field.columns[0].key else None

    def _lines(self, base: Sequence[Mapping[str, Any]]) -> list[_Line]:
        rows, known = self.table.rows, self.judging.known

        def same(row: int, other: int) -> bool:
            return all(
                self._is_sent(column, self._raw(rows[row], key), base[other])
                for key, column in self._columns.items()
            )

        numbers = [row.number if known else None for row in rows]
        matched = match_returned(numbers, len(base), same)
        if not known:
            matched = match_by_names(matched, len(base), partial(self._named_alike, base))
        return [
            _Line(row, self._read(row, base[place] if place is not None else {}), place)
            for row, place in zip(rows, matched, strict=True)
        ]

    def _is_sent(self, column: Field, raw: Any, sent: Mapping[str, Any]) -> bool:
        value = sent.get(column.key)
        if is_hidden(self.field, column, raw, sent):
            return True
        parsed = self.judging.read(column, raw, value, sent)
        return parsed.readable and same_value(column, parsed.value, value)

    def _named_alike(self, base: Sequence[Mapping[str, Any]], row: int, other: int) -> bool:
        """Tell whether a returned row names the same thing as a present one.

        What one of them leaves blank does not matter, as long as one name is in both.
        """
        returned, present, same = self.table.rows[row], base[other], 0
        for column in naming_columns(self.field):
            raw, value = self._raw(returned, column.key), present.get(column.key)
            if column.key not in self._columns or is_empty(raw) or is_blank(value):
                continue
            if not self._is_sent(column, raw, present):
                return False
            same += 1
        return same > 0

    def _read(self, row: Row, sent: Mapping[str, Any]) -> dict[str, Parsed]:
        return {
            key: self._content(column, self._raw(row, key), sent)
            for key, column in self._columns.items()
        }

    def _content(self, column: Field, raw: Any, sent: Mapping[str, Any]) -> Parsed:
        """Read a cell; what a form only hid is as it was sent."""
        if is_hidden(self.field, column, raw, sent):
            return Parsed(sent.get(column.key))
        return self.judging.read(column, raw, sent.get(column.key), sent)

    def _changed_rows(
        self,
        lines: Sequence[_Line],
        base: Sequence[Mapping[str, Any]],
        places: Sequence[int | None],
    ) -> list[dict[str, Item]]:
        free = set(range(len(self.now))) - {place for place in places if place is not None}
        touched = []
        for line in lines:
            if line.sent is None:
                again = next((n for n in sorted(free) if self._says(line, self.now[n])), None)
                free.discard(-1 if again is None else again)
                touched.append({} if again is not None else self._judged(line, {}, {}))
                continue
            place = places[line.sent]
            now = self.now[place] if place is not None else {}
            judged = self._judged(line, base[line.sent], now)
            if place is None and judged:
                judged = _against_removal(self._judged(line, {}, {}))
            touched.append(judged)
        return without_doubles(touched, self._columns, self.now)

    def _says(self, line: _Line, row: Mapping[str, Any]) -> bool:
        """Tell whether a new row says just what a row of now says: it was taken in before."""
        return all(
            each.readable and same_value(self._columns[key], each.value, row.get(key))
            for key, each in line.cells.items()
        )

    def _judged(
        self, line: _Line, sent: Mapping[str, Any], now: Mapping[str, Any]
    ) -> dict[str, Item]:
        items = {}
        for key, parsed in line.cells.items():
            column = self._columns[key]
            place = line.row.cells[key][1] if key in line.row.cells else line.row.place
            spot = Spot(f"{self._path}.{key}", self._label(line, column), place)
            judged = self.judging.judge(column, spot, sent.get(key), parsed, now.get(key))
            item = guarded(judged, column, now.get(key))
            if item.outcome != "unchanged":
                items[key] = item
        return items

    def _label(self, line: _Line, column: Field) -> str:
        if line.sent is None:
            return f"{self.field.label} 新增行·{column.label}"
        return f"{self.field.label} 第{line.sent + 1}行·{column.label}"

    def _gone(
        self,
        lines: Sequence[_Line],
        base: Sequence[Mapping[str, Any]],
        places: Sequence[int | None],
    ) -> dict[int, Item]:
        """Return by its place now each row that was sent and did not come back."""
        back = {line.sent for line in lines}
        gone = {}
        for number, row in enumerate(base):
            place = places[number]
            if number in back or place is None or self._is_hollow(row):
                continue
            outcome: Outcome = "deletion" if self.now[place] == row else "conflict"
            gone[place] = self._removal(outcome, number, row, self.now[place])
        return gone

    def _is_hollow(self, row: Mapping[str, Any]) -> bool:
        return all(is_blank(row.get(key)) for key in self._columns)

    def _removal(
        self, outcome: Outcome, number: int, sent: Mapping[str, Any], now: Mapping[str, Any]
    ) -> Item:
        label = f"{self.field.label} 第{number + 1}行"
        return Item(
            outcome=outcome,
            path=self._path,
            label=label,
            place=self.field.label,
            sent=words_of(self.field, sent, self.judging.definitions),
            returned="（此行已删去）",
            now=words_of(self.field, now, self.judging.definitions),
        )

    def _in_order(
        self,
        lines: Sequence[_Line],
        changed: Sequence[dict[str, Item]],
        gone: Mapping[int, Item],
        places: Sequence[int | None],
    ) -> Iterator[MergedRow]:
        """Yield the rows of now in their order, each new one behind the row it was put behind."""
        merged: dict[int, dict[str, Item]] = {}
        behind: dict[int, list[MergedRow]] = {}
        last = -1 if any(line.sent is not None for line in lines) else len(self.now) - 1
        for line, touched in zip(lines, changed, strict=True):
            place = places[line.sent] if line.sent is not None else None
            if place is not None:
                merged[place], last = touched, place
            elif touched:
                behind.setdefault(last, []).append(MergedRow(None, touched))
        yield from behind.get(-1, [])
        for place, row in enumerate(self.now):
            yield MergedRow(row, merged.get(place, {}), gone.get(place))
            yield from behind.get(place, []) if place >= 0 else []


def _against_removal(judged: dict[str, Item]) -> dict[str, Item]:
    """A row that was changed on the form but removed in the case is in conflict as a whole."""
    return {
        key: Item(**{**vars(item), "outcome": "conflict", "now": "（此行已在案卷中删去）"})
        if item.outcome != "refused"
        else item
        for key, item in judged.items()
    }
