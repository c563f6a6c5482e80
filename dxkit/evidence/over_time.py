"""What the rows of one table were after each entry of a case's journal that touched it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dxkit.case import journal
from dxkit.case.paths_in_data import get

Row = Mapping[str, Any]


def rows_over_time(folder: Path, table: str) -> Iterator[tuple[journal.Entry, list[Row]]]:
    """Yield the entries that touched a table such as `aux_4.photos`, in order, with its rows."""
    annex_id = table.partition(".")[0]

    def touches(path: str) -> bool:
        return path in {"", annex_id, table} or path.startswith(f"{table}.")

    data: Any = {}
    for entry in journal.read(folder):
        if any(touches(each["path"]) for each in entry.changes):
            data = journal.content_after(entry, data, touches)
            yield entry, [row for row in get(data, table) or [] if isinstance(row, dict)]
