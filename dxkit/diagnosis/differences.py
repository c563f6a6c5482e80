"""What the enterprise reported beside what was found; the former is never used silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.assessment.explanation import IndicatorResult
from dxkit.case import Case


@dataclass(frozen=True)
class Difference:
    """One indicator self-reported and found; `points` is found minus reported, as a fraction."""

    found: IndicatorResult
    reported: IndicatorResult
    cause: str
    explanation: str

    @property
    def comparable(self) -> bool:
        """Tell whether both values are known."""
        return self.found.state == self.reported.state == "known"

    @property
    def points(self) -> float | None:
        """Return the difference of a ratio in fractions of 1."""
        if not self.comparable or self.found.indicator.kind != "ratio":
            return None
        return float(self.found.value or 0) - float(self.reported.value or 0)

    @property
    def flips(self) -> bool:
        """Tell whether a yes became a no, a no a yes, or what was reported does not apply."""
        if self.found.indicator.kind != "yes_no" or self.reported.state != "known":
            return False
        if self.found.state == "not_applicable":
            return bool(self.reported.value)
        return self.comparable and self.found.value != self.reported.value

    def exceeds(self, points: float) -> bool:
        """Tell whether the two differ by more than some points or flip."""
        return self.flips or (self.points is not None and abs(self.points) > points + 1e-12)


def compare_with_self_report(
    case: Case, found: Sequence[IndicatorResult], reported: Sequence[IndicatorResult]
) -> tuple[Difference, ...]:
    """Set the two assessments side by side with the causes the group noted."""
    noted = {
        indicator: row
        for row in case.annex("annex_2").get("difference_causes") or []
        for indicator in _as_list(row.get("indicator"))
    }
    return tuple(
        Difference(
            found=mine,
            reported=own,
            cause=str(noted.get(mine.indicator.id, {}).get("cause") or ""),
            explanation=str(noted.get(mine.indicator.id, {}).get("explanation") or ""),
        )
        for mine, own in zip(found, reported, strict=True)
    )


def _as_list(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
