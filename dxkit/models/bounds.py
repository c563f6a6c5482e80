"""The checks of a form that keep numbers, days and times within bounds: one shape for each kind."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from dxkit.models.asking import Asking
from dxkit.models.requirements import Term
from dxkit.models.shape import Key

_BOUNDS = ("at_least", "at_most", "above", "below", "equals", "differs_from")


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
