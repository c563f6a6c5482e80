"""What a goal asks for, told as needs: answers to raise, shares to reach, ways to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dxkit.assessment.logic import Context, exempt, holds_of, judge
from dxkit.assessment.words import condition_words, question_words
from dxkit.definitions import Definitions
from dxkit.errors import ParameterError, Problem
from dxkit.models.indicator import Indicator
from dxkit.models.rules import (
    AllOf,
    AnyOf,
    Condition,
    EveryApplicable,
    IndicatorCondition,
    ListCondition,
    QuestionLeaf,
    Ratio,
    leaves_of,
)


@dataclass(frozen=True)
class Goal:
    """An indicator to reach: yes, or a share of at least a bar."""

    indicator: str
    at_least: float | None = None


@dataclass(frozen=True)
class Raise:
    """An answer must meet a condition."""

    leaf: QuestionLeaf


@dataclass(frozen=True)
class Reach:
    """A part must be at least a share of its whole."""

    part: str
    whole: str
    share: float


@dataclass(frozen=True)
class Every:
    """All of some needs."""

    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class OneOf:
    """At least one of some needs."""

    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Blocked:
    """No investment meets it; says why."""

    why: str


Need = Raise | Reach | Every | OneOf | Blocked
MET = Every()


def read_goals(given: Any, definitions: Definitions) -> tuple[Goal, ...]:
    """Read goals from plain data: an indicator id, a mapping with `at_least`, or a list of those.

    Raises:
        ParameterError: with every goal that is none.
    """
    several = given if isinstance(given, (list, tuple)) else [given]
    read = [_read_goal(each, definitions) for each in several]
    problems = [each for each in read if isinstance(each, Problem)]
    if problems or not read:
        raise ParameterError(problems or [Problem("目标", "", "没有选择", "至少一项指标")])
    return tuple(dict.fromkeys(each for each in read if isinstance(each, Goal)))


def _read_goal(given: Any, definitions: Definitions) -> Goal | Problem:
    asked = given if isinstance(given, Mapping) else {"indicator": given}
    name, bar = asked.get("indicator"), asked.get("at_least")
    indicator = definitions.by_id.get(name) if isinstance(name, str) else None
    if indicator is None:
        return Problem("目标", "", str(name)[:40], "24 项指标之一")
    label = f"指标{indicator.no} {indicator.short_name}"
    if indicator.kind == "yes_no":
        return Goal(indicator.id) if bar is None else Problem("目标", label, str(bar), "“是”")
    number = isinstance(bar, (int, float)) and not isinstance(bar, bool)
    if not number or not 0 < float(bar or 0) <= 1:
        return Problem("目标", label, "没有目标值" if bar is None else str(bar), "大于 0% 至 100%")
    return Goal(indicator.id, float(bar or 0))


def needs_of(goal: Goal, context: Context, hopeful: bool) -> Need:
    """Return what a goal asks for beyond what an enterprise has.

    Args:
        goal: what to reach.
        context: the definitions and the answers of one enterprise.
        hopeful: whether an unknown answer counts as good enough, else as the lowest there is.
    """
    indicator = context.definitions.by_id[goal.indicator]
    if barrier := _barrier(indicator, context, hopeful):
        return Blocked(f"指标{indicator.no} {indicator.short_name}：{barrier}")
    if isinstance(indicator.rule, Ratio):
        return _reach(indicator.rule, goal.at_least or 0.0, context, hopeful)
    return _needs(indicator.rule, context, hopeful)


def _reach(rule: Ratio, share: float, context: Context, hopeful: bool) -> Need:
    counts = [context.table.column(key) for key in (rule.part, rule.whole)]
    known = all(each.known[0] for each in counts)
    return MET if hopeful and not known else Reach(rule.part, rule.whole, share)


def _barrier(indicator: Indicator, context: Context, hopeful: bool) -> str | None:
    """Say why an indicator does not apply, or may not, as no investment changes that."""
    for key in indicator.not_applicable_if_marked:
        if context.table.column(key).not_applicable[0]:
            return f"{question_words(key, context.definitions)}标为不适用"
    rule = indicator.rule
    if isinstance(rule, EveryApplicable) and all(
        exempt(part, context)[0] for part in rule.every_applicable
    ):
        return "所列环节均不适用"
    if indicator.applies_if is None:
        return None
    words = "；".join(
        condition_words(leaf, context.definitions) for leaf in leaves_of(indicator.applies_if)
    )
    truth = judge(indicator.applies_if, context)
    if not truth.most[0]:
        return f"不适用，不具备前提“{words}”"
    return None if truth.least[0] or hopeful else f"是否适用尚不知道，先答“{words}”"


def _needs(condition: Condition, context: Context, hopeful: bool) -> Need:
    if isinstance(condition, AllOf):
        return Every(tuple(_needs(part, context, hopeful) for part in condition.all))
    if isinstance(condition, AnyOf):
        return OneOf(tuple(_needs(part, context, hopeful) for part in condition.any))
    if isinstance(condition, EveryApplicable):
        asked = (part for part in condition.every_applicable if not exempt(part, context)[0])
        return Every(tuple(_needs(part, context, hopeful) for part in asked))
    if isinstance(condition, IndicatorCondition):
        return needs_of(Goal(condition.indicator, condition.at_least), context, hopeful)
    return _leaf_need(condition, context, hopeful)


def _leaf_need(leaf: QuestionLeaf | ListCondition, context: Context, hopeful: bool) -> Need:
    if isinstance(leaf, ListCondition):
        held = judge(leaf, context)
        met = held.most[0] if hopeful else held.least[0]
        return MET if met else Blocked(condition_words(leaf, context.definitions))
    column = context.table.column(leaf.question)
    if column.not_applicable[0]:
        return Blocked(f"{question_words(leaf.question, context.definitions)}标为不适用")
    return MET if hopeful and not column.known[0] else Raise(leaf)


def meets(leaf: QuestionLeaf, value: float, definitions: Definitions) -> bool:
    """Tell whether an encoded answer meets a condition."""
    return bool(holds_of(leaf, definitions)(np.asarray(value)))
