"""How tables become a workbook whose every sheet says how many rows it has, and their checksum."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as One
from openpyxl.cell import MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.spreadsheets import Cell

HEAD_ROW = 4
"""Above the heads: the title, the count with the checksum, and what is to be known."""
ABOUT, TITLE = "说明", "工作表"
LIST_HEADS = (TITLE, "内容", "数据行数", "校验值")
_LONGEST = 32_767
_PAGE = 180
"""Characters across a page turned sideways, in print that is small and can be read."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FORMATS = {
    "percent": "0.00%",
    "count": "0",
    "points": "+0.00;-0.00;0.00",
    "number": "0.00",
    "text": "@",
}
_LINE = Side(style="thin", color="9C9C9C")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_GROUND = PatternFill("solid", start_color="C9D9EA")
_FACE = "宋体"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


@dataclass(frozen=True)
class Head:
    """A column: its heading, its width in characters, and what its cells are."""

    label: str
    width: float = 11
    kind: str = "count"


@dataclass(frozen=True)
class Sheet:
    """A table with its name, what it holds, what is to be known of it, and its rows."""

    name: str
    about: str
    heads: tuple[Head, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    kept: int = 1
    """The columns that stay in sight, and are printed again on every page."""

    @property
    def checksum(self) -> str:
        """Return the checksum over heads and rows."""
        return checksum([[head.label for head in self.heads], *self.rows])


def checksum(rows: Iterable[Sequence[Any]]) -> str:
    """Return what tells these cells from any others, however an office program wrote them.

    Numbers count with twelve figures, and trailing empty cells not at all.
    """
    told = hashlib.sha256()
    for row in rows:
        told.update(("\x1f".join(map(_plain, row)).rstrip("\x1f") + "\n").encode("utf-8"))
    return told.hexdigest()[:16]


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _text(cell).replace("\r\n", "\n").strip()
    return f"{float(cell):.12g}"


def _text(words: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", words)[:_LONGEST]


def workbook_of(
    title: str, facts: Sequence[tuple[str, str]], sheets: Sequence[Sheet], day: datetime | None
) -> bytes:
    """Return a workbook: first what it is and what each sheet must hold, then the sheets.

    The same content gives the same bytes: dates within are those of `day`, never the clock.
    """
    book = Workbook()
    book.properties.creator = "dxkit"
    book.properties.title = title
    book.properties.created = (day or _EPOCH).replace(tzinfo=None)
    listing = Sheet(
        ABOUT,
        title,
        (
            Head(TITLE, 18, "text"),
            Head("内容", 62, "text"),
            Head("数据行数"),
            Head("校验值", 22, "text"),
        ),
        [[each.name, each.about, len(each.rows), each.checksum] for each in sheets],
        "\n".join(f"{name}：{words}" for name, words in facts),
    )
    for style in _styles():
        book.add_named_style(style)
    first = book.worksheets[0]
    _fill(first, listing)
    first.row_dimensions[3].height = 15 * sum(1 + len(words) // 55 for _, words in facts)
    for each in sheets:
        _fill(book.create_sheet(), each)
    stream = io.BytesIO()
    book.save(stream)
    return _pinned(stream.getvalue(), day or _EPOCH)


def counted_words(sheet: Sheet) -> str:
    """Return the line by which a sheet says what it must hold."""
    return f"共 {len(sheet.rows)} 行数据；校验值 {sheet.checksum}"


def _styles() -> Iterator[NamedStyle]:
    """Yield how cells look by what they are, each once: a style of its own for each takes long."""
    font = Font(name=_FACE, size=10)
    for kind, form in _FORMATS.items():
        text = kind == "text"
        at = Alignment(
            "left" if text else "right", "center", wrap_text=text, indent=0 if text else 1
        )
        yield NamedStyle(kind, font, border=_BORDER, alignment=at, number_format=form)
    bold = Font(name=_FACE, size=10, bold=True)
    centred = Alignment("center", "center", wrap_text=True)
    yield NamedStyle("head", bold, _GROUND, _BORDER, centred, "@")
    above = Alignment(vertical="top", wrap_text=True)
    yield NamedStyle("above", font, alignment=above, number_format="@")
    title = Font(name=_FACE, size=14, bold=True)
    yield NamedStyle("title", title, alignment=Alignment(vertical="center"), number_format="@")


def _fill(place: Worksheet, sheet: Sheet) -> None:
    place.title = sheet.name
    for row, words in enumerate((sheet.about, counted_words(sheet), sheet.note), start=1):
        _put(place.cell(row, 1), words, "title" if row == 1 else "above")
        place.merge_cells(start_row=row, end_row=row, start_column=1, end_column=_across(sheet))
    place.row_dimensions[1].height = 24
    if sheet.note:
        place.row_dimensions[3].height = 15 * (1 + len(sheet.note) // 55)
    for column, head in enumerate(sheet.heads, start=1):
        _put(place.cell(HEAD_ROW, column), head.label, "head")
        place.column_dimensions[get_column_letter(column)].width = head.width
    place.row_dimensions[HEAD_ROW].height = 45
    _write_rows(place, sheet)
    _print_set_up(place, sheet)


def _across(sheet: Sheet) -> int:
    """Return over how many columns the words above the heads run: those of the first page."""
    width = 0.0
    for number, head in enumerate(sheet.heads, start=1):
        width += head.width
        if width > 100:
            return number
    return len(sheet.heads)


def _write_rows(place: Worksheet, sheet: Sheet) -> None:
    for row, values in enumerate(sheet.rows, start=HEAD_ROW + 1):
        for column, (head, value) in enumerate(zip(sheet.heads, values, strict=True), start=1):
            if isinstance(value, str):
                _put(place.cell(row, column), value, head.kind)
            else:
                cell = place.cell(row, column)
                cell.value, cell.style = value, head.kind


def _put(cell: One | MergedCell, words: str, style: str) -> None:
    """Write a text, which is never taken for a formula."""
    cell.value = _text(words)
    cell.style, cell.data_type = style, "s"


def _print_set_up(place: Worksheet, sheet: Sheet) -> None:
    last = get_column_letter(len(sheet.heads))
    first = get_column_letter(1 if sheet.name == ABOUT else 1 + sheet.kept)
    place.freeze_panes = f"{first}{HEAD_ROW + 1}"
    if sheet.rows and sheet.name != ABOUT:
        place.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + len(sheet.rows)}"
    place.page_setup.orientation = "landscape"
    place.page_setup.paperSize = place.PAPERSIZE_A4
    across = max(1, round(sum(head.width for head in sheet.heads) / _PAGE))
    place.page_setup.fitToWidth, place.page_setup.fitToHeight = across, 0
    place.print_title_cols = f"A:{get_column_letter(sheet.kept)}" if across > 1 else None
    place.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    place.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    if place.oddFooter is not None:
        place.oddFooter.center.text = "&A　第 &P 页，共 &N 页"
    place.page_margins.left = place.page_margins.right = 0.5


def _pinned(content: bytes, day: datetime) -> bytes:
    """Return a package whose dates within are those of a day."""
    when = day.strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.infolist():
            entry = zipfile.ZipInfo(each.filename, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, _MODIFIED.sub(rb"\g<1>" + when + rb"\g<2>", old.read(each)))
    return made.getvalue()
