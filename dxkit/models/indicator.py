"""The shape of one indicator file and of the framework that places it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from dxkit.models.rules import Condition, IndicatorCondition, Leaf, Ratio, Rule, leaves_of
from dxkit.models.shape import Basis, Code, Key, QuestionKey, Shape, Text

State = Literal["known", "unknown", "not_applicable"]


def _answer_kind(value: Any) -> str:
    return "kind:truth" if isinstance(value, bool) else "kind:number"


TruthOrNumber = Annotated[
    Annotated[bool, Tag("kind:truth")] | Annotated[float, Tag("kind:number")],
    Discriminator(_answer_kind),
]


class Source(Shape):
    """A text that a definition or value rests on."""

    id: Code
    note: Text


class Expectation(Shape):
    """What a worked case must give; bounds only where the state is unknown."""

    state: State
    value: TruthOrNumber | None = None
    low: float | None = None
    high: float | None = None


class WorkedCase(Shape):
    """A small example that an assessor can check by hand and sign.

    What `given` may hold depends on the questions, so it is judged together with them.
    """

    name: Text
    given: dict[QuestionKey, Any]
    not_applicable: dict[QuestionKey, Text] = {}
    expect: Expectation


class Reading(Shape):
    """How the indicator is read in discrete manufacturing and in process industry."""

    discrete: Text
    process: Text


class Indicator(Shape):
    """One of the 24: official wording, place, rule and worked cases."""

    edition: Text
    id: Key
    no: int = Field(ge=1)
    code: Text
    name: Text
    short_name: Text
    english: Text
    direction: Key
    subarea: Key
    kind: Literal["ratio", "yes_no"]
    definition: Text
    rule: Rule
    applies_if: Condition | None = None
    not_applicable_if_marked: tuple[QuestionKey, ...] = ()
    unit: Text
    reading: Reading
    counting: Text
    basis: Basis
    clause: Text
    sources: tuple[Source, ...] = ()
    evidence: tuple[Text, ...] = Field(min_length=1)
    evidence_categories: tuple[Code, ...] = ()
    departments: tuple[Text, ...] = ()
    look_at: Text | None = None
    place: Text | None = None
    """The stop on a walk through the enterprise at which it is seen."""
    cases: tuple[WorkedCase, ...] = Field(min_length=4)

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Return every leaf condition of the rule and of what it applies to."""
        trees = [self.applies_if] if self.applies_if else []
        if not isinstance(self.rule, Ratio):
            trees.append(self.rule)
        return tuple(leaf for tree in trees for leaf in leaves_of(tree))

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the keys of the questions that decide it directly, each once, in rule order."""
        own = [self.rule.part, self.rule.whole] if isinstance(self.rule, Ratio) else []
        own += [leaf.question for leaf in self.leaves if hasattr(leaf, "question")]
        return tuple(dict.fromkeys(own))

    @property
    def depends_on(self) -> tuple[str, ...]:
        """Return the ids of other indicators that it is derived from."""
        return tuple(leaf.indicator for leaf in self.leaves if isinstance(leaf, IndicatorCondition))


class Subarea(Shape):
    """One of the 11 细分领域."""

    id: Key
    name: Text


class Direction(Shape):
    """One of the 4 评价方向 with its sub-areas, as in table 1 of the guide."""

    id: Key
    name: Text
    subareas: tuple[Subarea, ...] = Field(min_length=1)


class Framework(Shape):
    """The frame that the indicators stand in, and the words a report prints about it."""

    edition: Text
    guide: Text
    directions: tuple[Direction, ...] = Field(min_length=1)
