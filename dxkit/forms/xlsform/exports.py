"""The tables in a file that a form server exports: a workbook, a CSV, or a zip of CSVs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dxkit import archives
from dxkit.errors import FormError, Problem
from dxkit.forms.package_guard import safe_bytes
from dxkit.forms.returned import Unreadable

MOST_BYTES = 50 * 2**20
MOST_ROWS, MOST_COLUMNS = 100_000, 5_000
LIMITS = archives.Limits(entries=2000, unpacked=200 * 2**20, ratio=200)
_ZIP = b"PK\x03\x04"
_CONTENT_TYPES = "[Content_Types].xml"
_ENCODINGS = ("utf-8-sig", "gb18030")

Place = Callable[[int, int, str], str]
"""Names the place of a cell by row, column and head."""


@dataclass(frozen=True)
class Found:
    """What stands in one cell, and where a person finds it."""

    raw: Any
    place: str


@dataclass(frozen=True)
class Sheet:
    """A table with its heads and its filled rows; blank cells are left out."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[dict[str, Found], ...]


def read_export(path: Path) -> list[Sheet]:
    """Return the tables of a file that a form server exported, whatever its name.

    Raises:
        FormError: if it is none, is damaged, or is built to exhaust the reader.
    """
    with path.open("rb") as source:
        begins = source.read(4)
    if begins != _ZIP:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
        return [_csv(path.name, content, path)]
    with archives.opened(path, str(path), LIMITS, FormError) as package:
        is_workbook = _CONTENT_TYPES in package.namelist()
    return list(_workbook(path) if is_workbook else _zipped(path))


def _workbook(path: Path) -> Iterator[Sheet]:
    content = safe_bytes(path, "xlsx")
    try:
        book = load_workbook(io.BytesIO(content), data_only=True)
        formulas = load_workbook(io.BytesIO(content))
    except Exception as error:  # openpyxl fails on odd files in many ways
        found = "不能作为工作簿打开"
        raise FormError(Problem(str(path), "", found, "从服务器重新下载的文件")) from error
    for sheet in book.worksheets:
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
            found = f"工作表“{sheet.title}”有 {sheet.max_row} 行 {sheet.max_column} 列"
            raise FormError(Problem(str(path), "", found, f"不超过 {MOST_ROWS} 行"))
        yield _worksheet(sheet, formulas[sheet.title])


def _worksheet(sheet: Worksheet, formulas: Worksheet) -> Sheet:
    def place(row: int, column: int, _head: str) -> str:
        return f"{sheet.title}!{get_column_letter(column)}{row}"

    lines = [
        [_content(cell.value, behind) for cell, behind in zip(cells, others, strict=True)]
        for cells, others in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True)
    ]
    return _sheet(sheet.title, lines, place)


def _content(value: Any, behind: Any) -> Any:
    """Return what a cell shows; a formula that nobody worked out shows nothing that counts."""
    if value is None and behind.data_type == "f":
        return Unreadable(str(behind.value), "填写的内容，而不是没有结果的公式")
    return value


def _zipped(path: Path) -> Iterator[Sheet]:
    try:
        with archives.opened(path, str(path), LIMITS, FormError) as package:
            for entry in package.infolist():
                if entry.filename.lower().endswith(".csv"):
                    yield _csv(PurePosixPath(entry.filename).name, package.read(entry), path)
    except archives.BROKEN:
        raise FormError(Problem(str(path), "", "压缩包已损坏", "从服务器重新下载的文件")) from None


def _csv(name: str, content: bytes | None, path: Path) -> Sheet:
    if content is None or b"\0" in content:
        found = "不是 CSV 文本，或超过 50 MB"
        raise FormError(Problem(str(path), "", found, "从 ODK 或 KoboToolbox 导出的 xlsx 或 CSV"))
    text = _decoded(content, path)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        expected = "从服务器重新下载的文件"
        raise FormError(Problem(str(path), name, "不是完好的 CSV", expected)) from error

    def place(row: int, _column: int, head: str) -> str:
        return f"{name} 第{row}行“{head}”"

    return _sheet(PurePosixPath(name).stem, lines, place)


def _decoded(content: bytes, path: Path) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FormError(Problem(str(path), "", "认不出的编码", "UTF-8 或 GBK 编码的文件"))


def _sheet(name: str, lines: Sequence[Sequence[Any]], place: Place) -> Sheet:
    width = max(map(len, lines), default=0)
    first = [*lines[0], *[None] * (width - len(lines[0]))] if lines else []
    heads = tuple(
        str(each).strip() if each not in (None, "") else f"（第{column}列没有表头）"
        for column, each in enumerate(first, start=1)
    )
    rows = (
        {
            head: Found(raw, place(row, column, head))
            for column, (head, raw) in enumerate(zip(heads, values, strict=False), start=1)
            if raw not in (None, "")
        }
        for row, values in enumerate(lines[1:], start=2)
    )
    return Sheet(name, heads, tuple(row for row in rows if row))
