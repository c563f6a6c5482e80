"""Whether a field or column must be filled in, as its own definition and what stands beside say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case.answers import is_blank
from dxkit.models.annex import Field
from dxkit.models.rules import (
    AllOf,
    AmountCondition,
    AnyOf,
    Condition,
    NameCondition,
    StepCondition,
    TruthCondition,
)

Fields = Mapping[str, Field]
NOTHING = "none"


def is_required(field: Field, beside: Mapping[str, Any], fields: Fields) -> bool:
    """Tell whether something must stand in a field.

    Args:
        field: the field, or the column of a table.
        beside: what stands in the fields of the form, or in the columns of the row, by key.
        fields: the definitions of what is beside, by key.
    """
    if field.required != "conditional" or field.required_if is None:
        return field.required == "yes"
    return holds(field.required_if, beside, fields)


def holds(condition: Condition, beside: Mapping[str, Any], fields: Fields) -> bool:
    """Tell whether a condition on plain values holds; on a blank one it does not.

    Conditions on indicators and on lists are for the engine to judge; here they do not hold.
    """
    if isinstance(condition, AllOf):
        return all(holds(part, beside, fields) for part in condition.all)
    if isinstance(condition, AnyOf):
        return any(holds(part, beside, fields) for part in condition.any)
    question = getattr(condition, "question", None)
    value = beside.get(question) if question else None
    if question is None or is_blank(value) or question not in fields:
        return False
    return _leaf(condition, value, fields[question])


def _leaf(leaf: Condition, value: Any, field: Field) -> bool:
    if isinstance(leaf, StepCondition):
        step, bar = field.step_of(value), field.step_of(leaf.at_least)
        return step is not None and bar is not None and step >= bar
    if isinstance(leaf, NameCondition):
        named = {str(each) for each in (value if isinstance(value, list) else [value])}
        return bool(named - {NOTHING, *leaf.besides})
    if isinstance(leaf, AmountCondition):
        return isinstance(value, (int, float)) and value > leaf.above
    return isinstance(leaf, TruthCondition) and value is True
