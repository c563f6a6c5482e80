"""The closed list of conditions a rule is made of; they are data, never evaluated as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from dxkit.models.shape import Code, Key, QuestionKey, Shape


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
    above: float = Field(strict=False)


class IndicatorCondition(Shape):
    """Another indicator is yes, or a ratio reaches a share: `{indicator: x, at_least: 0.5}`."""

    indicator: Key
    is_: Literal["yes"] | None = Field(default=None, alias="is")
    at_least: float | None = Field(default=None, strict=False)

    def model_post_init(self, _context: Any) -> None:
        """Refuse a reference that says both or neither."""
        if (self.is_ is None) == (self.at_least is None):
            raise ValueError("is 或 at_least 之一")


class ListCondition(Shape):
    """A repeating table has a row of some kinds: `{table: software, where: {class: [erp]}}`."""

    table: Key
    where: dict[Key, tuple[Code, ...]]


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


def _kind(value: Any) -> str | None:  # one line per kind is the clearest table
    keys = set(value) if isinstance(value, dict) else set(type(value).model_fields)
    if "indicator" in keys:
        return "rule:indicator"
    for kind in ("all", "any", "every_applicable", "table", "names", "above"):
        if kind in keys:
            return f"rule:{kind}"
    if "at_least" in keys:
        return "rule:at_least"
    return "rule:is" if keys & {"is", "is_"} else None


Condition = Annotated[
    Annotated[StepCondition, Tag("rule:at_least")]
    | Annotated[NameCondition, Tag("rule:names")]
    | Annotated[TruthCondition, Tag("rule:is")]
    | Annotated[AmountCondition, Tag("rule:above")]
    | Annotated[IndicatorCondition, Tag("rule:indicator")]
    | Annotated[ListCondition, Tag("rule:table")]
    | Annotated[AllOf, Tag("rule:all")]
    | Annotated[AnyOf, Tag("rule:any")]
    | Annotated[EveryApplicable, Tag("rule:every_applicable")],
    Discriminator(_kind),
]


def _rule_kind(value: Any) -> str:
    keys = set(value) if isinstance(value, dict) else set(type(value).model_fields)
    return "rule:ratio" if keys & {"part", "whole"} else "rule:condition"


Rule = Annotated[
    Annotated[Ratio, Tag("rule:ratio")] | Annotated[Condition, Tag("rule:condition")],
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
