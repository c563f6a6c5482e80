"""Hypothesis strategies for answers to the deciding questions; parts never exceed their wholes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from dxkit.assessment import NOT_APPLICABLE
from dxkit.definitions import Definitions
from dxkit.models.annex import Field, FieldType
from dxkit.models.rules import Ratio

COUNTS = st.integers(0, 12)


def deciding(definitions: Definitions) -> dict[str, Field]:
    keys = {key for indicator in definitions.indicators for key in indicator.questions}
    return {key: field for key, field in definitions.questions.items() if key in keys}


def answer_to(field: Field) -> st.SearchStrategy[Any]:
    """Draw a complete answer to one question, not-applicable marks included where allowed."""
    codes = [choice.code for choice in field.choices]
    drawn: st.SearchStrategy[Any]
    if field.type is FieldType.YES_NO:
        drawn = st.booleans()
    elif field.type in (FieldType.LADDER, FieldType.CHOICE):
        drawn = st.sampled_from(codes)
    elif field.type is FieldType.CHOICES:
        named = st.lists(
            st.sampled_from([c for c in codes if c != "none"]), unique=True, max_size=3
        )
        drawn = named.map(lambda chosen: chosen or ["none"])
    else:
        drawn = st.one_of(st.just(0), st.integers(0, 5000))
    if field.may_be_not_applicable:
        return st.one_of(drawn, drawn, drawn, st.just(NOT_APPLICABLE))
    return drawn


@st.composite
def complete_answers(draw: st.DrawFn, definitions: Definitions) -> dict[str, Any]:
    """Draw an answer to every deciding question."""
    answers = {key: draw(answer_to(field)) for key, field in deciding(definitions).items()}
    for rule in (indicator.rule for indicator in definitions.indicators):
        if isinstance(rule, Ratio):
            answers[rule.whole] = draw(COUNTS)
            answers[rule.part] = draw(st.integers(0, answers[rule.whole]))
    # Indicator 7 divides by what is the part of indicator 2: keep 0 <= networked <= digital.
    digital = draw(st.integers(0, answers["equipment"]))
    answers["equipment_digital"] = digital
    answers["equipment_digital_networked"] = draw(st.integers(0, digital))
    return answers


@st.composite
def partly_answered(
    draw: st.DrawFn, definitions: Definitions
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Draw complete answers, a part of them, and a smaller part of that part.

    Marks stand in all three: they say what the enterprise is, and are no completion of an answer.
    """
    complete = draw(complete_answers(definitions))
    marks = {key for key, value in complete.items() if value is NOT_APPLICABLE}
    kept = draw(st.sets(st.sampled_from(sorted(complete)))) | marks
    fewer = (draw(st.sets(st.sampled_from(sorted(kept)))) if kept else set()) | marks
    some = {key: value for key, value in complete.items() if key in kept}
    least = {key: value for key, value in complete.items() if key in fewer}
    return complete, some, least
