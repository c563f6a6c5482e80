"""How values stand on a printed form: lossless, with the marks that an empty place shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from dxkit.case.words import METHODS, chinese_date, shown
from dxkit.definitions import Definitions
from dxkit.forms.written.choices import join_names
from dxkit.models.annex import CHOOSING, Choice, Field, FieldType

SEVERAL = "；"
TRUTH = {"true": "是", "false": "否"}
BOX, TICKED = "□", "☑"
NOT_APPLICABLE = "不适用"
SIGN_HERE, SEAL_HERE = "签字：", "（盖章）"
SEALED = "已盖章"
DERIVED, DERIVED_ROW = "（系统生成）", "（系统推出，不填）"
NOT_KNOWN = "—"
"""What stands on a filled form where the program has nothing to say yet, and in a row where
another column rules an answer out."""
_NOT_ASKED = "不涉及"
BLANKS: Mapping[FieldType, str] = {
    FieldType.DATE: "　　年　　月　　日",
    FieldType.DATETIME: "　　年　月　日　时　分",
    FieldType.TIME: "　　时　　分",
    FieldType.YEAR: "　　　　年",
    FieldType.COMPUTED: DERIVED,
}
"""What an empty place of a type shows."""

SIGNS = dict(zip(METHODS.values(), "访察巡文演采", strict=True))
"""The one-character signs of the ways of collecting, where there is no room for their names."""

_LONGEST_RUN = 2
_LONGEST_SIGN = 3
_LONGEST_SCALE = 10
_NUMBERED = re.compile(r"([0-9A-Z]) ")
_STEP = re.compile(r"\d+|[A-Z]")
_ROOM_FOR_NAMES, _ROOM_FOR_WORDS = 30, 12  # millimetres
_DAY_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ROOM = re.compile(r"[\s_＿]")
_NOT_ASKED_HERE = re.compile(f"（{_NOT_ASKED}(：[^（）]*)?）")
_EXACT = {FieldType.NUMBER: 2, FieldType.MONEY: 2, FieldType.PERCENT: 2}


def printed(field: Field, value: Any, definitions: Definitions) -> str:
    """Return a stored value as the paper says it, without its unit; empty if there is none.

    Nothing is lost: a number with more decimals than usual keeps all of them, a moment keeps its
    seconds.
    """
    if value is None or value in ("", []):
        return ""
    return _PRINTED.get(field.type, shown)(field, value, definitions)


def is_numbered(field: Field) -> bool:
    """Tell whether a column has room only for the numbers of indicators, not for their names."""
    narrow = field.width is not None and field.width < _ROOM_FOR_NAMES
    return field.type is FieldType.INDICATORS and narrow


def is_lettered(field: Field, definitions: Definitions) -> bool:
    """Tell whether a column has room only for the letters or numbers of its choices."""
    narrow = field.width is not None and field.width < _ROOM_FOR_WORDS
    one = field.type in (FieldType.CHOICE, FieldType.LADDER)
    return one and narrow and bool(brief_options(field, definitions))


def numbered(field: Field, value: Any, definitions: Definitions) -> str:
    """Return indicators by their numbers in order, as a narrow column has room for."""
    named = [each for each in (value if isinstance(value, list) else [value]) if each is not None]
    numbers = sorted(definitions.by_id[each].no for each in named if each in definitions.by_id)
    runs = [list(run) for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    told = [_run([number for _, number in run]) for run in runs]
    instead = [field.label_of(each) for each in named if each not in definitions.by_id]
    return "、".join(told + instead)


def _run(numbers: Sequence[int]) -> str:
    """Return consecutive numbers, three and more as a range."""
    long = len(numbers) > _LONGEST_RUN
    return f"{numbers[0]}至{numbers[-1]}" if long else "、".join(map(str, numbers))


def options_of(field: Field, definitions: Definitions) -> tuple[str, ...]:
    """Return what can be ticked for a field, in order; nothing where something is written."""
    if field.type is FieldType.YES_NO:
        return tuple(TRUTH.values())
    if field.type is FieldType.REGION:
        return tuple(region.name for region in definitions.regions.regions)
    if field.type in CHOOSING:
        return tuple(option_text(field, choice) for choice in field.choices)
    return _scale(field)


def _scale(field: Field) -> tuple[str, ...]:
    """Return the points of a short scale, such as 0 to 10."""
    if field.type is not FieldType.COUNT or field.minimum is None or field.maximum is None:
        return ()
    least, most = int(field.minimum), int(field.maximum)
    return tuple(map(str, range(least, most + 1))) if most - least <= _LONGEST_SCALE else ()


def brief_options(field: Field, definitions: Definitions) -> tuple[str, ...]:
    """Return the signs of what can be ticked, in order, where words have no room.

    Ways of collecting have a character, what is numbered or lettered its number or letter, with
    a short word among them left as it is; others have no signs.
    """
    options = options_of(field, definitions)
    if options and set(options) <= SIGNS.keys():
        return tuple(SIGNS[each] for each in options)
    signs = tuple(found[1] if (found := _NUMBERED.match(each)) else each for each in options)
    counted = sum(map(_is_sign, signs)) >= len(signs) - 1 > 0
    return signs if counted and max(map(len, signs)) <= _LONGEST_SIGN else ()


def _is_sign(text: str) -> bool:
    return len(text) == 1 and text.isascii()


def option_text(field: Field, choice: Choice) -> str:
    """Return a choice as it is printed: a step of a ladder with its number or letter before it."""
    named = field.type is FieldType.LADDER and _STEP.fullmatch(choice.code)
    if not named or choice.label.startswith(choice.code):
        return choice.label
    return f"{choice.code} {choice.label}"


def bare_options(field: Field) -> tuple[str, ...]:
    """Return the choices as a paper printed before the steps had their letters shows them."""
    return tuple(choice.label for choice in field.choices)


def unit_of(field: Field) -> str:
    """Return the unit that stands behind the blank."""
    return field.unit or ("%" if field.type is FieldType.PERCENT else "")


def not_asked(why: str) -> str:
    """Return what stands in the place of a question that another answer rules out."""
    return f"（{_NOT_ASKED}：{why}）" if why else f"（{_NOT_ASKED}）"


def is_not_asked(text: str) -> bool:
    """Tell whether a place only says that its question is not asked, which is no answer."""
    return _NOT_ASKED_HERE.fullmatch(_ROOM.sub("", text)) is not None


def is_blank(field: Field, text: str) -> bool:
    """Tell whether a place shows only what a form prints there that nobody has filled in."""
    rest = _ROOM.sub("", text)
    ruled_out = rest == NOT_KNOWN and (field.required_if or field.shown_if) is not None
    if ruled_out or is_not_asked(text):
        return True
    if field.type in (FieldType.SIGNATURE, FieldType.SEAL):
        for words in (SIGN_HERE, SEAL_HERE, BLANKS[FieldType.DATE]):
            rest = rest.replace(_ROOM.sub("", words), "")
    return rest in {"", unit_of(field), _ROOM.sub("", BLANKS.get(field.type, ""))}


def _exact_number(field: Field, value: Any, definitions: Definitions) -> str:
    number = Decimal(str(value))
    if field.type is FieldType.NUMBER:
        return _plain(number)
    places = -int(number.as_tuple().exponent) if number.is_finite() else 0
    usual = _EXACT[field.type]
    return f"{number:.{usual}f}" if places <= usual else _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(_field: Field, value: Any, _definitions: Definitions) -> str:
    """Return a moment in Chinese; what an older case says instead of one stands as it is."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    if _DAY_ONLY.fullmatch(str(value)):
        return chinese_date(value)
    form = "%H:%M:%S" if moment.second else "%H:%M"
    return f"{chinese_date(value)}{moment:{form}}"


def _labels(field: Field, value: Any, _definitions: Definitions) -> str:
    codes = value if isinstance(value, list) else [value]
    texts = {choice.code: option_text(field, choice) for choice in field.choices}
    return SEVERAL.join(texts.get(str(code), str(code)) for code in codes)


def _names(_field: Field, value: Any, _definitions: Definitions) -> str:
    return join_names(value) if isinstance(value, list) else str(value)


def _sealed(field: Field, value: Any, definitions: Definitions) -> str:
    return SEALED if value is True else shown(field, value, definitions)


_PRINTED: Mapping[FieldType, Callable[[Field, Any, Definitions], str]] = {
    FieldType.NUMBER: _exact_number,
    FieldType.MONEY: _exact_number,
    FieldType.PERCENT: _exact_number,
    FieldType.DATETIME: _moment,
    FieldType.EVIDENCE: _names,
    FieldType.REFERENCES: _names,
    FieldType.CHOICE: _labels,
    FieldType.LADDER: _labels,
    FieldType.CHOICES: _labels,
    FieldType.SEAL: _sealed,
}
