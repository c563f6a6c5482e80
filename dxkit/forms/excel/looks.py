"""How an Excel form looks: letters, lines, colours, widths and the printed page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.models.annex import Field, FieldType

_SONG, _HEI = "宋体", "黑体"
_GREY, _LINE = "FF595959", Side(style="thin", color="FF808080")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="FFE3EAF1")
_SHADE = PatternFill("solid", fgColor="FFF2F2F2")
_TOP = Alignment(vertical="center", wrap_text=True)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_A4 = 9
_MILLIMETRES_PER_CHARACTER = 2.0
_LINE_POINTS, _HIGHEST = 14.5, 400.0
_MOST_LINES = int((_HIGHEST - 4) / _LINE_POINTS)
_SIZE, _SMALLEST = 10.5, 6.0
"""How many points high letters are, and how high at least."""
_PADDING = 1.5
SMALL_PRINT = 1.2
"""How much more of the small print than of the other fits into a line."""
_PORTRAIT, _LANDSCAPE = 110, 165
"""What fits on a page beside each other and is still readable, in narrow characters."""
_NARROWEST, _WIDEST = 8, 60
_WIDTHS = {
    FieldType.LONG_TEXT: 36,
    FieldType.CHOICES: 28,
    FieldType.INDICATORS: 28,
    FieldType.LADDER: 26,
    FieldType.CHOICE: 16,
    FieldType.EVIDENCE: 16,
    FieldType.REFERENCES: 18,
    FieldType.CREDIT_CODE: 22,
    FieldType.DATE: 16,
    FieldType.DATETIME: 18,
    FieldType.EMAIL: 24,
    FieldType.PHONE: 16,
    FieldType.TEXT: 18,
    FieldType.COUNT: 10,
    FieldType.YES_NO: 9,
    FieldType.YEAR: 9,
    FieldType.TIME: 10,
    FieldType.SIGNATURE: 14,
}

_LEAST = {
    FieldType.LONG_TEXT: 20,
    FieldType.DATE: 16,
    FieldType.DATETIME: 18,
    FieldType.MONEY: 13,
    FieldType.NUMBER: 11,
}


def width_of_text(text: str) -> int:
    """Return how many narrow characters wide a text is; Chinese ones count two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def width_of_column(field: Field, head: str) -> float:
    """Return the width of a table's column, wide enough for what it holds and its head's words."""
    if field.width:
        least = _LEAST.get(field.type, _NARROWEST)
        return min(_WIDEST, max(least, field.width / _MILLIMETRES_PER_CHARACTER))
    head_width = min(width_of_text(head) / 2 + 3, 20)
    return min(_WIDEST, max(_NARROWEST, _WIDTHS.get(field.type, 12), head_width))


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set the widths of the columns; the first one, which carries ids, is hidden."""
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = _LINE_POINTS + 4, True
    sheet.column_dimensions["A"].hidden = True
    for number, width in enumerate(widths, start=2):
        sheet.column_dimensions[get_column_letter(number)].width = width


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width."""
    room = max(int(width - _PADDING), 2)
    return sum(-(-max(width_of_text(line), 1) // room) for line in text.split("\n"))


def fit_height(sheet: Worksheet, row: int, texts: Iterable[tuple[Any, float]]) -> None:
    """Make a row as high as the longest of its texts needs in a column of the width beside it.

    A row of single lines is left to grow by itself when somebody writes into it.
    """
    lines = max((lines_of(str(text), width) for text, width in texts if text), default=1)
    if lines > 1:
        sheet.row_dimensions[row].height = min(_LINE_POINTS * lines + 4, _HIGHEST)
    if lines > _MOST_LINES:
        for cell in (each for each in sheet[row] if isinstance(each, Cell)):
            _fit_letters(cell, sheet.column_dimensions[cell.column_letter].width)


def _fit_letters(cell: Cell, width: float) -> None:
    """Write a text smaller that would be cut even in the highest row there can be."""
    font: Any = copy(cell.font)
    while font.sz > _SMALLEST:
        lines = lines_of(str(cell.value or ""), width * _SIZE / font.sz)
        if lines * font.sz / _SIZE <= _MOST_LINES:
            break
        font.sz -= 0.5
    cell.font = font


def spread(sheet: Worksheet, row: int, widths: Sequence[float], first: int = 2) -> None:
    """Let a cell of a row run over the columns from it on, as high as its text needs."""
    end = len(widths) + 1
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=end)
    cell = sheet.cell(row, first)
    grown = (cell.font.size or 10.5) / 10.5
    room = sum(widths[first - 2 :]) / grown
    lines = lines_of(str(cell.value or ""), room)
    sheet.row_dimensions[row].height = min((_LINE_POINTS * lines + 5) * grown, _HIGHEST)


def head(cell: Cell) -> None:
    """Give a cell the look of a column's head."""
    cell.font, cell.fill = Font(_HEI, size=10.5), _HEAD_FILL
    cell.border, cell.alignment = _FRAME, _MIDDLE


def caption(cell: Cell) -> None:
    """Give a cell the look of small print above a head."""
    cell.font, cell.alignment = Font(_SONG, size=8, color=_GREY), _MIDDLE
    cell.border = _FRAME


def printed(cell: Cell, small: bool = False, middle: bool = False) -> None:
    """Give a cell the look of printed words."""
    cell.font = Font(_SONG, size=9, color=_GREY) if small else Font(_SONG, size=10.5)
    cell.border, cell.alignment = _FRAME, _MIDDLE if middle else _TOP


def to_fill(cell: Cell, number: bool = False) -> None:
    """Give a cell the look of a place to write in."""
    cell.font, cell.border = Font(_SONG, size=10.5), _FRAME
    side = "right" if number else "left"
    indent = 1 if number else 0
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True, indent=indent)


