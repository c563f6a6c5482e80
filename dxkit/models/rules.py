"""The closed list of conditions a rule is made of; they are data, never evaluated as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from dxkit.models.refusals import TAG
from dxkit.models.shape import Code, Key, QuestionKey, Shape, keys_of

Codes = Annotated[tuple[Code, ...], Field(min_length=1)]
Where = Annotated[dict[Key, Codes], Field(min_length=1)]


class StepCondition(Shape):
    """An ordered choice reaches at least a step: `{question: data_upward, at_least: C}`."""

    question: QuestionKey
    at_least: Code


class NameCondition(Shape):
    """A choice or list names something besides `none` and what does not count."""

    question: QuestionKey
    names: Literal["anything"]
    besides: tuple[Code, ...] = ()


class TruthCondition(Shape):
    """A yes/no question is answered yes: `{question: has_ics, is: yes}`."""

    question: QuestionKey
    is_: Literal["yes"] = Field(alias="is")


class AmountCondition(Shape):
    """A number lies above a bound: `{question: online_sales, above: 0}`."""

    question: QuestionKey
    above: float


class IndicatorCondition(Shape):
    """Another indicator is yes, or a ratio reaches a share: `{indicator: x, at_least: 0.5}`."""

    indicator: Key
    is_: Literal["yes"] | None = Field(default=None, alias="is")
    at_least: float | None = Field(default=None, ge=0, le=1)

    def model_post_init(self, _context: Any) -> None:
        """Refuse a reference that says both or neither."""
        if (self.is_ is None) == (self.at_least is None):
            raise ValueError("is 或 at_least 之一")


class ListCondition(Shape):
    """A repeating table has a row of some kinds: `{table: software, where: {class: [erp]}}`."""

    table: Key
    where: Where


class AllOf(Shape):
    """Every condition holds."""

    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(Shape):
    """At least one condition holds."""

    any: tuple[Condition, ...] = Field(min_length=1)


class EveryApplicable(Shape):
    """Every condition whose question applies holds; not applicable if none applies."""

    every_applicable: tuple[Condition, ...] = Field(min_length=1)


class Ratio(Shape):
    """A part of a whole, both counted: not applicable if the whole is 0."""

    part: QuestionKey
    whole: QuestionKey


_SIGNS = ("indicator", "all", "any", "every_applicable", "table", "names", "above", "at_least")


def _kind(value: Any) -> str | None:
    keys = keys_of(value)
    sign = next((each for each in _SIGNS if each in keys), None)
    if sign is None and keys & {"is", "is_"}:
        sign = "is"
    return TAG + sign if sign else None


Condition = Annotated[
    Annotated[StepCondition, Tag("kind:at_least")]
    | Annotated[NameCondition, Tag("kind:names")]
    | Annotated[TruthCondition, Tag("kind:is")]
    | Annotated[AmountCondition, Tag("kind:above")]
    | Annotated[IndicatorCondition, Tag("kind:indicator")]
    | Annotated[ListCondition, Tag("kind:table")]
    | Annotated[AllOf, Tag("kind:all")]
    | Annotated[AnyOf, Tag("kind:any")]
    | Annotated[EveryApplicable, Tag("kind:every_applicable")],
    Discriminator(_kind),
]


def _rule_kind(value: Any) -> str:
    return "kind:ratio" if keys_of(value) & {"part", "whole"} else "kind:condition"


Rule = Annotated[
    Annotated[Ratio, Tag("kind:ratio")] | Annotated[Condition, Tag("kind:condition")],
    Discriminator(_rule_kind),
]

Leaf = (
    StepCondition
    | NameCondition
    | TruthCondition
    | AmountCondition
    | IndicatorCondition
    | ListCondition
)
QuestionLeaf = StepCondition | NameCondition | TruthCondition | AmountCondition

for _group in (AllOf, AnyOf, EveryApplicable):
    _group.model_rebuild()


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions directly inside a group; a leaf has none."""
    if isinstance(condition, AllOf):
        return condition.all
    if isinstance(condition, AnyOf):
        return condition.any
    return condition.every_applicable if isinstance(condition, EveryApplicable) else ()


def leaves_of(condition: Condition) -> Iterator[Leaf]:
    """Yield the leaves of a condition tree from left to right."""
    if isinstance(condition, (AllOf, AnyOf, EveryApplicable)):
        for part in parts_of(condition):
            yield from leaves_of(part)
    else:
        yield condition
