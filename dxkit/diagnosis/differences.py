"""What the enterprise reported beside what was found; the former is never used silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dxkit.assessment.explanation import IndicatorResult
from dxkit.case import Answer, Case
from dxkit.case.causes import CAUSES, read_cause
from dxkit.definitions import Definitions
from dxkit.diagnosis.evidence import questions_of

Reason = tuple[str, str]
"""The code of a cause, empty if none of the listed ones was named, and the words about it."""


@dataclass(frozen=True)
class Difference:
    """One indicator self-reported and found; `points` is found minus reported, as a fraction.

    Cause and explanation are those noted in annex 2, else what its answers say of themselves.
    """

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

    @property
    def explained(self) -> bool:
        """Tell whether anything is said about why the two differ."""
        return bool(self.cause or self.explanation)

    def exceeds(self, points: float) -> bool:
        """Tell whether the two differ by more than some points or flip."""
        return self.flips or (self.points is not None and abs(self.points) > points + 1e-12)


def compare_with_self_report(
    case: Case, found: Sequence[IndicatorResult], reported: Sequence[IndicatorResult]
) -> tuple[Difference, ...]:
    """Set the two assessments side by side with the causes the group noted."""
    noted = dict(_noted(case))
    pairs = zip(found, reported, strict=True)
    return tuple(
        Difference(mine, own, *(noted.get(mine.indicator.id) or _told_by_answers(case, mine, own)))
        for mine, own in pairs
    )


def noticeable_points(definitions: Definitions) -> float:
    """Return by how much a ratio may differ, as a fraction, before a cause is asked for."""
    return next(c.points or 0.0 for c in definitions.checks if c.kind == "self_difference")


def _noted(case: Case) -> Iterator[tuple[str, Reason]]:
    """Yield what annex 2 says of an indicator; a row that says nothing is none."""
    for row in case.annex("annex_2").get("difference_causes") or []:
        reason = _text(row, "cause"), _text(row, "explanation")
        if any(reason):
            yield from ((indicator, reason) for indicator in _as_list(row.get("indicator")))


def _text(row: Mapping[str, Any], key: str) -> str:
    return str(row.get(key) or "")


def _told_by_answers(case: Case, found: IndicatorResult, reported: IndicatorResult) -> Reason:
    """Return the reasons at the answers of an indicator that differs; the cause if all share it."""
    if reported.state == "unknown" or found.words == reported.words:
        return "", ""
    answers = map(case.record.get, questions_of(found.indicator, case.definitions))
    told = dict.fromkeys(each.diff_reason for each in answers if each and _explains(each))
    read = [read_cause(reason) for reason in told if reason]
    causes = {cause for cause, _ in read}
    if len(causes) == 1:
        return causes.pop(), _joined(words for _, words in read)
    return "", _joined("：".join(filter(None, (CAUSES.get(cause), words))) for cause, words in read)


def _explains(answer: Answer) -> bool:
    """Tell whether an answer says why it is not what the enterprise reported."""
    own = answer.self_reported
    return bool(answer.diff_reason) and (own is None or own != answer.value)


def _joined(reasons: Iterable[str]) -> str:
    several = [reason for reason in reasons if reason]
    return "；".join(reason.rstrip("。；") for reason in several) + "。" if several else ""


def _as_list(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
