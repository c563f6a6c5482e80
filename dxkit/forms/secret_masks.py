"""What a form shows of rows that stay in the case, and how such a row is known when it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dxkit.case import Case
from dxkit.evidence.secrecy import HIDDEN, field_stays, row_stays
from dxkit.forms.phone_masks import without_phones
from dxkit.forms.written.choices import loosened
from dxkit.forms.written.sameness import is_empty
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.handover import HandoverPlan

_WRITTEN = {FieldType.TEXT, FieldType.LONG_TEXT}


def without_secrets(case: Case) -> Case:
    """Return the case without what rows and fields that stay say; phones are not looked at.

    A text that is not shown says that it is hidden, so that it still counts as filled in; of a
    table that the plan of packs does not name only the first column, by which a row is called, is
    shown. Forms that are kept apart are left as they are.
    """
    annexes, plan = case.definitions.annexes, case.definitions.handover
    told = {
        key: _annex(annexes[key], value, plan) if key in annexes else value
        for key, value in case.data.items()
    }
    return replace(case, data=told)


def masked(case: Case) -> Case:
    """Return the case as others may read it: no restricted form, no secret, no whole number."""
    annexes = case.definitions.annexes
    open_ones = {
        k: v for k, v in case.data.items() if k not in annexes or not annexes[k].restricted
    }
    return without_phones(without_secrets(replace(case, data=open_ones)))


def holds_secrets(annex: Annex, answers: Mapping[str, Any]) -> bool:
    """Tell whether a form as filled holds rows or fields that stay."""
    return any(
        any(row_stays(field, row) for row in value)
        if field.type is FieldType.TABLE
        else field_stays(field)
        for field in annex.fields
        if (value := answers.get(field.key))
    )


def is_hidden(table: Field | None, field: Field, raw: Any, row: Mapping[str, Any]) -> bool:
    """Tell whether a content is only what a form shows where something is hidden.

    Args:
        table: the table of the row, None for a single field.
        field: the field or column.
        raw: what came back.
        row: what was sent in the row, empty for a single field.
    """
    if table is None:
        return field_stays(field) and loosened(raw) == loosened(HIDDEN)
    if not row or not row_stays(table, row):
        return False
    return is_empty(raw) or loosened(raw) == loosened(HIDDEN)


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
