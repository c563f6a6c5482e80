"""Which phone numbers a form hides, and how; the paper original alone shows them whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dxkit.case import Case
from dxkit.models.annex import Annex, Field

_SIGN = "*"
_SHOWN_LAST, _HIDDEN = 4, 4


def mask(number: str) -> str:
    """Return a number without the four digits before its last four: 138****1234.

    Of a shorter one only the last four digits are shown, of four digits none.
    """
    places = [place for place, sign in enumerate(number) if sign.isdigit()]
    last = places[-_SHOWN_LAST:] if len(places) > _SHOWN_LAST else []
    rest = places[: len(places) - len(last)]
    hidden = set(rest[-_HIDDEN:] if last else rest)
    return "".join(_SIGN if place in hidden else sign for place, sign in enumerate(number))


def is_masked(field: Field, raw: Any, value: Any) -> bool:
    """Tell whether a content that came back is just the mask of the number that was sent."""
    if not field.masked or not isinstance(raw, str) or not isinstance(value, str):
        return False
    return "".join(raw.split()) == "".join(mask(value).split())


def without_phones(case: Case) -> Case:
    """Return a case as its forms are shown to others, each number that is to be hidden masked."""
    annexes = case.definitions.annexes
    told = {
        key: _shown(annexes[key], value) if key in annexes else value
        for key, value in case.data.items()
    }
    return replace(case, data=told)


def _shown(annex: Annex, answers: Mapping[str, Any]) -> dict[str, Any]:
    fields = {field.key: field for field in annex.fields}
    return {
        key: _of(fields[key], value) if key in fields else value for key, value in answers.items()
    }


def _of(field: Field, value: Any) -> Any:
    if field.masked and isinstance(value, str):
        return mask(value)
    hidden = {column.key for column in field.columns if column.masked}
    if not hidden or not isinstance(value, list):
        return value
    return [
        {key: mask(said) if key in hidden else said for key, said in row.items()} for row in value
    ]
