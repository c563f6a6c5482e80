"""One case as facts look at it: forms wherever they are kept, policies, today, one diagnosis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import is_blank
from dxkit.case.prefill import completed
from dxkit.definitions import Definitions
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.facts.calendar import day_of
from dxkit.models.annex import Field

Row = Mapping[str, Any]
ROUNDING = 1e-6
"""What counting in binary fractions may be off by."""
Value = str | int | float | tuple[Any, ...] | Mapping[str, Any] | None
"""A number, an ISO date, a text, a mapping by row code or a tuple; None if it cannot be said."""

Culprits = tuple[str, ...] | None
"""Names of what is at fault, in Chinese; empty if nothing is, None if it cannot be said yet."""


@dataclass(frozen=True)
class View:
    """What facts are told of: a case on a certain day."""

    case: Case
    today: date

    @property
    def definitions(self) -> Definitions:
        """Return the definitions that the case was opened with."""
        return self.case.definitions

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """Return the diagnosis, computed once for all facts that need it."""
        return diagnose(self.case)

    def annex(self, annex: str) -> Row:
        """Return the answers of an annex, from the restricted store where they are kept there."""
        own = self.case.annex(annex)
        if own or not self.definitions.annexes[annex].restricted:
            return own
        return self.case.restricted.annex(annex) if self.case.restricted else {}

    def value(self, annex: str, key: str) -> Any:
        """Return one answer, None while there is none."""
        return self.annex(annex).get(key)

    def rows(self, annex: str, table: str) -> list[Row]:
        """Return the rows of a repeating table, none if it was not begun."""
        rows = self.value(annex, table)
        return rows if isinstance(rows, list) else []

    def completed_rows(self, annex: str, table: str) -> list[Row]:
        """Return the rows of a table with what its form prints in blank cells from elsewhere."""
        field = self.field(annex, table)
        rows = self.begun_rows(annex, table)
        return [completed(row, field, self.definitions, self.annex) for row in rows]

    def begun_rows(self, annex: str, table: str) -> list[Row]:
        """Return the rows of a repeating table in which anything is filled in."""
        return [row for row in self.rows(annex, table) if not all(map(is_blank, row.values()))]

    def has_file(self, path: object) -> bool:
        """Tell whether a file that a cell names lies inside the case's folder.

        A case that is on no disk, such as a worked case beside a rule, is believed.
        """
        name, folder = str(path or "").strip(), self.case.folder
        if not name or not folder.is_dir():
            return bool(name)
        try:
            found = (folder / name).resolve()
            return found.is_relative_to(folder.resolve()) and found.is_file()
        except (OSError, ValueError):
            return False

    def is_over(self, day: object) -> bool:
        """Tell whether a day is known and not still to come."""
        known = day_of(day)
        return known is not None and known <= self.today

    def policy(self, key: str) -> float:
        """Return the number that a policy sets."""
        return float(self.definitions.policies[key].value)

    def field(self, annex: str, key: str, column: str | None = None) -> Field:
        """Return the definition of a field or of one column of a table."""
        fields: Iterable[Field] = self.definitions.annexes[annex].fields
        found = next(field for field in fields if field.key == key)
        return found if column is None else next(c for c in found.columns if c.key == column)

    def grid(self, annex: str, column: str) -> Field:
        """Return the definition of the grid that has a column."""
        fields = self.definitions.annexes[annex].fields
        return next(f for f in fields if f.rows and any(c.key == column for c in f.columns))


def first_of(value: Any) -> Any:
    """Return the one number that a reference to a single row holds, listed or bare."""
    return (value[0] if value else None) if isinstance(value, list) else value


def named(row: Row, *keys: str) -> str:
    """Return what a row calls itself: the cells of some columns that are filled."""
    return " ".join(str(first_of(row[key])) for key in keys if row.get(key)) or "（未命名）"


def unlike(mine: Any, other: Any) -> bool:
    """Tell whether two values are both known and differ."""
    return mine is not None and other is not None and mine != other


def rounded_down(number: float) -> float:
    """Return a number in hundredths that is never more than it is: what is too little stays so."""
    return math.floor(number * 100 + ROUNDING) / 100


def same_name(one: Any, other: Any) -> bool:
    """Tell whether two names are the same but for spaces."""
    return bool(one) and tight(one) == tight(other)


def tight(text: Any) -> str:
    """Return a text without its spaces."""
    return "".join(str(text or "").split())
