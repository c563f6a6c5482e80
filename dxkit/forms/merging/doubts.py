"""Which values that can be read were probably meant otherwise, so that they are said aloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dxkit.case import credit_code
from dxkit.definitions import Definitions
from dxkit.diagnosis import amounts
from dxkit.forms.merging.cell_comparison import Item
from dxkit.forms.returned import Unmatched
from dxkit.models.annex import Annex, Field, FieldType

_TYPED_YEAR = "1905-"
"""Spreadsheets take a year typed where a day is asked for as the number of a day in 1905."""


def doubts(items: Iterable[Item], annex: Annex, definitions: Definitions) -> Iterator[Unmatched]:
    """Yield a remark for each new value that should be looked at once more."""
    fields = dict(_fields(annex))
    for item in items:
        field = fields.get(item.path) if item.outcome in ("new", "conflict") else None
        if field is not None and (why := _doubt_about(field, item.value, definitions)):
            yield Unmatched(item.place, item.returned, why)


def _fields(annex: Annex) -> Iterator[tuple[str, Field]]:
    for key, question in annex.questions():
        yield f"{annex.id}.{key}", question
        yield from ((f"{annex.id}.{key}.{each.key}", each) for each in question.columns)


def _doubt_about(field: Field, value: Any, definitions: Definitions) -> str:
    if field.type is FieldType.PERCENT and isinstance(value, (int, float)) and 0 < value < 1:
        return f"读作 {value}%，不到百分之一；如果写的是小数形式的比例，请核对"
    if field.type is FieldType.DATE and str(value).startswith(_TYPED_YEAR):
        return f"读作 {value}；在日期格子里只写年份会变成 1905 年的一天，请核对"
    if field.type is FieldType.MONEY and isinstance(value, (int, float)):
        return amounts.doubt(field, value, definitions) or ""
    if field.type is FieldType.CREDIT_CODE and value:
        return credit_code.doubt(str(value)) or ""
    return ""
