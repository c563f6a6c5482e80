"""How the rows of a sheet are filled: ids, printed words, values and the rules of the cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.case import Case
from dxkit.case.paths_in_data import get
from dxkit.definitions import Definitions
from dxkit.forms.excel import looks
from dxkit.forms.excel.contents import AS_TEXT, Content, content_of, lent_content
from dxkit.forms.excel.layout import (
    BASIS,
    HELP,
    LABEL,
    SEQUENCE,
    UNIT,
    VALUE,
    Column,
    Line,
    Sheet,
    line_id,
    table_id,
    words_of,
)
from dxkit.forms.excel.validations import Lists, validation_of
from dxkit.forms.record_parts import LABELS, part_field, parts_of
from dxkit.forms.values import RowName, defined_words, shown_value
from dxkit.models.annex import NUMERIC, Annex, Field, FieldType

_SPARE = 5
_RULED_BEYOND = 300
_FORMULA = ("=", "+", "-", "@", "\t")
_CODED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_WIDTHS = {LABEL: 30.0, VALUE: 44.0, UNIT: 8.0, HELP: 40.0, SEQUENCE: 6.0}
_PART_WIDTHS = {"self_reported": 18.0, "onsite": 22.0, "verified": 18.0, "strength": 10.0}
_OTHER_WIDTH = 16.0
_COMPUTED_IN = "onsite"
"""The part of a record in whose column a computed question shows what it comes to."""


@dataclass(frozen=True)
class Filler:
    """Fills the sheets of one form with the answers of a case, or with none.

    A blank form has no case here, whosever it is, so that nothing of it can be lent to a cell.
    """

    annex: Annex
    definitions: Definitions
    case: Case | None
    answers: Mapping[str, Any]
    lists: Lists

    def widths_of(self, sheet: Sheet) -> list[float]:
        """Return the widths of the visible columns."""
        return [self._width(sheet, column) for column in sheet.columns]

    def _width(self, sheet: Sheet, column: Column) -> float:
        if column.field is not None and sheet.kind in ("table", "grid"):
            return looks.width_of_column(column.field, column.title)
        return _WIDTHS.get(column.id) or _PART_WIDTHS.get(column.id, _OTHER_WIDTH)

    def fill(self, page: Worksheet, sheet: Sheet, first: int) -> int:
        """Write the rows from the first one on; return the last."""
        if sheet.kind == "table":
            last = self._fill_table(page, sheet, first)
        else:
            last = first + len(sheet.lines) - 1
            for row, line in enumerate(sheet.lines, start=first):
                self._fill_line(page, sheet, row, line)
        small = (UNIT, HELP, BASIS)
        widths = [
            width * (looks.SMALL_PRINT if column.id in small else 1)
            for column, width in zip(sheet.columns, self.widths_of(sheet), strict=True)
        ]
        for row in range(first, last + 1):
            cells = page[row][1 : len(widths) + 1]
            looks.fit_height(page, row, zip((cell.value for cell in cells), widths, strict=True))
        return last

    def _fill_line(self, page: Worksheet, sheet: Sheet, row: int, line: Line) -> None:
        key = f"{sheet.table.key}.{line.key}" if sheet.kind == "grid" and sheet.table else line.key
        printed = [column for column in sheet.columns if column.printed]
        words = [self._words(sheet, column, line) for column in printed]
        page.cell(row, 1, line_id(self.annex, key, words))
        for number, column in enumerate(sheet.columns, start=2):
            if column.printed:
                self._print(page, row, number, self._words(sheet, column, line))
            else:
                self._fill_asked(page, sheet, row, number, column, line)

    def _words(self, sheet: Sheet, column: Column, line: Line) -> str:
        if sheet.kind != "grid":
            return words_of(column, line)
        place = next(n for n, each in enumerate(sheet.lines) if each is line)
        return line.field.rows[place].label

    def _print(self, page: Worksheet, row: int, number: int, words: str) -> None:
        cell, column = _cell(page, row, number), page.cell(3, number).value
        counted = column == SEQUENCE
        _write(cell, Content(int(words), "0") if counted else Content(words or None, AS_TEXT))
        looks.printed(cell, small=column not in (LABEL, SEQUENCE), middle=counted)

    def _fill_asked(
        self, page: Worksheet, sheet: Sheet, row: int, number: int, column: Column, line: Line
    ) -> None:
        field = _asked(sheet, column, line)
        value, row_name = self._answer(sheet, column, line)
        lent = self._lent(field, value, row_name)
        if field.type is FieldType.COMPUTED and column.id in LABELS and column.id != _COMPUTED_IN:
            lent = ""
        self._put(_cell(page, row, number), field, value, lent)
        if value is None and sheet.kind == "grid" and not field.is_asked_of(line.key):
            looks.not_asked(_cell(page, row, number))
        elif field.type is not FieldType.COMPUTED:
            self._rule(page, _cell(page, row, number).coordinate, field)

    def _answer(self, sheet: Sheet, column: Column, line: Line) -> tuple[Any, RowName]:
        """Return what stands in a cell, and the grid's row it stands in."""
        if sheet.kind == "grid":
            return get(self.answers, f"{column.id}.{line.key}"), line.key
        if sheet.kind == "record":
            return parts_of(get(self.answers, line.key)).get(column.id), None
        return self.answers.get(line.key), None

    def _lent(self, field: Field, value: Any, row: RowName = None) -> str | None:
        """Return what the program itself tells in a cell; None where people are to write."""
        if self.case is None:
            return defined_words(field, self.definitions, row) or _spare(field)
        if field.type is FieldType.COMPUTED:
            return shown_value(self.case, self.annex, field, None, row)
        if value is None and field.prefill:
            return shown_value(self.case, self.annex, field) or None
        return None

    def _put(self, cell: Cell, field: Field, value: Any, lent: str | None) -> None:
        """Write a value where it is asked for; what the program itself tells looks different."""
        if lent is None:
            _write(cell, content_of(field, value, self.definitions))
            looks.to_fill(cell, field.type in NUMERIC)
        else:
            content = lent_content(field, lent)
            _write(cell, content)
            looks.derived(cell, isinstance(content.value, int | float))

    def _fill_table(self, page: Worksheet, sheet: Sheet, first: int) -> int:
        table = sheet.table
        assert table is not None
        sent = self.answers.get(table.key) or []
        rows = sent or self.definitions.seeds.rows_for(table)
        last = max(table.blank_rows, table.minimum_rows, len(rows) + _SPARE)
        for number in range(1, last + 1):
            row, content = first + number - 1, rows[number - 1] if number <= len(rows) else {}
            told = number if number <= len(sent) else None
            words = self._fill_row(page, sheet, row, number, content, bool(told))
            page.cell(row, 1, table_id(self.annex, table, told, () if told else words))
        self._rule_columns(page, sheet, first, first + last - 1)
        return first + last - 1

    def _fill_row(
        self,
        page: Worksheet,
        sheet: Sheet,
        row: int,
        number: int,
        content: Mapping[str, Any],
        sent: bool,
    ) -> list[str]:
        """Write one row; return the words that people may write over."""
        words = []
        for place, column in enumerate(sheet.columns, start=2):
            field, cell = column.field, _cell(page, row, place)
            if field is None:
                self._print(page, row, place, str(number))
            else:
                value = content.get(column.id)
                lent = self._lent(field, value, number - 1) if sent else _spare(field)
                self._put(cell, field, value, lent)
                words += [str(cell.value or "")] if lent is None else []
        return words

    def _rule_columns(self, page: Worksheet, sheet: Sheet, first: int, last: int) -> None:
        for place, column in enumerate(sheet.columns, start=2):
            if column.field is not None and column.field.type is not FieldType.COMPUTED:
                letter = get_column_letter(place)
                self._rule(page, f"{letter}{first}:{letter}{last + _RULED_BEYOND}", column.field)

    def _rule(self, page: Worksheet, cells: str, field: Field) -> None:
        rule = validation_of(field, self.definitions, self.lists)
        rule.add(cells)
        page.add_data_validation(rule)


def _spare(field: Field) -> str | None:
    """Return what stands in a row that nobody filled in yet: nothing, and nothing to be told."""
    return "" if field.type is FieldType.COMPUTED else None


def _asked(sheet: Sheet, column: Column, line: Line) -> Field:
    """Return the field that a cell belongs to."""
    if sheet.kind == "record":
        return part_field(line.field, column.id)
    return line.field if column.field is None else column.field


def _cell(page: Worksheet, row: int, number: int) -> Cell:
    cell = page.cell(row, number)
    assert isinstance(cell, Cell), "nothing is merged where rows are written"
    return cell


def _write(cell: Cell, content: Content) -> None:
    """Put a content into a cell; a text stays a text, however it begins."""
    cell.value = content.value
    cell.number_format = content.format
    if isinstance(content.value, str):
        cell.value = _escaped(content.value) or None
        cell.data_type = "s"
        cell.quotePrefix = content.value.startswith(_FORMULA)


def _escaped(text: str) -> str:
    """Keep a text that looks like Excel's own code for a character from being taken for one."""
    return _CODED.sub(r"_x005F_\1", text)
