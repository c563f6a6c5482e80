"""The whole set of definitions, read once and refused as a whole if anything in it dangles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from dxkit import paths
from dxkit.definitions.consistency import problems_in
from dxkit.definitions.files import COURSE, QUESTIONS, Files, read_files
from dxkit.errors import DefinitionError
from dxkit.models.annex import Annex, Called, Field
from dxkit.models.costs import Costs
from dxkit.models.form_checks import FormCheck, FormChecks
from dxkit.models.handover import HandoverPlan
from dxkit.models.indicator import Framework, Indicator
from dxkit.models.lifecycle import Lifecycle, Policies, Policy, Rule, Rules, State, Transition
from dxkit.models.reference import (
    Benchmark,
    Benchmarks,
    Check,
    Checks,
    Industries,
    Regions,
    Sizes,
)
from dxkit.models.regional import Regional
from dxkit.models.roles import Role, Roles
from dxkit.models.seeds import Materials, PlannedTasks, Seeds, SelfChecks, ServiceRecords, Survey

__all__ = ["COURSE", "QUESTIONS", "Definitions", "load"]


@dataclass(frozen=True)
class Definitions:
    """Everything the guide, the catalogue and the published texts define, of one edition."""

    folder: Path
    digest: str
    framework: Framework
    indicators: tuple[Indicator, ...]
    annexes: Mapping[str, Annex]
    benchmarks: tuple[Benchmark, ...]
    checks: tuple[Check, ...]
    regions: Regions
    industries: Industries
    sizes: Sizes
    costs: Costs
    regional: Regional
    seeds: Seeds
    form_checks: Mapping[str, tuple[FormCheck, ...]]
    rules: Mapping[str, Rule]
    policies: Mapping[str, Policy]
    lifecycle: Lifecycle
    handover: HandoverPlan
    roles: Mapping[str, Role]

    @property
    def edition(self) -> str:
        """Return the edition that reports print."""
        return self.framework.edition

    @cached_property
    def questions(self) -> Mapping[str, Field]:
        """Return the single questions of the record form (annex 6) by key."""
        return dict(self.annexes[QUESTIONS].questions())

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Return every field and grid cell of all forms by path, such as `annex_8.rating.s01`."""
        return {
            f"{annex.id}.{key}": field
            for annex in self.annexes.values()
            for key, field in annex.questions()
        }

    @cached_property
    def by_id(self) -> Mapping[str, Indicator]:
        """Return the indicators by id."""
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def states(self) -> Mapping[str, State]:
        """Return the states an engagement can stand in, by id, in their order."""
        return {state.id: state for state in self.lifecycle.states}

    @cached_property
    def transitions(self) -> Mapping[str, Transition]:
        """Return the steps from one state to another, by id, in their order."""
        return {step.id: step for step in self.lifecycle.transitions}

    @cached_property
    def called(self) -> Mapping[Called, Mapping[str, str]]:
        """Return what forms, steps and rules are called where people read of them, by id."""
        return {
            "forms": {annex.id: annex.mark for annex in self.annexes.values()},
            "steps": {step.id: f"{step.id} {step.title}" for step in self.transitions.values()},
            "rules": {rule.id: f"{rule.id} {rule.title}" for rule in self.rules.values()},
        }

    @cached_property
    def in_order_of_derivation(self) -> tuple[Indicator, ...]:
        """Return the indicators so that each follows those it is derived from."""
        done: dict[str, Indicator] = {}
        waiting = list(self.indicators)
        while waiting:
            ready = [each for each in waiting if all(other in done for other in each.depends_on)]
            done.update((each.id, each) for each in ready)
            waiting = [each for each in waiting if each.id not in done]
        return tuple(done.values())

    def region_name(self, code: object) -> str:
        """Return a league's or city's name; the code itself if it is not one of the region's."""
        names = {region.code: region.name for region in self.regions.regions}
        return names.get(str(code), str(code))

    def industry_name(self, code: object) -> str:
        """Return a division's name; the code itself if it is not one of the 41."""
        names = {division.code: division.name for division in self.industries.divisions}
        return names.get(str(code), str(code))


def load(folder: Path | None = None) -> Definitions:
    """Read the definition files of a folder (the shipped ones by default) once.

    Raises:
        DefinitionError: with every problem of the whole set, each naming file and key.
    """
    return _load((folder or paths.definitions()).resolve())


@lru_cache(maxsize=4)
def _load(folder: Path) -> Definitions:
    files = read_files(folder)
    if problems := [*files.problems, *problems_in(files)]:
        raise DefinitionError(problems)
    return _assemble(folder, files)


def _rules_of(files: Files) -> dict[str, Rule]:
    """Return the rules of all files by id, in the order of their ids."""
    rules = (rule for each in files.of(Rules).values() for rule in each.rules)
    return {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}


def _assemble(folder: Path, files: Files) -> Definitions:
    return Definitions(
        folder=folder,
        digest=files.digest,
        framework=files.only(Framework),
        indicators=tuple(sorted(files.of(Indicator).values(), key=lambda each: each.no)),
        annexes={annex.id: annex for annex in files.of(Annex).values()},
        benchmarks=files.only(Benchmarks).benchmarks,
        checks=files.only(Checks).checks,
        regions=files.only(Regions),
        industries=files.only(Industries),
        sizes=files.only(Sizes),
        costs=files.only(Costs),
        regional=files.only(Regional),
        seeds=Seeds(
            tasks=files.only(PlannedTasks).rows,
            materials=files.only(Materials).rows,
            service_records=files.only(ServiceRecords).rows,
            self_checks=files.only(SelfChecks).rows,
            survey=files.only(Survey),
        ),
        form_checks={each.annex: each.checks for each in files.of(FormChecks).values()},
        rules=_rules_of(files),
        policies={each.key: each for each in files.only(Policies).policies},
        lifecycle=files.only(Lifecycle),
        handover=files.only(HandoverPlan),
        roles={each.id: each for each in files.only(Roles).roles},
    )
