"""How a stored value stands in an Excel cell: as a number, a day or a text, and in which format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from dxkit.case.words import indicator_words
from dxkit.definitions import Definitions
from dxkit.errors import FormError, Problem
from dxkit.forms.written.choices import join_names
from dxkit.forms.written.parsing import choice_names
from dxkit.forms.written.printed import numbered, printed
from dxkit.models.annex import NUMERIC, Field, FieldType

AS_TEXT = "@"
LONGEST = 32_767
_EXACT = 10**15
_DAY_ALONE = 10
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,11})(?:\.\d{1,3})?")
_MOST_NAMED = 3
"""How many indicators are named in a cell; more are numbered, as few cells have room for names."""
_FORMATS: Mapping[FieldType, str] = {
    FieldType.COUNT: "0",
    FieldType.YEAR: "0",
    FieldType.NUMBER: "General",
    FieldType.MONEY: "0.00######",
    FieldType.PERCENT: "0.00######",
    FieldType.DATE: 'yyyy"年"m"月"d"日"',
    FieldType.DATETIME: "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class Content:
    """What a cell holds and how it is shown; a text is never taken for a formula."""

    value: Any
    format: str


def content_of(field: Field, value: Any, definitions: Definitions) -> Content:
    """Return what stands in the cell of a stored value; None stands for nothing.

    Raises:
        FormError: if a text is longer than a cell can hold.
    """
    if value is None or value in ("", []):
        return Content(None, format_of(field))
    content = _CONTENTS.get(field.type, _text)(field, value, definitions)
    return as_text(field, content) if isinstance(content, str) else content


def as_text(field: Field, text: str) -> Content:
    """Return a text as it stands in a cell, without what no cell can hold."""
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(kept) > LONGEST:
        found = f"{len(kept)}字，一个单元格最多 {LONGEST} 字"
        raise FormError(Problem(field.label, "", found, "缩短，或改用 Word 表单"))
    return Content(kept, AS_TEXT)


def lent_content(field: Field, text: str) -> Content:
    """Return what the program itself tells as it stands in a cell: a number as a number.

    Where the words of another form stand only those of numbers are; a code is no number.
    """
    counted = field.type in NUMERIC or (field.type is FieldType.COMPUTED and not field.prefill)
    if not counted or not _NUMBER.fullmatch(text):
        return as_text(field, text)
    return Content(float(text) if "." in text else int(text), _lent_format(text))


def _lent_format(text: str) -> str:
    places = len(text.partition(".")[2])
    return f"0.{'0' * places}" if places else "0"


def format_of(field: Field) -> str:
    """Return the number format of a field's empty cell."""
    return _FORMATS.get(field.type, AS_TEXT)


def named(field: Field, code: Any, definitions: Definitions) -> str:
    """Return the name of a code as it stands in a list; the code too where names are shared."""
    names = [each[-1] for each in choice_names(field, definitions).values()]
    name = next(iter(choice_names(field, definitions).get(str(code), [str(code)])[-1:]))
    return name if names.count(name) < 2 else f"{code} {name}"


def _text(field: Field, value: Any, definitions: Definitions) -> str:
    in_words = field.type in _IN_WORDS or field.names is not None
    return printed(field, value, definitions) if in_words else str(value)


_IN_WORDS = {FieldType.REGION, FieldType.INDUSTRY}


def _number(field: Field, value: Any, _definitions: Definitions) -> Content | str:
    if not isinstance(value, (int, float)) or abs(value) >= _EXACT:
        return str(value)
    return Content(value, format_of(field))


def _day(field: Field, value: Any, _definitions: Definitions) -> Content | str:
    moment = datetime.fromisoformat(str(value))
    return Content(moment, format_of(field)) if moment.year > 1900 else str(value)


def _moment(field: Field, value: Any, definitions: Definitions) -> Content | str:
    """Return a moment; one with seconds or a time zone stays a text, which loses nothing.

    So does what an older case holds instead: a day alone, or words.
    """
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    if len(str(value)) <= _DAY_ALONE:
        return printed(field, value, definitions)
    simple = moment.tzinfo is None and moment.year > 1900
    whole = moment.second == 0 and moment.microsecond == 0
    return Content(moment, format_of(field)) if simple and whole else str(value)


def _truth(_field: Field, value: Any, _definitions: Definitions) -> str:
    return "是" if value else "否"


def _choice(field: Field, value: Any, definitions: Definitions) -> str:
    return named(field, value, definitions)


def _choices(field: Field, value: Any, definitions: Definitions) -> str:
    return "、".join(named(field, code, definitions) for code in value)


def _indicators(field: Field, value: Any, definitions: Definitions) -> str:
    if len(value) > _MOST_NAMED:
        return numbered(field, value, definitions)
    return "、".join(indicator_words(field, each, definitions) for each in value)


def _names(_field: Field, value: Any, _definitions: Definitions) -> str:
    return join_names(map(str, value))


def _signed(_field: Field, value: Any, _definitions: Definitions) -> str:
    return "已签" if value is True else "未签" if value is False else str(value)


def _sealed(_field: Field, value: Any, _definitions: Definitions) -> str:
    return "已盖章" if value is True else "未盖章" if value is False else str(value)


_CONTENTS: Mapping[FieldType, Callable[[Field, Any, Definitions], Content | str]] = {
    FieldType.COUNT: _number,
    FieldType.YEAR: _number,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.PERCENT: _number,
    FieldType.DATE: _day,
    FieldType.DATETIME: _moment,
    FieldType.YES_NO: _truth,
    FieldType.CHOICE: _choice,
    FieldType.LADDER: _choice,
    FieldType.CHOICES: _choices,
    FieldType.INDICATORS: _indicators,
    FieldType.EVIDENCE: _names,
    FieldType.REFERENCES: _names,
    FieldType.SIGNATURE: _signed,
    FieldType.SEAL: _sealed,
}
