"""Whether every worked case beside a rule or a form's check comes out as written by hand."""

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
from dxkit.lifecycle.form_checks import judge_check
from dxkit.lifecycle.judging import Verdict, judge
from dxkit.lifecycle.terms import Circumstances
from dxkit.models.annex import Annex
from dxkit.models.form_checks import Example, FormCheck
from dxkit.models.lifecycle import Rule, RuleCase, Severity
from dxkit.strict_yaml import YamlText

NEVER_MADE = Path("worked_case")
"""Stands for the folder of a case that only exists beside a rule."""
EVERY_INDICATOR = ["every_indicator"]
"""How a worked case says all indicators there are, so that one more does not make it wrong."""
TODAY = date(2026, 12, 31)
"""When a worked case that names no day is judged; behind every day that one tells of."""


def failures(definitions: Definitions) -> Iterator[Problem]:
    """Work out all cases beside the rules and yield those that come out otherwise."""
    for rule in definitions.rules.values():
        for case in rule.cases:
            yield from _failure(rule, case, definitions)


def failures_of_checks(definitions: Definitions) -> Iterator[Problem]:
    """Work out all examples beside the checks of forms and yield those that come out otherwise."""
    for annex_id, checks in definitions.form_checks.items():
        annex = definitions.annexes[annex_id]
        for check in checks:
            for number, (example, wanted) in enumerate(_examples(check), start=1):
                place = f"{annex_id}.{check.id} 例{number}"
                yield from _failed_example(place, annex, check, example, wanted, definitions)


def _examples(check: FormCheck) -> Iterator[tuple[Example, bool]]:
    yield from ((example, True) for example in check.passes)
    yield from ((example, False) for example in check.fails)


def _failed_example(
    place: str,
    annex: Annex,
    check: FormCheck,
    example: Example,
    wanted: bool,
    definitions: Definitions,
) -> Iterator[Problem]:
    if unfit := _unfit(example.given, definitions):
        yield from (Problem(place, each.key, each.found, each.expected) for each in unfit)
        return
    doubt = judge_check(annex, check, _given(place, example, definitions))
    if (doubt is None) != wanted:
        found = doubt.words if doubt else "没有发现问题"
        yield Problem(place, "", found, "没有问题" if wanted else "发现问题")


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
    return judge(rule, _given(rule.id, case, definitions))


def _given(name: str, told: RuleCase | Example, definitions: Definitions) -> Circumstances:
    """Return what a worked case tells, as a case on a day under its policies."""
    policies = {
        key: policy.model_copy(update={"value": told.policies.get(key, policy.value)})
        for key, policy in definitions.policies.items()
    }
    otherwise = replace(definitions, policies=policies)
    today = date.fromisoformat(told.today) if told.today else TODAY
    given = Case(NEVER_MADE / name, _spelt_out(told.given, definitions), otherwise, "")
    return Circumstances(given, today, told.facts)


def _unfit(given: Mapping[str, Any], definitions: Definitions) -> list[Problem]:
    """Return what no form would take; restricted forms are judged by themselves."""
    given, known = _spelt_out(given, definitions), definitions.annexes
    kept_apart = {key for key in given if key in known and known[key].restricted}
    return [
        problem
        for apart in (False, True)
        for store in [{key: each for key, each in given.items() if (key in kept_apart) is apart}]
        for problem in problems_in(YamlText(store), "", definitions, restricted=apart)
    ]


def _spelt_out(told: Any, definitions: Definitions) -> Any:
    """Return what is told with the ids of all indicators in place of the word for them."""
    if told == EVERY_INDICATOR:
        return [each.id for each in definitions.indicators]
    if isinstance(told, Mapping):
        return {key: _spelt_out(each, definitions) for key, each in told.items()}
    if isinstance(told, list):
        return [_spelt_out(each, definitions) for each in told]
    return told


def _said(severities: Sequence[Severity]) -> str:
    return f"不满足：{'、'.join(severities)}" if severities else "满足"
