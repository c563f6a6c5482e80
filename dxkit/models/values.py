"""Whether one value fits one field, judged by the field alone; says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from dxkit.models.annex import Field, FieldType

Judge = Callable[[Field, Any], str | None]

_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def expected_by_type(field: Field, value: Any) -> str | None:
    """Return what would be right if a value does not fit its field's type and range, else None.

    Codes of regions, industries and indicators are only judged as text: which of them exist is
    for the whole set of definitions to say.
    """
    return _JUDGES[field.type](field, value) or _range(field, value)


def _text(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        return "文字（像数字的文字请加引号）"
    if value.isspace():
        return "文字；没有内容的请留空，不写空格"
    if _UNKEPT.search(value):
        return "不含控制字符的文字"
    too_long = field.longest is not None and len(value) > field.longest
    return f"不超过 {field.longest} 个字" if too_long else None


def _count(_field: Field, value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if fits else "不小于 0 的整数"


def _number(_field: Field, value: Any) -> str | None:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    return None if fits else "数字"


def _money(field: Field, value: Any) -> str | None:
    if _number(field, value):
        return "金额（数字，万元）"
    return "不小于 0 的金额（万元）" if field.minimum is None and value < 0 else None


def _percent(field: Field, value: Any) -> str | None:
    fits = _number(field, value) is None and 0 <= value <= 100
    return None if fits else "0 到 100 之间的百分数（不带 %）"


def _year(_field: Field, value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2100
    return None if fits else "四位数的年份"


def _date(_field: Field, value: Any) -> str | None:
    expected = "日期，如 2026-03-05"
    shaped = isinstance(value, str) and _DAY.fullmatch(value)
    return _parsed(date.fromisoformat, value, expected) if shaped else expected


def _time(_field: Field, value: Any) -> str | None:
    return _parsed(time.fromisoformat, value, '时间，如 "09:30"（加引号）')


def _datetime(_field: Field, value: Any) -> str | None:
    expected = "日期和时间，如 2026-03-05 09:30"
    shaped = isinstance(value, str) and _DAY.match(value) and len(value) > 10
    return _parsed(datetime.fromisoformat, value, expected) if shaped else expected


def expected_day_or_moment(value: Any) -> str | None:
    """Return what would be right if a value is neither a day nor a day with a time, else None."""
    expected = "日期或日期和时间，如 2026-03-05 或 2026-03-05 09:30"
    shaped = isinstance(value, str) and _DAY.match(value)
    return _parsed(datetime.fromisoformat, value, expected) if shaped else expected


def _parsed(parse: Callable[[str], object], value: Any, expected: str) -> str | None:
    try:
        parse(value)
    except (TypeError, ValueError):
        return expected
    return None


def _truth(_field: Field, value: Any) -> str | None:
    return None if isinstance(value, bool) else "true（是）或 false（否）"


def _choice(field: Field, value: Any) -> str | None:
    single = isinstance(value, (str, int)) and not isinstance(value, bool)
    return None if single and field.step_of(value) is not None else _one_of(field)


def _choices(field: Field, value: Any) -> str | None:
    if not isinstance(value, list) or any(field.step_of(each) is None for each in value):
        return "列表，各项为 " + _one_of(field)
    codes = [str(each) for each in value]
    if len(set(codes)) < len(codes):
        return "每个选项只写一次"
    return "“无”不能与其他选项同时选" if "none" in codes and len(codes) > 1 else None


def _one_of(field: Field) -> str:
    return "、".join(f"{choice.code}（{choice.label}）" for choice in field.choices) + " 之一"


def _matching(pattern: re.Pattern[str], expected: str) -> Judge:
    def judge(_field: Field, value: Any) -> str | None:
        return None if isinstance(value, str) and pattern.fullmatch(value) else expected

    return judge


def _names(_field: Field, value: Any) -> str | None:
    fits = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return None if fits else "列表，各项为编号"


def _signed(_field: Field, value: Any) -> str | None:
    fits = isinstance(value, bool) or (isinstance(value, str) and not value.isspace())
    return None if fits else "true（线下已签）或文件名"


def _computed(_field: Field, _value: Any) -> str | None:
    return "此项自动计算，不填写"


def _nested(_field: Field, _value: Any) -> str | None:
    return None


def _range(field: Field, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if field.minimum is not None and value < field.minimum:
        return f"不小于 {field.minimum:g} {field.unit}".strip()
    if field.maximum is not None and value > field.maximum:
        return f"不大于 {field.maximum:g} {field.unit}".strip()
    return None


_JUDGES: dict[FieldType, Judge] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.COUNT: _count,
    FieldType.NUMBER: _number,
    FieldType.PERCENT: _percent,
    FieldType.MONEY: _money,
    FieldType.YEAR: _year,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.DATETIME: _datetime,
    FieldType.YES_NO: _truth,
    FieldType.CHOICE: _choice,
    FieldType.LADDER: _choice,
    FieldType.CHOICES: _choices,
    FieldType.INDICATORS: _names,
    FieldType.PHONE: _matching(_PHONE, "手机号或“区号-号码”的座机号（加引号）"),
    FieldType.EMAIL: _matching(_EMAIL, "邮箱地址"),
    FieldType.CREDIT_CODE: _matching(_CREDIT_CODE, "18 位统一社会信用代码（不含 I、O、S、V、Z）"),
    FieldType.REGION: _text,
    FieldType.INDUSTRY: _text,
    FieldType.EVIDENCE: _names,
    FieldType.REFERENCES: _names,
    FieldType.SIGNATURE: _signed,
    FieldType.SEAL: _signed,
    FieldType.COMPUTED: _computed,
    FieldType.TABLE: _nested,
    FieldType.GRID: _nested,
}
