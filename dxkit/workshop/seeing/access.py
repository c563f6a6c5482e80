"""What a role sees and may change of a case; nothing else decides that, least of all a browser."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import PARTS, read_answer
from dxkit.definitions import Definitions
from dxkit.evidence.apart import is_secret
from dxkit.evidence.secrecy import may_keep_back, row_stays
from dxkit.forms.phone_masks import mask
from dxkit.forms.record_parts import asks_record, joined, parts_of
from dxkit.models.annex import Annex, Field, FieldType, Section
from dxkit.models.roles import Right, Role

ALL = "all"
_SEEING: set[Right] = {"restricted", "office", "kept_back", "phones"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Access:
    """One role before one set of definitions."""

    role: Role
    definitions: Definitions
    found: dict[str, Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    """The places that paths led to, which never change for a role."""

    def may(self, right: Right) -> bool:
        """Tell whether the role has a right beyond its forms."""
        return right in self.role.may

    def sees(self, annex: Annex, section: Section | None = None) -> bool:
        """Tell whether a form, or a section of it, is shown at all."""
        if annex.restricted and not self.may("restricted"):
            return False
        if section is None:
            return any(self.sees(annex, each) for each in annex.sections)
        if section.office and not self.may("office"):
            return False
        return _named(self.role.sees, annex, section) and not _named(
            self.role.hides, annex, section
        )

    def shows(self, field: Field) -> bool:
        """Tell whether a field or column is shown where its section is."""
        return not field.kept_back or self.may("kept_back")

    def edits(self, annex: Annex, section: Section) -> bool:
        """Tell whether the role fills in a section."""
        return self.sees(annex, section) and _named(self.role.edits, annex, section)

    def shows_all_rows(self, table: Field) -> bool:
        """Tell whether no row of a table is ever kept from the role."""
        return self.role.rows == "all" or not may_keep_back(table)

    def shows_row(self, table: Field, row: Row) -> bool:
        """Tell whether a row of a table is shown."""
        if self.shows_all_rows(table):
            return True
        return not is_secret(row) if self.role.rows == "not_secret" else not row_stays(table, row)

    def seen_row(self, table: Field, row: Row) -> dict[str, Any]:
        """Return the cells of a row that are shown, as they are shown."""
        columns = {column.key: column for column in table.columns if self.shows(column)}
        return {
            key: self.seen_value(columns[key], value)
            for key, value in row.items()
            if key in columns
        }

    def seen_value(self, field: Field, value: Any) -> Any:
        """Return a value as it is shown: a phone number without its middle for most."""
        hidden = field.masked and isinstance(value, str) and not self.may("phones")
        return mask(value) if hidden else value

    def seen_answer(self, annex: Annex, field: Field, raw: Any) -> Any:
        """Return what is shown of a raw answer: of a record only some parts."""
        if raw is None or not asks_record(annex, field):
            return self.seen_value(field, raw)
        seen: tuple[str, ...] = self.role.parts
        shown = {part: each for part, each in parts_of(raw).items() if part in seen}
        return joined(shown)

    def seen(self, case: Case) -> Case:
        """Return a case in which only stands what the role may see.

        Of a row that is not shown its first column is left, so that what is counted stays right.
        """
        if self._sees_everything:
            return case
        annexes = self.definitions.annexes
        told = {
            key: self._annex(annexes[key], value) if key in annexes else value
            for key, value in case.data.items()
            if key not in annexes or self.sees(annexes[key])
        }
        shown = replace(case, data=told)
        vars(shown)["restricted"] = case.restricted if self.may("restricted") else None
        return shown

    @property
    def _sees_everything(self) -> bool:
        """Tell whether nothing of a case is kept from the role."""
        role = self.role
        everywhere = ALL in role.sees and not role.hides and role.rows == "all"
        return everywhere and set(role.may) >= _SEEING and set(role.parts) >= PARTS

    def _annex(self, annex: Annex, answers: Mapping[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for section in annex.sections:
            if self.sees(annex, section):
                for field in filter(self.shows, section.fields):
                    shown.update(self._field(annex, field, answers))
        return shown

    def _field(self, annex: Annex, field: Field, answers: Mapping[str, Any]) -> dict[str, Any]:
        if field.type is FieldType.GRID:
            return {
                column.key: self._cells(annex, column, answers[column.key])
                for column in filter(self.shows, field.columns)
                if answers.get(column.key) is not None
            }
        raw = answers.get(field.key)
        if raw is None:
            return {}
        if field.type is FieldType.TABLE:
            return {field.key: [self._row(field, row) for row in raw]}
        return {field.key: self.seen_answer(annex, field, raw)}

    def _cells(self, annex: Annex, column: Field, cells: Mapping[str, Any]) -> dict[str, Any]:
        return {row: self.seen_answer(annex, column, raw) for row, raw in cells.items()}

    def _row(self, table: Field, row: Row) -> dict[str, Any]:
        first = table.columns[0].key
        shown = self.seen_row(table, row)
        if self.shows_row(table, row):
            return shown
        return {first: shown[first]} if first in shown else {}


def _named(places: Iterable[str], annex: Annex, section: Section) -> bool:
    return any(each in (ALL, annex.id, f"{annex.id}.{section.id}") for each in places)


def main_value(access: Access, annex: Annex, field: Field, raw: Any) -> Any:
    """Return the value that the main input of a question shows to a role, and that it writes."""
    if not asks_record(annex, field):
        return access.seen_value(field, raw)
    return getattr(read_answer(raw), access.role.writes)
