"""Answers as columns: one array per question, each entry known, unknown or not applicable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dxkit.case.answers import NOT_APPLICABLE, rows_matching, rows_undecided
from dxkit.definitions import Definitions
from dxkit.models.annex import Field, FieldType
from dxkit.models.rules import ListCondition, leaves_of

Booleans = npt.NDArray[np.bool_]
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One question over all enterprises.

    `values` holds numbers, steps from 0, 0/1 for no/yes, or a bit per choice; an entry counts only
    where `known` is true. `not_applicable` marks entries that were declared so.
    """

    values: npt.NDArray[Any]
    known: Booleans
    not_applicable: Booleans

    def take(self, index: Any) -> Column:
        """Return the entries at an index or slice as a column."""
        return Column(self.values[index], self.known[index], self.not_applicable[index])


@dataclass(frozen=True)
class AnswerTable:
    """The answers of `size` enterprises by question key; a missing column is unknown throughout."""

    size: int
    columns: Mapping[str, Column]

    def column(self, key: str) -> Column:
        """Return a question's column."""
        if key in self.columns:
            return self.columns[key]
        nothing = np.zeros(self.size, dtype=bool)
        return Column(np.zeros(self.size), nothing, nothing)

    def row(self, number: int) -> AnswerTable:
        """Return one enterprise as a table of one row."""
        one = slice(number, number + 1)
        return AnswerTable(1, {key: column.take(one) for key, column in self.columns.items()})

    def replace(self, key: str, column: Column) -> AnswerTable:
        """Return the table with one column changed, as for a what-if."""
        return AnswerTable(self.size, {**self.columns, key: column})


def tabulate(definitions: Definitions, rows: Sequence[Answers]) -> AnswerTable:
    """Turn answers by question key into columns for every question that a rule or check reads.

    Args:
        definitions: the set whose questions give types and steps.
        rows: one mapping per enterprise; a missing key or None is unknown, `NOT_APPLICABLE` a mark.
            Repeating tables are lists of mappings under their own key.
    """
    columns = {
        key: encode(field, [row.get(key) for row in rows])
        for key, field in definitions.questions.items()
        if field.type in _ENCODERS
    }
    for condition in _list_conditions(definitions):
        columns[key_of(condition)] = _has_row(condition, rows)
    return AnswerTable(len(rows), columns)


def encode(field: Field, raw: Sequence[Any]) -> Column:
    """Turn one question's raw answers into a column by the question's type."""
    kind, convert = _ENCODERS[field.type]
    marked = np.fromiter((each is NOT_APPLICABLE for each in raw), bool, len(raw))
    turn = convert(field)
    converted = [None if each is None or each is NOT_APPLICABLE else turn(each) for each in raw]
    known = np.fromiter((each is not None for each in converted), bool, len(raw))
    values = np.fromiter((0 if each is None else each for each in converted), kind, len(raw))
    return Column(values, known, marked)


def decode(field: Field, value: float) -> Any:
    """Turn an encoded value back into what a case file would hold for it."""
    if field.type is FieldType.YES_NO:
        return bool(value)
    if field.type is FieldType.LADDER:
        return field.choices[int(value)].code
    if field.type in (FieldType.CHOICE, FieldType.CHOICES):
        codes = [each.code for place, each in enumerate(field.choices) if int(value) >> place & 1]
        return codes if field.type is FieldType.CHOICES else next(iter(codes), None)
    return int(value) if float(value).is_integer() else float(value)


def key_of(condition: ListCondition) -> str:
    """Return the name of the derived column for a condition on a repeating table."""
    where = ";".join(f"{key}={','.join(codes)}" for key, codes in sorted(condition.where.items()))
    return f"{condition.table}[{where}]"


def _list_conditions(definitions: Definitions) -> Iterable[ListCondition]:
    for check in definitions.checks:
        for tree in (check.if_, check.then):
            for leaf in leaves_of(tree) if tree is not None else ():
                if isinstance(leaf, ListCondition):
                    yield leaf


def _has_row(condition: ListCondition, rows: Sequence[Answers]) -> Column:
    """Tell whether each enterprise's table has such a row; no table or a blank cell is unknown."""
    tables = [row.get(condition.table) for row in rows]
    found = [bool(rows_matching(table, condition.where)) for table in tables]
    undecided = [not isinstance(t, list) or rows_undecided(t, condition.where) for t in tables]
    known = np.array(found, bool) | ~np.array(undecided, bool)
    return Column(np.array(found, np.int8), known, np.zeros(len(rows), dtype=bool))


Convert = Callable[[Any], Any]


def _to_number(_field: Field) -> Convert:
    return float


def _to_truth(_field: Field) -> Convert:
    return int


def _to_step(field: Field) -> Convert:
    return field.step_of


def _to_bits(field: Field) -> Convert:
    places = {choice.code: 1 << place for place, choice in enumerate(field.choices)}

    def bits(codes: Any) -> int:
        several = codes if isinstance(codes, (list, tuple)) else (codes,)
        return sum({places.get(str(code), 0) for code in several})

    return bits


def bit_mask(field: Field, besides: Iterable[str]) -> int:
    """Return the bits of all choices that name something: not `none`, not what is besides."""
    idle = {"none", *besides}
    return sum(1 << i for i, choice in enumerate(field.choices) if choice.code not in idle)


_ENCODERS: dict[FieldType, tuple[Any, Callable[[Field], Convert]]] = {
    FieldType.COUNT: (np.float64, _to_number),
    FieldType.NUMBER: (np.float64, _to_number),
    FieldType.MONEY: (np.float64, _to_number),
    FieldType.PERCENT: (np.float64, _to_number),
    FieldType.YES_NO: (np.int8, _to_truth),
    FieldType.LADDER: (np.int8, _to_step),
    FieldType.CHOICE: (np.int64, _to_bits),
    FieldType.CHOICES: (np.int64, _to_bits),
}
