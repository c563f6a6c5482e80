"""Which questions of a filled form are not asked, since another answer rules them out, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case.answers import Answer, is_blank, is_record, read_answer
from dxkit.case.requiredness import Fields, holds
from dxkit.case.words import shown
from dxkit.definitions import Definitions
from dxkit.forms.written.printed import NOT_APPLICABLE, not_asked
from dxkit.models.annex import Field
from dxkit.models.rules import QuestionLeaf, leaves_of

_LONGEST_WORDS = 16


def why_not_asked(
    field: Field, beside: Mapping[str, Any], fields: Fields, definitions: Definitions
) -> str:
    """Return the words that stand in the place of a question not in force; none if it is.

    A question is in force as long as an answer that decides about it is missing.

    Args:
        field: the question.
        beside: what the form or the row holds, by key.
        fields: the definitions of what is beside, by key.
        definitions: where the words of choices come from.
    """
    condition = field.shown_if or field.required_if
    if condition is None:
        return ""
    leaves = list(leaves_of(condition))
    asked = [leaf.question for leaf in leaves if isinstance(leaf, QuestionLeaf)]
    answers = {key: _answer(beside.get(key)) for key in asked}
    known = all(key in fields and _is_given(answers[key]) for key in asked)
    values = {key: answer.value for key, answer in answers.items()}
    if len(asked) < len(leaves) or not known or holds(condition, values, fields):
        return ""
    first = asked[0]
    return not_asked(_in_words(fields[first], answers[first], definitions))


def _answer(raw: Any) -> Answer:
    return read_answer(raw) if is_record(raw) else Answer(onsite=raw)


def _is_given(answer: Answer) -> bool:
    return answer.not_applicable is not None or not is_blank(answer.value)


def _in_words(field: Field, answer: Answer, definitions: Definitions) -> str:
    """Return what an answer says that rules a question out, empty if that takes many words."""
    said = shown(field, answer.value, definitions) if answer.value is not None else NOT_APPLICABLE
    words = f"{field.no or field.label}为“{said}”"
    return words if len(words) <= _LONGEST_WORDS else ""
