"""The append-only record of who changed what: one JSON line per entry, chained by hash."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from dxkit.case.paths_in_data import put
from dxkit.errors import Problem

NAME = "journal.jsonl"
What = Literal["create", "adopt", "set", "hand_edit", "proposed"]
_OPTIONAL = ("files", "proposals", "settles", "side")


@dataclass(frozen=True)
class Entry:
    """One acknowledged change: by whom, when, what, and the hash of the case file after it.

    `files` are those that came into the case folder with it, each with `path` and `sha256`.
    `proposals` are values that somebody wanted and that do not count, each with `path`, `from` and
    `to`; `settles` are the numbers of earlier entries whose proposals were decided by this one.
    `side` says for whom somebody wrote who is not of the working group.
    """

    n: int
    at: str
    who: str
    what: What
    changes: list[dict[str, Any]]
    file: str
    prev: str
    hash: str = ""
    files: list[dict[str, str]] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    settles: list[int] = field(default_factory=list)
    side: str = ""

    def sealed(self) -> Entry:
        """Return the entry with its own hash, which covers everything and the hash before it."""
        return Entry(**{**vars(self), "hash": _digest(self.told)})

    @property
    def told(self) -> dict[str, Any]:
        """Return what the entry's line says; what is rare is not mentioned where there is none."""
        return {key: value for key, value in vars(self).items() if key not in _OPTIONAL or value}

    @property
    def whole(self) -> bool:
        """Tell whether nothing in the entry was altered."""
        return self.hash == _digest(self.told)


def read(folder: Path) -> list[Entry]:
    """Return all complete entries; a torn last line, left by a crash, is ignored."""
    path = folder / NAME
    if not path.is_file():
        return []
    return [entry for line in _lines(path) if (entry := _parse(line)) is not None]


def last(folder: Path) -> Entry | None:
    """Return the last entry that can be read, without parsing those before it."""
    path = folder / NAME
    if not path.is_file():
        return None
    return next((entry for line in reversed([*_lines(path)]) if (entry := _parse(line))), None)


def adopted(folder: Path) -> Entry | None:
    """Return the first entry if the journal began when the case held something already."""
    entries = read(folder)
    return entries[0] if entries and entries[0].what == "adopt" else None


def append(
    folder: Path,
    who: str,
    what: What,
    changes: list[dict[str, Any]],
    file: str,
    **more: Any,
) -> Entry:
    """Add one entry and return it once it is on the disk; the caller holds the lock.

    `more` may be `files`, `proposals`, `settles` and `side` of the entry.
    """
    path = folder / NAME
    before = last(folder)
    entry = Entry(
        n=before.n + 1 if before else 1,
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        who=who,
        what=what,
        changes=changes,
        file=file,
        prev=before.hash if before else "",
        **more,
    ).sealed()
    line = json.dumps(entry.told, ensure_ascii=False, separators=(",", ":")) + "\n"
    with path.open("ab") as stream:
        _drop_torn_end(path, stream.fileno())
        stream.write(line.encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())
    return entry


def replay(entries: list[Entry]) -> dict[str, Any]:
    """Rebuild the content of a case from its entries alone."""
    data: dict[str, Any] = {}
    for entry in entries:
        data = content_after(entry, data)
    return data


def content_after(entry: Entry, data: Any, keep: Callable[[str], bool] = lambda _: True) -> Any:
    """Return what an entry made of some content; `keep` may leave out paths that do not matter.

    A change that leads nowhere was never written by this program: it is passed over here, and told
    by `verify`, which finds the altered line.
    """
    for change in entry.changes:
        if keep(change["path"]):
            with suppress(LookupError):
                data = put(data, change["path"], change["to"])
    return data


def verify(folder: Path) -> Iterator[Problem]:
    """Yield every place where the chain is broken: an entry altered, removed or put in between."""
    prev = ""
    path = folder / NAME
    lines = list(_lines(path)) if path.is_file() else []
    for number, line in enumerate(lines, start=1):
        entry = _parse(line)
        if entry is None:
            yield Problem(
                str(path), f"第 {number} 行", "不是一条完整的记录", "逐条追加、未经改动的记录"
            )
            continue
        if not entry.whole or entry.prev != prev or entry.n != number:
            yield Problem(str(path), f"第 {number} 行", "与前后记录的校验值不符", "未经改动的记录")
        prev = entry.hash


def _digest(entry: dict[str, Any]) -> str:
    body = {key: value for key, value in entry.items() if key != "hash"}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def after(content: bytes) -> list[Entry]:
    """Return the complete entries in some bytes of a journal that begin with a line."""
    return [each for line in content.split(b"\n")[:-1] if (each := _parse(line)) is not None]


def _lines(path: Path) -> Iterator[bytes]:
    """Yield complete lines; what follows the last line end was never acknowledged."""
    yield from path.read_bytes().split(b"\n")[:-1]


def _parse(line: bytes) -> Entry | None:
    try:
        entry = Entry(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    words = (entry.at, entry.who, entry.what, entry.file, entry.prev, entry.hash)
    shaped = isinstance(entry.n, int) and all(isinstance(each, str) for each in words)
    whole = shaped and _names_changes(entry.changes) and _names_files(entry.files)
    decided = whole and _names_changes(entry.proposals) and _numbers(entry.settles)
    return entry if decided else None


def _numbers(settles: Any) -> bool:
    return isinstance(settles, list) and all(isinstance(each, int) for each in settles)


def _names_changes(changes: Any) -> bool:
    return isinstance(changes, list) and all(
        isinstance(each, dict)
        and {"path", "from", "to"} <= set(each)
        and isinstance(each["path"], str)
        for each in changes
    )


def _names_files(files: Any) -> bool:
    return isinstance(files, list) and all(
        isinstance(each, dict)
        and isinstance(each.get("path"), str)
        and isinstance(each.get("sha256"), str)
        for each in files
    )


def _drop_torn_end(path: Path, descriptor: int) -> None:
    """Cut off a half-written line, so that the next entry starts on a line of its own."""
    content = path.read_bytes()
    end = content.rfind(b"\n") + 1
    if end < len(content):
        os.ftruncate(descriptor, end)
