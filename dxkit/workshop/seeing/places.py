"""What a path that a page names leads to; what a role may not see is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dxkit.case import store_of
from dxkit.case.answers import PARTS
from dxkit.errors import CaseError, Problem
from dxkit.forms.record_parts import asks_record
from dxkit.models.annex import Annex, Field, FieldType, Section
from dxkit.workshop.seeing.access import Access


@dataclass(frozen=True)
class Place:
    """One question, a part of its answer, or a table, with where it stands.

    `path` leads to the whole answer; `row` counts a table's row from 1 where the path named one.
    """

    annex: Annex
    section: Section
    field: Field
    path: str
    part: str | None = None
    grid: Field | None = None
    row: int | None = None

    @property
    def is_table(self) -> bool:
        """Tell whether it is a table or a row of one."""
        return self.field.type is FieldType.TABLE

    @property
    def is_record(self) -> bool:
        """Tell whether its answer has parts."""
        return asks_record(self.annex, self.field)

    @property
    def key(self) -> str:
        """Return the question's key within its form."""
        return self.path.partition(".")[2]

    def store(self, folder: Path, access: Access) -> Path:
        """Return the folder in whose file the answer stands."""
        return store_of(folder, self.annex.id, access.definitions)


def find(path: object, access: Access) -> Place:
    """Return the place a path leads to.

    Raises:
        CaseError: if there is none, or none that the role may see.
    """
    found = look(path, access) if isinstance(path, str) else None
    if found is None:
        raise CaseError(Problem(str(path)[:80], "", "没有这一项", "本页列出的一项"))
    return found


def look(path: str, access: Access) -> Place | None:
    """Return the place a path leads to, None if there is none that the role may see."""
    known: Place | None = access.found.get(path)
    if known is not None:
        return known
    place = _searched(path, access)
    if place is not None and place.row is None:
        access.found[path] = place
    return place


def _searched(path: str, access: Access) -> Place | None:
    form, *steps = path.split(".")
    annex = access.definitions.annexes.get(form)
    if annex is None or not steps:
        return None
    for section in annex.sections:
        if access.sees(annex, section):
            for field in filter(access.shows, section.fields):
                if (found := _within(annex, section, field, steps, access)) is not None:
                    return found
    return None


def _within(
    annex: Annex, section: Section, field: Field, steps: list[str], access: Access
) -> Place | None:
    key, *rest = steps
    if field.type is FieldType.GRID:
        return _in_grid(annex, section, field, steps, access)
    if field.key != key:
        return None
    path = f"{annex.id}.{key}"
    if field.type is FieldType.TABLE:
        if not rest:
            return Place(annex, section, field, path)
        known = len(rest) == 1 and rest[0].isdecimal()
        return Place(annex, section, field, path, row=int(rest[0])) if known else None
    return _with_part(Place(annex, section, field, path), rest, access)


def _in_grid(
    annex: Annex, section: Section, grid: Field, steps: list[str], access: Access
) -> Place | None:
    key, *rest = steps
    column = next((each for each in grid.columns if each.key == key), None)
    if column is None or not rest or not access.shows(column):
        return None
    code, *rest = rest
    row = next((each for each in grid.rows if each.code == code), None)
    if row is None or not column.is_asked_of(code):
        return None
    alone = column.key == grid.key
    label = row.label if alone else f"{row.label}·{column.label}"
    named = column.model_copy(update={"label": label})
    place = Place(annex, section, named, f"{annex.id}.{key}.{code}", grid=grid)
    return _with_part(place, rest, access)


def _with_part(place: Place, rest: list[str], access: Access) -> Place | None:
    if not rest:
        return place
    part = rest[0]
    known = place.is_record and len(rest) == 1 and part in PARTS and part in access.role.parts
    if not known:
        return None
    return Place(place.annex, place.section, place.field, place.path, part, place.grid)


def questions(annex: Annex, section: Section, access: Access) -> Iterator[Place]:
    """Yield every single question of a section that a role sees; a grid gives each cell."""
    for field in filter(access.shows, section.fields):
        if field.type is not FieldType.GRID:
            yield Place(annex, section, field, f"{annex.id}.{field.key}")
            continue
        for column in field.columns:
            for row in field.rows:
                found = look(f"{annex.id}.{column.key}.{row.code}", access)
                if found is not None:
                    yield found
