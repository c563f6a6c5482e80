"""Everything that can be said about one case: results, contradictions, comparisons and profiles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dxkit.assessment import Assessment, assess, tabulate
from dxkit.assessment.explanation import IndicatorResult, explain
from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.diagnosis.benchmarks import Comparison, compare_with_published
from dxkit.diagnosis.differences import Difference, compare_with_self_report
from dxkit.diagnosis.evidence import Support, support_of
from dxkit.diagnosis.findings import Finding, Seen, find_contradictions
from dxkit.diagnosis.profile import Profile, profile_of
from dxkit.diagnosis.records import ON_DISK
from dxkit.diagnosis.statements import as_stated

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """What the definitions say about one case, each part computed when first asked for."""

    case: Case

    @property
    def definitions(self) -> Definitions:
        """Return the definitions that the case was opened with."""
        return self.case.definitions

    @cached_property
    def assessment(self) -> Assessment:
        """Return the engine's columns for the verified or on-site answers."""
        return assess(self.definitions, tabulate(self.definitions, [self.case.found]))

    @cached_property
    def results(self) -> tuple[IndicatorResult, ...]:
        """Return every indicator with value, bounds and reasons."""
        return explain(self.assessment)

    @cached_property
    def by_id(self) -> dict[str, IndicatorResult]:
        """Return the results by indicator id."""
        return {result.indicator.id: result for result in self.results}

    @cached_property
    def self_answered(self) -> tuple[IndicatorResult, ...]:
        """Return every indicator as the enterprise's own answers would give it."""
        table = tabulate(self.definitions, [self.case.self_reported])
        return explain(assess(self.definitions, table))

    @cached_property
    def self_assessed(self) -> tuple[IndicatorResult, ...]:
        """Return every indicator as the self-assessment report states it, else as answered."""
        return as_stated(self.case, self.self_answered)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Return self-reported beside verified for every indicator."""
        return compare_with_self_report(self.case, self.results, self.self_assessed)

    @cached_property
    def support(self) -> dict[str, Support]:
        """Return the evidence behind every indicator."""
        return {
            result.indicator.id: support_of(result.indicator, self.case) for result in self.results
        }

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return every contradiction between the answers, the gravest first."""
        return find_contradictions(self.case, self.assessment, self.seen)

    @cached_property
    def findings_in_answers(self) -> tuple[Finding, ...]:
        """Return the contradictions that can be seen without reading a file, as fast as typing."""
        return find_contradictions(self.case, self.assessment, self.seen, without=ON_DISK)

    @cached_property
    def seen(self) -> Seen:
        """Return what the checks look at besides the answers."""
        return Seen(self.results, self.self_answered, self.differences, self.support)

    @cached_property
    def comparisons(self) -> dict[str, tuple[Comparison, ...]]:
        """Return the published values that each indicator can be set beside."""
        year = self.case.annex("annex_2").get("data_period_year")
        above_scale = bool(self.case.annex("annex_3").get("is_above_scale", True))
        return {
            result.indicator.id: compare_with_published(result, self.definitions, year, above_scale)
            for result in self.results
        }

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """Return how each 评价方向 stands."""
        return tuple(
            profile_of(direction, self.results)
            for direction in self.definitions.framework.directions
        )


def diagnose(case: Case) -> Diagnosis:
    """Return the diagnosis of a case, the same for all who ask; computed when asked for."""
    kept: Diagnosis = case.worked_out.setdefault(Diagnosis, Diagnosis(case))
    return kept
