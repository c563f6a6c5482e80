"""What a blank cell of a table shows: another form's answer, or a cell of the row it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dxkit.case.answers import is_blank
from dxkit.definitions import Definitions
from dxkit.models.annex import Field

Row = Mapping[str, Any]
Answers = Callable[[str], Mapping[str, Any]]
"""Gives the answers of a form by its id, wherever they are kept."""


def completed(row: Row, table: Field, definitions: Definitions, answers: Answers) -> Row:
    """Return a row in which blank cells say what the form prints in them from elsewhere."""
    shown_elsewhere = {
        column.key: found
        for column in table.columns
        if column.prefill and is_blank(row.get(column.key))
        for found in [_elsewhere(row, column.prefill, definitions, answers)]
        if not is_blank(found)
    }
    return {**row, **shown_elsewhere} if shown_elsewhere else row


def _elsewhere(row: Row, path: str, definitions: Definitions, answers: Answers) -> Any:
    """Return another form's field, or a cell of another table's row that has this row's number."""
    annex, _, key = path.partition(".")
    if path in definitions.fields:
        return answers(annex).get(key)
    place, _, cell = path.rpartition(".")
    if place not in definitions.fields:
        return None
    table = definitions.fields[place]
    number = table.columns[0].key
    mine = _numbers(row.get(number))
    rows = answers(annex).get(table.key) or []
    return next((each.get(cell) for each in rows if _numbers(each.get(number)) & mine), None)


def _numbers(value: Any) -> set[str]:
    if is_blank(value):
        return set()
    return {str(each) for each in value} if isinstance(value, (list, tuple)) else {str(value)}
