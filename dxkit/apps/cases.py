"""Which enterprises a visitor may open, and what the first page tells of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dxkit import paths
from dxkit.apps.participants import Participant
from dxkit.case import Case, journal, list_folders, look_at
from dxkit.case.answers import NOTHING
from dxkit.case.stores import FILE
from dxkit.errors import DxkitError, os_problem
from dxkit.facts.answers import UNASKED
from dxkit.lifecycle import standing

DEMO = "demo-"


@dataclass(frozen=True)
class Told:
    """What the first page tells of one case."""

    id: str
    name: str
    place: str
    """Where the engagement stands, in words."""
    filled: int = 0
    asked: int = 0
    forms: tuple[str, ...] = ()
    """The forms that were begun."""
    changed: str = ""
    changed_by: str = ""
    problem: str = ""
    """Why the case cannot be read; nothing else is known then."""

    @property
    def invented(self) -> bool:
        """Tell whether this is a demonstration."""
        return self.id.startswith(DEMO)

    @property
    def share(self) -> int:
        """Return how much of the record is filled in, in whole percent, 100 only for all of it."""
        return self.filled * 100 // self.asked if self.asked else 0


Stamp = tuple[date, tuple[int, int], tuple[int, int]]


class Cases:
    """The cases of the workspace as they stand; read again only when they changed."""

    def __init__(self, only: str | None = None) -> None:
        self.only = only
        self._told: dict[Path, tuple[Stamp, Told]] = {}

    def open_to(self, visitor: Participant) -> dict[str, Path]:
        """Return the folders of the cases that a visitor may open, by id."""
        return {
            folder.name: folder
            for folder in list_folders(paths.parameters())
            if visitor.may_open(folder.name) and self.only in (None, folder.name)
        }

    def tell(self, folders: Iterable[Path]) -> list[Told]:
        """Return what there is to tell of cases, those changed last first."""
        return sorted(map(self._of, folders), key=lambda each: each.changed, reverse=True)

    def _of(self, folder: Path) -> Told:
        stamp = (date.today(), _stamp(folder / FILE), _stamp(folder / journal.NAME))
        known = self._told.get(folder)
        if known is None or known[0] != stamp:
            known = stamp, _read(folder)
            self._told[folder] = known
        return known[1]


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _read(folder: Path) -> Told:
    try:
        return _told(look_at(folder))
    except DxkitError as exc:
        return Told(folder.name, folder.name, "", problem=str(exc.problems[0]))
    except OSError as exc:
        return Told(folder.name, folder.name, "", problem=str(os_problem(exc)))


def _told(case: Case) -> Told:
    last = journal.last(case.folder)
    filled, asked = _record(case)
    return Told(
        case.id,
        case.name,
        standing(case, date.today()).place,
        filled,
        asked,
        tuple(annex.mark for annex in case.definitions.annexes.values() if case.annex(annex.id)),
        _moment(last.at) if last else "",
        last.who if last else "",
    )


def _record(case: Case) -> tuple[int, int]:
    """Return how many questions of the record have an answer, and how many there are."""
    asked = [key for key, each in case.definitions.questions.items() if each.type not in UNASKED]
    return sum(case.record.get(key, NOTHING).given for key in asked), len(asked)


def _moment(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
