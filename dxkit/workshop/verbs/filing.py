"""The verbs about files: sending, taking from the inbox, and seeing what is registered."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dxkit.errors import CaseError
from dxkit.evidence.apart import is_secret
from dxkit.evidence.duplicates import thumbnail_of
from dxkit.evidence.kept import Item, items, table_at
from dxkit.evidence.rows import LEDGER, PHOTOS
from dxkit.evidence.secrecy import stays
from dxkit.models.annex import Field
from dxkit.workshop.files import uploads
from dxkit.workshop.files.proofs import take_in
from dxkit.workshop.seeing.receipts import is_shown, receipts
from dxkit.workshop.showing.items import asked, choices

if TYPE_CHECKING:
    from dxkit.workshop.session import Session

Message = Mapping[str, Any]
Reply = dict[str, Any]
_NO_PICTURE = "没有这张图"
_MOST_PICTURE = 2 * 2**20


def upload_begin(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Make room for a file, or find the one that was begun before the link was lost."""
    _refuse(session, "upload")
    who, case = session.desk.visitor.id, session.desk.case.id
    if message.get("resume"):
        upload = uploads.found(who, case, message["resume"])
    else:
        upload = uploads.begin(who, case, message.get("name"), message.get("size"))
    return {
        "upload": upload.id,
        "name": upload.name,
        "chunk": uploads.CHUNK,
        "received": upload.received,
        "next": upload.received // uploads.CHUNK,
    }


def upload_chunk(session: Session, message: Message, buffers: Sequence[bytes]) -> Reply:
    """Add a piece."""
    _refuse(session, "upload")
    upload = _found(session, message)
    content = b"".join(buffers)
    return {"received": uploads.receive(upload, message.get("n"), content), "size": upload.size}


def upload_end(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Take a whole file in as what it proves; whether that goes or not, it is not kept twice."""
    _refuse(session, "upload")
    upload = _found(session, message)
    whole = uploads.finished(upload, message.get("sha256"))
    try:
        evidence = take_in(session.desk, whole, message)
    finally:
        uploads.drop(upload)
    return _taken(session, evidence)


def upload_cancel(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Throw away what has arrived."""
    _refuse(session, "upload")
    uploads.drop(_found(session, message))
    return {"cancelled": True}


def inbox(session: Session, _message: Message, _buffers: Sequence[bytes]) -> Reply:
    """List what was dropped for this case without a browser."""
    _refuse(session, "collect")
    assert session.inbox is not None
    return {"folder": f"inbox/{session.desk.case.id}", "files": session.inbox.listed()}


def collect(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Take in a file that was dropped, and move it to where the done ones lie."""
    _refuse(session, "collect")
    assert session.inbox is not None
    file = session.inbox.ready(message.get("name"))
    evidence = take_in(session.desk, file, message)
    if not session.inbox.done(file, evidence["sha256"]):
        evidence["notes"].append("登记之后投递文件夹中的这个文件又变了，没有移走，请核对")
    return {**_taken(session, evidence), "files": session.inbox.listed()}


def evidence(session: Session, _message: Message, _buffers: Sequence[bytes]) -> Reply:
    """List the registered files that the role may see, and what is to be told of a new one.

    What the person sent and may not see is told by its number only.
    """
    session.catch_up()
    desk = session.desk
    told: Reply = {
        "evidence": [_view(session, each) for each in _seen(session)],
        "receipts": receipts(desk.case, desk.access, desk.log, desk.visitor.name),
    }
    if desk.access.may("upload"):
        sight = desk.sight
        ledger = _columns(session, LEDGER)
        photo = [each for each in _columns(session, PHOTOS).values() if _is_told(each)]
        told |= {
            "categories": choices(sight, ledger["category"]),
            "ledger": [asked(sight, ledger["secrecy"])],
            "photo": [asked(sight, each) for each in photo],
        }
    return told


def thumbnail(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Return the small copy of a picture, if the role may see it."""
    session.catch_up()
    number = message.get("number")
    item = next((each for each in _seen(session) if each.number == number), None)
    path = _small(session, item) if item is not None and _may_leave(session, item) else None
    if path is None:
        raise CaseError(_NO_PICTURE)
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return {"number": number, "data": f"data:image/jpeg;base64,{content}"}


def _refuse(session: Session, right: Any) -> None:
    if not session.desk.access.may(right):
        raise CaseError("您的角色不能登记文件")


def _found(session: Session, message: Message) -> uploads.Upload:
    desk = session.desk
    return uploads.found(desk.visitor.id, desk.case.id, message.get("upload"))


def _taken(session: Session, taken: Reply) -> Reply:
    from dxkit.workshop.verbs.answering import differing  # noqa: PLC0415 - which has these verbs

    entries = session.catch_up()
    at = entries[-1].at if entries else None
    return {"saved": {"at": at}, "evidence": taken, "items": differing(session)}


def _columns(session: Session, table: str) -> dict[str, Field]:
    return {each.key: each for each in table_at(session.desk.definitions, table).columns}


def _is_told(column: Field) -> bool:
    """Tell whether a column of the photo log is for people to tell, neither camera nor program."""
    known = column.registered or column.key in ("taken_at", "photographer")
    return column.required == "yes" and not known


def _seen(session: Session) -> Iterator[Item]:
    return (item for item in items(session.desk.case) if is_shown(session.desk.access, item))


def _view(session: Session, item: Item) -> Reply:
    row = session.desk.access.seen_row(item.table, item.row)
    columns = {column.key: column for column in item.table.columns}

    def words(key: str) -> str:
        return columns[key].label_of(row[key]) if row.get(key) is not None else ""

    return {
        "number": item.number,
        "name": str(row.get("title") or row.get("caption") or row.get("subject") or ""),
        "file": Path(item.file).name if item.file else "",
        "photo": "photo_no" in columns,
        "secrecy": words("secrecy"),
        "outcome": words("outcome") if "outcome" in columns else "",
        "indicators": list(row.get("indicators") or []),
        "path": item.path,
        "picture": _small(session, item) is not None and _may_leave(session, item),
    }


def _may_leave(session: Session, item: Item) -> bool:
    """Tell whether a role may see the bytes behind a row, whatever other rows say of them."""
    case, rows = session.desk.case, session.desk.access.role.rows
    if rows == "all":
        return True
    if rows == "may_leave":
        return stays(case, item) is None
    same = (each for each in items(case) if _is_same(each, item))
    return not any(is_secret(each.row) for each in same)


def _is_same(one: Item, other: Item) -> bool:
    return one.file == other.file or (one.sha256 is not None and one.sha256 == other.sha256)


def _small(session: Session, item: Item) -> Path | None:
    place = thumbnail_of(item)
    path = session.desk.folder / place if place else None
    if path is None or path.is_symlink() or not path.is_file():
        return None
    return path if path.stat().st_size <= _MOST_PICTURE else None


VERBS: dict[str, Callable[[Session, Message, Sequence[bytes]], Reply]] = {
    "upload_begin": upload_begin,
    "upload_chunk": upload_chunk,
    "upload_end": upload_end,
    "upload_cancel": upload_cancel,
    "inbox": inbox,
    "collect": collect,
    "evidence": evidence,
    "thumbnail": thumbnail,
}
