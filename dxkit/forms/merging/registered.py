"""What a returned form may not set: the number, place and hash of a file that was registered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dxkit.forms.merging.cell_comparison import Item
from dxkit.forms.written.sameness import is_blank
from dxkit.models.annex import Field

_NOTHING = "（空）"


def guarded(item: Item, column: Field, now: Any) -> Item:
    """Refuse what would change a registered number, or would set a file or its hash."""
    if column.registered is None or item.outcome in ("unchanged", "refused"):
        return item
    if column.registered == "number" and is_blank(now):
        return item
    expected = f"{item.now or _NOTHING}；由 dxkit evidence add 登记，不能用表单改写"
    return _refused(item, item.returned or _NOTHING, expected)


def without_doubles(
    touched: Sequence[dict[str, Item]],
    columns: Mapping[str, Field],
    now: Sequence[Mapping[str, Any]],
) -> list[dict[str, Item]]:
    """Refuse numbers that another row has, now or on the same form."""
    rows = [dict(each) for each in touched]
    for key in (key for key, column in columns.items() if column.registered == "number"):
        used = Counter(str(row[key]) for row in now if row.get(key))
        for row in rows:
            if key not in row or row[key].outcome != "new":
                continue
            used[str(row[key].value)] += 1
            if used[str(row[key].value)] > 1:
                found = f"{row[key].returned}，已有这个编号"
                row[key] = _refused(row[key], found, "没有用过的编号，或留空")
    return rows


def _refused(item: Item, found: str, expected: str) -> Item:
    return replace(item, outcome="refused", found=found, expected=expected)
