"""How every case of a folder of results stands, and what was ever made there: one line an event.

A line is written whole or, if the program is killed over it, ignored; nothing is ever rewritten in
place. So a batch that was ended anywhere is taken up from what the ledger says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from dxkit.batch.events import events_in
from dxkit.batch.task import Failure, Inputs

Course = Literal["queued", "started", "made", "ok"]
State = Course | Failure
STATES = {*get_args(Course), *get_args(Failure)}
WORDY = 6
"""Lines a case may take on average before the ledger is written anew without the older ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the life of a case's results; lean, for thousands are kept.

    `files` are the hashes of what was made, by name; `ground` is what all cases shared.
    """

    case: str
    state: State
    at: str
    name: str = ""
    seconds: float = 0.0
    inputs: Mapping[str, str] = field(default_factory=dict)
    ground: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def held(self) -> Inputs:
        """Return what the case held when its results were made."""
        return Inputs(self.inputs.get("digest", ""), self.inputs.get("stamp", ""))


class Ledger:
    """The ledger of one folder of results, which its batch has claimed for itself."""

    def __init__(self, out: Path) -> None:
        self._events = events_in(out)
        self._last: dict[str, Entry] = {}
        self._ok: dict[str, Entry] = {}
        self._own: dict[str, tuple[str, ...]] = {}
        lines = 0
        for entry in _read(self._events.read()):
            lines += 1
            self._take(entry)
        if lines > WORDY * len(self._last) + 100:
            self._tidy()

    def last(self, case: str) -> Entry | None:
        """Return the last event of a case."""
        return self._last.get(case)

    def entries(self) -> list[Entry]:
        """Return the last event of every case."""
        return list(self._last.values())

    def own(self, case: str) -> frozenset[str]:
        """Return the hashes of the files that batches made for a case."""
        return frozenset(self._own.get(case, ()))

    def write(self, case: str, state: State, **told: Any) -> None:
        """Add an event; in a folder it is on its way to the disk when this returns.

        Raises:
            OSError: if there is no room or no permission.
        """
        self.write_all([case], state, **told)

    def write_all(self, cases: Iterable[str], state: State, **told: Any) -> None:
        """Add the same event for many cases."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        entries = [Entry(case, state, at, **told) for case in cases]
        self._events.add(map(_line, entries))
        for entry in entries:
            self._take(entry)

    def close(self) -> None:
        """See to it that every event is where it belongs."""
        self._events.close()

    def _take(self, entry: Entry) -> None:
        self._last[entry.case] = entry
        if entry.state == "ok":
            self._ok[entry.case] = entry
        before = self._own.get(entry.case, ())
        self._own[entry.case] = (*dict.fromkeys((*before, *entry.files.values())),)

    def _tidy(self) -> None:
        """Write the ledger anew: of each case the last success and the last event."""
        kept = [each for each in self._ok.values() if each != self._last[each.case]]
        self._events.rewrite(map(_line, [*kept, *self._last.values()]))


def _line(entry: Entry) -> bytes:
    told = {key: value for key, value in asdict(entry).items() if value}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _read(lines: Iterable[bytes]) -> Iterator[Entry]:
    """Yield the events that can be read: a torn or strange line is one that never happened."""
    for line in lines:
        try:
            told = json.loads(line)
            entry = Entry(**{**told, **_tuples(told)})
        except (ValueError, TypeError):
            continue
        if _is_sound(entry):
            yield entry


def _tuples(told: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(map(str, told.get(key, ()))) for key in ("problems", "lines", "doubts")}


def _is_sound(entry: Entry) -> bool:
    """Tell whether an event says what a batch of this edition would say."""
    texts = (entry.case, entry.at, entry.name)
    maps = (entry.inputs, entry.ground, entry.files)
    return (
        entry.state in STATES
        and all(isinstance(each, str) for each in texts)
        and isinstance(entry.seconds, float | int)
        and all(isinstance(each, dict) for each in maps)
        and all(isinstance(value, str) for each in maps for value in each.values())
    )
