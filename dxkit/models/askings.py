"""What a form's own checks can ask of its fields and rows: one shape for each kind; data."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag

from dxkit.models.refusals import TAG
from dxkit.models.requirements import TODAY, FactPath, Term
from dxkit.models.rules import Codes
from dxkit.models.shape import Key, Shape, Text, keys_of

_OWN = re.compile(r"[a-z][a-z0-9_]*")
_BOUNDS = ("at_least", "at_most", "above", "below", "equals", "differs_from")


def is_own(term: Term) -> bool:
    """Tell whether a term names a field of the form itself or a column of the table looked at."""
    return isinstance(term, str) and term != TODAY and bool(_OWN.fullmatch(term))


class Asking(Shape):
    """What every kind of check has: the fields or columns it looks at, and what it compares."""

    of_table: ClassVar[bool] = False
    """Whether it looks at all rows together instead of at each."""

    @property
    def own(self) -> tuple[Key, ...]:
        """Return the fields of the form, or the columns of its table, that it looks at."""
        return ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what it compares; a bare key among them is a field or column of its own."""
        return ()


class Bounded(Asking):
    """What every kind has that keeps bounds: numbers, days and times are compared as such."""

    at_least: Term | None = None
    at_most: Term | None = None
    above: Term | None = None
    below: Term | None = None
    equals: Term | None = None
    differs_from: Term | None = None

    def model_post_init(self, _context: Any) -> None:
        """Refuse a check that asks nothing."""
        if not self.bounds:
            raise ValueError(f"{'、'.join(_BOUNDS)} 中至少一项")

    @property
    def bounds(self) -> dict[str, Term]:
        """Return the bounds that were said, by name."""
        said = {name: getattr(self, name) for name in _BOUNDS}
        return {key: value for key, value in said.items() if value is not None}

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return tuple(self.bounds.values())


class ValueKeeps(Bounded):
    """A value keeps its bounds: `{value: end_at, above: start_at}`."""

    value: Term

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return (self.value, *self.bounds.values())


class SumKeeps(Bounded):
    """Some numbers of one row add up to within bounds: `{sum: [a, b], equals: whole}`."""

    sum: tuple[Key, ...] = Field(min_length=2)

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is added up."""
        return self.sum


class TotalKeeps(Bounded):
    """A column of all rows adds up to within bounds: `{total: share, at_most: 100}`."""

    of_table: ClassVar[bool] = True
    total: Key

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is added up."""
        return (self.total,)


class DaysApart(Asking):
    """Two days lie so many days apart, whichever is first: `{days: [a, b], at_most: 3}`."""

    days: tuple[Term, Term]
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    working: bool = False
    """Whether only working days count."""

    def model_post_init(self, _context: Any) -> None:
        """Refuse a check that asks nothing."""
        if self.at_least is None and self.at_most is None:
            raise ValueError("at_least、at_most 中至少一项")

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is compared."""
        return self.days


class Lasts(Asking):
    """From one time to another it lasts so many minutes: `{lasts: [start, end], at_least: 30}`."""

    lasts: tuple[Key, Key]
    at_least: int = Field(ge=1)

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is looked at."""
        return self.lasts


class IsCode(Asking):
    """A choice is among some codes: `{value: filing_consent, is: ["true"]}`."""

    value: Term
    is_: Codes = Field(alias="is")

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is looked at."""
        return (self.value,)


class HasFilled(Asking):
    """Some fields or columns are filled in: `{filled: [nc_reason]}`."""

    filled: tuple[Key, ...] = Field(min_length=1)

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what must be filled in."""
        return self.filled


class NoneNamed(Asking):
    """A fact of the case names nothing: `{none_in: fact.targets_amiss}`."""

    none_in: FactPath

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is looked at."""
        return (self.none_in,)


class Covers(Asking):
    """The choices of a field, or of a column in all rows, cover all there are."""

    of_table: ClassVar[bool] = True
    covers: Key

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is looked at."""
        return (self.covers,)


class Unique(Asking):
    """No two rows say the same in a column: `{unique: name}`."""

    of_table: ClassVar[bool] = True
    unique: Key

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is looked at."""
        return (self.unique,)


class Consecutive(Asking):
    """The years of a column follow each other: `{consecutive: year}`."""

    of_table: ClassVar[bool] = True
    consecutive: Key

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is looked at."""
        return (self.consecutive,)


class SomeRow(Asking):
    """Some row's text has a shape: `{some: unit, matches: 工信}`."""

    of_table: ClassVar[bool] = True
    some: Key
    matches: Text
    """A regular expression that is found in it."""

    def model_post_init(self, _context: Any) -> None:
        """Refuse an expression that is none."""
        _refuse_broken(self.matches)

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is looked at."""
        return (self.some,)


class Among(Asking):
    """What is named stands somewhere: `{among: who, within: [annex_4.members.name]}`."""

    among: Key
    within: tuple[Text, ...] = Field(min_length=1)

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is looked at."""
        return (self.among,)


class Written(Asking):
    """A text is long enough or has a shape: `{text: content, at_least: 50}`."""

    text: Key
    at_least: int | None = Field(default=None, ge=1)
    """The fewest characters."""
    matches: Text | None = None
    """A regular expression that is found in it."""

    def model_post_init(self, _context: Any) -> None:
        """Refuse a check that asks nothing, and an expression that is none."""
        if self.at_least is None and self.matches is None:
            raise ValueError("at_least、matches 中至少一项")
        _refuse_broken(self.matches or "")

    @property
    def own(self) -> tuple[Key, ...]:
        """Return what is looked at."""
        return (self.text,)


def _refuse_broken(expression: str) -> None:
    try:
        re.compile(expression)
    except re.error as exc:
        raise ValueError(f"matches 不是正则表达式：{exc}") from exc


_SIGNS = (
    "sum",
    "total",
    "days",
    "lasts",
    "none_in",
    "filled",
    "covers",
    "unique",
    "consecutive",
    "among",
    "some",
    "text",
    "is",
    "is_",
    "value",
)


def _kind(value: Any) -> str | None:
    sign = next((each for each in _SIGNS if each in keys_of(value)), None)
    return TAG + sign.rstrip("_") if sign else None


Asked = Annotated[
    Annotated[SumKeeps, Tag("kind:sum")]
    | Annotated[TotalKeeps, Tag("kind:total")]
    | Annotated[DaysApart, Tag("kind:days")]
    | Annotated[Lasts, Tag("kind:lasts")]
    | Annotated[NoneNamed, Tag("kind:none_in")]
    | Annotated[HasFilled, Tag("kind:filled")]
    | Annotated[Covers, Tag("kind:covers")]
    | Annotated[Unique, Tag("kind:unique")]
    | Annotated[Consecutive, Tag("kind:consecutive")]
    | Annotated[SomeRow, Tag("kind:some")]
    | Annotated[Among, Tag("kind:among")]
    | Annotated[Written, Tag("kind:text")]
    | Annotated[IsCode, Tag("kind:is")]
    | Annotated[ValueKeeps, Tag("kind:value")],
    Discriminator(_kind),
]
