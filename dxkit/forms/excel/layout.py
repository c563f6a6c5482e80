"""Which sheets an annex fills in Excel, with which columns, and by which hidden ids they go.

Writer and reader share it. Every row carries a hidden id in the first column, every sheet a
hidden row of column ids, so that cells are found again wherever people move them:
`dx|annex_3|fields` opens the columns of a sheet, `annex_3.enterprise_name` is a field,
`annex_4.members#3` the third row of a table, `annex_4.members#` one that was sent empty. What
is printed or proposed beside is known by a checksum, so that words written over it are noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from dxkit.forms.marks import checksum
from dxkit.forms.record_parts import LABELS, asks_record, part_field
from dxkit.models.annex import Annex, Field, FieldType, Section

Kind = Literal["fields", "record", "table", "grid"]

STAMP_SHEET, LISTS_SHEET, COVER_SHEET = "_dxkit", "_选项", "填写说明"
STAMP_PROPERTY = "dxkit"
SEQUENCE, LABEL, VALUE, UNIT, HELP, BASIS = "@seq", "@label", "value", "@unit", "@help", "@basis"
_PRINTED = "dx|~"
_HEAD = re.compile(r"dx\|([a-z0-9_]+)\|(fields|record|table|grid)\|([a-z0-9_]*)")
_ROW = re.compile(r"([a-z][a-z0-9_]*)\.([A-Za-z0-9_.]+)(#\d*)?(?:~([0-9a-f]{8}))?")
_UNFIT = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST_NAME = 31
_ROW_NUMBER = "序号"
_NESTED = (FieldType.TABLE, FieldType.GRID)


@dataclass(frozen=True)
class Column:
    """One column: its id, the words at its head and, where it is filled in, its field."""

    id: str
    title: str
    field: Field | None = None

    @property
    def printed(self) -> bool:
        """Tell whether it only carries printed words."""
        return self.id.startswith("@")


@dataclass(frozen=True)
class Line:
    """One row of a sheet of fields, records or a grid: its id and its question."""

    key: str
    field: Field


@dataclass(frozen=True)
class Sheet:
    """One sheet: what kind of rows it has, and its columns."""

    name: str
    kind: Kind
    section: Section
    columns: tuple[Column, ...]
    lines: tuple[Line, ...] = ()
    table: Field | None = None

    @property
    def title(self) -> str:
        """Return the heading: the section, and the table where it is one of several fields."""
        alone = self.table is None or len(self.section.fields) == 1
        return self.section.title if alone or self.table is None else self.table.label

    def head_id(self, annex: Annex) -> str:
        """Return the id of the hidden row that opens the columns."""
        return f"dx|{annex.id}|{self.kind}|{self.table.key if self.table else ''}"


@dataclass(frozen=True)
class HeadId:
    """What the hidden row of a sheet tells."""

    annex: str
    kind: Kind
    table: str


@dataclass(frozen=True)
class RowId:
    """What the hidden id of a row tells.

    `number` is a table row's, 0 for one that was not sent, None in other sheets; `checksum` is
    that of the words printed or, in a table, proposed in the row, empty where none are.
    """

    annex: str
    key: str
    number: int | None
    checksum: str


def head_of(text: str) -> HeadId | None:
    """Read the id that opens the columns of a sheet; None if it is no such id."""
    found = _HEAD.fullmatch(text.strip())
    return HeadId(*found.groups()) if found else None  # type: ignore[arg-type]


def row_of(text: str) -> RowId | None:
    """Read the id of a row; None if it is no such id."""
    found = _ROW.fullmatch(text.strip())
    if found is None:
        return None
    annex, key, hashed, summed = found.groups()
    number = None if hashed is None else int(hashed[1:] or 0)
    return RowId(annex, key, number, summed or "")


def printed_id(words: Iterable[str]) -> str:
    """Return the id of a row that only carries printed words, with their checksum."""
    return f"{_PRINTED}{checksum(''.join(words))}"


def line_id(annex: Annex, key: str, words: Iterable[str]) -> str:
    """Return the id of a field's row, with the checksum of the words printed in it."""
    return f"{annex.id}.{key}~{checksum(''.join(words))}"


def table_id(annex: Annex, table: Field, number: int | None, proposed: Iterable[str] = ()) -> str:
    """Return the id of a table's row: its number if it was sent, else what it proposes if it does.

    The words that are proposed are those of the columns people write in, in their order.
    """
    words = "".join(proposed)
    summed = f"~{checksum(words)}" if words else ""
    return f"{annex.id}.{table.key}#{'' if number is None else number}{summed}"


