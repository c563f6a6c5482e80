"""Which of a form's required fields are still blank, from the form's own definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dxkit.case.answers import is_blank
from dxkit.facts.view import Culprits, View
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.shape import Basis

SIGNING = {FieldType.SIGNATURE, FieldType.SEAL}


def gaps_in(annex: str, view: View) -> Culprits:
    """Name the required fields of a form that are blank; None while the form is not begun.

    Signatures are left out, and so is what stands beside them, unless the guide itself asks for it.
    """
    answers = view.annex(annex)
    if not answers:
        return None
    asked = _asked(view.definitions.annexes[annex])
    return tuple(gap for field in asked for gap in _gaps(field, answers))


def _asked(annex: Annex) -> Iterator[Field]:
    for section in annex.sections:
        signing = any(field.type in SIGNING for field in section.fields)
        for field in section.fields:
            if field.required == "yes" and not (signing and field.basis is not Basis.GUIDE):
                yield field


def _gaps(field: Field, answers: Mapping[str, Any]) -> Iterator[str]:
    if field.type is FieldType.GRID:
        cells = answers.get(field.columns[0].key) or {}
        yield from (f"{field.label}：{row.label}" for row in field.rows if row.code not in cells)
    elif is_blank(answers.get(field.key)):
        if field.prefill is None:
            yield field.label
    elif field.type is FieldType.TABLE:
        for number, row in enumerate(answers[field.key], start=1):
            yield from (f"{field.label}第{number}行：{label}" for label in _missing(field, row))


def _missing(table: Field, row: Mapping[str, Any]) -> Iterator[str]:
    for column in table.columns:
        needed = column.required == "yes" and column.type not in SIGNING and not column.prefill
        if needed and is_blank(row.get(column.key)):
            yield column.label
