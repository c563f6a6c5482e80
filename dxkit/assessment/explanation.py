"""Why an indicator came out as it did, told from the same rule tree that computed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from dxkit.assessment import Assessment
from dxkit.assessment.logic import KNOWN, NOT_APPLICABLE, Context, Truth, exempt, judge
from dxkit.assessment.turning import Change, changes_that_turn
from dxkit.assessment.words import (
    answer_words,
    condition_words,
    number_words,
    question_words,
)
from dxkit.models.indicator import Indicator, State
from dxkit.models.rules import (
    Condition,
    EveryApplicable,
    Leaf,
    Ratio,
    leaves_of,
    parts_of,
)
from dxkit.percentages import percent

Status = Literal["holds", "fails", "open", "exempt"]
MANY = 4
STATES: dict[int, State] = {KNOWN: "known", NOT_APPLICABLE: "not_applicable"}


@dataclass(frozen=True)
class ConditionResult:
    """One node of a rule tree: what it asks, whether it holds and what the answer was."""

    words: str
    status: Status
    found: str = ""
    question: str | None = None
    indicator: str | None = None
    parts: tuple[ConditionResult, ...] = ()

    def leaves(self) -> Iterator[ConditionResult]:
        """Yield the single conditions from left to right."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def because_of(self) -> Iterator[ConditionResult]:
        """Yield the single conditions that make it what it is: below parts of its own status."""
        if not self.parts:
            yield self
        for part in self.parts:
            if part.status == self.status:
                yield from part.because_of()


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator of one enterprise with its value, bounds and why."""

    indicator: Indicator
    state: State
    value: float | bool | None
    low: float | None
    high: float | None
    reason: str
    condition: ConditionResult | None
    numbers: tuple[tuple[str, str], ...]
    context: Context | None = field(repr=False, compare=False)
    """What it was computed from; nothing where it is copied from elsewhere."""

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Return the single changes that would turn it, which few ask for and cost most."""
        if self.context is None:
            return ()
        return changes_that_turn(self.indicator, self.state, self.value, self.context)

    @property
    def words(self) -> str:
        """Return the value as printed: a percentage, 是, 否, 不适用 or 未知."""
        if self.state == "not_applicable":
            return "不适用"
        if self.value is None:
            return "未知"
        return percent(self.value) if self.indicator.kind == "ratio" else _yes_no(self.value)


def explain(assessment: Assessment, row: int = 0) -> tuple[IndicatorResult, ...]:
    """Tell every indicator of one row with its reasons, in the order of table 1."""
    results = {key: each.row(row) for key, each in assessment.results.items()}
    context = Context(assessment.definitions, assessment.table.row(row), results)
    return tuple(_explain_one(each, context) for each in assessment.definitions.indicators)


def _explain_one(indicator: Indicator, context: Context) -> IndicatorResult:
    result = context.results[indicator.id]
    state = STATES.get(int(result.state[0]), "unknown")
    low, high = float(result.low[0]), float(result.high[0])
    applies = state != "not_applicable"
    value: float | bool | None = low if state == "known" else None
    if value is not None and indicator.kind == "yes_no":
        value = bool(value)
    tree = None if isinstance(indicator.rule, Ratio) else _tree(indicator.rule, context)
    return IndicatorResult(
        indicator=indicator,
        state=state,
        value=value,
        low=low if applies else None,
        high=high if applies else None,
        reason=_reason(indicator, state, tree, context),
        condition=tree,
        numbers=_numbers(indicator, context),
        context=context,
    )


def _tree(condition: Condition, context: Context) -> ConditionResult:
    parts = tuple(_tree(part, context) for part in parts_of(condition))
    if isinstance(condition, EveryApplicable):
        parts = tuple(
            _released(tree) if exempt(part, context)[0] else tree
            for part, tree in zip(condition.every_applicable, parts, strict=True)
        )
    return ConditionResult(
        words=condition_words(condition, context.definitions),
        status=_status(judge(condition, context)),
        found="" if parts else answer_words(_leaf(condition), context),
        question=getattr(condition, "question", None),
        indicator=getattr(condition, "indicator", None),
        parts=parts,
    )


def _leaf(condition: Condition) -> Leaf:
    return next(leaves_of(condition))


def _released(tree: ConditionResult) -> ConditionResult:
    return ConditionResult(tree.words, "exempt", "不适用", tree.question, tree.indicator)


def _status(truth: Truth) -> Status:
    if truth.least[0]:
        return "holds"
    return "open" if truth.most[0] else "fails"


def _reason(
    indicator: Indicator, state: State, tree: ConditionResult | None, context: Context
) -> str:
    if state == "not_applicable":
        return _why_not_applicable(indicator, context)
    if tree is None:
        return _ratio_reason(indicator, state, context)
    if state == "unknown":
        missing = [_told(each) for each in tree.because_of()] if tree.status == "open" else []
        gate = _open_gate(indicator, context)
        return "尚不能判定：" + "；".join(filter(None, (gate, *missing)))
    if tree.status == "holds":
        return _all_hold(list(tree.because_of()))
    return "未满足：" + "；".join(map(_told, tree.because_of()))


def _all_hold(leaves: list[ConditionResult]) -> str:
    if len(leaves) > MANY:
        return f"适用的 {len(leaves)} 项条件均已满足"
    return "条件均已满足：" + "；".join(map(_told, leaves))


def _told(leaf: ConditionResult) -> str:
    return f"{leaf.words}（现为：{leaf.found}）"


def _open_gate(indicator: Indicator, context: Context) -> str:
    """Name the question that decides whether the indicator applies, while it is unanswered."""
    if indicator.applies_if is None or judge(indicator.applies_if, context).least[0]:
        return ""
    leaf = _leaf(indicator.applies_if)
    return _said(leaf, context)


def _said(leaf: Leaf, context: Context) -> str:
    words = condition_words(leaf, context.definitions)
    return f"{words}（现为：{answer_words(leaf, context)}）"


def _why_not_applicable(indicator: Indicator, context: Context) -> str:
    if isinstance(indicator.rule, Ratio):
        return f"{question_words(indicator.rule.whole, context.definitions)}为 0，比率没有意义"
    for key in indicator.not_applicable_if_marked:
        if context.table.column(key).not_applicable[0]:
            return f"{question_words(key, context.definitions)}标为不适用"
    if indicator.applies_if is not None and not judge(indicator.applies_if, context).most[0]:
        leaf = _leaf(indicator.applies_if)
        return f"不具备前提：{_said(leaf, context)}"
    return "所列环节均不适用"


def _ratio_reason(indicator: Indicator, state: State, context: Context) -> str:
    (part, count), (whole, total) = _numbers(indicator, context)
    if state == "known":
        share = percent(float(context.results[indicator.id].low[0]))
        return f"{part} {count} ÷ {whole} {total} = {share}"
    missing = [name for name, words in ((part, count), (whole, total)) if words == "未填"]
    if missing:
        return "尚不能计算：缺少" + "、".join(missing)
    return f"数字有争议：{part} {count}，大于{whole} {total}"


def _numbers(indicator: Indicator, context: Context) -> tuple[tuple[str, str], ...]:
    if not isinstance(indicator.rule, Ratio):
        return ()
    keys = (indicator.rule.part, indicator.rule.whole)
    return tuple(
        (question_words(key, context.definitions), number_words(key, context)) for key in keys
    )


def _yes_no(value: object) -> str:
    return "是" if value else "否"
