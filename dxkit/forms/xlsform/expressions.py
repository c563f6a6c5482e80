"""Conditions and limits of a field as the XPath that ODK and KoboToolbox understand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dxkit.models.annex import Field, FieldType
from dxkit.models.rules import (
    AllOf,
    AmountCondition,
    AnyOf,
    Condition,
    EveryApplicable,
    NameCondition,
    StepCondition,
    TruthCondition,
    parts_of,
)

NONE = "none"
YES, NO = "yes", "no"

Find = Callable[[str], tuple[str, Field] | None]
"""Finds the phone's name and the field of a question; None if the phone does not ask it."""

_LOWEST: dict[FieldType, float] = {
    FieldType.COUNT: 0,
    FieldType.MONEY: 0,
    FieldType.PERCENT: 0,
    FieldType.YEAR: 1900,
}
_HIGHEST: dict[FieldType, float] = {FieldType.PERCENT: 100, FieldType.YEAR: 2100}


def literal(text: str) -> str:
    """Return a text as an XPath literal; XPath cannot escape, so one kind of quote may be lost."""
    return f"'{text}'" if "'" not in text else '"' + text.replace('"', "") + '"'


def both(*expressions: str) -> str:
    """Return the conjunction of those expressions that say something."""
    said = [each for each in expressions if each]
    return said[0] if len(said) == 1 else " and ".join(f"({each})" for each in said)


def condition(tree: Condition | None, find: Find) -> str:
    """Return a condition as an expression; empty where the phone cannot tell."""
    if tree is None:
        return ""
    if isinstance(tree, (AllOf, EveryApplicable)):
        return both(*(condition(part, find) for part in parts_of(tree)))
    if isinstance(tree, AnyOf):
        parts = [condition(part, find) for part in parts_of(tree)]
        return " or ".join(f"({each})" for each in parts) if all(parts) else ""
    return _leaf(tree, find)


def _leaf(leaf: Any, find: Find) -> str:
    found = find(leaf.question) if hasattr(leaf, "question") else None
    if found is None:
        return ""
    name, field = found
    if isinstance(leaf, TruthCondition):
        return f"${{{name}}} = '{YES}'"
    if isinstance(leaf, AmountCondition):
        return f"${{{name}}} > {leaf.above:g}"
    if isinstance(leaf, NameCondition):
        return _among(name, field, lambda code: code not in {NONE, *leaf.besides})
    if isinstance(leaf, StepCondition):
        least = field.step_of(leaf.at_least) or 0
        return _among(name, field, lambda code: (field.step_of(code) or 0) >= least)
    return ""


def _among(name: str, field: Field, counts: Callable[[str], bool]) -> str:
    if not field.choices:
        return f"${{{name}}} != ''"
    codes = [choice.code for choice in field.choices if counts(choice.code)]
    return " or ".join(f"selected(${{{name}}}, '{code}')" for code in codes) or "false()"


def limits(field: Field, find: Find) -> tuple[str, str]:
    """Return what an answer must satisfy, as an expression and as a Chinese message."""
    told = list(_limits(field, find))
    said = "、".join(dict.fromkeys(words for _, words in told))
    return both(*(expression for expression, _ in told)), f"应{said}" if told else ""


def _limits(field: Field, find: Find) -> Iterator[tuple[str, str]]:
    low = _LOWEST.get(field.type) if field.minimum is None else field.minimum
    high = _HIGHEST.get(field.type) if field.maximum is None else field.maximum
    if low is not None:
        yield f". >= {low:g}", f"不小于{low:g}"
    if high is not None:
        yield f". <= {high:g}", f"不大于{high:g}"
    yield from _beside(field, field.at_most, "<=", "不大于", find)
    yield from _beside(field, field.at_least, ">=", "不小于", find)
    if field.longest is not None:
        yield f"string-length(.) <= {field.longest}", f"不超过{field.longest}个字"
    if field.type is FieldType.CHOICES and field.step_of(NONE) is not None:
        alone = f"不把“{field.label_of(NONE)}”和其他项同选"
        yield f"not(selected(., '{NONE}') and count-selected(.) > 1)", alone


def _beside(
    field: Field, key: str | None, sign: str, words: str, find: Find
) -> Iterator[tuple[str, str]]:
    """Yield a limit by another answer; while that one is blank it does not limit."""
    found = find(key) if key else None
    if found is None:
        return
    name, other = found
    mine, theirs = ".", f"${{{name}}}"
    if field.type is FieldType.TIME:
        mine, theirs = f"decimal-time({mine})", f"decimal-time({theirs})"
    if field.type in (FieldType.DATE, FieldType.DATETIME, FieldType.TIME):
        words = "不晚于" if sign == "<=" else "不早于"
    yield f"${{{name}}} = '' or {mine} {sign} {theirs}", f"{words}“{other.label}”"
