"""Whether a condition tree only names questions, steps and indicators that exist and fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dxkit.definitions.tables_fit import Tables, where_problems
from dxkit.errors import Problem
from dxkit.models.annex import COUNTABLE, Field, FieldType
from dxkit.models.indicator import Indicator
from dxkit.models.rules import (
    AmountCondition,
    Condition,
    IndicatorCondition,
    Leaf,
    ListCondition,
    NameCondition,
    QuestionLeaf,
    StepCondition,
    TruthCondition,
    leaves_of,
)

Questions = Mapping[str, Field]
Indicators = Mapping[str, Indicator | None]


@dataclass(frozen=True)
class Scope:
    """What a condition may name; where `indicators` or `tables` is None it may name none.

    `called` says in Chinese what the questions are. An indicator whose file could not be read is
    known by its id and stands as None.
    """

    questions: Questions
    called: str
    indicators: Indicators | None = None
    tables: Tables | None = None


def tree_problems(file: str, place: str, tree: Condition, scope: Scope) -> Iterator[Problem]:
    """Yield what the leaves of a condition tree name that does not exist or does not fit."""
    for leaf in leaves_of(tree):
        yield from _leaf(file, place, leaf, scope)


def _leaf(file: str, place: str, leaf: Leaf, scope: Scope) -> Iterator[Problem]:
    if isinstance(leaf, IndicatorCondition):
        yield from _indicator(file, place, leaf, scope)
    elif isinstance(leaf, ListCondition):
        yield from _list(file, place, leaf, scope)
    elif leaf.question not in scope.questions:
        yield Problem(file, place, f"没有“{leaf.question}”", scope.called)
    else:
        yield from _fit(file, place, leaf, scope.questions[leaf.question])


def _indicator(file: str, place: str, leaf: IndicatorCondition, scope: Scope) -> Iterator[Problem]:
    if scope.indicators is None:
        yield Problem(file, place, f"引用了指标“{leaf.indicator}”", scope.called)
    elif leaf.indicator not in scope.indicators:
        yield Problem(file, place, f"没有“{leaf.indicator}”这个指标", "已有指标的标识")
    else:
        other = scope.indicators[leaf.indicator]
        if other is not None and (other.kind == "ratio") != (leaf.at_least is not None):
            yield Problem(file, place, leaf.indicator, "比率指标用 at_least，是否指标用 is: yes")


def _list(file: str, place: str, leaf: ListCondition, scope: Scope) -> Iterator[Problem]:
    if scope.tables is None:
        yield Problem(file, place, f"明细表条件（{leaf.table}）", "只有 checks.yaml 可以查明细表")
    else:
        yield from where_problems(file, place, leaf.table, leaf.where, scope.tables)


def _fit(file: str, place: str, leaf: QuestionLeaf, field: Field) -> Iterator[Problem]:
    if isinstance(leaf, StepCondition):
        yield from _step(file, place, leaf, field)
    elif isinstance(leaf, NameCondition):
        yield from _names(file, place, leaf, field)
    elif isinstance(leaf, TruthCondition) and field.type is not FieldType.YES_NO:
        yield Problem(file, place, f"{leaf.question} is yes", "是否题")
    elif isinstance(leaf, AmountCondition) and field.type not in COUNTABLE:
        yield Problem(file, place, f"{leaf.question} above", "数字题")


def _step(file: str, place: str, leaf: StepCondition, field: Field) -> Iterator[Problem]:
    if field.type is not FieldType.LADDER or field.step_of(leaf.at_least) is None:
        steps = "、".join(choice.code for choice in field.choices)
        expected = f"{steps} 之一" if field.type is FieldType.LADDER else "分级题"
        yield Problem(file, place, f"{leaf.question} at_least {leaf.at_least}", expected)


def _names(file: str, place: str, leaf: NameCondition, field: Field) -> Iterator[Problem]:
    if field.type not in (FieldType.CHOICES, FieldType.CHOICE):
        yield Problem(file, place, f"{leaf.question} names", "选择题")
        return
    known = [choice.code for choice in field.choices]
    for code in leaf.besides:
        if code not in known:
            found = f"{leaf.question} besides {code}"
            yield Problem(file, place, found, "、".join(known) + " 之一")
