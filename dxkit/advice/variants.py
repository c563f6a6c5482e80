"""One case with some answers changed, many such variants as the rows of one answer table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dxkit.assessment import UNKNOWN, Assessment, assess
from dxkit.assessment.columns import AnswerTable, Column
from dxkit.definitions import Definitions

Changes = Mapping[str, float | None]
"""Encoded values by question; None stands for the mark that a question does not apply."""


@dataclass(frozen=True)
class Outcomes:
    """Every indicator of every variant; the first row is the case as it is."""

    assessment: Assessment
    doubts: npt.NDArray[np.float64]
    """How much is open, a row each variant, a column each indicator: 0 decided, 1 all open."""

    def same(self, row: int, column: int) -> bool:
        """Tell whether a variant leaves an indicator as it is."""
        result = self.assessment.results[self.assessment.definitions.indicators[column].id]
        alike = (
            np.array_equal(part[[0]], part[[row]], equal_nan=True)
            for part in (result.low, result.high)
        )
        return bool(result.state[0] == result.state[row]) and all(alike)

    def key(self, row: int) -> tuple[object, ...]:
        """Return what tells a variant from those that come out otherwise."""
        results = self.assessment.results.values()
        return tuple(
            (int(each.state[row]), *np.nan_to_num([each.low[row], each.high[row]], nan=-1.0))
            for each in results
        )


def outcomes_of(
    definitions: Definitions, row: AnswerTable, variants: Sequence[Changes]
) -> Outcomes:
    """Assess a case and its variants in one call.

    Args:
        definitions: the set to judge by.
        row: the case as a table of one row.
        variants: what to change in each further row.
    """
    assessment = assess(definitions, vary(row, variants))
    return Outcomes(assessment, _doubts(assessment))


def vary(row: AnswerTable, variants: Sequence[Changes]) -> AnswerTable:
    """Return the case as it is and, below it, each of its variants."""
    size = len(variants) + 1
    changed = dict.fromkeys(key for each in variants for key in each)
    columns = {
        key: _repeat(row.column(key), size) for key in dict.fromkeys([*row.columns, *changed])
    }
    for number, variant in enumerate(variants, start=1):
        for key, value in variant.items():
            columns[key].values[number] = 0 if value is None else value
            columns[key].known[number] = value is not None
            columns[key].not_applicable[number] = value is None
    return AnswerTable(size, columns)


def _repeat(column: Column, size: int) -> Column:
    parts = (column.values, column.known, column.not_applicable)
    return Column(*(np.repeat(part[:1], size) for part in parts))


def _doubts(assessment: Assessment) -> npt.NDArray[np.float64]:
    """Count half for what is not decided, and half for the whole breadth of its bounds."""
    columns = [
        np.where(result.state == UNKNOWN, (1 + np.nan_to_num(result.high - result.low)) / 2, 0.0)
        for result in (assessment.results[each.id] for each in assessment.definitions.indicators)
    ]
    return np.array(columns).T
