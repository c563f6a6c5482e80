"""Which returned rows only sum up the others, and are therefore no rows of their table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dxkit.forms.returned import Row, Table, Unmatched
from dxkit.forms.written.choices import loosened
from dxkit.forms.written.sameness import is_empty

_HEADS = frozenset({"合计", "总计", "小计", "共计", "累计"})
_SHORT = 60
WHY = "合计行不是明细，没有读入"


def without_totals(table: Table) -> tuple[Table, list[Unmatched]]:
    """Return a table without the rows of totals that people put in, and these rows as remarks."""
    totals = [row for row in table.rows if row.number is None and sums_up(_contents(row))]
    remarks = [Unmatched(row.place, _words(row), WHY) for row in totals]
    return replace(table, rows=tuple(row for row in table.rows if row not in totals)), remarks


def sums_up(contents: Iterable[Any]) -> bool:
    """Tell whether a row is headed as a sum."""
    first = next((raw for raw in contents if not is_empty(raw)), None)
    return isinstance(first, str) and loosened(first) in _HEADS


def _contents(row: Row) -> list[Any]:
    return [raw for raw, _place in row.cells.values()]


def _words(row: Row) -> str:
    return " ".join(str(raw) for raw in _contents(row) if not is_empty(raw))[:_SHORT]
