"""What a record answer is written out into on a form: its parts, their labels and types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case.answers import PARTS, read_answer
from dxkit.case.causes import CAUSES
from dxkit.case.words import METHODS, STRENGTHS
from dxkit.models.annex import Annex, Choice, Field, FieldType
from dxkit.models.shape import Basis

SELF_REPORTED = "self_reported"
VALUES = (SELF_REPORTED, "onsite", "verified")
LABELS = {
    "self_reported": "自报值",
    "onsite": "现场值",
    "verified": "核定值",
    "not_applicable": "不适用理由",
    "disputed": "争议",
    "methods": "采集方式",
    "informant": "受访人",
    "evidence": "证据编号",
    "strength": "证据强度",
    "diff_reason": "差异原因",
    "recorder": "记录人",
    "recorded_at": "记录时间",
    "remark": "备注",
}

_TYPES = {"evidence": FieldType.EVIDENCE, "recorded_at": FieldType.DATETIME}


def asks_record(annex: Annex, question: Field) -> bool:
    """Tell whether a question of a form is answered by a record with parts."""
    return annex.answers == "record" and question.type not in (FieldType.TABLE, FieldType.COMPUTED)


def part_field(question: Field, part: str) -> Field:
    """Return what a part holds: the three values are as the question, the others their own.

    What another form lends is what the enterprise said of itself, never what was seen on site.
    The choices of a text are what it may begin with.
    """
    if part == SELF_REPORTED:
        return question
    if part in VALUES:
        return question.model_copy(update={"prefill": None})
    if part == "methods":
        return _plain(part, FieldType.CHOICES, _choices(METHODS))
    if part == "strength":
        return _plain(part, FieldType.CHOICE, _choices({code: code for code in STRENGTHS}))
    if part == "diff_reason":
        return _plain(part, FieldType.TEXT, _choices(CAUSES))
    return _plain(part, _TYPES.get(part, FieldType.TEXT))


def parts_of(raw: Any) -> dict[str, Any]:
    """Return a raw answer by its parts, a bare one as on site; empty parts are left out."""
    answer = read_answer(raw)
    told = {part: getattr(answer, part) for part in LABELS}
    plain = {part: list(each) if isinstance(each, tuple) else each for part, each in told.items()}
    return {part: each for part, each in plain.items() if each not in (None, [])}


def joined(parts: Mapping[str, Any]) -> Any:
    """Return parts as an answer is stored: bare if there is nothing but what was found on site."""
    told = {part: each for part, each in parts.items() if each is not None and part in PARTS}
    if set(told) == {"onsite"}:
        return told["onsite"]
    return told or None


def _choices(named: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code=code, label=label) for code, label in named.items())


def _plain(part: str, kind: FieldType, choices: tuple[Choice, ...] = ()) -> Field:
    return Field(key=part, label=LABELS[part], type=kind, choices=choices, basis=Basis.DESIGN)
