"""Write an annex as an Excel form, blank or filled, that can be read back cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.forms.excel import looks
from dxkit.forms.excel.cover import add_cover, heading_of, mark_printed
from dxkit.forms.excel.layout import (
    STAMP_PROPERTY,
    STAMP_SHEET,
    Sheet,
    sheets_of,
)
from dxkit.forms.excel.rows import Filler
from dxkit.forms.excel.validations import Lists
from dxkit.forms.returned import Stamp
from dxkit.forms.values import answers_of
from dxkit.models.annex import Annex

_TITLE, _WHOSE, _IDS, _BASES, _HEADS = 1, 2, 3, 4, 5


def write_form(
    annex: Annex,
    definitions: Definitions,
    case: Case | None = None,
    stamp: Stamp | None = None,
    office: bool = False,
) -> bytes:
    """Return an annex as an xlsx file.

    Args:
        annex: the form.
        definitions: what its choices are called.
        case: whose form; None for a form that belongs to nobody yet.
        stamp: what is written into the file so that it can be compared when it returns; a blank
            stamp, or none, leaves all places empty, also those that the program itself fills in:
            of the case only what stands at the head of every form is then told.
        office: whether it stays in the office, with the sections that only the office fills in.

    Raises:
        FormError: if a text is longer than a cell can hold.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    filled = case is not None and stamp is not None and not stamp.blank
    shown = case if filled else None
    answers = answers_of(shown, annex) if shown is not None else {}
    filler = Filler(annex, definitions, shown, answers, Lists(book))
    sheets = sheets_of(annex, office)
    add_cover(book, annex, sheets, case, stamp, definitions)
    for sheet in sheets:
        _add(book, sheet, filler, _whose(case, stamp))
    _hide_stamp(book, annex, stamp)
    return _bytes_of(book)


def _whose(case: Case | None, stamp: Stamp | None) -> str:
    return "　　".join(f"{label}：{value}" for label, value in heading_of(case, stamp))


def _add(book: Workbook, sheet: Sheet, filler: Filler, whose: str) -> None:
    page = book.create_sheet(sheet.name)
    widths = filler.widths_of(sheet)
    looks.set_widths(page, widths)
    _head(page, sheet, filler.annex, whose, widths)
    last = filler.fill(page, sheet, _HEADS + 1)
    page.freeze_panes = page.cell(_HEADS + 1, _repeated(sheet) + 1)
    if sheet.kind == "table":
        page.auto_filter.ref = f"A{_HEADS}:{page.cell(last, len(sheet.columns) + 1).coordinate}"
    lying = (sheet.section.orientation or filler.annex.orientation) == "landscape"
    footer = f"{filler.annex.mark} {sheet.title}"
    looks.set_page(page, lying or looks.is_wide(widths), footer, looks.pages_across(widths))
    area = f"A1:{page.cell(max(last, _HEADS), len(sheet.columns) + 1).coordinate}"
    repeated = get_column_letter(_repeated(sheet))
    looks.repeat_heads(page, f"{_BASES}:{_HEADS}", f"A:{repeated}", area)


def _repeated(sheet: Sheet) -> int:
    """Return the last of the columns that every page shows."""
    return 3 if sheet.kind == "table" else 2


def _first_of_title(sheet: Sheet, widths: Sequence[float]) -> int:
    """Return where titles begin: on several pages, beside what each of them would show of them."""
    return 2 if looks.pages_across(widths) == 1 else _repeated(sheet) + 1


def _head(page: Worksheet, sheet: Sheet, annex: Annex, whose: str, widths: Sequence[float]) -> None:
    first = _first_of_title(sheet, widths)
    looks.title(page.cell(_TITLE, first, f"{annex.mark}　{sheet.title}"))
    looks.heading(page.cell(_WHOSE, first, whose))
    page.cell(_IDS, 1, sheet.head_id(annex))
    page.row_dimensions[_IDS].hidden = True
    for number, column in enumerate(sheet.columns, start=2):
        page.cell(_IDS, number, column.id)
        basis = column.field.basis.words if column.field and sheet.kind in ("table", "grid") else ""
        looks.caption(page.cell(_BASES, number, basis))
        looks.head(page.cell(_HEADS, number, column.title))
    for row in (_TITLE, _WHOSE):
        looks.spread(page, row, looks.first_page(widths), first)
    for row in (_BASES, _HEADS):
        looks.fit_height(
            page, row, zip((cell.value for cell in page[row][1:]), widths, strict=True)
        )
    for row in (_TITLE, _WHOSE, _BASES, _HEADS):
        mark_printed(page, row)
    if sheet.kind in ("fields", "record"):
        page.row_dimensions[_BASES].hidden = True


def _hide_stamp(book: Workbook, annex: Annex, stamp: Stamp | None) -> None:
    page = book.create_sheet(STAMP_SHEET)
    page.sheet_state = "hidden"
    lines: Sequence[str] = (annex.id, stamp.as_text() if stamp else "")
    for row, line in enumerate(lines, start=1):
        page.cell(row, 1, line).number_format = "@"
    if stamp is not None:
        book.custom_doc_props.append(  # type: ignore[attr-defined]
            StringProperty(STAMP_PROPERTY, stamp.as_text())
        )
        book.properties.identifier = stamp.form_no
    book.properties.title = f"{annex.mark} {annex.title}"
    book.properties.creator = "dxkit"


def _bytes_of(book: Workbook) -> bytes:
    book.active = 0
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
