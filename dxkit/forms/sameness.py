"""When contents of a form say nothing, say the same, or say that a question does not apply."""

from __future__ import annotations

from typing import Any

from dxkit.case.words import shown
from dxkit.definitions import Definitions
from dxkit.forms.written_choices import loosened
from dxkit.models.annex import CHOOSING, Field, FieldType

_NOT_APPLICABLE = ("不适用：", "不适用:", "不适用，", "不适用,", "不适用 ", "不适用（", "不适用(")
_WHITE = " \t\r\n\u3000\u00a0\u200b\ufeff"


def is_empty(raw: Any) -> bool:
    """Tell whether a raw content says nothing."""
    return raw is None or (isinstance(raw, str) and not raw.strip(_WHITE))


def is_as_shown(field: Field, raw: Any, value: Any, definitions: Definitions) -> bool:
    """Tell whether a raw content is just what a form shows for a value, spaces aside."""
    if is_empty(raw):
        return is_nothing(value)
    if is_nothing(value) or not isinstance(raw, str):
        return False
    texts = {loosened(shown(field, value, definitions)), loosened(value)}
    return loosened(raw) in texts


def is_nothing(value: Any) -> bool:
    """Tell whether a stored value is as good as none: not there, empty, or unsigned."""
    return value is None or value is False or value in ("", [])


def same_value(field: Field, one: Any, other: Any) -> bool:
    """Tell whether two stored values say the same; choices have no order."""
    if is_blank(one) or is_blank(other):
        return is_blank(one) and is_blank(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if field.type is FieldType.CHOICES:
        return set(map(str, one)) == set(map(str, other))
    if field.type in CHOOSING:
        return str(one) == str(other)
    return bool(one == other)


def is_blank(value: Any) -> bool:
    """Tell whether nothing is stored."""
    return value is None or value in ("", [])


def reason_not_applicable(raw: Any) -> str | None:
    """Return why a cell says that its question does not apply; None if it does not say so."""
    if not isinstance(raw, str):
        return None
    text = raw.strip()
    if text == "不适用":
        return "未说明理由"
    opening = next((each for each in _NOT_APPLICABLE if text.startswith(each)), None)
    if opening is None:
        return None
    reason = text[len(opening) :].strip()
    if opening[-1] in "（(":
        reason = reason.removesuffix("）").removesuffix(")").strip()
    return reason or "未说明理由"
