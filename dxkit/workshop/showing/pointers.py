"""Where a question stands in the forms, so that a page can lead to it."""

from __future__ import annotations

from typing import Any

from dxkit.definitions import QUESTIONS, Definitions
from dxkit.models.annex import Annex, Field, FieldType

Pointer = dict[str, Any]
_NOWHERE = ("", "")


def to_question(question: str, definitions: Definitions) -> Pointer:
    """Return path, label, form and section of a question of the record form."""
    return to_path(f"{QUESTIONS}.{question}", definitions)


def to_path(path: str, definitions: Definitions) -> Pointer:
    """Return path, label, form and section of a field, grid cell or table of any form."""
    form, _, key = path.partition(".")
    place = (definitions.digest, form)
    if place not in _known:
        _known[place] = _places(definitions.annexes[form])
    section, label = _known[place].get(key, _NOWHERE)
    return {"path": path, "label": label or path, "form": form, "section": section}


_known: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}


def _places(annex: Annex) -> dict[str, tuple[str, str]]:
    return {
        key: (section.id, label)
        for section in annex.sections
        for field in section.fields
        for key, label in _labels(field)
    }


def _labels(field: Field) -> list[tuple[str, str]]:
    """Return keys and labels: a cell of a grid is told by the grid's number and its row."""
    if field.type is not FieldType.GRID:
        return [(field.key, f"{field.no} {field.label}".strip())]
    return [
        (f"{column.key}.{row.code}", _cell(field, column, row.label))
        for column in field.columns
        for row in field.rows
    ]


def _cell(grid: Field, column: Field, row: str) -> str:
    place = f"{grid.no or grid.label} {row}"
    return place if column.key == grid.key else f"{place}·{column.label}"
