"""How conditions and answers are said in Chinese; nothing here decides anything."""

from __future__ import annotations

from dxkit.assessment.columns import key_of
from dxkit.assessment.logic import KNOWN, Context
from dxkit.assessment.logic import NOT_APPLICABLE as NA
from dxkit.definitions import Definitions
from dxkit.models.annex import Field, FieldType
from dxkit.models.rules import (
    AllOf,
    AmountCondition,
    AnyOf,
    Condition,
    EveryApplicable,
    IndicatorCondition,
    Leaf,
    ListCondition,
    NameCondition,
    StepCondition,
)
from dxkit.percentages import percent

UNANSWERED = "未填"


def plain_number(value: float) -> str:
    """Show an amount without needless zeros: counts as integers, money with up to two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def question_words(key: str, definitions: Definitions) -> str:
    """Return a question's number and label, as printed on the record form."""
    field = definitions.questions[key]
    return f"{field.no} {field.label}".strip()


def condition_words(condition: Condition, definitions: Definitions) -> str:
    """Say what a condition asks."""
    if isinstance(condition, AllOf):
        return "同时满足"
    if isinstance(condition, AnyOf):
        return "至少满足一项"
    if isinstance(condition, EveryApplicable):
        return "各适用环节均满足"
    if isinstance(condition, IndicatorCondition):
        return _indicator_words(condition, definitions)
    if isinstance(condition, ListCondition):
        return _list_words(condition, definitions)
    return f"{question_words(condition.question, definitions)}：{_asked(condition, definitions)}"


def _asked(leaf: Leaf, definitions: Definitions) -> str:
    if isinstance(leaf, StepCondition):
        field = definitions.questions[leaf.question]
        return f"达到“{choice_words(field, leaf.at_least)}”及以上"
    if isinstance(leaf, NameCondition):
        field = definitions.questions[leaf.question]
        besides = "、".join(field.label_of(code) for code in leaf.besides)
        return f"至少有一项（“{besides}”不算）" if besides else "至少有一项"
    if isinstance(leaf, AmountCondition):
        unit = definitions.questions[leaf.question].unit
        return f"大于 {plain_number(leaf.above)} {unit}".strip()
    return "为“是”"


def _indicator_words(leaf: IndicatorCondition, definitions: Definitions) -> str:
    other = definitions.by_id[leaf.indicator]
    bar = "为“是”" if leaf.at_least is None else f"不低于 {percent(leaf.at_least)}"
    return f"指标{other.no} {other.name}{bar}"


def _list_words(leaf: ListCondition, definitions: Definitions) -> str:
    table = next(
        field
        for annex in definitions.annexes.values()
        for field in annex.fields
        if field.key == leaf.table
    )
    columns = {column.key: column for column in table.columns}
    kinds = "，".join(
        f"{columns[key].label}为" + "、".join(columns[key].label_of(code) for code in codes)
        for key, codes in leaf.where.items()
    )
    return f"{table.label}中有{kinds}的一行"


def choice_words(field: Field, code: object) -> str:
    """Return a code with its label, as `C 主要产线自动`; numbered steps are 2级."""
    if str(code).isdigit():
        return f"{code}级"
    label = field.label_of(code)
    return label if label.startswith(str(code)) or label == str(code) else f"{code} {label}"


def answer_words(leaf: Leaf, context: Context) -> str:
    """Say what was found where a condition looked."""
    if isinstance(leaf, IndicatorCondition):
        return _result_words(leaf, context)
    if isinstance(leaf, ListCondition):
        column = context.table.column(key_of(leaf))
        return ("有" if column.values[0] else "没有") if column.known[0] else "清单未填"
    return column_words(leaf.question, context)


def column_words(key: str, context: Context) -> str:
    """Say a question's answer."""
    field, column = context.definitions.questions[key], context.table.column(key)
    if column.not_applicable[0]:
        return "不适用"
    return value_words(field, column.values[0]) if column.known[0] else UNANSWERED


def number_words(key: str, context: Context) -> str:
    """Say a counted answer with its unit."""
    words = column_words(key, context)
    unit = context.definitions.questions[key].unit
    return words if words in (UNANSWERED, "不适用") else f"{words} {unit}".strip()


def amount_words(field: Field, value: float | None) -> str:
    """Say an encoded value, counts with their unit too; 未填 if there is none."""
    if value is None:
        return UNANSWERED
    words = value_words(field, value)
    return f"{words} {field.unit}".strip() if field.type is FieldType.COUNT else words


def value_words(field: Field, value: float) -> str:
    """Say an encoded value, money with its unit."""
    if field.type is FieldType.YES_NO:
        return "是" if value else "否"
    if field.type is FieldType.LADDER:
        return choice_words(field, field.choices[int(value)].code)
    if field.choices:
        named = [each.label for i, each in enumerate(field.choices) if int(value) >> i & 1]
        return "、".join(named) or "未选任何一项"
    if field.type is FieldType.MONEY:
        return f"{float(value):.2f} {field.unit}".strip()
    return plain_number(float(value))


def _result_words(leaf: IndicatorCondition, context: Context) -> str:
    result = context.results[leaf.indicator]
    state = int(result.state[0])
    if state == NA:
        return "不适用"
    if state != KNOWN:
        return "未知"
    return percent(float(result.low[0])) if leaf.at_least is not None else _truth(result.low[0])


def _truth(value: float) -> str:
    return "是" if value else "否"
