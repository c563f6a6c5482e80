"""Whether a workbook is whole: each sheet recounted against what it and the first sheet say."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.errors import ParameterError, Problem
from dxkit.region.sheets import ABOUT, HEAD_ROW, LIST_HEADS, checksum

SEALED = "说明表校验值 "
"""What a list of files says before the checksum of a workbook's first sheet."""
_Rows = list[tuple[Any, ...]]


def verify_workbook(path: Path) -> Iterator[Problem]:
    """Yield what is no longer as the workbook says it was made: sheets, counts, contents.

    Raises:
        ParameterError: if the file is no workbook of the region.
    """
    try:
        book = load_workbook(path)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise ParameterError(Problem(str(path), "", "打不开", "全区汇总的 Excel 文件")) from None
    if ABOUT not in book.sheetnames or _heads(book[ABOUT]) != LIST_HEADS:
        expected = f"第一张工作表为“{ABOUT}”，列有各表的行数和校验值"
        raise ParameterError(Problem(str(path), "", "不是全区汇总的 Excel 文件", expected))
    listed = _rows(book[ABOUT])
    yield from _problems(path, book[ABOUT], len(listed), checksum([LIST_HEADS, *listed]))
    for name, _, count, told in (row[: len(LIST_HEADS)] for row in listed):
        if name not in book.sheetnames:
            yield Problem(str(path), str(name), "工作表不见了", f"{count} 行数据")
            continue
        sheet = book[str(name)]
        rows = _rows(sheet)
        if len(rows) != count:
            yield Problem(str(path), str(name), f"{len(rows)} 行数据", f"{count} 行数据")
        elif checksum([_heads(sheet), *rows]) != told:
            yield Problem(str(path), str(name), "内容与生成时不同", f"校验值 {told}")
        else:
            yield from _problems(path, sheet, len(rows), str(told))


def seal_of(book: Path | bytes) -> str:
    """Return the checksum of a workbook's first sheet, which has those of all the others."""
    source = io.BytesIO(book) if isinstance(book, bytes) else book
    with closing(load_workbook(source, read_only=True)) as opened:
        return checksum([LIST_HEADS, *_rows(opened[ABOUT])])


def _problems(path: Path, sheet: Worksheet, count: int, told: str) -> Iterator[Problem]:
    """Yield that the line above a sheet's heads says another thing than its rows."""
    words = f"共 {count} 行数据；校验值 {told}"
    if (said := str(sheet.cell(2, 1).value)) != words:
        yield Problem(str(path), sheet.title, said, words)


def _heads(sheet: Worksheet) -> tuple[Any, ...]:
    heads = next(sheet.iter_rows(HEAD_ROW, HEAD_ROW, values_only=True), ())
    return tuple(each for each in heads if each is not None)


def _rows(sheet: Worksheet) -> _Rows:
    """Return the rows below the heads that hold anything."""
    width = len(_heads(sheet))
    rows = sheet.iter_rows(HEAD_ROW + 1, max_col=width or 1, values_only=True)
    return [row for row in rows if any(cell is not None for cell in row)]
