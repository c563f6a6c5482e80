"""Whether indicators only rest on questions and indicators that exist and fit, each used once."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.cases_fit import case_problems, mark_problems
from dxkit.definitions.conditions_fit import Questions, Scope, tree_problems
from dxkit.definitions.files import QUESTIONS, Files
from dxkit.errors import Problem
from dxkit.models.annex import COUNTABLE, Annex
from dxkit.models.indicator import Indicator
from dxkit.models.rules import Ratio


def problems_in(files: Files, annex: Annex) -> Iterator[Problem]:
    """Yield every reference of an indicator that leads nowhere, and every idle question."""
    scope = Scope(dict(annex.questions()), "附件6中的题", files.indicators_by_id)
    for file, indicator in files.of(Indicator).items():
        yield from _rule(file, indicator, scope)
        marked = indicator.not_applicable_if_marked
        yield from mark_problems(file, "not_applicable_if_marked", marked, scope.questions)
        yield from case_problems(file, indicator, scope.questions)
    yield from _roles(files, annex)


def number_problems(
    file: str, place: str, key: str | None, questions: Questions
) -> Iterator[Problem]:
    """Yield why a question cannot be counted with."""
    if key is None or key not in questions:
        yield Problem(file, place, f"没有“{key}”这道题", "附件6中的题")
    elif questions[key].type not in COUNTABLE:
        yield Problem(file, place, key, "数字题")


def _rule(file: str, indicator: Indicator, scope: Scope) -> Iterator[Problem]:
    rule = indicator.rule
    if isinstance(rule, Ratio) != (indicator.kind == "ratio"):
        yield Problem(file, "kind", indicator.kind, "ratio 配 part/whole，yes_no 配条件")
    if isinstance(rule, Ratio):
        yield from _ratio(file, rule, scope.questions)
    else:
        yield from tree_problems(file, "rule", rule, scope)
    if indicator.applies_if is not None:
        yield from tree_problems(file, "applies_if", indicator.applies_if, scope)


def _ratio(file: str, rule: Ratio, questions: Questions) -> Iterator[Problem]:
    yield from number_problems(file, "rule.part", rule.part, questions)
    yield from number_problems(file, "rule.whole", rule.whole, questions)
    if rule.part == rule.whole:
        yield Problem(file, "rule.whole", rule.whole, "与 part 不同的题")


def _roles(files: Files, annex: Annex) -> Iterator[Problem]:
    file = f"annexes/{QUESTIONS}.yaml"
    deciding = {key for each in files.of(Indicator).values() for key in each.questions}
    deciding |= {key.partition(".")[0] for key in deciding}
    columns = [column for field in annex.fields if field.rows for column in field.columns]
    for field in (*annex.fields, *columns):
        used, decides = field.key in deciding, field.role == "decides"
        if used != decides and (used or not files.unread_indicators):
            found = f"role 为 {field.role}，{'有' if used else '没有'}指标用到它"
            yield Problem(file, field.key, found, "有指标用到的题 role 为 decides，其余不是")
