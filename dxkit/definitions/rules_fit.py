"""Whether rules, checks and benchmarks only name what exists and fits."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.annexes_agree import tally_problems
from dxkit.definitions.conditions_fit import Indicators, Questions, tree_problems
from dxkit.definitions.files import Files
from dxkit.errors import Problem
from dxkit.models.annex import NUMERIC, Annex
from dxkit.models.indicator import Indicator
from dxkit.models.reference import Benchmarks, Check, Checks
from dxkit.models.rules import Ratio

QUESTIONS = "annex_6"


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every reference of an indicator, a check or a benchmark that leads nowhere."""
    annex = next((each for each in files.annexes.values() if each.id == QUESTIONS), None)
    if annex is None:
        yield Problem("annexes/annex_6.yaml", "", "没有可用的附件6", "指标所依据的记录表")
        return
    questions = dict(annex.questions())
    indicators = {indicator.id: indicator for indicator in files.indicators.values()}
    for file, indicator in files.indicators.items():
        yield from _indicator(file, indicator, questions, indicators, annex)
    yield from _roles(files, annex)
    if Checks in files.singles:
        for check in files.checks.checks:
            yield from _check(check, questions, indicators, annex)
    if Benchmarks in files.singles:
        for number, row in enumerate(files.benchmarks.benchmarks, start=1):
            if row.indicator not in indicators:
                place = f"benchmarks.{number}.indicator"
                yield Problem("benchmarks.yaml", place, row.indicator, "已有指标的标识")


def _indicator(
    file: str, indicator: Indicator, questions: Questions, indicators: Indicators, annex: Annex
) -> Iterator[Problem]:
    rule = indicator.rule
    if isinstance(rule, Ratio) != (indicator.kind == "ratio"):
        yield Problem(file, "kind", indicator.kind, "ratio 配 part/whole，yes_no 配条件")
    if isinstance(rule, Ratio):
        for name in ("part", "whole"):
            yield from _number(file, f"rule.{name}", getattr(rule, name), questions)
    else:
        yield from tree_problems(file, "rule", rule, questions, indicators, annex)
    if indicator.applies_if is not None:
        applies = indicator.applies_if
        yield from tree_problems(file, "applies_if", applies, questions, indicators, annex)
    for key in indicator.not_applicable_if_marked:
        if key not in questions or not questions[key].may_be_not_applicable:
            yield Problem(file, "not_applicable_if_marked", key, "附件6中允许标“不适用”的题")
    for case in indicator.cases:
        for key in (*case.given, *case.not_applicable):
            if key not in questions:
                yield Problem(file, f"cases“{case.name}”", key, "附件6中的题")


def _number(file: str, place: str, key: str | None, questions: Questions) -> Iterator[Problem]:
    if key is None or key not in questions:
        yield Problem(file, place, f"没有“{key}”这道题", "附件6中的题")
    elif questions[key].type not in NUMERIC:
        yield Problem(file, place, key, "数字题")


def _roles(files: Files, annex: Annex) -> Iterator[Problem]:
    file = next(name for name, each in files.annexes.items() if each is annex)
    deciding = {key for each in files.indicators.values() for key in each.questions}
    deciding |= {key.partition(".")[0] for key in deciding}
    columns = [column for field in annex.fields if field.rows for column in field.columns]
    for field in (*annex.fields, *columns):
        key = field.key
        if (field.role == "decides") != (key in deciding):
            found = f"role 为 {field.role}，{'有' if key in deciding else '没有'}指标用到它"
            yield Problem(file, key, found, "有指标用到的题 role 为 decides，其余不是")


def _check(
    check: Check, questions: Questions, indicators: Indicators, annex: Annex
) -> Iterator[Problem]:
    file, place = "checks.yaml", check.id
    if check.kind == "at_most":
        yield from _number(file, place, check.part, questions)
        yield from _number(file, place, check.whole, questions)
    if check.tally is not None:
        tables = {field.key: field for field in annex.fields if field.columns}
        yield from _number(file, place, check.question, questions)
        yield from tally_problems(file, place, check.tally, tables)
    for tree in (check.if_, check.then):
        if tree is not None:
            yield from tree_problems(file, place, tree, questions, indicators, annex)
