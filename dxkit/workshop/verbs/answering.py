"""What a page may ask, each verb with its answer; what it may not is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dxkit.case.paths_in_data import get
from dxkit.errors import CaseError
from dxkit.workshop.changing import deciding, edits
from dxkit.workshop.changing.edits import Outcome
from dxkit.workshop.changing.rows import change_rows
from dxkit.workshop.changing.undoing import Did, Swap, nearest
from dxkit.workshop.seeing.places import Place, find
from dxkit.workshop.seeing.waiting import conflict
from dxkit.workshop.showing import overview, past
from dxkit.workshop.showing.sections import (
    item_at,
    items_of,
    section_at,
    section_head,
    section_view,
)
from dxkit.workshop.verbs import advising, filing, proposing, publishing

if TYPE_CHECKING:
    from dxkit.workshop.session import Session

Message = Mapping[str, Any]
Reply = dict[str, Any]
Verb = Callable[["Session", Message, Sequence[bytes]], Reply]


@dataclass(frozen=True)
class Opened:
    """The section a page shows, and its questions as they were last sent, by path."""

    form: str = ""
    section: str = ""
    department: str = ""

    @property
    def anywhere(self) -> bool:
        """Tell whether a section is open at all."""
        return bool(self.form)


NOWHERE = Opened()


def answer(session: Session, message: Message, buffers: Sequence[bytes]) -> Reply:
    """Answer a request.

    Raises:
        DxkitError: with what the person at the page can mend.
    """
    name = message.get("do") if isinstance(message, Mapping) else None
    verb = VERBS.get(name) if isinstance(name, str) else None
    if verb is None:
        raise CaseError(f"没有“{str(name)[:40]}”这个操作")
    return verb(session, message, buffers)


def hello(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Begin, or begin again after a reload."""
    desk = session.desk
    desk.visitor = desk.visitor.called(message.get("name"))
    session.presence.name = desk.visitor.name
    session.catch_up()
    session.told.forget()
    return overview.welcome(desk)


def open_section(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Show a section; from now on its changes are told."""
    session.catch_up()
    sight = session.desk.sight
    annex, section = section_at(sight, message.get("form"), message.get("section"))
    department = str(message.get("department") or "")
    view = section_view(sight, annex, section, department)
    session.open = Opened(annex.id, section.id, department)
    session.told.items = {each["path"]: each for each in view["items"]}
    session.told.head = {key: value for key, value in view.items() if key != "items"}
    session.presence.at(annex.mark, section.title)
    return view


def edit(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Change an answer."""
    path, raw, seen = message.get("path"), message.get("raw"), message.get("seen")
    place, outcome = edits.edit(session.desk, path, raw, seen)
    return changed(session, place, outcome)


def row(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Change rows of a table."""
    place, outcome = change_rows(session.desk, message)
    return {**changed(session, place, outcome), "row": _row_of(session, place, outcome)}


def _row_of(session: Session, place: Place, outcome: Outcome) -> int | None:
    """Return where the row that was added, changed or moved stands, from 1."""
    did = outcome.did
    if not isinstance(did, Swap) or len(did.into) != 1:
        return None
    rows = session.desk.sight.whole_answers(place.annex).get(place.field.key) or []
    found = nearest(rows, *did.into[0])
    return None if found is None else found + 1


def changed(session: Session, place: Place, outcome: Outcome) -> Reply:
    """Return what a change came to, with every question that looks different by now."""
    if outcome.did is not None:
        session.done.append(outcome.did)
        session.undone.clear()
    session.catch_up()
    said = outcome.says or {}
    if outcome.lost is not None:
        said = {**said, "conflict": _lost(session, outcome.lost)}
    elif outcome.did is not None or not said:
        said = {**said, "saved": _saved(session, place)}
    return {**said, "item": _item(session, place), "items": differing(session)}


def _lost(session: Session, number: int) -> Reply:
    sight = session.desk.sight
    told = next((each for each in sight.proposals if each[0] == number), None)
    if told is None:
        return {"n": number}
    found = conflict(sight, *told)
    last = sight.changed(find(found["path"], session.desk.access)) or {}
    return {**found, "by": found["who"], "who": last.get("who", ""), "at": last.get("at", "")}


def _saved(session: Session, place: Place) -> Reply:
    last = session.desk.sight.changed(place)
    return {"at": last["at"] if last else datetime.now(UTC).isoformat(timespec="milliseconds")}


def _item(session: Session, place: Place) -> Reply:
    whole = Place(place.annex, place.section, place.field, place.path, grid=place.grid)
    return item_at(session.desk.sight, whole)


def differing(session: Session) -> list[Reply]:
    """Return the questions of the open section that look different from what was last sent."""
    if not session.open.anywhere:
        return []
    sight = session.desk.sight
    annex, section = section_at(sight, session.open.form, session.open.section)
    now = {each["path"]: each for each in items_of(sight, annex, section, session.open.department)}
    before, session.told.items = session.told.items, now
    return [each for path, each in now.items() if before.get(path) != each]


def head_if_new(session: Session) -> Reply | None:
    """Return what stands above the open section's questions, None if it is as was last sent."""
    if not session.open.anywhere:
        return None
    sight = session.desk.sight
    now = section_head(sight, *section_at(sight, session.open.form, session.open.section))
    before, session.told.head = session.told.head, now
    return None if now == before else now


def undo(session: Session, _message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Take back the last change of this sitting."""
    return _again(session, session.done, session.undone, "撤销")


def redo(session: Session, _message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Make the last change that was taken back once more."""
    return _again(session, session.undone, session.done, "重做")


def _again(session: Session, take: list[Did], put: list[Did], word: str) -> Reply:
    if not take:
        return {"problem": f"没有可以{word}的修改"}
    did = take[-1]
    back = did.back
    place = find(did.path, session.desk.access)
    edits.refuse(session.desk, place)
    with session.desk.writing(place) as writer:
        changes = back.changes(get(writer.data, did.path))
        if changes is not None:
            writer.apply(changes)
    take.pop()
    session.catch_up()
    if changes is None:
        return {"problem": f"“{did.label}”已被他人改动，不能{word}", "item": _item(session, place)}
    put.append(back)
    return {
        "words": f"{word}了“{did.label}”的修改",
        "saved": _saved(session, place),
        "form": place.annex.id,
        "section": place.section.id,
        "item": _item(session, place),
        "items": differing(session),
        "can_undo": len(session.done),
        "can_redo": len(session.undone),
    }


def history(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Tell who changed a question when."""
    session.catch_up()
    place = find(message.get("path"), session.desk.access)
    return {"path": place.path, "entries": past.history(session.desk.sight, place)}


def decide(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Decide between two values."""
    place, outcome = deciding.decide(session.desk, message.get("n"), message.get("choose"))
    return changed(session, place, outcome)


def search(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Find questions by their words."""
    return {"hits": overview.search(session.desk.sight, message.get("words"))}


def watch(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Say which news the page wants besides those of its section."""
    topics = message.get("topics")
    session.watched = frozenset(map(str, topics if isinstance(topics, list) else ()))
    session.told.forget()
    return {"watching": sorted(session.watched)}


def ping(_session: Session, _message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Answer that the kernel is there."""
    return {"pong": True}


VERBS: dict[str, Verb] = {
    "hello": hello,
    "open": open_section,
    "edit": edit,
    "row": row,
    "undo": undo,
    "redo": redo,
    "history": history,
    "decide": decide,
    "search": search,
    "watch": watch,
    "ping": ping,
    **advising.VERBS,
    **proposing.VERBS,
    **filing.VERBS,
    **publishing.VERBS,
}
