"""What really stands in the cells of a returned sheet: merges, formulas and error values told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.forms.returned import Unmatched, Unreadable

_WORDS_IN_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CARRIAGE_RETURN = "_x000D_"
_ESCAPED = re.compile(r"_x005F_(x[0-9A-Fa-f]{4}_)")
_PICTURE = re.compile(r"=(_xlfn\.)?DISPIMG\(", re.IGNORECASE)
"""How WPS writes that a picture lies in a cell."""
_STRUCK = "不含划掉的文字（删除线）的内容：删去划掉的，只留要填的"
_SHORT = 60

Place = tuple[int, int]


@dataclass
class Contents:
    """The cells of one sheet by row and column; `cached` gives a formula's last result."""

    sheet: Worksheet
    cached: Callable[[str, str], Any]
    remarks: list[Unmatched] = field(default_factory=list)

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, Cell | MergedCell]]:
        """Return the cells there are, by row and then column; never the empty expanse between."""
        rows: dict[int, dict[int, Cell | MergedCell]] = {}
        for (row, column), cell in sorted(self.sheet._cells.items()):
            rows.setdefault(row, {})[column] = cell
        return rows

    @cached_property
    def _merged(self) -> Mapping[Place, Place]:
        """Return for each cell that a merge swallowed the one that now stands for it."""
        return {
            (row, column): (area.min_row, area.min_col)
            for area in self.sheet.merged_cells.ranges
            for row in range(area.min_row, min(area.max_row, self._last_row) + 1)
            for column in range(area.min_col, min(area.max_col, self._last_column) + 1)
            if (row, column) != (area.min_row, area.min_col)
        }

    @cached_property
    def _last_row(self) -> int:
        return max(self.rows, default=0)

    @cached_property
    def _last_column(self) -> int:
        return max((column for cells in self.rows.values() for column in cells), default=0)

    def place(self, row: int, column: int) -> str:
        """Return where a cell is, as a person looks for it."""
        return f"{self.sheet.title}!{get_column_letter(column)}{row}"

    def text(self, row: int, column: int) -> str:
        """Return what a cell itself shows as text; empty if nothing, or if a merge swallowed it."""
        raw = self._own(row, column, remark=False)
        return "" if raw is None else raw.text if isinstance(raw, Unreadable) else str(raw)

    def raw(self, row: int, column: int, *, down: bool = False, remark: bool = True) -> Any:
        """Return what a cell holds.

        Args:
            row: the row, from 1.
            column: the column, from 1.
            down: whether a cell merged over several rows holds for each of them.
            remark: whether what was found out on the way is noted down.
        """
        anchor = self._merged.get((row, column))
        if anchor is None:
            return self._own(row, column, remark)
        raw = self._own(*anchor, remark)
        if raw is None or isinstance(raw, Unreadable):
            return raw
        if down and anchor[1] == column:
            self._remark(remark, row, column, raw, "纵向合并的单元格，各行按同一内容读入")
            return raw
        why = f"单元格没有与 {self.place(*anchor)} 合并：取消合并，分别填写"
        return Unreadable(_short(raw), why)

    def _own(self, row: int, column: int, remark: bool) -> Any:
        cell = self.rows.get(row, {}).get(column)
        if cell is None or cell.value is None:
            return None
        if cell.data_type == "f":
            return self._computed(row, column, cell, remark)
        if cell.data_type == "e":
            return Unreadable(str(cell.value), "没有错误值的内容")
        if isinstance(cell.value, str) and _PICTURE.match(cell.value):
            return _IN_PLACE
        plain = _plain(cell.value, cell.number_format)
        return Unreadable(str(plain), _STRUCK) if self._is_struck(cell) else plain

    @staticmethod
    def _is_struck(cell: Cell | MergedCell) -> bool:
        """Tell whether a content, or a part of it, was struck out by hand."""
        if cell.font.strike:
            return True
        parts = cell.value if isinstance(cell.value, CellRichText) else ()
        return any(isinstance(part, TextBlock) and part.font.strike for part in parts)

    def _computed(self, row: int, column: int, cell: Cell | MergedCell, remark: bool) -> Any:
        formula = str(getattr(cell.value, "text", cell.value))
        if _PICTURE.match(formula):
            return _IN_PLACE
        result = self.cached(self.sheet.title, cell.coordinate)
        if result is None or (isinstance(result, str) and result.startswith("#")):
            return Unreadable(_short(formula), "填写的内容，而不是没有结果的公式")
        self._remark(remark, row, column, formula, f"是公式，按文件中保存的结果“{result}”读入")
        return _plain(result, cell.number_format)

    def _remark(self, wanted: bool, row: int, column: int, raw: Any, why: str) -> None:
        note = Unmatched(self.place(row, column), _short(raw), why)
        if wanted and note not in self.remarks:
            self.remarks.append(note)


_IN_PLACE = Unreadable("（图片）", "写出的内容，而不是放在单元格里的图片；图片请作为证据另行登记")


def _plain(value: Any, number_format: str) -> Any:
    if isinstance(value, CellRichText):
        value = str(value)
    if isinstance(value, str):
        return _ESCAPED.sub(r"_\1", value.replace(_CARRIAGE_RETURN, "").replace("\r\n", "\n"))
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and "%" in _WORDS_IN_FORMAT.sub("", number_format or ""):
        return f"{value * 100:.12g}%"
    return value


def _short(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= _SHORT else text[: _SHORT - 2] + "……"
