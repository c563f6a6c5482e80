"""Which rows of a table the enterprise wrote and nobody else touched since, by the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dxkit.case.journal import Entry
from dxkit.workshop.seeing.visitors import ENTERPRISE


@dataclass
class Reported:
    """The rows of one table that the enterprise wrote last, known by what stands in them."""

    taken: int = 0
    sides: dict[str, str] = field(default_factory=dict)

    def take(self, path: str, entries: list[Entry]) -> None:
        """Take in the entries about the table that came since the last time."""
        for entry in entries[self.taken :]:
            for change in entry.changes:
                before, after = (_rows(path, change["path"], change[key]) for key in ("from", "to"))
                for row in after - before:
                    self.sides[row] = entry.side
        self.taken = len(entries)

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a row is one of those."""
        return self.sides.get(_told(row)) == ENTERPRISE


def _rows(table: str, path: str, content: Any) -> set[str]:
    """Return the rows that a change of a table, or of a row in it, is about."""
    if path != table and not path.startswith(f"{table}."):
        return set()
    rows: Iterable[Any] = content if isinstance(content, list) else [content]
    return {_told(row) for row in rows if isinstance(row, Mapping)}


def _told(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
