"""When contents of a form say nothing, say the same, or say that a question does not apply."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from dxkit.case.words import shown
from dxkit.definitions import Definitions
from dxkit.forms.written.choices import loosened
from dxkit.models.annex import CHOOSING, Field, FieldType

SIGNING = (FieldType.SIGNATURE, FieldType.SEAL)
_UNORDERED = (FieldType.CHOICES, FieldType.INDICATORS)
_NOT_APPLICABLE = ("不适用：", "不适用:", "不适用，", "不适用,", "不适用 ", "不适用（", "不适用(")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"))
_STROKES = re.compile(r"[/／\\＼|\-－—–―─]+")
_DITTO = frozenset(map(loosened, ("同上", "同前", "同左", "〃", "″", '"', "”", "々")))


def is_empty(raw: Any) -> bool:
    """Tell whether a raw content says nothing."""
    return raw is None or (isinstance(raw, str) and not visible(raw).strip())


def visible(text: str) -> str:
    """Return a text without the signs of no width that come along when texts are copied."""
    return text.translate(_UNSEEN)


def is_stroke(raw: Any) -> bool:
    """Tell whether a content is just a stroke, with which people say that there is nothing."""
    return isinstance(raw, str) and _STROKES.fullmatch(visible(raw).strip()) is not None


def is_ditto(raw: Any) -> bool:
    """Tell whether a content only points at another one: 同上, 〃."""
    return isinstance(raw, str) and bool(raw.strip()) and loosened(raw) in _DITTO


def is_as_shown(field: Field, raw: Any, value: Any, definitions: Definitions) -> bool:
    """Tell whether a raw content is just what a form shows for a value, spaces aside."""
    if is_empty(raw):
        return is_blank(value) or (value is False and field.type in SIGNING)
    if is_blank(value) or not isinstance(raw, str):
        return False
    texts = {loosened(shown(field, value, definitions)), loosened(value)}
    return loosened(raw) in texts


def same_value(field: Field, one: Any, other: Any) -> bool:
    """Tell whether two stored values say the same; choices and indicators have no order."""
    if is_blank(one) or is_blank(other):
        return is_blank(one) and is_blank(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if field.type in _UNORDERED and isinstance(one, list) and isinstance(other, list):
        return set(map(str, one)) == set(map(str, other))
    if field.type in CHOOSING:
        return str(one) == str(other)
    if field.type is FieldType.DATETIME:
        return bool(_moment(one) == _moment(other))
    return bool(one == other)


def _moment(value: Any) -> Any:
    """Return a moment, so that one without seconds equals one with none."""
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return value


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
