"""How many questions of a form people are to answer, and how many of those are answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import is_blank
from dxkit.case.paths_in_data import get
from dxkit.case.requiredness import holds, is_required
from dxkit.forms.values import answers_of, value_elsewhere
from dxkit.models.annex import Annex, Field, FieldType, Section


def filled_of(case: Case, annex: Annex, section: Section | None = None) -> tuple[int, int]:
    """Return how many questions of a form or a section are answered, and how many there are.

    What the program computes or notes is none, nor what may be left blank and is: a remark, or what
    only other answers would ask for. What is taken over from another form counts as answered.
    """
    answers = answers_of(case, annex)
    asked = list(_asked(annex, section or annex, answers))
    filled = sum(_is_filled(case, field, get(answers, key)) for key, field in asked)
    return filled, len(asked)


def _asked(
    annex: Annex, part: Annex | Section, answers: Mapping[str, Any]
) -> Iterator[tuple[str, Field]]:
    fields = {field.key: field for field in annex.fields}
    for key, field in part.questions():
        if field.type is FieldType.COMPUTED or field.required == "auto":
            continue
        if not is_blank(get(answers, key)) or _is_open(field, answers, fields):
            yield key, field


def _is_open(field: Field, answers: Mapping[str, Any], fields: Mapping[str, Field]) -> bool:
    """Tell whether a blank question waits for an answer as things stand in the form."""
    hidden = field.shown_if is not None and not holds(field.shown_if, answers, fields)
    return not hidden and is_required(field, answers, fields)


def _is_filled(case: Case, field: Field, value: Any) -> bool:
    lent = field.prefill is not None and field.type is not FieldType.TABLE
    return not is_blank(value) or (lent and bool(value_elsewhere(case, str(field.prefill))))
