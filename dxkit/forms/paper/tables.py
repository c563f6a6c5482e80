"""How a repeating table stands on the sheets: as rows, cut where too wide, or as cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dxkit.forms.paper.columns import in_parts
from dxkit.forms.paper.entries import Source, always, dated, is_signed, stacked
from dxkit.forms.paper.grouping import Grouping
from dxkit.forms.paper.in_force import why_not_asked
from dxkit.forms.paper.sheets import Block, Card, Cards, Entry, Line, Pair, Rows
from dxkit.forms.written.printed import NOT_KNOWN
from dxkit.models.annex import Annex, Field, FieldType

SPARE_ROWS = 2
"""Empty rows that follow those of a filled form."""
FEWEST_ROWS = 3
_ROW_NUMBER = "序号"

Numbered = Sequence[tuple[int, Mapping[str, Any]]]


class Tables:
    """The repeating tables of one form."""

    def __init__(self, source: Source, blank: bool) -> None:
        self._source = source
        self._blank = blank

    def blocks(self, field: Field, grouping: Grouping, room: float) -> Iterator[Block]:
        """Yield what a table becomes on a page of some room; nothing where a card carries it."""
        if field.layout == "cards":
            yield from self._cards(field, grouping, room)
        elif field.within is None:
            yield from self._rows(field, self._sent(field), room)
        else:
            yield from self._astray(field, room)

    def _sent(self, field: Field) -> Numbered:
        rows = () if self._blank else self._source.answers.get(field.key) or ()
        return [(number, row) for number, row in enumerate(rows, start=1)]

    def _rows(self, field: Field, sent: Numbered, room: float, card: str = "") -> Iterator[Rows]:
        columns = tuple(
            column
            for number, column in enumerate(field.columns)
            if column.paper and not _counts_rows(column) and not (card and number == 0)
        )
        parts = in_parts(columns, room)
        for number, part in enumerate(parts, start=1):
            ordinal = f"（{number}/{len(parts)}）" if len(parts) > 1 else ""
            yield Rows(
                field=field,
                title=f"{field.no} {field.label}{ordinal}".strip(),
                columns=part,
                lines=tuple(self._lines(field, part, sent)),
                card=card,
                choices=self._source.to_write(part, stacked),
            )

    def _lines(self, field: Field, columns: Sequence[Field], sent: Numbered) -> Iterator[Line]:
        for number, row in sent:
            cells = (self._in_row(field, each, row, number - 1) for each in columns)
            yield Line(number, True, tuple(cells))
        seeds = () if sent else self._source.definitions.seeds.rows_for(field)
        for number, row in enumerate(seeds, start=1):
            seeded = (self._source.proposed(each, row.get(each.key), stacked) for each in columns)
            yield Line(number, False, tuple(seeded), seeded=True)
        last = max((number for number, _ in sent), default=len(seeds))
        spare = max(self._spare(field, len(sent)) - len(seeds), 0)
        empty = Source(None, self._source.annex, self._source.definitions)
        for number in range(last + 1, last + 1 + spare):
            yield Line(number, False, tuple(empty.entry(each, None, stacked) for each in columns))

    def _in_row(self, table: Field, column: Field, row: Mapping[str, Any], place: int) -> Entry:
        """Return a cell of a row that was sent; a stroke stands in one that is not in force."""
        entry = self._source.entry(column, row.get(column.key), stacked, place, row)
        if entry.text:
            return entry
        columns = {each.key: each for each in table.columns}
        ruled_out = why_not_asked(column, row, columns, self._source.definitions)
        return Entry(column, NOT_KNOWN) if ruled_out else entry

    def _spare(self, field: Field, sent: int) -> int:
        """Return how many empty rows there are; none where all that can come is there."""
        if self._blank:
            return max(field.blank_rows or FEWEST_ROWS, field.minimum_rows)
        if not sent:
            return max(field.minimum_rows, FEWEST_ROWS)
        fixed = field.minimum_rows > 1 and sent >= field.minimum_rows >= field.blank_rows
        complete = fixed or bool(field.seed) or self._source.annex.kept_by_program
        return 0 if complete else SPARE_ROWS

    def _cards(self, field: Field, grouping: Grouping, room: float) -> Iterator[Cards]:
        sent = self._sent(field)
        made = [self._card(field, number, row, grouping, room) for number, row in sent]
        if not made:
            empty = max(field.blank_rows, field.minimum_rows, 1) if self._blank else 1
            made = [self._card(field, n, None, grouping, room) for n in range(1, empty + 1)]
        yield Cards(field, tuple(made))

    def _card(
        self,
        field: Field,
        number: int,
        row: Mapping[str, Any] | None,
        grouping: Grouping,
        room: float,
    ) -> Card:
        name = str(number) if row is not None else f"n{number}"
        place = number - 1
        source = (
            self._source
            if row is not None
            else Source(None, self._source.annex, self._source.definitions)
        )
        told = row or {}
        pairs = [
            Pair(each.key, each.label, dated(entry, told))
            for each in field.columns
            if each.paper
            for entry in [self._on_card(source, field, each, told, place)]
        ]
        boxes = [pair for pair in pairs if is_signed(pair.field)]
        written = [pair for pair in pairs if not is_signed(pair.field)]
        inner = list(self._inner(field, row, name, room))
        blocks: list[Any] = [*grouping.pairs(written), *inner]
        blocks += grouping.boxes(boxes)
        return Card(name, f"（第{number}张）", tuple(blocks))

    def _on_card(
        self, source: Source, cards: Field, column: Field, told: Mapping[str, Any], place: int
    ) -> Entry:
        """Return the place of a column on a card; if it is not in force that stands there."""
        entry = source.entry(column, told.get(column.key), always, place, told)
        if entry.text or not told:
            return entry
        columns = {each.key: each for each in cards.columns}
        why = why_not_asked(column, told, columns, source.definitions)
        return Entry(column, why) if why else entry

    def _inner(
        self, cards: Field, row: Mapping[str, Any] | None, name: str, room: float
    ) -> Iterator[Rows]:
        for table in _carried(self._source.annex, cards):
            joint = cards.columns[0].key
            own = [each for each in self._sent(table) if row and _joins(each[1], row, joint)]
            yield from self._rows(table, own, room, name)

    def _astray(self, field: Field, room: float) -> Iterator[Rows]:
        """Yield the rows of a carried table that no card carries, so that none goes unseen."""
        cards = next(each for each in self._source.annex.fields if each.key == field.within)
        joint = cards.columns[0].key
        named = {row.get(joint) for _, row in self._sent(cards)}
        lost = [each for each in self._sent(field) if _name(each[1], joint) not in named]
        if lost:
            yield from self._rows(field, lost, room)


def _carried(annex: Annex, cards: Field) -> list[Field]:
    return [field for field in annex.fields if field.within == cards.key]


def _joins(row: Mapping[str, Any], card: Mapping[str, Any], joint: str) -> bool:
    return card.get(joint) is not None and _name(row, joint) == card.get(joint)


def _name(row: Mapping[str, Any], joint: str) -> Any:
    """Return the card that a row names; a list of references names its first."""
    named = row.get(joint)
    return named[0] if isinstance(named, list) and named else named


def _counts_rows(column: Field) -> bool:
    """Tell whether a column only repeats the number of the row, which is printed anyway."""
    return column.type is FieldType.COMPUTED and column.label == _ROW_NUMBER
