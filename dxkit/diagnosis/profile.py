"""How one direction stands: counts, ratios and a reference figure never called a score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.assessment.explanation import IndicatorResult
from dxkit.models.indicator import Direction

REFERENCE = "本工具参考"


@dataclass(frozen=True)
class Profile:
    """One direction of one enterprise.

    `low` and `high` bound the plain mean of the applicable indicators (yes counts 1, no counts 0);
    the guide defines no weights, so wherever it is shown it is labelled 本工具参考.
    """

    direction: Direction
    results: tuple[IndicatorResult, ...]

    @property
    def ratios(self) -> tuple[IndicatorResult, ...]:
        """Return the indicators stored as a fraction."""
        return tuple(each for each in self.results if each.indicator.kind == "ratio")

    @property
    def counts(self) -> Counter[str]:
        """Return how many yes/no indicators are 是, 否, 不适用 and 未知."""
        return Counter(each.words for each in self.results if each.indicator.kind == "yes_no")

    @property
    def applicable(self) -> tuple[IndicatorResult, ...]:
        """Return the indicators that apply, for certain or perhaps."""
        return tuple(each for each in self.results if each.state != "not_applicable")

    @property
    def known(self) -> int:
        """Return how many of the applicable indicators are known."""
        return sum(each.state == "known" for each in self.applicable)

    @property
    def low(self) -> float | None:
        """Return the least mean the missing answers still allow."""
        return _mean([each.low for each in self.applicable])

    @property
    def high(self) -> float | None:
        """Return the greatest mean the missing answers still allow."""
        return _mean([each.high for each in self.applicable])


def profile_of(direction: Direction, results: Sequence[IndicatorResult]) -> Profile:
    """Return the profile of one direction."""
    own = tuple(each for each in results if each.indicator.direction == direction.id)
    return Profile(direction, own)


def _mean(values: Sequence[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return sum(numbers) / len(numbers) if numbers else None