def is_printed(text: str) -> bool:
    """Tell whether an id says that its row only carries printed words."""
    return text.strip().startswith(_PRINTED)


def sheets_of(annex: Annex, office: bool = False) -> list[Sheet]:
    """Return the sheets of an annex in printed order, each under a name of its own.

    Args:
        annex: the form.
        office: whether the office's own sections are among them.
    """
    taken: set[str] = set()
    sections = [section for section in annex.sections if office or not section.office]
    return [_named(sheet, taken) for section in sections for sheet in _sheets(annex, section)]


def _sheets(annex: Annex, section: Section) -> Iterator[Sheet]:
    single = [field for field in section.fields if field.type not in _NESTED]
    if single:
        lines = tuple(Line(field.key, field) for field in single)
        yield _asking(annex, section, lines, None)
    for field in section.fields:
        if field.type is FieldType.TABLE:
            yield Sheet("", "table", section, _table_columns(field), table=field)
        elif field.type is FieldType.GRID and annex.answers == "record":
            asked = [(key, each) for key, each in annex.questions() if _within(field, key)]
            yield _asking(annex, section, tuple(Line(*each) for each in asked), field)
        elif field.type is FieldType.GRID:
            lines = tuple(Line(row.code, field) for row in field.rows)
            yield Sheet("", "grid", section, _grid_columns(field), lines, field)


def _within(grid: Field, key: str) -> bool:
    return any(key.startswith(f"{column.key}.") for column in grid.columns)


def _asking(annex: Annex, section: Section, lines: tuple[Line, ...], grid: Field | None) -> Sheet:
    record = any(asks_record(annex, line.field) for line in lines)
    columns = _record_columns(lines[0].field) if record else _field_columns()
    return Sheet("", "record" if record else "fields", section, columns, lines, grid)


def _field_columns() -> tuple[Column, ...]:
    return (Column(LABEL, "项目"), Column(VALUE, "填写内容"), *_explaining())


def _record_columns(question: Field) -> tuple[Column, ...]:
    parts = [Column(part, label, part_field(question, part)) for part, label in LABELS.items()]
    return (Column(LABEL, "题目"), *parts[:3], Column(UNIT, "单位"), *parts[3:], *_explaining()[1:])


def _explaining() -> tuple[Column, ...]:
    return Column(UNIT, "单位"), Column(HELP, "填写说明"), Column(BASIS, "依据")


def _table_columns(table: Field) -> tuple[Column, ...]:
    """Return the columns of a table; rows are counted once, by its own numbers if it has any."""
    numbers = [each for each in table.columns if each.label == _ROW_NUMBER]
    counted = [each for each in numbers if each.type is FieldType.COMPUTED]
    filled = (
        Column(each.key, _headed(each), each) for each in table.columns if each not in counted
    )
    return (*(() if len(numbers) > len(counted) else (Column(SEQUENCE, _ROW_NUMBER),)), *filled)


def _grid_columns(grid: Field) -> tuple[Column, ...]:
    filled = (Column(each.key, _headed(each), each) for each in grid.columns)
    return (Column(LABEL, "项目"), *filled)


def _headed(field: Field) -> str:
    unit = unit_of(field)
    return f"{field.label}（{unit}）" if unit else field.label


def words_of(column: Column, line: Line) -> str:
    """Return the words that are printed in a column of a field's row."""
    field = line.field
    if column.id == LABEL:
        label = " ".join(part for part in (field.no, field.label) if part)
        return f"{label} *" if field.required == "yes" else label
    clause = f"（{field.clause}）" if field.clause else ""
    words = {UNIT: unit_of(field), HELP: field.help, BASIS: f"{field.basis.words}{clause}"}
    return words.get(column.id, "")


def unit_of(field: Field) -> str:
    """Return the unit of a field; a percentage has one without saying so."""
    return field.unit or ("%" if field.type is FieldType.PERCENT else "")


def _named(sheet: Sheet, taken: set[str]) -> Sheet:
    plain = _UNFIT.sub("", sheet.title).strip()[:_LONGEST_NAME] or "表"
    name, again = plain, 2
    while name.casefold() in taken | {COVER_SHEET, STAMP_SHEET, LISTS_SHEET}:
        name, again = f"{plain[: _LONGEST_NAME - 3]}({again})", again + 1
    taken.add(name.casefold())
    return Sheet(name, sheet.kind, sheet.section, sheet.columns, sheet.lines, sheet.table)
