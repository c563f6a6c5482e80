"""Values that wait for a decision, each beside what stands by now where it was meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case import Proposal
from dxkit.case.answers import is_blank, read_answer
from dxkit.case.paths_in_data import get
from dxkit.forms.record_parts import LABELS, part_field
from dxkit.forms.written.printed import printed
from dxkit.models.annex import FieldType
from dxkit.workshop.seeing.places import Place, look
from dxkit.workshop.seeing.sight import Sight
from dxkit.workshop.seeing.tracing import trace

Item = dict[str, Any]
Row = Mapping[str, Any]
_EMPTY = "（空）"
_KEPT = "（这一行不对您显示）"
_REMOVE, _REMOVED = "删除这一行", "这一行已被删除"


def conflicts(sight: Sight, place: Place) -> list[Item]:
    """Return the values of others that wait for a decision about an answer or table."""
    return [conflict(sight, number, each) for number, each in sight.contested.get(place.path, ())]


def conflict(sight: Sight, number: int, proposal: Proposal) -> Item:
    """Return a value that waits for a decision, and what stands in its place."""
    at = look(proposal.path, sight.access)
    assert at is not None, proposal.path
    both = _rows(sight, at, proposal) if at.is_table else _values(sight, at, proposal)
    mine, theirs = both["mine"], both["theirs"]
    return {
        "n": number,
        "path": at.path,
        "form": at.annex.id,
        "section": at.section.id,
        **both,
        "who": proposal.who,
        "at": proposal.at,
        "words": f"{proposal.who} 填的是“{mine['text'] or _EMPTY}”，"
        f"现为“{theirs['text'] or _EMPTY}”",
    }


def _values(sight: Sight, at: Place, proposal: Proposal) -> Item:
    """Return both values of an answer, or of a part of it."""
    raw = get(sight.answers(at.annex), at.key)
    field = at.field if at.part is None else part_field(at.field, at.part)
    now = raw if at.part is None else getattr(read_answer(raw), at.part)
    now = list(now) if isinstance(now, tuple) else now
    mine, theirs = (
        {"value": each, "text": printed(field, each, sight.definitions)}
        for each in (sight.access.seen_value(field, proposal.value), now)
    )
    label = at.field.label if at.part is None else f"{at.field.label}（{LABELS[at.part]}）"
    return {"label": label, "mine": mine, "theirs": theirs}


def _rows(sight: Sight, at: Place, proposal: Proposal) -> Item:
    """Return both rows; where both are there, only what differs is told in words."""
    place = _place_by_now(sight, at, proposal)
    rows = sight.whole_answers(at.annex).get(at.field.key) or []
    stands = None if place is None else rows[place]
    number = at.row if place is None else place + 1
    label = f"{at.field.label}第{number}行"
    if not all(_may_show(sight, at, row) for row in (stands, proposal.value, proposal.based_on)):
        kept = {"value": None, "text": _KEPT}
        return {"label": label, "mine": kept, "theirs": kept}
    now, wanted = (_shown(sight, at, row) for row in (stands, proposal.value))
    known = now or wanted or {}
    differing = [key for key in {**known, **(wanted or {})} if _differs(key, now, wanted)]
    return {
        "label": label + _name(at, known),
        "mine": {"value": wanted, "text": _text(sight, at, wanted, differing) or _REMOVE},
        "theirs": {"value": now, "text": _text(sight, at, now, differing) or _REMOVED},
    }


def _place_by_now(sight: Sight, at: Place, proposal: Proposal) -> int | None:
    """Return where the row stands by now that somebody meant, from 0; None if it is gone."""
    rows = sight.whole_answers(at.annex).get(at.field.key) or []
    seen = proposal.based_on if isinstance(proposal.based_on, Mapping) else {}
    wanted = {key: value for key, value in seen.items() if not is_blank(value)}

    def is_meant(row: Row) -> bool:
        shown = sight.access.seen_row(at.field, row)
        return {key: value for key, value in shown.items() if not is_blank(value)} == wanted

    return trace(rows, sight.log.steps(at.path), is_meant, (at.row or 1) - 1)[0]


def _may_show(sight: Sight, at: Place, row: Any) -> bool:
    return not isinstance(row, Mapping) or sight.access.shows_row(at.field, row)


def _shown(sight: Sight, at: Place, row: Any) -> dict[str, Any] | None:
    return sight.access.seen_row(at.field, row) if isinstance(row, Mapping) else None


def _differs(key: str, one: Row | None, other: Row | None) -> bool:
    return one is None or other is None or one.get(key) != other.get(key)


def _text(sight: Sight, at: Place, row: Row | None, keys: list[str]) -> str:
    columns = {column.key: column for column in at.field.columns}
    words = (
        f"{columns[key].label}：{printed(columns[key], row.get(key), sight.definitions) or _EMPTY}"
        for key in (keys if row is not None else ())
        if key in columns and row is not None
    )
    return "；".join(words)


def _name(at: Place, row: Row) -> str:
    """Return what a row is called by: its first text."""
    texts = (each.key for each in at.field.columns if each.type is FieldType.TEXT)
    found = next((str(row[key]) for key in texts if not is_blank(row.get(key))), "")
    return f"“{found}”" if found else ""
