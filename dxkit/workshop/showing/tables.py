"""Tables and grids as a page shows them: columns once, rows with their places in the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case.requiredness import is_required
from dxkit.forms.paper.in_force import why_not_asked
from dxkit.forms.values import shown_value
from dxkit.models.annex import Field, FieldType
from dxkit.workshop.seeing.places import Place, look
from dxkit.workshop.seeing.sight import Sight, fields_of
from dxkit.workshop.seeing.waiting import conflicts
from dxkit.workshop.showing.items import (
    Item,
    asked,
    item_of,
    question,
    why_not_editable,
)

REGISTERED = "登记文件时写入，不在此修改"


def table_item(sight: Sight, place: Place) -> Item:
    """Return a repeating table; rows that the role may not see are left out.

    Every row has its place in the case from 1, by which it is called when it is changed.
    """
    rows = sight.whole_answers(place.annex).get(place.field.key) or []
    seen = sight.answers(place.annex).get(place.field.key) or []
    reported = sight.log.reported(place.path)
    return {
        **_frame(sight, place, f"{len(rows)}行" if rows else ""),
        "required": is_required(place.field, sight.beside(place.annex), fields_of(place.annex)),
        "findings": sight.findings(place),
        "conflicts": conflicts(sight, place),
        "changed": sight.changed(place),
        "minimum_rows": place.field.minimum_rows,
        "columns": [
            _column(sight, each) for each in filter(sight.access.shows, place.field.columns)
        ],
        "rows": [
            _row(sight, place, number, shown)
            | {"reported": place.annex.answers == "record" and reported.holds(row)}
            for number, (row, shown) in enumerate(zip(rows, seen, strict=True), start=1)
            if sight.access.shows_row(place.field, row)
        ],
    }


def _frame(sight: Sight, place: Place, text: str) -> Item:
    """Return what tables and grids have alike: always shown, and no answer of their own."""
    why_not = why_not_editable(sight, place)
    return {
        **question(sight, place),
        "value": None,
        "text": text,
        "lent": "",
        "editable": not why_not,
        "why_not": why_not,
        "computed": False,
        "shown": True,
        "why_hidden": "",
        "answer": None,
    }


def _column(sight: Sight, column: Field) -> Item:
    why_not = why_not_written(column)
    return {**asked(sight, column), "editable": not why_not, "why_not": why_not}


def why_not_written(column: Field) -> str:
    """Return why nobody types into a column, empty if people do."""
    if column.type is FieldType.COMPUTED:
        return "此项自动计算，不填写"
    if column.required == "auto":
        return "由程序在办理过程中记载"
    return REGISTERED if column.registered == "content" else ""


def _row(sight: Sight, place: Place, number: int, row: Mapping[str, Any]) -> Item:
    columns = [each for each in place.field.columns if sight.access.shows(each)]
    fields = {each.key: each for each in columns}
    cells = {each.key: _cell(sight, place, each, row, number) for each in columns}
    hidden = [
        each.key
        for each in columns
        if each.shown_if is not None and why_not_asked(each, row, fields, sight.definitions)
    ]
    required = [each.key for each in columns if is_required(each, row, fields)]
    return {"n": number, "cells": cells, "hidden": hidden, "required": required}


def _cell(sight: Sight, place: Place, column: Field, row: Mapping[str, Any], number: int) -> Item:
    value: Any = row.get(column.key)
    text = shown_value(sight.seen, place.annex, column, value, number - 1, row)
    return {"value": value, "text": text}


def grid_item(sight: Sight, place: Place) -> Item:
    """Return a grid; each cell that is asked is a question of its own."""
    columns = [each for each in place.field.columns if sight.access.shows(each)]
    return {
        **_frame(sight, place, ""),
        "findings": [],
        "conflicts": [],
        "changed": None,
        "columns": [asked(sight, each) for each in columns],
        "rows": [
            {"code": row.code, "label": row.label, "cells": _cells(sight, place, columns, row.code)}
            for row in place.field.rows
        ],
    }


def _cells(sight: Sight, place: Place, columns: list[Field], row: str) -> dict[str, Item]:
    found = {
        column.key: look(f"{place.annex.id}.{column.key}.{row}", sight.access) for column in columns
    }
    return {key: item_of(sight, at) for key, at in found.items() if at is not None}
