"""Which files and forms of a case make up which row of the service ledger (annex 7-2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dxkit.case import Case
from dxkit.case.paths_in_data import get
from dxkit.evidence.kept import FOLDER, table_at
from dxkit.evidence.secrecy import RESTRICTED, file_stays, row_stays
from dxkit.models.handover import HandoverPlan, Naming

_BETWEEN = re.compile(r"[;；\n]")


@dataclass(frozen=True)
class Named:
    """A file that a field of the case names: its place there, what it is, and whose."""

    place: str
    what: str
    owner: str
    """The first column of the row that names it; empty for a field that is no column."""


@dataclass(frozen=True)
class Records:
    """Knows what belongs to the rows of the ledger of one case."""

    case: Case
    plan: HandoverPlan

    @cached_property
    def rows(self) -> Mapping[int, Mapping[str, Any]]:
        """Return the rows of the ledger by number."""
        number = self.plan.ledger.number
        rows = get(self.case.data, self.plan.ledger.table) or []
        return {row[number]: row for row in rows if isinstance(row.get(number), int)}

    @cached_property
    def named(self) -> Mapping[int, tuple[Named, ...]]:
        """Return the files that each row has, its own first, whether they may leave or not."""
        found: dict[int, list[Named]] = {}
        for number, row in self.rows.items():
            words = str(row.get("file") or "")
            if names_file(self.case.folder, words):
                found.setdefault(number, []).append(Named(words, self._title(number), ""))
        for record in self.plan.records:
            for naming in record.files:
                found.setdefault(record.number, []).extend(self.files_at(naming))
        return {number: tuple(found[number]) for number in sorted(found)}

    def files_at(self, naming: Naming) -> Iterator[Named]:
        """Yield the files that one field or column of the case names."""
        for words, owner in self._said(naming):
            for place in map(str.strip, _BETWEEN.split(words)):
                if names_file(self.case.folder, place):
                    yield Named(place, naming.what, owner)

    def of_place(self, place: str) -> tuple[int, ...]:
        """Return the rows that a file of the case belongs to, in the order of the plan."""
        return self._apart(n for n, files in self._in_order if place in {f.place for f in files})

    def of_row(self, table: str, row: Mapping[str, Any]) -> tuple[int, ...]:
        """Return the rows that a row of another table belongs to, whether it has a file or not."""
        return self._apart(
            record.number
            for record in self.plan.records
            for naming in record.files
            if naming.at.rpartition(".")[0] == table and _counts(naming, row)
        )

    def of_form(self, annex_id: str) -> tuple[int, ...]:
        """Return the rows that a form belongs to."""
        return self._apart(each.number for each in self.plan.records if annex_id in each.forms)

    @property
    def of_report(self) -> tuple[int, ...]:
        """Return the rows that the report belongs to."""
        return self._apart(each.number for each in self.plan.records if each.report)

    @property
    def of_filing(self) -> tuple[int, ...]:
        """Return the rows that the values for the filing belong to."""
        return self._apart(each.number for each in self.plan.records if each.filing)

    def form_stays(self, annex_id: str) -> str | None:
        """Return why a form stays: every row that it belongs to is withheld."""
        rows = [each.number for each in self.plan.records if annex_id in each.forms]
        return self.withheld(rows[0]) if rows and not self.of_form(annex_id) else None

    def file_stays(self, place: str) -> str | None:
        """Return why a named file stays: itself, or because all its rows are withheld."""
        rows = [n for n, files in self._in_order if place in {file.place for file in files}]
        withheld = self.withheld(rows[0]) if rows and not self.of_place(place) else None
        return file_stays(self.case, place) or withheld

    def withheld(self, number: int) -> str | None:
        """Return the ledger's words that a row is not handed in; None if it may be."""
        table = table_at(self.case.definitions, self.plan.ledger.table)
        return row_stays(table, self.rows[number]) if number in self.rows else None

    @property
    def _in_order(self) -> Iterator[tuple[int, tuple[Named, ...]]]:
        """Yield the rows as the plan lists them: what belongs to several goes to the first."""
        listed = [each.number for each in self.plan.records]
        for number in dict.fromkeys([*listed, *self.named]):
            yield number, self.named.get(number, ())

    def _apart(self, numbers: Iterator[int]) -> tuple[int, ...]:
        return tuple(number for number in dict.fromkeys(numbers) if self.withheld(number) is None)

    def _title(self, number: int) -> str:
        return str(self.rows[number].get(self.plan.ledger.title) or number)

    def _said(self, naming: Naming) -> Iterator[tuple[str, str]]:
        annex_id, key, *column = naming.at.split(".")
        value = self.case.annex(annex_id).get(key)
        if not column:
            yield str(value or ""), ""
            return
        first = table_at(self.case.definitions, f"{annex_id}.{key}").columns[0].key
        for row in value or []:
            if _counts(naming, row):
                yield str(row.get(column[0]) or ""), str(row.get(first) or "")


def names_file(folder: Path, words: str) -> bool:
    """Tell a file of the case from words about where the paper is kept."""
    if words.startswith((f"{FOLDER}/", f"{RESTRICTED}/")):
        return True
    return bool(words) and is_file(folder / words)


def is_file(path: Path) -> bool:
    """Tell whether there is a file; words that no system takes as a path name none."""
    try:
        return path.is_file() or path.is_symlink()
    except (OSError, ValueError):
        return False


def _counts(naming: Naming, row: Mapping[str, Any]) -> bool:
    return all(_codes(row.get(each)) & set(codes) for each, codes in naming.where.items())


def _codes(value: Any) -> set[str]:
    return {str(each) for each in (value if isinstance(value, list) else [value])}
