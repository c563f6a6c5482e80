"""Whether a condition tree only names questions, steps and indicators that exist and fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dxkit.errors import Problem
from dxkit.models.annex import NUMERIC, Annex, Field, FieldType
from dxkit.models.indicator import Indicator
from dxkit.models.rules import (
    AmountCondition,
    Condition,
    IndicatorCondition,
    Leaf,
    ListCondition,
    NameCondition,
    StepCondition,
    TruthCondition,
    leaves_of,
)

Questions = Mapping[str, Field]
Indicators = Mapping[str, Indicator]


def tree_problems(
    file: str,
    place: str,
    tree: Condition,
    questions: Questions,
    indicators: Indicators,
    annex: Annex,
) -> Iterator[Problem]:
    """Yield what the leaves of a condition tree name that does not exist or does not fit."""
    for leaf in leaves_of(tree):
        if isinstance(leaf, IndicatorCondition):
            yield from _other_indicator(file, place, leaf, indicators)
        elif isinstance(leaf, ListCondition):
            tables = {field.key: field for field in annex.fields if field.columns}
            if leaf.table not in tables:
                yield Problem(file, place, leaf.table, "附件6中的一张明细表")
            else:
                yield from _columns(file, place, leaf, tables[leaf.table])
        elif leaf.question not in questions:
            yield Problem(file, place, f"没有“{leaf.question}”这道题", "附件6中的题")
        else:
            yield from _fit(file, place, leaf, questions[leaf.question])


def _columns(file: str, place: str, leaf: ListCondition, table: Field) -> Iterator[Problem]:
    columns = {column.key: column for column in table.columns}
    for key, codes in leaf.where.items():
        if key not in columns:
            yield Problem(file, place, f"{leaf.table}.{key}", "该明细表的一列")
        elif columns[key].choices:
            known = {choice.code for choice in columns[key].choices}
            for code in set(codes) - known:
                yield Problem(file, place, f"{key}：{code}", "该列已有的选项代码")


def _other_indicator(
    file: str, place: str, leaf: IndicatorCondition, indicators: Indicators
) -> Iterator[Problem]:
    other = indicators.get(leaf.indicator)
    if other is None:
        yield Problem(file, place, f"没有“{leaf.indicator}”这个指标", "已有指标的标识")
    elif (other.kind == "ratio") != (leaf.at_least is not None):
        yield Problem(file, place, leaf.indicator, "比率指标用 at_least，是否指标用 is: yes")


def _fit(file: str, place: str, leaf: Leaf, field: Field) -> Iterator[Problem]:
    if isinstance(leaf, StepCondition):
        if field.type is not FieldType.LADDER or field.step_of(leaf.at_least) is None:
            steps = "、".join(choice.code for choice in field.choices) or "（该题不是分级题）"
            yield Problem(file, place, f"{leaf.question} at_least {leaf.at_least}", steps)
    elif isinstance(leaf, NameCondition):
        codes = {choice.code for choice in field.choices}
        if field.type not in (FieldType.CHOICES, FieldType.CHOICE) or set(leaf.besides) - codes:
            yield Problem(file, place, f"{leaf.question} names", "选择题及其已有的选项代码")
    elif isinstance(leaf, TruthCondition):
        if field.type is not FieldType.YES_NO:
            yield Problem(file, place, f"{leaf.question} is yes", "是否题")
    elif isinstance(leaf, AmountCondition) and field.type not in NUMERIC:
        yield Problem(file, place, f"{leaf.question} above", "数字题")
