"""Changing one answer from what was seen; what another changed meanwhile is never written over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dxkit.case import Change, Writer
from dxkit.case.answers import read_answer
from dxkit.case.paths_in_data import get
from dxkit.errors import CaseError, LockedError
from dxkit.forms.phone_masks import is_masked
from dxkit.forms.record_parts import LABELS, joined, part_field, parts_of
from dxkit.models.annex import Field
from dxkit.workshop.changing import typed
from dxkit.workshop.changing.undoing import Did, Put
from dxkit.workshop.seeing.desk import Desk
from dxkit.workshop.seeing.places import Place, find
from dxkit.workshop.showing.items import COMPUTED, why_not_editable

Reply = dict[str, Any]
_NOTED = ("recorder", "recorded_at")


@dataclass(frozen=True)
class Outcome:
    """What became of a change: what was done, or what the page is told instead."""

    did: Did | None = None
    says: Reply | None = None
    lost: int | None = None
    """The number of the proposal that keeps the value, where another's stayed in force."""


def edit(desk: Desk, path: object, raw: Any, seen: Any) -> tuple[Place, Outcome]:
    """Put what was typed or chosen into an answer.

    Raises:
        CaseError: if there is no such place, or it cannot be changed.
    """
    place = find(path, desk.access)
    refuse(desk, place)
    if place.is_table:
        raise CaseError(f"{place.field.label}：按行填写")
    field = _field(desk, place)
    if place.part == "not_applicable" and raw and not place.field.may_be_not_applicable:
        return place, Outcome(says={"unfit": "此题不允许标为不适用", "found": ""})
    parsed = typed.read(field, raw, desk.definitions)
    if not parsed.readable:
        return place, Outcome(says=typed.unfit(parsed))
    try:
        return place, _put(desk, place, parsed.value, seen)
    except LockedError:
        raise
    except CaseError as exc:
        return place, Outcome(says=typed.refused(exc.problems, desk.definitions))


def refuse(desk: Desk, place: Place) -> None:
    """Raise a CaseError if nothing can be changed at a place."""
    if why := why_not_editable(desk.sight, place):
        raise CaseError(why if why == COMPUTED else f"{place.field.label}：{why}")


def part_of(desk: Desk, place: Place) -> str | None:
    """Return the part of a record answer that an edit of a place is about; None if it has none."""
    if not place.is_record:
        return None
    return place.part or desk.access.role.writes


def _field(desk: Desk, place: Place) -> Field:
    part = part_of(desk, place)
    return place.field if part is None else part_field(place.field, part)


def value_at(raw: Any, part: str | None) -> Any:
    """Return what a raw answer holds, or a part of it."""
    if part is None:
        return raw
    value = getattr(read_answer(raw), part)
    return list(value) or None if isinstance(value, tuple) else value


def _put(desk: Desk, place: Place, value: Any, seen: Any) -> Outcome:
    part, field = part_of(desk, place), _field(desk, place)
    with desk.writing(place) as writer:
        raw = get(writer.data, place.path)
        now = value_at(raw, part)
        if same(now, value) or is_masked(field, value, now):
            return Outcome()
        if not same(now, seen) and not same(desk.access.seen_value(field, now), seen):
            whole = place.path if part is None else f"{place.path}.{part}"
            return Outcome(lost=proposed(desk, writer, Change(whole, value, seen)))
        return Outcome(did=put(desk, writer, place, value))


def put(desk: Desk, writer: Writer, place: Place, value: Any, settles: tuple[int, ...] = ()) -> Put:
    """Write a value into an answer, or into a part of it; the caller holds the lock."""
    raw = get(writer.data, place.path)
    part = part_of(desk, place)
    after = value if part is None else with_part(raw, part, value, desk.visitor.name)
    writer.apply([Change(place.path, after, raw)], settles=settles)
    return Put(place.path, label_of(place), raw, after)


def with_part(raw: Any, part: str, value: Any, who: str) -> Any:
    """Return a raw answer with one part changed; who found something on site is noted with it."""
    parts = parts_of(raw)
    parts.pop(part, None)
    if value is not None:
        parts[part] = value
    if part == "onsite":
        noted = (who, f"{datetime.now():%Y-%m-%d %H:%M}") if value is not None else (None, None)
        parts |= dict(zip(_NOTED, noted, strict=True))
    return joined({key: parts[key] for key in LABELS if parts.get(key) is not None})


def proposed(desk: Desk, writer: Writer, change: Change) -> int:
    """Keep a value that lost to another; the same one of the same person is kept once."""
    desk.catch_up()
    for number, each in desk.sight.proposals:
        if (each.path, each.who) == (change.path, writer.who) and each.value == change.value:
            return number
    number = writer.propose(change)
    return -number if desk.definitions.annexes[change.path.partition(".")[0]].restricted else number


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same; nothing and an empty list or text are."""
    blank: tuple[Any, ...] = (None, "", [])
    if one in blank and other in blank:
        return True
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def label_of(place: Place) -> str:
    """Return how a place is called, with the part of its answer."""
    return (
        place.field.label if place.part is None else f"{place.field.label}（{LABELS[place.part]}）"
    )
