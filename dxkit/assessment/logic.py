"""Three-valued logic on columns: a truth is the least and the most it can still turn out to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from dxkit.assessment.columns import AnswerTable, Booleans, Column, bit_mask, key_of
from dxkit.definitions import Definitions
from dxkit.models.rules import (
    AllOf,
    AmountCondition,
    AnyOf,
    Condition,
    EveryApplicable,
    IndicatorCondition,
    Leaf,
    ListCondition,
    NameCondition,
    QuestionLeaf,
    StepCondition,
)

Numbers = npt.NDArray[np.float64]

KNOWN, UNKNOWN, NOT_APPLICABLE = 0, 1, 2


@dataclass(frozen=True)
class Truth:
    """Where a condition holds for certain (`least`) and where it may still hold (`most`)."""

    least: Booleans
    most: Booleans


@dataclass(frozen=True)
class Result:
    """One indicator over all enterprises: its state and the bounds of its value.

    `low` and `high` are the least and the greatest value that any completion of the missing
    answers could give, as fractions (0 and 1 stand for no and yes); both are NaN where the
    indicator does not apply.
    """

    state: npt.NDArray[np.int8]
    low: Numbers
    high: Numbers

    @property
    def value(self) -> Numbers:
        """Return the value where it is known, NaN elsewhere."""
        return np.where(self.state == KNOWN, self.low, np.nan)

    def row(self, number: int) -> Result:
        """Return one enterprise's result as a result of one row."""
        one = slice(number, number + 1)
        return Result(self.state[one], self.low[one], self.high[one])


Results = Mapping[str, Result]


@dataclass(frozen=True)
class Context:
    """What conditions are judged against: definitions, answers and the results so far."""

    definitions: Definitions
    table: AnswerTable
    results: Results


def judge(condition: Condition, context: Context) -> Truth:
    """Judge a condition for every enterprise at once."""
    if isinstance(condition, AllOf):
        return _every([judge(part, context) for part in condition.all])
    if isinstance(condition, AnyOf):
        return _some([judge(part, context) for part in condition.any])
    if isinstance(condition, EveryApplicable):
        return _every([_unless_exempt(part, context) for part in condition.every_applicable])
    return judge_leaf(condition, context)


def judge_leaf(leaf: Leaf, context: Context) -> Truth:
    """Judge a single condition; on something not applicable it does not hold."""
    if isinstance(leaf, IndicatorCondition):
        return _judge_indicator(leaf, context.results[leaf.indicator])
    if isinstance(leaf, ListCondition):
        column = context.table.column(key_of(leaf))
        return _truth(column, column.values == 1)
    column = context.table.column(leaf.question)
    return _truth(column, holds_of(leaf, context.definitions)(column.values))


def holds_of(leaf: QuestionLeaf, definitions: Definitions) -> Callable[[Any], Any]:
    """Return the test that an encoded answer must pass for the condition to hold."""
    field = definitions.questions[leaf.question]
    if isinstance(leaf, StepCondition):
        step = field.step_of(leaf.at_least)
        return lambda values: values >= step
    if isinstance(leaf, NameCondition):
        mask = bit_mask(field, leaf.besides)
        return lambda values: (values.astype(np.int64) & mask) != 0
    if isinstance(leaf, AmountCondition):
        return lambda values: values > leaf.above
    return lambda values: values == 1


def exempt(condition: Condition, context: Context) -> Booleans:
    """Tell where a part of `every_applicable` drops out because its question does not apply."""
    question = getattr(condition, "question", None)
    if question is None:
        return np.zeros(context.table.size, dtype=bool)
    return context.table.column(question).not_applicable


def _unless_exempt(condition: Condition, context: Context) -> Truth:
    truth, free = judge(condition, context), exempt(condition, context)
    return Truth(truth.least | free, truth.most | free)


def _truth(column: Column, holds: Booleans) -> Truth:
    undecided = ~column.known & ~column.not_applicable
    certain = column.known & holds
    return Truth(certain, certain | undecided)


def _judge_indicator(leaf: IndicatorCondition, result: Result) -> Truth:
    """Compare bounds with the bar: certain only if known, impossible if not applicable (NaN)."""
    bar = 1.0 if leaf.at_least is None else leaf.at_least
    return Truth((result.state == KNOWN) & (result.low >= bar), result.high >= bar)


def _every(truths: list[Truth]) -> Truth:
    return reduce(lambda a, b: Truth(a.least & b.least, a.most & b.most), truths)


def _some(truths: list[Truth]) -> Truth:
    return reduce(lambda a, b: Truth(a.least | b.least, a.most | b.most), truths)
