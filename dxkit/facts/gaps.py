"""Which of a form's required fields are still blank, from the form's own definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dxkit.case.answers import column_fields, is_blank
from dxkit.case.requiredness import is_required
from dxkit.facts.view import Culprits, View
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.shape import Basis

SIGNING = {FieldType.SIGNATURE, FieldType.SEAL}


def gaps_in(annex: str, view: View) -> Culprits:
    """Name the fields of a form that are always required and are blank; None if not begun.

    Signatures are left out, and so is what stands beside them, unless the guide itself asks for it.
    """
    answers = view.annex(annex)
    if not answers:
        return None
    form = view.definitions.annexes[annex]
    asked = (field for field in _unsigned(form) if field.required == "yes")
    return tuple(gap for field in asked for gap in _gaps(field, answers))


def further_gaps_in(annex: str, view: View) -> Culprits:
    """Name what is blank although other answers ask for it; None if the form is not begun.

    These are fields that are required in some cases only, and cells that are required in the rows
    of a table which nobody had to begin.
    """
    answers = view.annex(annex)
    if not answers:
        return None
    form = view.definitions.annexes[annex]
    fields = {field.key: field for field in form.fields}
    return tuple(
        gap
        for field in _unsigned(form)
        for gap in (
            _further(field, answers)
            if field.type is FieldType.TABLE and not is_blank(answers.get(field.key))
            else _gaps(field, answers)
            if field.required == "conditional" and is_required(field, answers, fields)
            else ()
        )
    )


def _unsigned(annex: Annex) -> Iterator[Field]:
    """Yield what is judged here; single questions of a record form are for `answers` to judge."""
    for section in annex.sections:
        signing = any(field.type in SIGNING for field in section.fields)
        for field in section.fields:
            recorded = annex.answers == "record" and field.type is not FieldType.TABLE
            if not recorded and not (signing and field.basis is not Basis.GUIDE):
                yield field


def _gaps(field: Field, answers: Mapping[str, Any]) -> Iterator[str]:
    if field.type is FieldType.GRID:
        yield from _in_grid(field, answers)
    elif is_blank(answers.get(field.key)):
        if field.prefill is None:
            yield field.label
    elif field.type is FieldType.TABLE:
        yield from _in_rows(field, answers, [c for c in field.columns if c.required == "yes"])


def _in_grid(grid: Field, answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield the blank cells of a grid, row by row, of each column only where it is asked."""
    asked = [column for column in grid.columns if _is_asked(column)]
    for number, row in enumerate(grid.rows, start=1):
        name = f"{grid.label}第{number}项" if grid.numbered else f"{grid.label}：{row.label}"
        for column in asked:
            cells = answers.get(column.key) or {}
            if column.is_asked_of(row.code) and is_blank(cells.get(row.code)):
                yield name if len(asked) == 1 else f"{name}：{column.label}"


def _further(table: Field, answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield the blank cells of a begun table that `gaps_in` does not name."""
    wanted = ("conditional",) if table.required == "yes" else ("yes", "conditional")
    yield from _in_rows(table, answers, [c for c in table.columns if c.required in wanted])


def _in_rows(table: Field, answers: Mapping[str, Any], columns: list[Field]) -> Iterator[str]:
    known = column_fields(table)
    asked = [each for each in columns if each.type not in SIGNING and not each.prefill]
    for number, row in enumerate(answers[table.key], start=1):
        for column in asked:
            if is_required(column, row, known) and is_blank(row.get(column.key)):
                yield f"{table.label}第{number}行：{column.label}"


def _is_asked(column: Field) -> bool:
    return column.required == "yes" and column.type is not FieldType.COMPUTED
