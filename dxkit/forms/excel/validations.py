"""What Excel itself offers and refuses in a cell: drop-down lists, ranges and hints."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from dxkit.definitions import Definitions
from dxkit.forms.excel.contents import LONGEST, named
from dxkit.forms.excel.layout import LISTS_SHEET
from dxkit.models.annex import CHOOSING, TEXTS, Field, FieldType

_INLINE = 255
_HINT, _HINT_TITLE = 250, 30
_SEVERAL = {FieldType.CHOICES, FieldType.INDICATORS}
_LONGEST_LIST = 25
_SHAPES = {
    FieldType.COUNT: ("whole", "不小于 0 的整数"),
    FieldType.YEAR: ("whole", "四位数的年份"),
    FieldType.NUMBER: ("decimal", "数字"),
    FieldType.MONEY: ("decimal", "金额，数字"),
    FieldType.PERCENT: ("decimal", "0 到 100 之间的百分数，不必写 %"),
    FieldType.DATE: ("date", "日期，如 2026-3-5"),
    FieldType.DATETIME: ("date", "日期和时间，如 2026-3-5 9:30"),
}
_LIMITS = {
    FieldType.COUNT: (0.0, None),
    FieldType.YEAR: (1900.0, 2100.0),
    FieldType.MONEY: (0.0, None),
    FieldType.PERCENT: (0.0, 100.0),
}
_DAYS = ("18264", "73050")
"""1950 and 2099 as spreadsheets count days."""
_WAYS = {
    FieldType.TIME: "写作 09:30。",
    FieldType.EVIDENCE: "写证据编号，几个用“、”隔开。",
    FieldType.REFERENCES: "几项用“、”隔开。",
    FieldType.SIGNATURE: "线下签好后写“已签”，或写所扫描文件的文件名。",
    FieldType.SEAL: "线下盖好后写“已盖章”，或写所扫描文件的文件名。",
}


class Lists:
    """The hidden sheet of lists that are too long to stand in a cell's own rule."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.places: dict[tuple[str, ...], str] = {}

    def place_of(self, items: tuple[str, ...]) -> str:
        """Return where a list stands, writing it down when it is first asked for."""
        if items not in self.places:
            self.places[items] = self._write(items)
        return self.places[items]

    def _write(self, items: tuple[str, ...]) -> str:
        if LISTS_SHEET not in self.book.sheetnames:
            self.book.create_sheet(LISTS_SHEET).sheet_state = "hidden"
        sheet, number = self.book[LISTS_SHEET], len(self.places) + 1
        for row, item in enumerate(items, start=1):
            cell = sheet.cell(row, number, item)
            cell.data_type, cell.number_format = "s", "@"
        letter = get_column_letter(number)
        return f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(items)}"


def validation_of(field: Field, definitions: Definitions, lists: Lists) -> DataValidation:
    """Return what a program shall offer, hint and refuse in the cells of a field.

    What a text may begin with is only offered; anything else may be written.
    """
    rule = _rule(field, definitions, lists)
    rule.allow_blank = True
    rule.showErrorMessage = rule.type is not None and not _beginnings(field)
    rule.errorTitle = _cut(field.label, _HINT_TITLE)
    rule.error = _cut(f"应为：{_expected(field)}", _HINT)
    if field.may_be_not_applicable:
        rule.errorStyle = "warning"
    if hint := _hint(field, definitions):
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = _cut(field.label, _HINT_TITLE), _cut(hint, _HINT)
    return rule


def options_of(field: Field, definitions: Definitions) -> tuple[str, ...]:
    """Return the names to choose from, in order; nothing where something is written."""
    if field.type is FieldType.YES_NO:
        return ("是", "否")
    if field.type is FieldType.REGION:
        return tuple(each.name for each in definitions.regions.regions)
    if field.type is FieldType.INDUSTRY:
        return tuple(f"{each.code} {each.name}" for each in definitions.industries.divisions)
    if field.type is FieldType.INDICATORS:
        names = (each.short_name for each in definitions.indicators)
        return (*names, *(choice.label for choice in field.choices))
    if field.type in CHOOSING:
        return tuple(named(field, choice.code, definitions) for choice in field.choices)
    return ()


def _rule(field: Field, definitions: Definitions, lists: Lists) -> DataValidation:
    options = options_of(field, definitions) or _beginnings(field)
    if options and field.type not in _SEVERAL:
        return DataValidation(type="list", formula1=_listed(options, lists))
    if field.type in (FieldType.DATE, FieldType.DATETIME):
        return DataValidation(type="date", operator="between", formula1=_DAYS[0], formula2=_DAYS[1])
    if field.type in _SHAPES:
        return _number_rule(field)
    if field.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        most = str(field.longest or LONGEST)
        return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=most)
    return DataValidation(type=None)


def _beginnings(field: Field) -> tuple[str, ...]:
    """Return what a text may begin with."""
    return tuple(each.label for each in field.choices) if field.type in TEXTS else ()


def _listed(options: tuple[str, ...], lists: Lists) -> str:
    inline = ",".join(options)
    safe = not any(mark in option for option in options for mark in ',"')
    return f'"{inline}"' if safe and len(inline) <= _INLINE else lists.place_of(options)


def _number_rule(field: Field) -> DataValidation:
    kind: Any = _SHAPES[field.type][0]
    low, high = bounds_of(field)
    if low is not None and high is not None:
        between = DataValidation(type=kind, operator="between")
        between.formula1, between.formula2 = f"{low:.15g}", f"{high:.15g}"
        return between
    if high is not None:
        return DataValidation(type=kind, operator="lessThanOrEqual", formula1=f"{high:.15g}")
    least = f"{low:.15g}" if low is not None else "-1E+15"
    return DataValidation(type=kind, operator="greaterThanOrEqual", formula1=least)


def bounds_of(field: Field) -> tuple[float | None, float | None]:
    """Return the least and the greatest number that a field may hold."""
    low, high = _LIMITS.get(field.type, (None, None))
    least = low if field.minimum is None else field.minimum
    return least, high if field.maximum is None else field.maximum


def _expected(field: Field) -> str:
    if field.type in _SHAPES:
        low, high = bounds_of(field)
        least = f"，不小于 {low:g}" if low else ""
        most = f"，不大于 {high:g}" if high is not None else ""
        return f"{_SHAPES[field.type][1]}{least}{most}"
    if field.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        return f"不超过 {field.longest or LONGEST} 字的文字"
    return "列表中的一项"


def _hint(field: Field, definitions: Definitions) -> str:
    ways = [field.help, _WAYS.get(field.type, "")]
    if _beginnings(field):
        ways.append("可先选一类原因，再写“：”和说明；也可直接写说明。")
    if field.type is FieldType.INDICATORS:
        most = len(definitions.indicators)
        ways.insert(0, f"填指标序号1至{most}或名称，几项用“、”隔开，连续的可写“1至7”。")
    elif field.type in _SEVERAL:
        options = options_of(field, definitions)
        some = "、".join(options) if len(options) <= _LONGEST_LIST else ""
        ways.insert(0, f"可选几项，用“、”隔开：{some}。")
    return "".join(way for way in ways if way)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
