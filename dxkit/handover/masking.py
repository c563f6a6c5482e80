"""A case as its forms may be shown to others: rows that stay show what the plan lets be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dxkit.case import Case
from dxkit.evidence.secrecy import HIDDEN, field_stays, row_stays
from dxkit.forms.phone_masks import without_phones
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.handover import HandoverPlan

_WRITTEN = {FieldType.TEXT, FieldType.LONG_TEXT}


def masked(case: Case, plan: HandoverPlan) -> Case:
    """Return the case without restricted annexes, masked phones and what rows that stay say.

    A text that is not shown says that it is hidden, so that it still counts as filled in; of a
    table that the plan does not name only the first column, by which a row is called, is shown.
    """
    annexes = case.definitions.annexes
    told = {
        key: _annex(annexes[key], value, plan) if key in annexes else value
        for key, value in case.data.items()
        if key not in annexes or not annexes[key].restricted
    }
    return without_phones(replace(case, data=told))


def _annex(annex: Annex, answers: Mapping[str, Any], plan: HandoverPlan) -> dict[str, Any]:
    fields = {field.key: field for field in annex.fields}
    return {
        key: _value(fields[key], value, plan.shows.get(f"{annex.id}.{key}", ()))
        if key in fields and value
        else value
        for key, value in answers.items()
    }


def _value(field: Field, value: Any, shown: tuple[str, ...]) -> Any:
    if field_stays(field):
        return HIDDEN
    return _rows(field, value, shown) if field.type is FieldType.TABLE else value


def _rows(table: Field, rows: list[Mapping[str, Any]], shown: tuple[str, ...]) -> list[Any]:
    kept = shown or (table.columns[0].key,)
    return [_row(table, row, kept) if row_stays(table, row) else row for row in rows]


def _row(table: Field, row: Mapping[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    """Return what is seen of a row; something in it says that it is hidden, if anything is."""
    written = [column.key for column in table.columns if column.type in _WRITTEN]
    secret = [key for key in written if key not in kept]
    seen = {
        key: value if key in kept else HIDDEN
        for key, value in row.items()
        if key in kept or key in secret
    }
    if seen.keys() != row.keys() and HIDDEN not in seen.values():
        seen.update(dict.fromkeys(secret[:1], HIDDEN))
    return seen
