"""What one answer consists of, and the views of a form's answers that the engine reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, cast

from dxkit.definitions import QUESTIONS, Definitions
from dxkit.models.annex import Annex, Field, FieldType, GridTally, Tally

MARK = "not_applicable"


class Mark(Enum):
    """Stands in the place of an answer that was marked not applicable."""

    NOT_APPLICABLE = "not_applicable"


NOT_APPLICABLE = Mark.NOT_APPLICABLE


@dataclass(frozen=True)
class Answer:
    """An answer with where it came from; a bare value in a case file is an on-site value.

    `not_applicable` and `disputed` hold the reason; a disputed answer counts as unknown.
    """

    self_reported: Any = None
    onsite: Any = None
    verified: Any = None
    not_applicable: str | None = None
    disputed: str | None = None
    methods: tuple[str, ...] = ()
    informant: str | None = None
    evidence: tuple[str, ...] = ()
    strength: str | None = None
    diff_reason: str | None = None
    recorder: str | None = None
    recorded_at: str | None = None
    remark: str | None = None

    @property
    def value(self) -> Any:
        """Return what indicators use: the verified value, else the one found on site."""
        if self.disputed is not None:
            return None
        return self.onsite if self.verified is None else self.verified

    @property
    def given(self) -> bool:
        """Tell whether the question was answered or marked not applicable."""
        return self.value is not None or self.not_applicable is not None


PARTS = frozenset(field.name for field in fields(Answer))
NOTHING = Answer()


def is_blank(value: Any) -> bool:
    """Tell whether nothing is filled in; no and 0 are something."""
    return value is None or value in ("", [], {}, ())


def is_record(raw: object) -> bool:
    """Tell whether a raw answer is written out with its parts."""
    return isinstance(raw, dict) and bool(PARTS & set(raw))


def read_answer(raw: Any) -> Answer:
    """Turn what a case file holds for one question into an answer."""
    if raw is None:
        return NOTHING
    if raw == MARK:
        return Answer(not_applicable="未说明理由")
    if not is_record(raw):
        return Answer(onsite=raw)
    parts = {key: value for key, value in raw.items() if value is not None}
    lists = {key: tuple(parts[key]) for key in ("methods", "evidence") if key in parts}
    return Answer(**{**parts, **lists})


def flatten(annex: Annex, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return raw answers by question key; grid columns are opened to `column.row`."""
    flat: dict[str, Any] = {}
    for field in annex.fields:
        if field.type is not FieldType.GRID:
            flat[field.key] = answers.get(field.key)
            continue
        for column in field.columns:
            cells = answers.get(column.key) or {}
            flat.update({f"{column.key}.{row.code}": cells.get(row.code) for row in field.rows})
    return {key: raw for key, raw in flat.items() if raw is not None}


def record_of(definitions: Definitions, case: Mapping[str, Any]) -> dict[str, Answer]:
    """Return the answers of the record form (annex 6) by question key; tables are left out."""
    annex = definitions.annexes[QUESTIONS]
    tables = {field.key for field in annex.fields if field.type is FieldType.TABLE}
    flat = flatten(annex, case.get(QUESTIONS) or {})
    return {key: read_answer(raw) for key, raw in flat.items() if key not in tables}


def found_on_site(definitions: Definitions, case: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that indicators use, with untyped counts taken from their tables."""
    record = record_of(definitions, case)
    values = {key: _usable(answer) for key, answer in record.items()}
    values.update(_tables(definitions, case))
    for key, field in definitions.questions.items():
        if field.tally is not None and values.get(key) is None and not _held_back(record, key):
            values[key] = tallied(field.tally, values, definitions)
    return values


def self_reported(definitions: Definitions, case: Mapping[str, Any]) -> dict[str, Any]:
    """Return only what the enterprise itself reported in its online self-assessment."""
    record = record_of(definitions, case)
    return {key: answer.self_reported for key, answer in record.items()}


def tallied(
    tally: Tally | GridTally, values: Mapping[str, Any], definitions: Definitions
) -> int | float | None:
    """Return the number that rows give by themselves; None if the rows cannot tell it yet."""
    if isinstance(tally, GridTally):
        cells = [key for key in definitions.questions if key.startswith(f"{tally.grid}.")]
        given = [values.get(key) for key in cells]
        return None if None in given else sum(str(each) in tally.codes for each in given)
    rows = values.get(tally.table)
    if not rows or rows_undecided(rows, tally.where):
        return None
    counted = rows_matching(rows, tally.where)
    if tally.sum is None:
        return len(counted)
    amounts = [row.get(tally.sum) for row in counted]
    return None if None in amounts else sum(cast(list[float], amounts))


def rows_undecided(rows: object, where: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a row may yet match: its filled cells do, but some that count are blank."""
    return any(
        _fits(row, where, blank=True) and not _fits(row, where, blank=False) for row in _rows(rows)
    )


def _fits(row: Mapping[str, Any], where: Mapping[str, tuple[str, ...]], blank: bool) -> bool:
    """Tell whether the cells that count are among the codes; a blank one counts as told."""
    return all(
        blank if row.get(key) is None else bool(_word(row[key]) & set(codes))
        for key, codes in where.items()
    )


def _usable(answer: Answer) -> Any:
    return NOT_APPLICABLE if answer.not_applicable is not None else answer.value


def _held_back(record: Mapping[str, Answer], key: str) -> bool:
    return key in record and record[key].disputed is not None


def _tables(definitions: Definitions, case: Mapping[str, Any]) -> dict[str, Any]:
    answers = case.get(QUESTIONS) or {}
    annex = definitions.annexes[QUESTIONS]
    return {
        field.key: answers[field.key]
        for field in annex.fields
        if field.type is FieldType.TABLE and answers.get(field.key) is not None
    }


def rows_matching(rows: object, where: Mapping[str, tuple[str, ...]]) -> list[Mapping[str, Any]]:
    """Return a repeating table's rows whose cells are among the codes (true and false as words)."""
    return [row for row in _rows(rows) if _fits(row, where, blank=False)]


def _rows(rows: object) -> list[Mapping[str, Any]]:
    return rows if isinstance(rows, list) else []


def _word(cell: object) -> set[str]:
    if isinstance(cell, bool):
        return {"true" if cell else "false"}
    return {str(each) for each in cell} if isinstance(cell, list) else {str(cell)}


def column_fields(field: Field) -> dict[str, Field]:
    """Return a table's columns by key."""
    return {column.key: column for column in field.columns}
