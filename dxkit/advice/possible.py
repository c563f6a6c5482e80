"""Which answers a question can still have, as few of them as can make a difference."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from dxkit.assessment.columns import AnswerTable
from dxkit.definitions import Definitions
from dxkit.models.annex import COUNTABLE, Field, FieldType
from dxkit.models.rules import AmountCondition, IndicatorCondition, Ratio

HUNDREDTH = 0.01
"""The least amount of money above a bound."""


def possible_answers(
    key: str, table: AnswerTable, definitions: Definitions
) -> tuple[float | None, ...]:
    """Return encoded answers, one at least for every way the rules can take the answer.

    What the form would refuse beside the other answers is none. None stands for 不适用.
    """
    field = definitions.questions[key]
    values: dict[float | None, None] = dict.fromkeys(_values(key, field, table, definitions))
    if field.may_be_not_applicable:
        values[None] = None
    return tuple(values)


def _values(
    key: str, field: Field, table: AnswerTable, definitions: Definitions
) -> Iterator[float]:
    if field.type is FieldType.YES_NO:
        yield from (1.0, 0.0)
    elif field.type is FieldType.LADDER:
        yield from map(float, range(len(field.choices)))
    elif field.choices:
        yield from (float(1 << place) for place in range(len(field.choices)))
    elif field.type is FieldType.MONEY:
        yield from sorted(_amounts(key, field, definitions))
    else:
        yield from sorted(_counts(key, table, definitions))


def _amounts(key: str, field: Field, definitions: Definitions) -> set[float]:
    bars = {
        leaf.above
        for indicator in definitions.indicators
        for leaf in indicator.leaves
        if isinstance(leaf, AmountCondition) and leaf.question == key
    }
    return {max(field.minimum or 0.0, 0.0)} | {
        each for bar in bars for each in (bar, bar + HUNDREDTH) if each >= (field.minimum or 0)
    }


def _counts(key: str, table: AnswerTable, definitions: Definitions) -> set[float]:
    low, high = bounds_of(key, table, definitions)
    ends = {low, max(low, 1.0), low + 1} if math.isinf(high) else {low, high}
    marks = {
        mark
        for indicator in definitions.indicators
        if isinstance(indicator.rule, Ratio)
        for bar in (1.0, *bars_of(indicator.id, definitions))
        for mark in _around(key, indicator.rule, bar, table)
    }
    return {each for each in ends | marks if low <= each <= high}


def bars_of(indicator: str, definitions: Definitions) -> tuple[float, ...]:
    """Return the shares of a ratio at which another indicator turns."""
    return tuple(
        leaf.at_least
        for each in definitions.indicators
        for leaf in each.leaves
        if isinstance(leaf, IndicatorCondition)
        and leaf.indicator == indicator
        and leaf.at_least is not None
    )


def least_part(share: float, whole: float) -> float:
    """Return the least count that makes a share of a whole, unharmed by binary fractions."""
    return float(math.ceil(round(share * whole, 9)))


def _around(key: str, rule: Ratio, bar: float, table: AnswerTable) -> Iterator[float]:
    """Yield the counts on both sides of a bar while the other count is known.

    A bar of 1 gives the other count itself, which counts where the form's bounds contradict.
    """
    part, whole = table.column(rule.part), table.column(rule.whole)
    if key == rule.part and whole.known[0]:
        needed = least_part(bar, float(whole.values[0]))
        yield from (needed - 1, needed)
    if key == rule.whole and part.known[0] and bar:
        most = float(math.floor(round(float(part.values[0]) / bar, 9)))
        yield from (most, most + 1)


def bounds_of(key: str, table: AnswerTable, definitions: Definitions) -> tuple[float, float]:
    """Return the least and the greatest count that the form would take beside the others.

    Where the others contradict each other, only what the question itself allows counts.
    """
    field = definitions.questions[key]
    low = _bound(key, table, definitions, _BELOW, frozenset())
    high = _bound(key, table, definitions, _ABOVE, frozenset())
    if low <= high:
        return low, high
    return _own(field, _BELOW), _own(field, _ABOVE)


_BELOW, _ABOVE = "at_least", "at_most"
_OPPOSITE: Mapping[str, str] = {_BELOW: _ABOVE, _ABOVE: _BELOW}


def _own(field: Field, side: str) -> float:
    if side == _BELOW:
        return 0.0 if field.minimum is None else field.minimum
    return math.inf if field.maximum is None else field.maximum


def _bound(
    key: str, table: AnswerTable, definitions: Definitions, side: str, met: frozenset[str]
) -> float:
    """Follow what must not be less (or more), as far as known counts or own bounds stop it."""
    found: list[float] = [_own(definitions.questions[key], side)]
    for other in _beside(key, definitions, side):
        column = table.column(other)
        if column.known[0]:
            found.append(float(column.values[0]))
        elif other not in met:
            found.append(_bound(other, table, definitions, side, met | {key}))
    return max(found) if side == _BELOW else min(found)


def _beside(key: str, definitions: Definitions, side: str) -> Iterator[str]:
    field: Any = definitions.questions[key]
    named = getattr(field, side)
    if named in definitions.questions:
        yield named
    for other, each in definitions.questions.items():
        if each.type in COUNTABLE and getattr(each, _OPPOSITE[side]) == key:
            yield other
