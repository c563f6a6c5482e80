"""From answers to every indicator's state, value and bounds: the one engine, on columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dxkit.assessment.columns import Answers, AnswerTable, Booleans, tabulate
from dxkit.assessment.logic import (
    KNOWN,
    UNKNOWN,
    Context,
    Result,
    exempt,
    judge,
)
from dxkit.assessment.logic import NOT_APPLICABLE as STATE_NOT_APPLICABLE
from dxkit.case.answers import NOT_APPLICABLE
from dxkit.definitions import Definitions
from dxkit.models.indicator import Indicator
from dxkit.models.rules import EveryApplicable, Ratio

__all__ = [
    "KNOWN",
    "NOT_APPLICABLE",
    "STATE_NOT_APPLICABLE",
    "UNKNOWN",
    "AnswerTable",
    "Answers",
    "Assessment",
    "Result",
    "assess",
    "tabulate",
]


@dataclass(frozen=True)
class Assessment:
    """The results of every indicator for every row of an answer table."""

    definitions: Definitions
    table: AnswerTable
    results: Mapping[str, Result]


def assess(definitions: Definitions, table: AnswerTable) -> Assessment:
    """Compute every indicator for every row; the same code serves one enterprise or a million."""
    results: dict[str, Result] = {}
    context = Context(definitions, table, results)
    for indicator in definitions.in_order_of_derivation:
        results[indicator.id] = assess_indicator(indicator, context)
    return Assessment(definitions, table, results)


def assess_indicator(indicator: Indicator, context: Context) -> Result:
    """Compute one indicator; those it is derived from must be in the context already."""
    if isinstance(indicator.rule, Ratio):
        result = _ratio(indicator.rule, context.table)
    else:
        truth = judge(indicator.rule, context)
        none = np.zeros(context.table.size, dtype=bool)
        result = _settle(truth.least.astype(float), truth.most.astype(float), none, none)
    return _where_it_applies(indicator, context, result)


def _ratio(rule: Ratio, table: AnswerTable) -> Result:
    """Bound part / whole by every count that the missing ones could still be.

    With the whole unknown a part of 0 can only give 0 (or not apply, should the whole be 0 too);
    any other missing count leaves the whole range. A part above its whole is a dispute: unknown.
    """
    part, whole = table.column(rule.part), table.column(rule.whole)
    both = part.known & whole.known
    disputed = both & ((part.values > whole.values) | (part.values < 0))
    settled = both & ~disputed & (whole.values > 0)
    share = np.divide(part.values, whole.values, out=np.zeros(table.size), where=settled)
    only_zero = part.known & (part.values == 0) & ~whole.known
    low = np.where(settled, share, 0.0)
    high = np.where(settled, share, np.where(only_zero, 0.0, 1.0))
    empty = whole.known & (whole.values == 0) & ~disputed
    return _settle(low, high, empty, only_zero)


def _where_it_applies(indicator: Indicator, context: Context, result: Result) -> Result:
    """Narrow a result to where the indicator applies, for certain or perhaps."""
    never, perhaps = _marked(indicator, context), np.zeros(context.table.size, dtype=bool)
    if isinstance(indicator.rule, EveryApplicable):
        parts = indicator.rule.every_applicable
        never = never | np.logical_and.reduce([exempt(part, context) for part in parts])
    if indicator.applies_if is not None:
        applies = judge(indicator.applies_if, context)
        never, perhaps = never | ~applies.most, perhaps | ~applies.least
    never = never | (result.state == STATE_NOT_APPLICABLE)
    perhaps = perhaps | ((result.state == UNKNOWN) & (result.low == result.high))
    return _settle(result.low, result.high, never, perhaps)


def _marked(indicator: Indicator, context: Context) -> Booleans:
    marks = [context.table.column(key).not_applicable for key in indicator.not_applicable_if_marked]
    return np.asarray(np.logical_or.reduce([np.zeros(context.table.size, dtype=bool), *marks]))


def _settle(low: np.ndarray, high: np.ndarray, never: Booleans, perhaps_not: Booleans) -> Result:
    """Give each row its state: bounds that meet are known, unless it may turn out not to apply."""
    state = np.where((low == high) & ~perhaps_not, KNOWN, UNKNOWN).astype(np.int8)
    state[never] = STATE_NOT_APPLICABLE
    nowhere = np.where(never, np.nan, 0.0)
    return Result(state, low + nowhere, high + nowhere)
