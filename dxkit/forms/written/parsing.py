"""What a raw content of a returned form means for its field: a typed value, or why it is none.

The same for Word, Excel and CSV. Values come out as a case stores them: dates in ISO form,
choices by code, several things as a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dxkit.case.values import expected_instead
from dxkit.case.words import shown
from dxkit.definitions import Definitions
from dxkit.forms.returned import Unreadable
from dxkit.forms.written.choices import loosened, read_choice, read_choices, read_names, read_truth
from dxkit.forms.written.dates import read_day, read_moment, read_time
from dxkit.forms.written.numbers import (
    half_width,
    read_count,
    read_number,
    read_percent,
    read_year,
)
from dxkit.forms.written.sameness import is_ditto, is_empty, is_stroke, visible
from dxkit.models.annex import CHOOSING, NUMERIC, Field, FieldType

SIGNED_WORDS = frozenset(map(loosened, ("线下已签", "已签", "已签字", "已签名", "已盖章", "已盖")))
UNSIGNED_WORDS = frozenset(map(loosened, ("未签", "未签字", "未盖章", "未盖")))
_EXACT = 10**15
_MOBILE = re.compile(r"-?(1\d{2})-(\d{4})-(\d{4})")
_SHORT = 60
_QUOTED = re.compile("（[^（）]*加引号）")
_RANGE = re.compile(r"(?<!\w)(\d{1,2})\s*[至到~～-]\s*(\d{1,2})(?!\w)")


@dataclass(frozen=True)
class Parsed:
    """What was read: a value, None for nothing; where it cannot be told, what was expected."""

    value: Any = None
    found: str = ""
    expected: str = ""

    @property
    def readable(self) -> bool:
        """Tell whether the value may be used."""
        return not self.expected


def parse(field: Field, raw: Any, definitions: Definitions) -> Parsed:
    """Read a raw content for a field; an empty one is None, which clears the field."""
    if isinstance(raw, Unreadable):
        return Parsed(None, raw.text, raw.why)
    raw = visible(raw) if isinstance(raw, str) else raw
    if is_empty(raw):
        return Parsed()
    if unsaid := _unsaid(raw):
        return Parsed(None, raw, unsaid)
    value = _READERS[field.type](field, raw, definitions)
    wrong = value is None or expected_instead(field, value, definitions) is not None
    if not wrong and field.longest and isinstance(value, str) and len(value) > field.longest:
        return Parsed(None, _short(raw), f"不超过{field.longest}字，现为{len(value)}字")
    if wrong:
        return Parsed(None, _short(raw), expected(field, value, definitions))
    return Parsed(value)


def _unsaid(raw: Any) -> str:
    """Return what is wanted instead of a sign that stands for a content."""
    if is_stroke(raw):
        return "写出内容；没有内容的留空，不适用的写明理由"
    return "写出具体内容，不用“同上”之类的写法" if is_ditto(raw) else ""


def expected(field: Field, value: Any, definitions: Definitions) -> str:
    """Say in the words of a form what would be right in a field."""
    if field.type in CHOOSING:
        several = "、".join(choice.label for choice in field.choices)
        return f"{several} 中的{'一项或几项' if field.type is FieldType.CHOICES else '一项'}"
    unit = f"（{field.unit}）" if field.unit else ""
    if field.type in NUMERIC and value is None:
        return _WORDS[field.type] + unit
    judged = None if value is None else expected_instead(field, value, definitions)
    return as_on_a_form(judged or _WORDS.get(field.type, "文字"))


def as_on_a_form(expected: str) -> str:
    """Leave out of what would be right what only concerns the case file: marks of quotation."""
    return _QUOTED.sub("", expected)


_WORDS = {
    FieldType.COUNT: "不小于 0 的整数",
    FieldType.NUMBER: "数字",
    FieldType.PERCENT: "0 到 100 之间的百分数",
    FieldType.MONEY: "金额",
    FieldType.YEAR: "四位数的年份",
    FieldType.DATE: "日期，如 2026年3月5日 或 2026-03-05",
    FieldType.TIME: "时间，如 09:30",
    FieldType.DATETIME: "日期和时间，如 2026-03-05 09:30",
    FieldType.YES_NO: "是 或 否",
    FieldType.PHONE: "手机号或“区号-号码”的座机号",
    FieldType.CREDIT_CODE: "18 位统一社会信用代码，以文字填写",
    FieldType.REGION: "内蒙古自治区的盟市或计划单列市",
    FieldType.INDUSTRY: "GB/T 4754 两位大类代码或名称",
    FieldType.INDICATORS: "指标名称，几项用“、”隔开",
    FieldType.COMPUTED: "此项自动计算，不填写",
}

Reader = Callable[[Field, Any, Definitions], Any]


def _called(field: Field, raw: Any, definitions: Definitions) -> str | None:
    """Read a text; what a form, step or rule is called is its id."""
    text = _text(field, raw, definitions)
    if text is None or field.names is None:
        return text
    ids = {loosened(words): each for each, words in definitions.called[field.names].items()}
    return ids.get(loosened(text), text)


def _text(_field: Field, raw: Any, _definitions: Definitions) -> str | None:
    if isinstance(raw, str):
        return raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, (int, float)):
        return str(raw) if abs(raw) < _EXACT else None
    return _moment_as_text(raw)


def _moment_as_text(raw: Any) -> str | None:
    if isinstance(raw, datetime):
        return read_day(raw) or read_moment(raw)
    return raw.isoformat() if isinstance(raw, date) else read_time(raw)


def _number(field: Field, raw: Any, _definitions: Definitions) -> Any:
    return read_number(raw, field.unit)


def _count(field: Field, raw: Any, _definitions: Definitions) -> Any:
    return read_count(raw, field.unit)


def _phone(field: Field, raw: Any, definitions: Definitions) -> Any:
    text = _text(field, raw, definitions)
    if text is None:
        return None
    plain = "".join(half_width(text).split()).translate(str.maketrans("−–—‐", "----"))
    plain = plain.removeprefix("+86").removeprefix("86-").replace("(", "").replace(")", "-")
    return _MOBILE.sub(r"\1\2\3", plain)


def _code(field: Field, raw: Any, definitions: Definitions) -> Any:
    text = _text(field, raw, definitions)
    return None if text is None else "".join(half_width(text).split()).upper()


def _email(field: Field, raw: Any, definitions: Definitions) -> Any:
    text = _text(field, raw, definitions)
    return None if text is None else half_width(text)


def _choice(field: Field, raw: Any, definitions: Definitions) -> Any:
    return read_choice(raw, choice_names(field, definitions))


def _choices(field: Field, raw: Any, definitions: Definitions) -> Any:
    return read_choices(raw, choice_names(field, definitions))


def choice_names(field: Field, definitions: Definitions) -> Mapping[str, list[str]]:
    """Return the names each code of a choosing field goes by; the label comes first."""
    return {
        choice.code: [choice.label, shown(field, choice.code, definitions)]
        if field.type is FieldType.LADDER
        else [choice.label]
        for choice in field.choices
    }


def _region(_field: Field, raw: Any, definitions: Definitions) -> Any:
    regions = definitions.regions.regions
    names = {
        each.code: [each.name, f"{definitions.regions.name}{each.name}", each.name.rstrip("市盟")]
        for each in regions
    }
    return read_choice(raw, names)


def _industry(_field: Field, raw: Any, definitions: Definitions) -> Any:
    names = {each.code: [each.name] for each in definitions.industries.divisions}
    whole = int(raw) if isinstance(raw, float) and raw.is_integer() else raw
    padded = f"{whole:02d}" if isinstance(whole, int) else raw
    return read_choice(padded, names)


def _indicators(field: Field, raw: Any, definitions: Definitions) -> Any:
    names = {
        each.id: [each.name, each.short_name, each.code, str(each.no)]
        for each in definitions.indicators
    }
    names |= {choice.code: [choice.label] for choice in field.choices}
    return read_choices(_RANGE.sub(_every_number, raw) if isinstance(raw, str) else raw, names)


def _every_number(found: re.Match[str]) -> str:
    """Write out a range of numbers, as a narrow column prints those of indicators."""
    return "、".join(map(str, range(int(found[1]), int(found[2]) + 1)))


def _names(field: Field, raw: Any, definitions: Definitions) -> Any:
    text = _text(field, raw, definitions)
    return None if text is None else read_names(text)


def _signed(field: Field, raw: Any, definitions: Definitions) -> Any:
    word = loosened(raw)
    if word in SIGNED_WORDS:
        return True
    if word in UNSIGNED_WORDS:
        return False
    truth = read_truth(raw)
    return _text(field, raw, definitions) if truth is None else truth


def _short(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= _SHORT else text[: _SHORT - 2] + "……"


_READERS: dict[FieldType, Reader] = {
    FieldType.TEXT: _called,
    FieldType.LONG_TEXT: _text,
    FieldType.COUNT: _count,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.PERCENT: lambda _field, raw, _definitions: read_percent(raw),
    FieldType.YEAR: lambda _field, raw, _definitions: read_year(raw),
    FieldType.DATE: lambda _field, raw, _definitions: read_day(raw),
    FieldType.TIME: lambda _field, raw, _definitions: read_time(raw),
    FieldType.DATETIME: lambda _field, raw, _definitions: read_moment(raw),
    FieldType.YES_NO: lambda _field, raw, _definitions: read_truth(raw),
    FieldType.CHOICE: _choice,
    FieldType.LADDER: _choice,
    FieldType.CHOICES: _choices,
    FieldType.INDICATORS: _indicators,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
    FieldType.CREDIT_CODE: _code,
    FieldType.REGION: _region,
    FieldType.INDUSTRY: _industry,
    FieldType.EVIDENCE: _names,
    FieldType.REFERENCES: _names,
    FieldType.SIGNATURE: _signed,
    FieldType.SEAL: _signed,
    FieldType.COMPUTED: lambda _field, _raw, _definitions: None,
}
