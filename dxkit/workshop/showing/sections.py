"""A section of a form as a page shows it: its words, and every question with its answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dxkit.errors import CaseError, Problem
from dxkit.forms.paper.header import filled_in, header_of
from dxkit.models.annex import Annex, FieldType, Section
from dxkit.workshop.seeing.places import Place
from dxkit.workshop.seeing.sight import Sight
from dxkit.workshop.showing.items import Item, item_of, why_closed
from dxkit.workshop.showing.tables import grid_item, table_item


def section_at(sight: Sight, form: Any, section: Any) -> tuple[Annex, Section]:
    """Return a section of a form that the role sees.

    Raises:
        CaseError: if there is no such section, or none that the role may see.
    """
    annex = sight.definitions.annexes.get(form) if isinstance(form, str) else None
    for each in annex.sections if annex is not None else ():
        if annex is not None and each.id == section and sight.access.sees(annex, each):
            return annex, each
    raise CaseError(Problem(f"{form}.{section}"[:80], "", "没有这一部分", "目录中的一部分"))


def section_view(sight: Sight, annex: Annex, section: Section, department: str = "") -> Item:
    """Return a section with what is asked in it, of all or of one department."""
    items = items_of(sight, annex, section, department)
    return {**section_head(sight, annex, section), "items": items}


def section_head(sight: Sight, annex: Annex, section: Section) -> Item:
    """Return what stands above the questions of a section; it changes with the case, too."""
    head = header_of(sight.seen, sight.definitions)
    return {
        "form": annex.id,
        "mark": annex.mark,
        "section": section.id,
        "title": section.title,
        "note": section.note or "",
        "text": [filled_in(each, head) for each in section.text],
        "why_closed": why_closed(sight, annex, section),
        "doubts": sight.doubts(annex),
    }


def items_of(sight: Sight, annex: Annex, section: Section, department: str = "") -> list[Item]:
    """Return every question of a section; of one department only what somebody of it can answer."""
    found = [*_all(sight, annex, section)]
    if not department:
        return found
    return [each for each in found if department in each["departments"] or _cell(each, department)]


def _cell(item: Item, department: str) -> bool:
    """Tell whether a cell of a grid concerns a department."""
    cells = (cell for row in item.get("rows") or () for cell in row["cells"].values())
    return any(department in cell.get("departments", ()) for cell in cells)


def _all(sight: Sight, annex: Annex, section: Section) -> Iterator[Item]:
    for field in filter(sight.access.shows, section.fields):
        yield item_at(sight, Place(annex, section, field, f"{annex.id}.{field.key}"))


def item_at(sight: Sight, place: Place) -> Item:
    """Return a question, a table or a grid as a page shows it."""
    if place.field.type is FieldType.TABLE:
        return table_item(sight, place)
    if place.field.type is FieldType.GRID:
        return grid_item(sight, place)
    return item_of(sight, place)
