"""Values that did not get their way: who wanted what, until somebody decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dxkit.case.journal import Entry


@dataclass(frozen=True)
class Proposal:
    """A value that somebody wanted in a field in which another had put something meanwhile.

    `n` is the number of its journal entry, by which it is decided; `based_on` is what the field
    held when the change was begun.
    """

    n: int
    path: str
    value: Any
    based_on: Any
    who: str
    at: str


def open_proposals(entries: Iterable[Entry]) -> tuple[Proposal, ...]:
    """Return every proposal that nobody has decided, the oldest first."""
    waiting: dict[int, Proposal] = {}
    for entry in entries:
        for each in entry.proposals:
            waiting[entry.n] = Proposal(
                entry.n, each["path"], each["to"], each["from"], entry.who, entry.at
            )
        for number in entry.settles:
            waiting.pop(number, None)
    return tuple(waiting.values())
