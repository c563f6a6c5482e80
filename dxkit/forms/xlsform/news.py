"""What in returned data a case does not hold yet, so that reading a file twice adds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dxkit.case import Case
from dxkit.case.paths_in_data import get
from dxkit.forms.record_parts import asks_record, parts_of
from dxkit.forms.returned import Cell, Returned, Row, Table
from dxkit.forms.written.parsing import parse
from dxkit.forms.written.sameness import same_value
from dxkit.models.annex import Annex, Field

_DECIDING = ("onsite", "not_applicable")


def only_news(returned: Returned, case: Case) -> Returned:
    """Return the data without answers that the case already gives, and rows it already has.

    With an answer goes what stands beside it: who noted an answer first stays noted.
    """
    annex = case.definitions.annexes[returned.annex]
    questions = dict(annex.questions())
    known = {
        cell.path.rpartition(".")[0]
        for cell in returned.cells
        if _is_known(cell, annex, questions, case)
    }
    cells = tuple(e for e in returned.cells if e.path.rpartition(".")[0] not in known)
    tables = tuple(
        _new_rows(table, questions[table.path], case.annex(annex.id), case)
        for table in returned.tables
    )
    return replace(returned, cells=cells, tables=tuple(each for each in tables if each.rows))


def _is_known(cell: Cell, annex: Annex, questions: Mapping[str, Field], case: Case) -> bool:
    """Tell whether a cell is the deciding part of an answer and says what the case says."""
    path, _, part = cell.path.rpartition(".")
    if part not in _DECIDING or path not in questions or not asks_record(annex, questions[path]):
        return False
    now = parts_of(get(case.annex(annex.id), path)).get(part)
    if part != "onsite":
        return bool(now == cell.raw)
    parsed = parse(questions[path], cell.raw, case.definitions)
    return now is not None and parsed.readable and same_value(questions[path], parsed.value, now)


def _new_rows(table: Table, field: Field, answers: Mapping[str, Any], case: Case) -> Table:
    now = answers.get(field.key) or []
    rows = (row for row in table.rows if not any(_same(row, each, field, case) for each in now))
    return replace(table, rows=tuple(rows))


def _same(row: Row, now: Mapping[str, Any], field: Field, case: Case) -> bool:
    columns = {column.key: column for column in field.columns}
    read = {key: parse(columns[key], raw, case.definitions) for key, (raw, _) in row.cells.items()}
    return all(
        each.readable and same_value(columns[key], each.value, now.get(key))
        for key, each in read.items()
    )
