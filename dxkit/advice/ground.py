"""What a search for changes stands on: present answers, prices, and how far each can be raised."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dxkit.advice.goals import meets
from dxkit.advice.possible import HUNDREDTH
from dxkit.advice.prices import Prices
from dxkit.assessment import AnswerTable
from dxkit.assessment.words import question_words
from dxkit.definitions import Definitions
from dxkit.models.annex import FieldType
from dxkit.models.rules import AmountCondition, NameCondition, QuestionLeaf, StepCondition


@dataclass(frozen=True)
class Ground:
    """One enterprise as a search sees it; an unknown answer is at its lowest."""

    definitions: Definitions
    row: AnswerTable
    prices: Prices

    def now(self, key: str) -> float | None:
        """Return the present encoded answer, None if it is unknown."""
        column = self.row.column(key)
        return float(column.values[0]) if column.known[0] else None

    def cost(self, key: str, value: float) -> int:
        """Return in yuan what it costs to raise an answer from what it is now."""
        return self.prices[key].cost(self.now(key), value)

    def priced(self, key: str) -> bool:
        """Tell whether an answer can be raised for money."""
        return key in self.prices and self.prices[key].amounts is not None

    def lasting(self, key: str) -> bool:
        """Tell whether raising an answer never unsettles what it meets already.

        One chosen thing takes the place of another; of several, more are added.
        """
        return self.definitions.questions[key].type is not FieldType.CHOICE

    def most(self, key: str) -> float:
        """Return how far an amount can be raised: to its whole, unless that can be raised too."""
        field = self.definitions.questions[key]
        own = float("inf") if field.maximum is None else field.maximum
        above = field.at_most
        if above is None or above not in self.definitions.questions or self.priced(above):
            return own
        whole = self.now(above)
        return own if whole is None else min(own, whole)

    def ways_to_meet(self, leaf: QuestionLeaf) -> Iterator[float]:
        """Yield the least answers that meet a condition, one for each way that may differ."""
        field = self.definitions.questions[leaf.question]
        if isinstance(leaf, StepCondition):
            yield float(field.step_of(leaf.at_least) or 0)
        elif isinstance(leaf, NameCondition):
            yield from self._namings(leaf)
        elif isinstance(leaf, AmountCondition):
            counted = field.type is FieldType.COUNT
            yield math.floor(leaf.above) + 1.0 if counted else leaf.above + HUNDREDTH
        else:
            yield 1.0

    def _namings(self, leaf: NameCondition) -> Iterator[float]:
        """Yield the first choice of each set that the same conditions of all rules take."""
        field = self.definitions.questions[leaf.question]
        told: set[tuple[bool, ...]] = set()
        several = field.type is FieldType.CHOICES
        for place in range(len(field.choices)):
            bits = float(1 << place)
            taken = tuple(meets(each, bits, self.definitions) for each in self._asking(field.key))
            if meets(leaf, bits, self.definitions) and taken not in told:
                told.add(taken)
                yield float(int(self._named(leaf.question)) | int(bits)) if several else bits

    def _named(self, key: str) -> float:
        """Return what is named now, without the word for nothing."""
        nothing = next(
            (
                1 << place
                for place, each in enumerate(self.definitions.questions[key].choices)
                if each.code == "none"
            ),
            0,
        )
        return float(int(self.now(key) or 0) & ~nothing)

    def _asking(self, key: str) -> tuple[NameCondition, ...]:
        return self._name_conditions.get(key, ())

    @cached_property
    def _name_conditions(self) -> dict[str, tuple[NameCondition, ...]]:
        found: dict[str, tuple[NameCondition, ...]] = {}
        for indicator in self.definitions.indicators:
            for leaf in indicator.leaves:
                if isinstance(leaf, NameCondition):
                    found[leaf.question] = (*found.get(leaf.question, ()), leaf)
        return found

    def told(self, key: str) -> str:
        """Return a question's number and label."""
        return question_words(key, self.definitions)
