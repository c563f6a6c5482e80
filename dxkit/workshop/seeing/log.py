"""What the journal tells of single places: who changed them last, and their whole history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dxkit.case.answers import PARTS
from dxkit.case.journal import Entry
from dxkit.case.paths_in_data import get
from dxkit.workshop.seeing.reported import Reported

JSON = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One change of an answer: the entry it stands in, which part or row, and from what to what."""

    entry: Entry
    inner: str
    before: Any
    after: Any


@dataclass
class Log:
    """The journal entries of a case by the place they changed; begun content counts for none."""

    by_path: dict[str, list[Entry]] = field(default_factory=dict)
    _reported: dict[str, Reported] = field(default_factory=dict)

    def take(self, entries: Iterable[Entry]) -> None:
        """Enter what was journalled since the last time."""
        for entry in entries:
            for path in dict.fromkeys(change["path"] for change in entry.changes):
                self.by_path.setdefault(place_of(path), []).append(entry)

    def last(self, path: str) -> JSON | None:
        """Return who changed an answer last, and when; None if it stands as it was begun."""
        entries = self.by_path.get(path)
        return {"who": entries[-1].who, "at": entries[-1].at} if entries else None

    def reported(self, table: str) -> Reported:
        """Return which rows of a table the enterprise wrote itself."""
        found = self._reported.setdefault(table, Reported())
        found.take(table, self.by_path.get(table, []))
        return found

    def steps(self, path: str) -> Iterator[Step]:
        """Yield every change of an answer, newest first."""
        entries = {entry.n: entry for each in _around(path) for entry in self.by_path.get(each, ())}
        for number in sorted(entries, reverse=True):
            for change in reversed(entries[number].changes):
                if (found := _of(path, change)) is not None:
                    yield Step(entries[number], *found)


def place_of(path: str) -> str:
    """Return the answer or table that a change is about: form, field and for a grid the row."""
    form, *steps = path.split(".")
    if steps[1:] and steps[-1] in PARTS:  # a form's own field may be called as a part is
        steps = steps[:-1]
    if steps[1:] and (steps[1].isdecimal() or steps[1] == "+"):
        steps = steps[:1]
    return ".".join([form, *steps])


def _around(path: str) -> list[str]:
    """Return a place and every larger one that it stands in."""
    steps = path.split(".")
    return [".".join(steps[:length]) for length in range(len(steps) + 1)]


def _of(path: str, change: Mapping[str, Any]) -> tuple[str, Any, Any] | None:
    """Return what a change did to an answer; None if nothing."""
    place, old, new = change["path"], change["from"], change["to"]
    if place_of(place) == path:
        return place[len(path) :].lstrip("."), old, new
    if place and not path.startswith(f"{place}."):
        return None
    inner = path[len(place) :].lstrip(".")
    before, after = get(old, inner), get(new, inner)
    return None if before == after else ("", before, after)


def clock(at: str) -> str:
    """Return a moment of the journal in local time, as people read it."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return at
