"""How all cases of a folder stand, by league and state; a broken case is listed, never fatal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dxkit.case import list_folders, open_case
from dxkit.definitions import Definitions, load
from dxkit.errors import DxkitError
from dxkit.lifecycle.standing import Standing, standing

NOWHERE = "未填盟市"
NO_GROUP = "未填工作组"
UNREAD = "读不出"


@dataclass(frozen=True)
class CaseRow:
    """One case in the table of all: where it stands, or why that cannot be said."""

    id: str
    name: str = ""
    league_code: str = ""
    league: str = NOWHERE
    group: str = NO_GROUP
    place: str = ""
    order: int = 0
    next_step: str = ""
    blockers: int = 0
    overdue: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Why the annexes that are kept apart cannot be read."""


@dataclass(frozen=True)
class Progress:
    """What a progress report tells of one group in one league."""

    league: str
    group: str
    total: int
    states: dict[str, int] = field(default_factory=dict)
    overdue: int = 0
    blocked: int = 0


def survey(parent: Path, today: date, definitions: Definitions | None = None) -> list[CaseRow]:
    """Return a row for every case of a folder, by league, state and id."""
    rows = [
        row_of(found) if isinstance(found, Standing) else found
        for found in look(parent, today, definitions or load())
    ]
    return sorted(rows, key=lambda row: (not row.league_code, row.league_code, row.order, row.id))


def look(parent: Path, today: date, definitions: Definitions) -> Iterator[Standing | CaseRow]:
    """Yield where every case of a folder stands, and a row with the reason for one unreadable."""
    for folder in list_folders(parent):
        try:
            yield standing(open_case(folder, definitions), today)
        except (DxkitError, OSError) as exc:
            yield CaseRow(
                folder.name, place=UNREAD, order=-1, problems=tuple(str(exc).splitlines())
            )


def row_of(stands: Standing) -> CaseRow:
    """Return the row of a case in the table of all."""
    case, following = stands.case, stands.next
    belongs = case.definitions.lifecycle.belongs_to
    league, group = (_answer(stands, path) for path in (belongs.league, belongs.group))
    return CaseRow(
        case.id,
        case.name,
        league,
        case.definitions.region_name(league) if league else NOWHERE,
        group or NO_GROUP,
        stands.place,
        list(case.definitions.states).index(stands.state.id) + 1 if stands.state else 0,
        following.transition.title if following else "",
        len(following.missing) if following else 0,
        tuple(due.words for due in stands.overdue),
        notes=tuple(map(str, case.restricted_problems)),
    )


def _answer(stands: Standing, path: str) -> str:
    annex, _, key = path.partition(".")
    return str(stands.case.annex(annex).get(key) or "").strip()


def progress(rows: Iterable[CaseRow]) -> list[Progress]:
    """Return the figures of a progress report for every group of every league."""
    return [_progress(members) for members in _grouped(rows)]


def _grouped(rows: Iterable[CaseRow]) -> Iterator[Sequence[CaseRow]]:
    groups: dict[tuple[str, str], list[CaseRow]] = {}
    for row in rows:
        if not row.problems:
            groups.setdefault((row.league, row.group), []).append(row)
    yield from groups.values()


def _progress(members: Sequence[CaseRow]) -> Progress:
    return Progress(
        members[0].league,
        members[0].group,
        len(members),
        dict(Counter(row.place for row in members)),
        sum(bool(row.overdue) for row in members),
        sum(bool(row.blockers) for row in members),
    )
