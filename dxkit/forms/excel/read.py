"""Read a returned Excel form cell by cell, wherever its rows, columns and sheets have moved."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.definitions import Definitions
from dxkit.errors import FormError, Problem
from dxkit.forms.excel.cells import Contents
from dxkit.forms.excel.layout import LISTS_SHEET, STAMP_PROPERTY, STAMP_SHEET
from dxkit.forms.excel.overlays import overlays
from dxkit.forms.excel.sheet_reading import Found, SheetReading
from dxkit.forms.returned import Returned, Stamp, Table, Unmatched

_NUMBER = re.compile(r"表单编号\s*：\s*([\w.-]*\w)")
_MOST_HEADED = 12
_BARE = (
    "没有一项能够认出：不是发出的表单，或隐藏的首列和编号行都不在了（如只复制了看得见的单元格）",
    "直接填写的原文件；或重新导出一份，把内容抄入其中；明细表也可以另存为 CSV 读入",
)
"""What is found in a file without any hidden id, and what would be right."""
_NO_SHEETS = ("没有工作表", "由 dxkit form export 发出的表单")
_STRICT = ("是“Strict Open XML”格式的工作簿，读不出", "另存为一般的“Excel 工作簿（.xlsx）”")
_STRICT_WORDS = b"http://purl.oclc.org/ooxml/spreadsheetml"


def read_form(content: bytes, definitions: Definitions, where: str = "表单") -> Returned:
    """Return what an xlsx file says; the file must have passed the package guard.

    Raises:
        FormError: if it is no workbook that can be opened.
    """
    book = _open(content, where, results=False)
    if not book.worksheets:
        raise FormError(Problem(where, "", *(_STRICT if _is_strict(content) else _NO_SHEETS)))

    @cache
    def results() -> Workbook:
        return _open(content, where, results=True)

    def cached(sheet: str, coordinate: str) -> Any:
        return results()[sheet][coordinate].value

    stamp, remarks = _stamp_of(book)
    found = Found()
    for sheet in _sheets(book):
        SheetReading(Contents(sheet, cached), definitions, found).read()
    with zipfile.ZipFile(BytesIO(content)) as package:
        found.unmatched += (each for sheet in _sheets(book) for each in overlays(sheet, package))
    annex = stamp.annex if stamp else _annex_of(book) or found.annex
    if not found.cells and not found.columns:
        raise FormError(Problem(where, "", *_BARE))
    if stamp is None and not remarks and (number := _visible_number(book)):
        stamp = Stamp("", annex, number, 0, "", "", False)
    return _gathered(annex, stamp, found, remarks)


def _open(content: bytes, where: str, results: bool) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(content), data_only=results, rich_text=not results)
    except Exception as exc:
        expected = "能用 Excel 或 WPS 打开的 .xlsx 文件，可另存一次再试"
        raise FormError(Problem(where, "", "打不开", expected)) from exc


def _is_strict(content: bytes) -> bool:
    """Tell whether a workbook is written in the other spelling of the standard."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return _STRICT_WORDS in package.read("xl/workbook.xml")


def _sheets(book: Workbook) -> Iterator[Worksheet]:
    hidden = (STAMP_SHEET, LISTS_SHEET)
    yield from (sheet for sheet in book.worksheets if sheet.title not in hidden)


def _annex_of(book: Workbook) -> str:
    said = book[STAMP_SHEET]["A1"].value if STAMP_SHEET in book.sheetnames else None
    return said if isinstance(said, str) else ""


def _stamp_of(book: Workbook) -> tuple[Stamp | None, list[Unmatched]]:
    """Return the stamp of a file; two that differ are none, because the file is pieced together."""
    texts = []
    if STAMP_SHEET in book.sheetnames:
        texts.append(str(book[STAMP_SHEET]["A2"].value or ""))
    properties: Any = getattr(book, "custom_doc_props", ())
    texts += [str(each.value) for each in properties if each.name == STAMP_PROPERTY]
    stamps = list(dict.fromkeys(each for text in texts if (each := Stamp.from_text(text))))
    if len(stamps) < 2:
        return next(iter(stamps), None), []
    numbers = "、".join(stamp.form_no or "未编号" for stamp in stamps)
    return None, [Unmatched(STAMP_SHEET, numbers, "文件带有几个不同的发出标记，一个也不采用")]


def _visible_number(book: Workbook) -> str:
    """Return the form number that people can see, where the hidden stamp was lost."""
    for sheet in _sheets(book):
        for row in sheet.iter_rows(max_row=_MOST_HEADED, max_col=_MOST_HEADED, values_only=True):
            text = "：".join(str(value) for value in row if value is not None)
            if found := _NUMBER.search(text):
                return found[1]
    return ""


def _gathered(annex: str, stamp: Stamp | None, found: Found, remarks: list[Unmatched]) -> Returned:
    """Keep what belongs to the form; what was pasted in from another one is listed."""
    strange = [
        Unmatched(place, text, "属于另一张表，没有读入")
        for of, place, text in found.strange_to(annex)
    ]
    tables = tuple(
        Table(key, tuple(columns), tuple(found.rows.get((of, key), ())))
        for (of, key), columns in found.columns.items()
        if of == annex
    )
    return Returned(
        format="xlsx",
        annex=annex,
        stamp=stamp,
        cells=tuple(cell for of, cell in found.cells if of == annex),
        tables=tables,
        unmatched=(*remarks, *found.unmatched, *strange),
    )
