"""A scenario beside the record: some answers changed, all assessed again, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.assessment import NOT_APPLICABLE, Assessment, assess, tabulate
from dxkit.assessment.columns import encode
from dxkit.assessment.explanation import IndicatorResult, explain
from dxkit.assessment.words import question_words
from dxkit.case import Case
from dxkit.case.answers import MARK, tallied
from dxkit.case.values import expected_instead
from dxkit.definitions import Definitions
from dxkit.errors import ParameterError, Problem
from dxkit.models.annex import Field, FieldType, GridTally

MOST = 1e12
_SINGLE = {
    FieldType.COUNT,
    FieldType.NUMBER,
    FieldType.MONEY,
    FieldType.PERCENT,
    FieldType.YES_NO,
    FieldType.LADDER,
    FieldType.CHOICE,
    FieldType.CHOICES,
}


@dataclass(frozen=True)
class Scenario:
    """What the indicators would be if some answers were others."""

    changes: Mapping[str, Any]
    assessment: Assessment
    results: tuple[IndicatorResult, ...]


def what_if(case: Case, changes: Mapping[str, Any]) -> Scenario:
    """Assess a case with some answers changed; the case itself stays as it is.

    Args:
        case: whose answers.
        changes: what a case file would hold, by question; None for unknown.

    Raises:
        ParameterError: with every change that does not fit its question.
    """
    definitions = case.definitions
    usable = _read(changes, definitions)
    found = {**case.found, **usable}
    for key, field in definitions.questions.items():
        if key not in usable and isinstance(field.tally, GridTally) and _untyped(key, case):
            found[key] = tallied(field.tally, found, definitions)
    assessment = assess(definitions, tabulate(definitions, [found]))
    return Scenario(dict(changes), assessment, explain(assessment))


def encoded(case: Case, changes: Mapping[str, Any]) -> dict[str, float | None]:
    """Return changes as encoded values; None where an answer would be unknown or not apply.

    Raises:
        ParameterError: with every change that does not fit its question.
    """
    read = _read(changes, case.definitions)
    columns = {key: encode(case.definitions.questions[key], [raw]) for key, raw in read.items()}
    return {key: float(each.values[0]) if each.known[0] else None for key, each in columns.items()}


def _untyped(key: str, case: Case) -> bool:
    answer = case.record.get(key)
    return answer is None or (answer.value is None and answer.disputed is None)


def _read(changes: Mapping[str, Any], definitions: Definitions) -> dict[str, Any]:
    usable, problems = {}, []
    for key, raw in changes.items():
        field = definitions.questions.get(key)
        if field is None or field.type not in _SINGLE:
            problems.append(Problem("情景", str(key)[:40], "不能这样改", "附件6的单项题目"))
            continue
        marked = raw == MARK and field.may_be_not_applicable
        expected = None if raw is None or marked else _expected(field, raw, definitions)
        if expected:
            label = question_words(key, definitions)
            problems.append(Problem("情景", label, str(raw)[:40], expected))
        usable[key] = NOT_APPLICABLE if marked else raw
    if problems:
        raise ParameterError(problems)
    return usable


def _expected(field: Field, raw: Any, definitions: Definitions) -> str | None:
    """Return what would be right; no enterprise has numbers beyond what a column holds."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and not abs(raw) <= MOST:
        return f"不超过 {MOST:g} 的数"
    return expected_instead(field, raw, definitions)
