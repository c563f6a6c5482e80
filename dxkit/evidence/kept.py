"""Which tables of a case list files, and the rows in them; known by their columns, not by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import column_fields
from dxkit.definitions import Definitions
from dxkit.models.annex import Annex, Field, FieldType

FILE, HASH = "file", "sha256"
FOLDER = "evidence"
SECRET_FOLDER = "restricted/evidence"
THUMBNAILS = "thumbnails"


@dataclass(frozen=True)
class Item:
    """One row of a table that lists files; `path` is where the row stands in the case."""

    annex: Annex
    table: Field
    path: str
    row: Mapping[str, Any]

    @property
    def number(self) -> str:
        """Return what stands in the table's first column, by which the row is called."""
        return str(self.row.get(self.table.columns[0].key) or self.path)

    @property
    def file(self) -> str | None:
        """Return the file's place in the case folder; None where nothing is kept."""
        value = self.row.get(FILE)
        return value if isinstance(value, str) and value else None

    @property
    def sha256(self) -> str | None:
        """Return the hash the file had when it was taken in."""
        value = self.row.get(HASH)
        return value if isinstance(value, str) and value else None


def items(case: Case) -> list[Item]:
    """Return all rows that list a file with its hash, those of the restricted store too."""
    return [item for item in naming_files(case) if HASH in column_fields(item.table)]


def own_items(case: Case) -> list[Item]:
    """Return the rows that list a file with its hash in the case's own file only.

    What is kept apart need not be readable then.
    """
    return [item for item in _rows(case) if HASH in column_fields(item.table)]


def naming_files(case: Case) -> Iterator[Item]:
    """Yield the rows of every table that has a column for a file, hashed or not."""
    for store in (case, case.restricted):
        if store is not None:
            yield from _rows(store)


def _rows(case: Case) -> Iterator[Item]:
    for annex in case.definitions.annexes.values():
        for table in annex.fields:
            if table.type is FieldType.TABLE and FILE in column_fields(table):
                rows = case.annex(annex.id).get(table.key) or []
                for position, row in enumerate(rows, start=1):
                    yield Item(annex, table, f"{annex.id}.{table.key}.{position}", row)


def table_at(definitions: Definitions, path: str) -> Field:
    """Return the table at a path such as `annex_7.evidence`."""
    annex_id, _, key = path.partition(".")
    return next(field for field in definitions.annexes[annex_id].fields if field.key == key)
