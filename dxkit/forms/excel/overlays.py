"""What lies over the cells of a returned sheet and is not read: comments, pictures, text boxes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.forms.returned import Unmatched

_DRAWN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_WORDS = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_PICTURE = "（图片）"


def overlays(sheet: Worksheet, package: zipfile.ZipFile) -> Iterator[Unmatched]:
    """Yield what lies over a sheet, each with the cell where it begins."""
    for cell in sheet._cells.values():
        if cell.comment is not None:
            place = f"{sheet.title}!{cell.coordinate}"
            yield Unmatched(place, cell.comment.text.strip(), "批注不读入，请写在格子里")
    relations: Any = getattr(sheet, "_rels", None)
    for relation in relations.find(_DRAWN) if relations else ():
        for anchor in fromstring(package.read(relation.target)):
            text = "".join(each.text or "" for each in anchor.iter(_WORDS)).strip()
            place = f"{sheet.title}{_corner(anchor)}"
            yield Unmatched(place, text or _PICTURE, "图片和文本框里的内容不读入")


def _corner(anchor: Element) -> str:
    column, row = (anchor.findtext(f"{_DRAWING}from/{_DRAWING}{each}") for each in ("col", "row"))
    return f"!{get_column_letter(int(column) + 1)}{int(row) + 1}" if column and row else ""
