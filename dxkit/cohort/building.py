"""How cases become a table: what each says of itself, and one assessment over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dxkit.assessment import AnswerTable, Result, assess, tabulate
from dxkit.case import Case
from dxkit.cohort.belonging import causes_of, key_of, marks_of, places_of, year_of
from dxkit.cohort.table import NO_YEAR, NOT_TOLD, Column, Table, Texts, joined_columns
from dxkit.definitions import Definitions
from dxkit.models.indicator import Indicator
from dxkit.models.rules import ListCondition, Ratio

_AT_ONCE = 250_000


@dataclass(frozen=True)
class Row:
    """What one case gives to a table, small enough to go from one process to another."""

    id: str
    key: str = ""
    name: str = ""
    digest: str = ""
    read: bool = True
    year: int = NO_YEAR
    places: Mapping[str, int] = field(default_factory=dict)
    marks: Mapping[str, int] = field(default_factory=dict)
    causes: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)


def row_of(case: Case) -> Row:
    """Return what a case gives: where it belongs, and the answers that indicators read."""
    wanted = deciding(case.definitions)
    return Row(
        case.id,
        key_of(case),
        case.name,
        case.digest,
        year=year_of(case),
        places=places_of(case),
        marks=marks_of(case),
        causes=causes_of(case),
        answers={key: value for key, value in case.found.items() if key in wanted},
    )


def deciding(definitions: Definitions) -> frozenset[str]:
    """Return the questions and tables that the results of all indicators follow from."""
    keys: set[str] = set()
    for indicator in definitions.indicators:
        keys |= {*indicator.questions, *indicator.not_applicable_if_marked}
        keys |= {leaf.table for leaf in indicator.leaves if isinstance(leaf, ListCondition)}
    return frozenset(keys)


def table_of(rows: Sequence[Row], definitions: Definitions) -> Table:
    """Build a table of rows by one assessment over all of them."""
    answers = tabulate(definitions, [row.answers for row in rows])
    return Table(
        definitions=definitions.digest,
        ids=texts([row.id for row in rows]),
        keys=texts([row.key for row in rows]),
        names=texts([row.name or row.id for row in rows]),
        digests=texts([row.digest for row in rows]),
        read=np.array([row.read for row in rows], dtype=bool),
        year=np.array([row.year for row in rows], dtype=np.int16),
        places={
            each.id: np.array([row.places.get(each.id, NOT_TOLD) for row in rows], dtype=np.int16)
            for each in definitions.regional.dimensions
            if each.by not in ("marks", "year")
        },
        marks={
            mark.code: np.array([row.marks.get(mark.code, NOT_TOLD) for row in rows], dtype=np.int8)
            for each in definitions.regional.dimensions
            for mark in each.marks
        },
        columns=columns_of(answers, definitions),
        causes={
            each.id: np.array([row.causes.get(each.id, NOT_TOLD) for row in rows], dtype=np.int8)
            for each in definitions.indicators
        },
    )


def texts(words: Sequence[str]) -> Texts:
    """Return words as an array of words, not of characters."""
    held = np.empty(len(words), dtype=object)
    held[:] = words
    return held


def columns_of(answers: AnswerTable, definitions: Definitions) -> dict[str, Column]:
    """Assess answers and keep what a table keeps, some rows at once so that memory stays small.

    A row among many has the results that it has alone, so where the cuts are does not matter.
    """
    starts = range(0, max(answers.size, 1), _AT_ONCE)
    pieces = [_assessed(_slice(answers, start), definitions) for start in starts]
    return {
        indicator.id: joined_columns([piece[indicator.id] for piece in pieces])
        for indicator in definitions.indicators
    }


def _slice(answers: AnswerTable, start: int) -> AnswerTable:
    if answers.size <= _AT_ONCE:
        return answers
    some = slice(start, start + _AT_ONCE)
    size = min(_AT_ONCE, answers.size - start)
    return AnswerTable(size, {key: each.take(some) for key, each in answers.columns.items()})


def _assessed(answers: AnswerTable, definitions: Definitions) -> dict[str, Column]:
    results = assess(definitions, answers).results
    return {
        indicator.id: _column(indicator, results[indicator.id], answers)
        for indicator in definitions.indicators
    }


def _column(indicator: Indicator, result: Result, answers: AnswerTable) -> Column:
    if not isinstance(indicator.rule, Ratio):
        low, high = (np.nan_to_num(side).astype(np.int8) for side in (result.low, result.high))
        return Column(result.state, low, high)
    part, whole = (
        np.where(column.known, column.values, np.nan).astype(np.float64)
        for column in map(answers.column, (indicator.rule.part, indicator.rule.whole))
    )
    return Column(result.state, result.low, result.high, part, whole)
