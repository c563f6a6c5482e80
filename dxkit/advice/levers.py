"""Which better answers can be tried: each with its cost and the indicators that it alone moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dxkit.advice.goals import meets
from dxkit.advice.ground import Ground
from dxkit.advice.possible import bars_of, least_part
from dxkit.advice.prices import YUAN, Price, Prices
from dxkit.advice.variants import Outcomes, outcomes_of
from dxkit.assessment import AnswerTable
from dxkit.definitions import Definitions
from dxkit.models.annex import FieldType
from dxkit.models.indicator import Indicator
from dxkit.models.rules import AmountCondition, NameCondition, Ratio


@dataclass(frozen=True)
class Option:
    """A better answer: its encoded value, its cost in 万元 and what it moves by itself."""

    value: float
    cost: float | None
    moves: tuple[Indicator, ...]


@dataclass(frozen=True)
class Lever:
    """A question whose answer can be improved, from the present answer upwards."""

    question: str
    now: float | None
    price: Price
    serves: tuple[Indicator, ...]
    options: tuple[Option, ...]


def levers_of(row: AnswerTable, definitions: Definitions, prices: Prices) -> tuple[Lever, ...]:
    """Return every lever that is not at its best, in the order of the record form.

    What is marked as not applicable is no lever: whether it applies is a fact, not a choice.
    """
    ground = Ground(definitions, row, prices)
    keys = [
        key
        for key in definitions.questions
        if key in prices and not row.column(key).not_applicable[0]
    ]
    higher = {key: list(dict.fromkeys(_higher(key, ground))) for key in keys}
    tried = [(key, value) for key, values in higher.items() for value in values]
    outcomes = outcomes_of(definitions, row, [{key: value} for key, value in tried])
    moved = {pair: _moved(number, outcomes) for number, pair in enumerate(tried, start=1)}
    return tuple(
        Lever(
            question=key,
            now=ground.now(key),
            price=prices[key],
            serves=_serves(key, definitions),
            options=tuple(
                Option(value, _cost(key, value, ground), moved[key, value]) for value in values
            ),
        )
        for key, values in higher.items()
        if values
    )


def _cost(key: str, value: float, ground: Ground) -> float | None:
    return ground.cost(key, value) / YUAN if ground.priced(key) else None


def _moved(number: int, outcomes: Outcomes) -> tuple[Indicator, ...]:
    indicators = outcomes.assessment.definitions.indicators
    return tuple(
        each for column, each in enumerate(indicators) if not outcomes.same(number, column)
    )


def _serves(key: str, definitions: Definitions) -> tuple[Indicator, ...]:
    return tuple(each for each in definitions.indicators if key in each.questions)


def _higher(key: str, ground: Ground) -> Iterator[float]:
    """Yield the better answers worth trying, upwards."""
    field, now = ground.definitions.questions[key], ground.now(key)
    if field.type is FieldType.LADDER:
        yield from map(float, range(0 if now is None else int(now) + 1, len(field.choices)))
    elif field.type is FieldType.COUNT:
        yield from _counts(key, now, ground)
    elif field.type is FieldType.YES_NO:
        yield from () if now else (1.0,)
    else:
        for indicator in ground.definitions.indicators:
            for leaf in indicator.leaves:
                if getattr(leaf, "question", None) == key and isinstance(
                    leaf, (AmountCondition, NameCondition)
                ):
                    yield from _meeting(leaf, now, ground)


def _meeting(
    leaf: AmountCondition | NameCondition, now: float | None, ground: Ground
) -> list[float]:
    if now is not None and meets(leaf, now, ground.definitions):
        return []
    return list(ground.ways_to_meet(leaf))


def _counts(key: str, now: float | None, ground: Ground) -> list[float]:
    """Return one more, what each bar asks for, quarters of the whole, and the whole."""
    most, low = ground.most(key), now or 0.0
    found = {low + 1}
    for indicator in ground.definitions.indicators:
        rule = indicator.rule
        if isinstance(rule, Ratio) and rule.part == key:
            whole = ground.now(rule.whole)
            if whole:
                most = min(most, whole)
                shares = (*bars_of(indicator.id, ground.definitions), 0.25, 0.5, 0.75, 1.0)
                found |= {least_part(share, whole) for share in shares}
    return sorted(each for each in found if low < each <= most)
