"""How an answer is shown in Chinese, by the type of its field; every table and form uses this."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from dxkit.case.answers import Answer
from dxkit.definitions import Definitions
from dxkit.models.annex import Field, FieldType
from dxkit.percentages import percent

UNANSWERED = "未填"
METHODS = {
    "interview": "访谈",
    "observation": "观察",
    "site_walk": "现场巡视",
    "document_review": "文件与记录评审",
    "system_demo": "信息系统演示",
    "data_collection": "数据采集",
}
"""The ways of collecting information that clause 4.4.2(2) names, by the code of an answer."""

STRENGTHS = {
    "E0": "无佐证",
    "E1": "仅口头",
    "E2": "文件或记录",
    "E3": "现场或系统演示核实",
}
"""How strongly an answer is proven, weakest first."""

Show = Callable[[Field, Any, Definitions], str]


def shown(field: Field, value: Any, definitions: Definitions) -> str:
    """Return a value as printed, without its unit; an empty text if there is none."""
    if value is None or value == "":
        return ""
    return _SHOWN.get(field.type, _as_text)(field, value, definitions)


def shown_answer(field: Field, answer: Answer, definitions: Definitions) -> str:
    """Return an answer as printed, saying so where it does not apply or is missing."""
    if answer.not_applicable is not None:
        return f"不适用（{answer.not_applicable}）"
    if answer.disputed is not None:
        return f"有争议（{answer.disputed}）"
    return shown(field, answer.value, definitions) or UNANSWERED


def label_with_unit(field: Field) -> str:
    """Return a label with its unit in brackets, as table heads print it."""
    unit_is_new = field.unit and field.unit not in field.label
    return f"{field.label}（{field.unit}）" if unit_is_new else field.label


def chinese_date(text: str) -> str:
    """Return an ISO date as 2026年3月5日: Arabic figures, no leading zeros."""
    day = date.fromisoformat(str(text)[:10])
    return f"{day.year}年{day.month}月{day.day}日"


def _as_text(_field: Field, value: Any, _definitions: Definitions) -> str:
    return str(value)


def _text(field: Field, value: Any, definitions: Definitions) -> str:
    called = definitions.called[field.names] if field.names else {}
    return called.get(str(value), str(value))


def _listed(_field: Field, value: Any, _definitions: Definitions) -> str:
    return "、".join(str(each) for each in value) if isinstance(value, list) else str(value)


def _truth(_field: Field, value: Any, _definitions: Definitions) -> str:
    return "是" if value else "否"


def _money(_field: Field, value: Any, _definitions: Definitions) -> str:
    return f"{float(value):.2f}"


def _percent(_field: Field, value: Any, _definitions: Definitions) -> str:
    return percent(float(value) / 100)


def _number(_field: Field, value: Any, _definitions: Definitions) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _choice(field: Field, value: Any, _definitions: Definitions) -> str:
    return field.label_of(value)


def _step(field: Field, value: Any, _definitions: Definitions) -> str:
    label = field.label_of(value)
    return label if label.startswith(str(value)) else f"{value} {label}"


def _choices(field: Field, value: Any, _definitions: Definitions) -> str:
    return "、".join(field.label_of(code) for code in value)


def _day(_field: Field, value: Any, _definitions: Definitions) -> str:
    return chinese_date(value)


def _moment(_field: Field, value: Any, _definitions: Definitions) -> str:
    """Return a moment; a day alone, or words that an older case has instead, say no time."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    said = len(str(value)) > len("2026-03-05")
    return f"{chinese_date(value)}{moment:%H:%M}" if said else chinese_date(value)


def _region(_field: Field, value: Any, definitions: Definitions) -> str:
    return definitions.region_name(value)


def _industry(_field: Field, value: Any, definitions: Definitions) -> str:
    return f"{value} {definitions.industry_name(value)}"


def _indicators(field: Field, value: Any, definitions: Definitions) -> str:
    several = value if isinstance(value, list) else [value]
    return "、".join(indicator_words(field, each, definitions) for each in several)


def indicator_words(field: Field, code: Any, definitions: Definitions) -> str:
    """Return an indicator's short name, or the label of what is said instead of one."""
    indicator = definitions.by_id.get(code)
    return field.label_of(code) if indicator is None else indicator.short_name


def _signed(_field: Field, value: Any, _definitions: Definitions) -> str:
    return "线下已签" if value is True else "" if value is False else str(value)


_SHOWN: dict[FieldType, Show] = {
    FieldType.TEXT: _text,
    FieldType.YES_NO: _truth,
    FieldType.MONEY: _money,
    FieldType.PERCENT: _percent,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.LADDER: _step,
    FieldType.CHOICES: _choices,
    FieldType.DATE: _day,
    FieldType.DATETIME: _moment,
    FieldType.REGION: _region,
    FieldType.INDUSTRY: _industry,
    FieldType.INDICATORS: _indicators,
    FieldType.EVIDENCE: _listed,
    FieldType.REFERENCES: _listed,
    FieldType.SIGNATURE: _signed,
    FieldType.SEAL: _signed,
}
