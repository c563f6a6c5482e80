"""By what people know a row of a table: the columns that name it, and its first entries."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from dxkit.case.words import shown
from dxkit.definitions import Definitions
from dxkit.models.annex import Field, FieldType

_NAMED = 12
_NAMING = {
    FieldType.CHOICE,
    FieldType.CHOICES,
    FieldType.REFERENCES,
    FieldType.INDICATORS,
    FieldType.YEAR,
    FieldType.DATE,
    FieldType.TIME,
    FieldType.DATETIME,
}
_TELLING = {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CHOICE, FieldType.DATE}


def naming_columns(field: Field) -> list[Field]:
    """Return the columns by which people know a row of a table: those at its beginning.

    Choices and days count as far as the first text, texts as far as the next other column.
    """
    columns = [column for column in field.columns if column.type is not FieldType.COMPUTED]
    before = list(takewhile(lambda each: each.type in _NAMING, columns))
    names = list(takewhile(lambda each: each.type is FieldType.TEXT, columns[len(before) :]))
    return [*before, *names]


def words_of(table: Field, row: Mapping[str, Any], definitions: Definitions) -> str:
    """Return the first entries of a row, by which people know it."""
    telling = [each for each in table.columns if each.type in _TELLING and row.get(each.key)]
    chosen = telling or [each for each in table.columns if row.get(each.key) is not None]
    return "，".join(shown(each, row[each.key], definitions)[:_NAMED] for each in chosen[:3])
