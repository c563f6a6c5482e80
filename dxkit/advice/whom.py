"""Whom to ask a question in the enterprise, and at which stop of the walk the answer is seen."""

from __future__ import annotations

from collections.abc import Sequence

from dxkit.definitions import QUESTIONS, Definitions
from dxkit.models.indicator import Indicator

ANYBODY = "各业务部门"


def departments_of(
    question: str, indicators: Sequence[Indicator], definitions: Definitions
) -> tuple[str, ...]:
    """Return the departments that can answer a question.

    The row of a grid may name its own; else they are those of the indicators it is asked for.
    """
    if own := own_departments(question, definitions):
        return own
    named = (name for indicator in indicators for name in indicator.departments)
    return tuple(dict.fromkeys(named)) or (ANYBODY,)


def own_departments(question: str, definitions: Definitions) -> tuple[str, ...]:
    """Return the departments that the row of a grid names itself; none for any other question."""
    column, _, code = question.partition(".")
    for field in definitions.annexes[QUESTIONS].fields if code else ():
        if any(each.key == column for each in field.columns):
            return next((row.departments for row in field.rows if row.code == code), ())
    return ()


def places_of(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """Return the stops of a walk at which indicators are seen, each once."""
    return tuple(dict.fromkeys(each.place for each in indicators if each.place))
