"""Whether papers can be filed where the annexes say, each kind in one place."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.files import Files
from dxkit.errors import Problem
from dxkit.models.annex import Annex, FieldType


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every kind of paper that is there twice, or that no row could name a file of."""
    seen: dict[str, str] = {}
    for file, annex in files.of(Annex).items():
        for table in annex.fields:
            for column in (table, *table.columns):
                if not column.filed_as:
                    continue
                place = f"{table.key}.{column.key}.filed_as"
                whole = table.type is FieldType.TABLE and column.type is FieldType.TEXT
                if not whole or annex.restricted:
                    yield Problem(
                        file, place, column.filed_as, "写在不限制知悉的表中，明细表的文字列"
                    )
                if column.filed_as in seen:
                    found = f"{column.filed_as}，与 {seen[column.filed_as]} 相同"
                    yield Problem(file, place, found, "各不相同的名称")
                seen.setdefault(column.filed_as, f"{file} 的 {place}")
