"""The closed list of conditions that a duty of the guide is made of; data, never evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    Discriminator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    Tag,
)

from dxkit.models.refusals import TAG
from dxkit.models.rules import Codes
from dxkit.models.shape import Key, Shape, Text, keys_of

Term = StrictBool | StrictInt | StrictFloat | Text
"""What is compared: a path, `fact.x`, `policy.x`, `transition.T12`, `today`, or a literal."""

TablePath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
FactPath = Annotated[str, StringConstraints(pattern=r"^fact\.[a-z][a-z0-9_]*$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^R-\d{2}$")]
TransitionId = Annotated[str, StringConstraints(pattern=r"^T\d{2}[a-z]?$")]

TODAY = "today"
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+")

Picked = dict[Key, Codes]


class Source(NamedTuple):
    """Where a term is read from: the kind of place, and what it is called there."""

    kind: Literal["fact", "policy", "transition", "today", "field", "literal"]
    name: str


def source_of(term: Term) -> Source:
    """Tell a path, a fact, a policy and a day from a literal."""
    if term == TODAY:
        return Source("today", "")
    if not isinstance(term, str) or not _PATH.fullmatch(term):
        return Source("literal", "")
    head, _, rest = term.partition(".")
    if head == "fact":
        return Source("fact", rest)
    if head == "policy":
        return Source("policy", rest)
    return Source("transition", rest) if head == "transition" else Source("field", term)


class Comparing(Shape):
    """What every leaf of a requirement has: the terms that it compares."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return the terms; the cells of rows are none."""
        return ()


class Filled(Comparing):
    """Everything named holds a value: `{filled: [annex_4.leader_sign, annex_4.org_seal]}`."""

    filled: tuple[Text, ...] = Field(min_length=1)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return self.filled


class IsOneOf(Comparing):
    """A choice is among some codes: `{term: annex_3.above_scale, is: ["true"]}`.

    Of several choices, one among the codes is enough; truths are the words true and false.
    """

    term: Term
    is_: Codes = Field(alias="is")

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return (self.term,)


class Rows(Comparing):
    """A table has so many rows of some kinds, with some columns filled; at least one if unsaid."""

    rows: TablePath
    where: Picked = {}
    filled: tuple[Key, ...] = ()
    at_least: Term | None = None
    at_most: Term | None = None
    exactly: Term | None = None

    @property
    def bounds(self) -> dict[str, Term]:
        """Return the bounds that were said, by name; at least one row where none was."""
        said = {name: getattr(self, name) for name in ("at_least", "at_most", "exactly")}
        return {key: value for key, value in said.items() if value is not None} or {"at_least": 1}

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return tuple(self.bounds.values())


class Every(Comparing):
    """Every row of some kinds has columns filled and codes among those allowed.

    A table without such rows satisfies it: that there are any is for `rows` to ask.
    """

    every: TablePath
    where: Picked = {}
    filled: tuple[Key, ...] = ()
    has: Picked = {}

    def model_post_init(self, _context: Any) -> None:
        """Refuse a condition that asks nothing of its rows."""
        if not self.filled and not self.has:
            raise ValueError("filled 或 has，至少写一项")


class Earlier(Comparing):
    """A day lies before another, by so many working days if said."""

    earlier: Term
    than: Term
    or_same: bool = False
    working_days: Term | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        days = () if self.working_days is None else (self.working_days,)
        return (self.earlier, self.than, *days)


class Number(Comparing):
    """A number keeps a bound: `{number: fact.days, at_least: policy.days_min}`."""

    number: Term
    at_least: Term | None = None
    at_most: Term | None = None
    above: Term | None = None
    below: Term | None = None
    equals: Term | None = None

    def model_post_init(self, _context: Any) -> None:
        """Refuse a number that nothing is asked of."""
        if not self.bounds:
            raise ValueError("at_least、at_most、above、below、equals 中至少一项")

    @property
    def bounds(self) -> dict[str, Term]:
        """Return the bounds that were said, by name."""
        names = ("at_least", "at_most", "above", "below", "equals")
        said = {name: getattr(self, name) for name in names}
        return {key: value for key, value in said.items() if value is not None}

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return (self.number, *self.bounds.values())


class NoneIn(Comparing):
    """A list of culprits is empty: `{none_in: fact.tasks_without_stage}`."""

    none_in: FactPath

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return (self.none_in,)


class Same(Comparing):
    """Two terms hold the same value: `{same: annex_3.uscc, as: fact.self_assessment_uscc}`."""

    same: Term
    as_: Term = Field(alias="as")

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return (self.same, self.as_)


class RuleHolds(Comparing):
    """Another rule is satisfied, was overridden, or does not apply: `{rule: R-14}`."""

    rule: RuleId


class AllHold(Shape):
    """Every requirement holds."""

    all: tuple[Requirement, ...] = Field(min_length=1)


class AnyHolds(Shape):
    """At least one requirement holds."""

    any: tuple[Requirement, ...] = Field(min_length=1)


_SIGNS = [
    "rows",
    "every",
    "filled",
    "term",
    "earlier",
    "number",
    "none_in",
    "same",
    "rule",
    "all",
    "any",
]


def _kind(value: Any) -> str | None:
    keys = keys_of(value)
    sign = next((each for each in _SIGNS if each in keys), None)
    return TAG + sign if sign else None


Leaf = Filled | IsOneOf | Rows | Every | Earlier | Number | NoneIn | Same | RuleHolds

Requirement = Annotated[
    Annotated[Filled, Tag("kind:filled")]
    | Annotated[IsOneOf, Tag("kind:term")]
    | Annotated[Rows, Tag("kind:rows")]
    | Annotated[Every, Tag("kind:every")]
    | Annotated[Earlier, Tag("kind:earlier")]
    | Annotated[Number, Tag("kind:number")]
    | Annotated[NoneIn, Tag("kind:none_in")]
    | Annotated[Same, Tag("kind:same")]
    | Annotated[RuleHolds, Tag("kind:rule")]
    | Annotated[AllHold, Tag("kind:all")]
    | Annotated[AnyHolds, Tag("kind:any")],
    Discriminator(_kind),
]

for _group in (AllHold, AnyHolds):
    _group.model_rebuild()


def requirements_in(requirement: Requirement) -> tuple[Requirement, ...]:
    """Return the requirements directly inside a group; a leaf has none."""
    if isinstance(requirement, AllHold):
        return requirement.all
    return requirement.any if isinstance(requirement, AnyHolds) else ()


def leaves_of(requirement: Requirement) -> Iterator[Leaf]:
    """Yield the leaves of a requirement from left to right."""
    if isinstance(requirement, (AllHold, AnyHolds)):
        for part in requirements_in(requirement):
            yield from leaves_of(part)
    else:
        yield requirement
