"""The first sheet of an Excel form: which form it is, whose, and how it is filled in."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.forms.excel import looks
from dxkit.forms.excel.layout import COVER_SHEET, Sheet, printed_id
from dxkit.forms.paper.header import filled_in, header_of
from dxkit.forms.returned import Stamp
from dxkit.models.annex import Annex

_NO_NUMBER = "（未编号）"
_WIDTHS = [42.0, 68.0]
_ROOM = 40
_WAYS = (
    "在白色格子中填写；灰底斜体的内容由程序带出或计算，在此改动不会读回。带 * 的为必填项。",
    "明细表可以增加、删除、移动行；请不要取消隐藏的列和行，也不要删除它们：程序靠它们认出各项内容。",
    "可选几项的格子，各项用“、”隔开。日期写作 2026-3-5 或 2026年3月5日。数字不必写单位。",
    "填好后原样发回，文件名、表页顺序可以改。读回时先列出全部改动，确认之后才写入。",
)


def heading_of(case: Case | None, stamp: Stamp | None) -> list[tuple[str, str]]:
    """Return what every form says at its head, each with its label; blanks where nothing is."""
    number = (stamp.form_no if stamp else "") or _NO_NUMBER
    told = [("表单编号", number)]
    if case is not None:
        told += [(each.label, each.text) for each in header_of(case, case.definitions)]
    return told


def add_cover(
    book: Workbook,
    annex: Annex,
    sheets: Sequence[Sheet],
    case: Case | None,
    stamp: Stamp | None,
    definitions: Definitions,
) -> None:
    """Add the first sheet to a form."""
    page = book.create_sheet(COVER_SHEET)
    looks.set_widths(page, _WIDTHS)
    looks.title(page.cell(1, 2, f"{annex.mark}　{annex.title}"))
    looks.spread(page, 1, _WIDTHS)
    row = _add_pairs(page, 3, _told(annex, case, stamp))
    row = _add_paragraphs(page, row + 1, "怎样填写", _WAYS)
    row = _add_contents(page, row + 1, sheets)
    for section in annex.sections:
        texts = [filled_in(text, header_of(case, definitions)) for text in section.text]
        row = _add_paragraphs(page, row + 1, section.title, texts) if texts else row
    for each in range(1, row + 1):
        mark_printed(page, each)
    looks.set_page(page, landscape=False, footer=f"{annex.mark} {COVER_SHEET}")


def mark_printed(page: Worksheet, row: int) -> None:
    """Give a row of printed words its id, so that what is written over them is noticed."""
    words = (str(cell.value) for cell in page[row][1:] if cell.value is not None)
    page.cell(row, 1, printed_id(words))


def _told(annex: Annex, case: Case | None, stamp: Stamp | None) -> list[tuple[str, str]]:
    about = [
        ("表单版本", annex.edition),
        ("用途", annex.purpose),
        ("填写人", annex.filled_by),
        ("填写时间", annex.filled_when),
        ("依据", annex.basis.words + (f"（指南 {annex.clause}）" if annex.clause else "")),
        ("说明", annex.note),
    ]
    return [pair for pair in (*heading_of(case, stamp), *about) if pair[1]]


def _add_pairs(page: Worksheet, row: int, pairs: Sequence[tuple[str, str]]) -> int:
    for label, text in pairs:
        looks.printed(page.cell(row, 2, label))
        cell = page.cell(row, 3, text)
        cell.data_type, cell.number_format = "s", "@"
        looks.printed(cell)
        looks.fit_height(page, row, [(label, _WIDTHS[0]), (text, _WIDTHS[1])])
        row += 1
    return row


def _add_paragraphs(page: Worksheet, row: int, title: str, texts: Sequence[str]) -> int:
    looks.paragraph(page.cell(row, 2, title), strong=True)
    for text in texts:
        row += 1
        cell = page.cell(row, 2, text)
        cell.data_type = "s"
        looks.paragraph(cell)
        looks.spread(page, row, _WIDTHS)
    return row + 1


def _add_contents(page: Worksheet, row: int, sheets: Sequence[Sheet]) -> int:
    looks.paragraph(page.cell(row, 2, "各页内容"), strong=True)
    for sheet in sheets:
        row += 1
        title = _brief(sheet.title)
        cell = page.cell(row, 2, title)
        cell.hyperlink = Hyperlink(cell.coordinate, location=f"'{sheet.name}'!B1")
        looks.printed(cell)
        text = (sheet.table.help if sheet.table is not None else "") or sheet.section.note
        looks.printed(page.cell(row, 3, text), small=True)
        looks.fit_height(page, row, [(title, _WIDTHS[0]), (text, _WIDTHS[1])])
    return row + 1


def _brief(title: str) -> str:
    """Return a title in one line, as a cell that leads to a sheet has; brackets are left out."""
    return title if looks.width_of_text(title) <= _ROOM else title.partition("（")[0]