def not_asked(cell: Cell) -> None:
    """Give an empty cell the look of one in which nothing is to be written."""
    cell.fill, cell.border = _SHADE, _FRAME


def derived(cell: Cell, number: bool = False) -> None:
    """Give a cell the look of something the program fills in."""
    to_fill(cell, number)
    cell.font, cell.fill = Font(_SONG, size=10.5, italic=True, color=_GREY), _SHADE


def title(cell: Cell) -> None:
    """Give a cell the look of a sheet's title."""
    cell.font, cell.alignment = Font(_HEI, size=14), _TOP


def heading(cell: Cell) -> None:
    """Give a cell the look of the line that says whose form it is."""
    cell.font, cell.alignment = Font(_SONG, size=10, italic=True, color=_GREY), _TOP


def paragraph(cell: Cell, strong: bool = False) -> None:
    """Give a cell the look of running text."""
    cell.font = Font(_HEI, size=11) if strong else Font(_SONG, size=10.5)
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def is_wide(widths: Sequence[float]) -> bool:
    """Tell whether columns are readable only on a page that lies on its side."""
    return sum(widths) > _PORTRAIT


def pages_across(widths: Sequence[float]) -> int:
    """Return how many pages beside each other columns take."""
    return -int(-sum(widths) // _LANDSCAPE) or 1


def first_page(widths: Sequence[float]) -> list[float]:
    """Return the columns that are on the first page for certain, at least two of them."""
    room, kept = sum(widths) / pages_across(widths), 0.0
    for number, width in enumerate(widths):
        kept += width
        if kept > room and number > 1:
            return list(widths[:number])
    return list(widths)


def set_page(sheet: Worksheet, landscape: bool, footer: str, across: int = 1) -> None:
    """Print on A4, with form and page number at the foot; a very wide sheet on several pages."""
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = across, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.6
    margins.top, margins.bottom = 0.7, 0.7
    sheet.print_options.horizontalCentered = True
    foot: Any = sheet.oddFooter
    foot.left.text, foot.right.text = footer.replace("&", "&&"), "第 &P 页 共 &N 页"


def repeat_heads(sheet: Worksheet, rows: str, columns: str, area: str) -> None:
    """Print the head and the first columns on every page, and nothing beside the form."""
    sheet.print_title_rows, sheet.print_title_cols = rows, columns
    sheet.print_area = area
