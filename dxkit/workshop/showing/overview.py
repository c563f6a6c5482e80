"""What a page shows before a section is opened: who, which case, and what is filled in where."""

from __future__ import annotations

from typing import Any

from dxkit.forms.asked import filled_of
from dxkit.models.annex import Annex, Section
from dxkit.models.roles import Right
from dxkit.workshop.seeing.desk import Desk
from dxkit.workshop.seeing.places import look
from dxkit.workshop.seeing.receipts import who_sees_secrets
from dxkit.workshop.seeing.sight import Sight
from dxkit.workshop.seeing.waiting import conflict
from dxkit.workshop.showing.concerns import all_departments, departments_in
from dxkit.workshop.showing.items import Item, why_closed

_CAN: tuple[Right, ...] = (
    "decide",
    "export",
    "override",
    "invite",
    "upload",
    "collect",
    "restricted",
)


def welcome(desk: Desk) -> Item:
    """Return what a page begins with."""
    role, case, sight = desk.visitor.role, desk.case, desk.sight
    last = desk.follower.entries[-1] if desk.follower.entries else None
    return {
        "who": {
            "id": desk.visitor.id,
            "name": desk.visitor.name,
            "role": role.id,
            "role_words": role.label,
            "says": role.says,
        },
        "case": {
            "id": case.id,
            "name": sight.seen.name,
            "demo": bool(case.data.get("demo")),
            "edition_doubt": case.edition_doubt,
        },
        "views": [*role.views],
        "forms": forms(sight),
        "departments": [*all_departments(desk.definitions)],
        "saved": {"at": last.at, "who": last.who} if last is not None else None,
        "can": {right: desk.access.may(right) for right in _CAN},
        "writes": role.writes,
        "secret_words": who_sees_secrets(desk.definitions),
        "conflicts": all_waiting(sight),
    }


def forms(sight: Sight) -> list[Item]:
    """Return every form that the role sees, with its sections and how far they are filled in."""
    return [
        _form(sight, annex)
        for annex in sight.definitions.annexes.values()
        if sight.access.sees(annex)
    ]


def _form(sight: Sight, annex: Annex) -> Item:
    sections = [
        _section(sight, annex, each) for each in annex.sections if shown(sight, annex, each)
    ]
    return {
        "id": annex.id,
        "mark": annex.mark,
        "title": annex.title,
        "filled_by": annex.filled_by,
        "editable": any(each["editable"] for each in sections),
        "restricted": annex.restricted,
        "sections": sections,
    }


def shown(sight: Sight, annex: Annex, section: Section) -> bool:
    """Tell whether there is something of a section to show."""
    return sight.access.sees(annex, section) and bool(section.fields or section.text)


def _section(sight: Sight, annex: Annex, section: Section) -> Item:
    filled, asked = filled_of(sight.seen, annex, section)
    return {
        "id": section.id,
        "title": section.title,
        "filled": filled,
        "asked": asked,
        "open_conflicts": _open_in(sight, annex, section),
        "editable": not why_closed(sight, annex, section),
        "departments": [*departments_in(section, annex.id, sight.definitions)],
    }


def _open_in(sight: Sight, annex: Annex, section: Section) -> int:
    count = 0
    for path, waiting in sight.contested.items():
        place = look(path, sight.access)
        if place is not None and (place.annex.id, place.section.id) == (annex.id, section.id):
            count += len(waiting)
    return count


def all_waiting(sight: Sight) -> list[Item]:
    """Return every value that waits for a decision, the oldest first."""
    return [conflict(sight, number, each) for number, each in sight.proposals]


def progress(sight: Sight) -> list[Item]:
    """Return only how far every section is filled in."""
    keys = ("id", "filled", "asked", "open_conflicts")
    return [
        {
            "id": form["id"],
            "sections": [{key: section[key] for key in keys} for section in form["sections"]],
        }
        for form in forms(sight)
    ]


def search(sight: Sight, words: Any) -> list[dict[str, Any]]:
    """Return the questions and columns whose words hold all that was asked for, in their order."""
    wanted = str(words or "").casefold().split()[:8]
    if not wanted:
        return []
    hits = [
        {"form": annex.id, "section": section.id, "path": path, "label": label}
        | {"where": annex.mark if label == section.title else f"{annex.mark} {section.title}"}
        for annex in sight.definitions.annexes.values()
        for section in annex.sections
        if shown(sight, annex, section)
        for path, label, text in _words(sight, annex, section)
        if all(each in text.casefold() for each in wanted)
    ]
    return hits[:60]


def _words(sight: Sight, annex: Annex, section: Section) -> list[tuple[str, str, str]]:
    found = []
    for field in filter(sight.access.shows, section.fields):
        path = f"{annex.id}.{field.key}"
        rows = " ".join(row.label for row in field.rows)
        columns = " ".join(column.label for column in field.columns)
        text = f"{field.no} {field.label} {field.help} {rows} {columns}"
        found.append((path, f"{field.no} {field.label}".strip(), text))
    if section.title in [label for _, label, _ in found]:
        return found
    return [("", section.title, f"{annex.mark} {section.title}"), *found]
