"""Which single changed answer would turn an indicator, found by asking the same engine again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dxkit.assessment import assess_indicator
from dxkit.assessment.columns import AnswerTable, Column, bit_mask
from dxkit.assessment.logic import KNOWN, Context, Result
from dxkit.assessment.words import choice_words, column_words, plain_number, question_words
from dxkit.definitions import Definitions
from dxkit.models.annex import Field
from dxkit.models.indicator import Indicator, State
from dxkit.models.rules import (
    AmountCondition,
    IndicatorCondition,
    ListCondition,
    NameCondition,
    QuestionLeaf,
    Ratio,
    StepCondition,
)


@dataclass(frozen=True)
class Change:
    """One answer changed alone, and what the indicator would then be."""

    question: str
    label: str
    before: str
    after: str
    answer: float
    value: float

    @property
    def words(self) -> str:
        """Say the change in one sentence."""
        return f"{self.label}：由“{self.before}”变为“{self.after}”"


@dataclass(frozen=True)
class _Candidate:
    question: str
    value: float
    words: str


def changes_that_turn(
    indicator: Indicator, state: State, value: float | bool | None, context: Context
) -> tuple[Change, ...]:
    """Return the single changes that make a no a yes, a yes a no, or settle an unknown.

    Ratios have no yes to turn to and give nothing; neither has what does not apply.
    """
    if indicator.kind == "ratio" or state == "not_applicable":
        return ()
    wanted = (1.0, 0.0) if value is None else (0.0,) if value else (1.0,)
    candidates = [each for yes in (True, False) for each in _candidates(indicator, context, yes)]
    return tuple(
        change
        for want in wanted
        for candidate in dict.fromkeys(candidates)
        if (change := _tried(indicator, candidate, want, context)) is not None
    )


def _tried(
    indicator: Indicator, candidate: _Candidate, want: float, context: Context
) -> Change | None:
    table = context.table.replace(candidate.question, _column_of(candidate.value))
    result = _reassess(indicator, Context(context.definitions, table, {}))
    if result.state[0] != KNOWN or result.low[0] != want:
        return None
    return Change(
        question=candidate.question,
        label=question_words(candidate.question, context.definitions),
        before=column_words(candidate.question, context),
        after=candidate.words,
        answer=candidate.value,
        value=want,
    )


def _reassess(indicator: Indicator, context: Context) -> Result:
    """Compute an indicator and those below it afresh on a changed table."""
    results: dict[str, Result] = {}
    fresh = Context(context.definitions, context.table, results)
    for other in indicator.depends_on:
        results[other] = _reassess(context.definitions.by_id[other], fresh)
    return assess_indicator(indicator, fresh)


def _column_of(value: float) -> Column:
    return Column(np.array([value]), np.array([True]), np.array([False]))


def _candidates(indicator: Indicator, context: Context, yes: bool) -> Iterator[_Candidate]:
    """Yield for every question below an indicator the nearest answer that meets or fails it."""
    for leaf in indicator.leaves:
        if isinstance(leaf, IndicatorCondition):
            other = context.definitions.by_id[leaf.indicator]
            if isinstance(other.rule, Ratio):
                yield from _ratio_candidates(other.rule, leaf, context.table, yes)
            else:
                yield from _candidates(other, context, yes)
        elif not isinstance(leaf, ListCondition):
            yield _nearest(leaf, context.definitions, yes)


def _nearest(leaf: QuestionLeaf, definitions: Definitions, yes: bool) -> _Candidate:
    field = definitions.questions[leaf.question]
    if isinstance(leaf, StepCondition):
        step = max((field.step_of(leaf.at_least) or 0) - (0 if yes else 1), 0)
        return _Candidate(leaf.question, step, choice_words(field, field.choices[step].code))
    if isinstance(leaf, NameCondition):
        bits = _first_bit(field, leaf) if yes else 0
        return _Candidate(leaf.question, bits, _naming(field, bits))
    if isinstance(leaf, AmountCondition):
        amount = leaf.above + 0.01 if yes else leaf.above
        words = f"大于 {plain_number(leaf.above)}" if yes else plain_number(amount)
        return _Candidate(leaf.question, amount, f"{words} {field.unit}".strip())
    return _Candidate(leaf.question, float(yes), "是" if yes else "否")


def _first_bit(field: Field, leaf: NameCondition) -> int:
    mask = bit_mask(field, leaf.besides)
    return mask & -mask


def _naming(field: Field, bits: int) -> str:
    if not bits:
        return "无"
    return f"至少一项，如{field.choices[bits.bit_length() - 1].label}"


def _ratio_candidates(
    rule: Ratio, leaf: IndicatorCondition, table: AnswerTable, yes: bool
) -> Iterator[_Candidate]:
    """Yield the least count of the part that brings a known whole to (or below) the bar."""
    whole = table.column(rule.whole)
    if not whole.known[0] or not whole.values[0]:
        return
    needed = math.ceil(round((leaf.at_least or 0) * whole.values[0], 9))
    count = needed if yes else needed - 1
    if 0 <= count <= whole.values[0]:
        yield _Candidate(rule.part, count, plain_number(count))
