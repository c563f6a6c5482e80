"""Whether the worked cases of an indicator only give answers that a record form would take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dxkit.definitions.conditions_fit import Questions
from dxkit.errors import Problem
from dxkit.models.annex import Field, FieldType
from dxkit.models.indicator import Indicator
from dxkit.models.refusals import shown
from dxkit.models.values import expected_by_type


def case_problems(file: str, indicator: Indicator, questions: Questions) -> Iterator[Problem]:
    """Yield every answer and mark of a worked case that no enterprise could give."""
    for case in indicator.cases:
        place = f"cases“{case.name}”"
        for key, value in case.given.items():
            if expected := _expected(questions.get(key), value):
                yield Problem(file, f"{place}.given.{key}", shown(value), expected)
        yield from mark_problems(file, f"{place}.not_applicable", case.not_applicable, questions)


def mark_problems(
    file: str, place: str, keys: Iterable[str], questions: Questions
) -> Iterator[Problem]:
    """Yield the questions that may not be marked as not applicable."""
    for key in keys:
        if key not in questions or not questions[key].may_be_not_applicable:
            yield Problem(file, place, key, "附件6中允许标“不适用”的题")


def _expected(question: Field | None, value: Any) -> str | None:
    """Return what would be right instead of an answer; None given means that it is not known."""
    if question is None:
        return "附件6中的题"
    if question.type is FieldType.TABLE:
        return "单个的题，不是明细表"
    return None if value is None else expected_by_type(question, value)
