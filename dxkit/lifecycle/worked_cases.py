"""Whether every worked case beside a rule comes out as its author wrote it by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from dxkit.case import Case
from dxkit.case.validation import problems_in
from dxkit.definitions import Definitions
from dxkit.errors import Problem
from dxkit.lifecycle.judging import Verdict, judge
from dxkit.lifecycle.terms import Circumstances
from dxkit.models.lifecycle import Rule, RuleCase, Severity
from dxkit.strict_yaml import YamlText

NEVER_MADE = Path("worked_case")
"""Stands for the folder of a case that only exists beside a rule."""
TODAY = date(2026, 12, 31)
"""When a worked case that names no day is judged; behind every day that one tells of."""


def failures(definitions: Definitions) -> Iterator[Problem]:
    """Work out all cases beside the rules and yield those that come out otherwise."""
    for rule in definitions.rules.values():
        for case in rule.cases:
            yield from _failure(rule, case, definitions)


def _failure(rule: Rule, case: RuleCase, definitions: Definitions) -> Iterator[Problem]:
    place = f"算例“{case.title}”"
    if unfit := _unfit(case.given, definitions):
        for problem in unfit:
            yield Problem(rule.id, f"{place}.{problem.key}", problem.found, problem.expected)
        return
    verdict = work_out(rule, case, definitions)
    found = sorted(each.severity for each in verdict.failed)
    if found != sorted(case.fails or ()):
        reasons = "；".join(why for each in verdict.failed for why in each.reasons)
        yield Problem(rule.id, place, f"{_said(found)}（{reasons}）", _said(case.fails or ()))


def work_out(rule: Rule, case: RuleCase, definitions: Definitions) -> Verdict:
    """Judge one worked case with the engine that judges everything else."""
    policies = {
        key: policy.model_copy(update={"value": case.policies.get(key, policy.value)})
        for key, policy in definitions.policies.items()
    }
    otherwise = replace(definitions, policies=policies)
    today = date.fromisoformat(case.today) if case.today else TODAY
    given = Case(NEVER_MADE / rule.id, case.given, otherwise, "")
    return judge(rule, Circumstances(given, today, case.facts))


def _unfit(given: Mapping[str, Any], definitions: Definitions) -> list[Problem]:
    """Return what no form would take; restricted forms are judged by themselves."""
    known = definitions.annexes
    kept_apart = {key for key in given if key in known and known[key].restricted}
    return [
        problem
        for apart in (False, True)
        for store in [{key: each for key, each in given.items() if (key in kept_apart) is apart}]
        for problem in problems_in(YamlText(store), "", definitions, restricted=apart)
    ]


def _said(severities: Sequence[Severity]) -> str:
    return f"不满足：{'、'.join(severities)}" if severities else "满足"
