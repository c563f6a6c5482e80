"""The history of one question in words: who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dxkit.case.answers import read_answer
from dxkit.forms.record_parts import LABELS, parts_of
from dxkit.forms.written.choices import join_names
from dxkit.forms.written.printed import printed
from dxkit.workshop.seeing.access import main_value
from dxkit.workshop.seeing.log import Step
from dxkit.workshop.seeing.places import Place
from dxkit.workshop.seeing.sight import Sight
from dxkit.workshop.seeing.tracing import told_of
from dxkit.workshop.showing.items import Item

MOST = 200
_EMPTY = "（空）"
_VALUES = ("self_reported", "onsite", "verified")


def history(sight: Sight, place: Place) -> list[Item]:
    """Return the changes of a question, or of a table's rows, newest first."""
    told = (_told(sight, place, step) for step in _steps(sight, place))
    return [each for each in told if each is not None][:MOST]


def _steps(sight: Sight, place: Place) -> Iterable[Step]:
    steps = sight.log.steps(place.path)
    if not place.is_table or sight.access.shows_all_rows(place.field):
        return steps
    rows = sight.whole_answers(place.annex).get(place.field.key) or []
    return told_of(rows, steps, lambda row: sight.access.shows_row(place.field, row))


def _told(sight: Sight, place: Place, step: Step) -> Item | None:
    said = _row(sight, place, step) if place.is_table else _answer(sight, place, step)
    if said is None or said["from"] == said["to"]:
        return None
    entry = step.entry
    return {"n": entry.n, "at": entry.at, "who": entry.who, **said}


def _answer(sight: Sight, place: Place, step: Step) -> Item | None:
    if step.inner:
        if step.inner not in sight.access.role.parts:
            return None
        return {
            "what": LABELS[step.inner],
            "from": _part(sight, place, step.inner, step.before),
            "to": _part(sight, place, step.inner, step.after),
        }
    before, after = (
        sight.access.seen_answer(place.annex, place.field, each)
        for each in (step.before, step.after)
    )
    main = main_value(sight.access, place.annex, place.field, step.before)
    return {
        "what": place.field.label,
        "from": _words(sight, place, before),
        "to": _words(sight, place, after),
        "restores": main,
    }


def _words(sight: Sight, place: Place, raw: Any) -> str:
    if raw is None:
        return _EMPTY
    if not place.is_record:
        return printed(place.field, raw, sight.definitions) or _EMPTY
    parts = parts_of(raw)
    if set(parts) == {"onsite"} and sight.access.role.writes == "onsite":
        return _part(sight, place, "onsite", read_answer(raw).onsite)
    quiet = ("recorder", "recorded_at")
    told = [
        f"{LABELS[part]}：{_part(sight, place, part, value)}"
        for part, value in parts.items()
        if part not in quiet
    ]
    return "；".join(told) or _EMPTY


def _part(sight: Sight, place: Place, part: str, value: Any) -> str:
    if part in _VALUES:
        return printed(place.field, value, sight.definitions) or _EMPTY
    return join_names(value) if isinstance(value, list | tuple) else str(value or _EMPTY)


def _row(sight: Sight, place: Place, step: Step) -> Item | None:
    """Tell of one row what it was and is; of a table that changed as a whole how many it has."""
    if not step.inner:
        return {
            "what": place.field.label,
            "from": f"{_count(sight, place, step.before)}行",
            "to": f"{_count(sight, place, step.after)}行{_moved(step)}",
        }
    number, _, column = step.inner.partition(".")
    if column or not all(_is_shown(sight, place, row) for row in (step.before, step.after)):
        return None
    return {
        "what": f"第{number}行",
        "from": _cells(sight, place, step.before),
        "to": _cells(sight, place, step.after),
    }


def _moved(step: Step) -> str:
    return "（顺序或内容有变）" if len(step.before or ()) == len(step.after or ()) else ""


def _count(sight: Sight, place: Place, rows: Any) -> int:
    return sum(_is_shown(sight, place, row) for row in rows or ())


def _is_shown(sight: Sight, place: Place, row: Any) -> bool:
    return not isinstance(row, Mapping) or sight.access.shows_row(place.field, row)


def _cells(sight: Sight, place: Place, row: Any) -> str:
    if not isinstance(row, Mapping):
        return _EMPTY
    columns = {column.key: column for column in place.field.columns}
    shown = sight.access.seen_row(place.field, row)
    told = (
        f"{columns[key].label}：{printed(columns[key], value, sight.definitions)}"
        for key, value in shown.items()
    )
    return "；".join(told) or _EMPTY
