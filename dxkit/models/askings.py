"""What a form's own checks can ask of its fields and rows: one shape for each kind; data."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag

from dxkit.models.asking import Asking
from dxkit.models.bounds import DaysApart, Lasts, SumKeeps, TotalKeeps, ValueKeeps
from dxkit.models.refusals import TAG
from dxkit.models.requirements import FactPath, Term
from dxkit.models.rules import Codes
from dxkit.models.shape import Key, Text, keys_of


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
