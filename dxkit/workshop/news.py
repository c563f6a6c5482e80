"""What a page is told without asking: other people's changes, counts, conflicts, who is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dxkit.case.journal import Entry
from dxkit.workshop.showing import overview
from dxkit.workshop.verbs import advising, answering

if TYPE_CHECKING:
    from dxkit.workshop.session import Session

Reply = dict[str, Any]
RESULTS = "results"


@dataclass
class Told:
    """What the page knows already, so that only what differs is told."""

    items: dict[str, Reply] = field(default_factory=dict)
    head: Reply = field(default_factory=dict)
    progress: list[Reply] | None = None
    conflicts: list[Reply] | None = None
    results: Reply | None = None
    stale: bool = True
    """Whether the case changed since the page was told of anything but its section."""
    trouble: bool = False

    def forget(self) -> None:
        """Tell everything anew."""
        self.progress = self.conflicts = self.results = None
        self.stale = True


def of_case(session: Session) -> list[Reply]:
    """Return what is new in the case, in the order in which a page takes it in."""
    entries = session.catch_up()
    session.told.trouble = False
    told: list[Reply] = []
    if session.told.stale:
        session.told.stale = False
        if items := answering.differing(session):
            told.append({"tell": "items", "items": items, **_by(session, entries)})
        if (head := answering.head_if_new(session)) is not None:
            told.append({"tell": "section", **head})
        told += _counts(session)
    return told


def beside(session: Session) -> list[Reply]:
    """Return what is new beside the case: who is there, how exports go, what was dropped."""
    told: list[Reply] = [{"tell": "job", **job} for job in session.jobs.news()]
    people = session.presence.news()
    if people is not None:
        told.append({"tell": "presence", "people": people})
    files = session.inbox.news() if session.inbox is not None else None
    if files is not None:
        told.append({"tell": "inbox", "files": files})
    return told


def _by(session: Session, entries: Sequence[Entry]) -> Reply:
    """Return who made the last of some changes, if possible somebody else."""
    known = entries or session.desk.follower.entries
    others = [each for each in known if each.who != session.desk.visitor.name]
    last = (others or known)[-1]
    return {"by": last.who, "at": last.at}


def _counts(session: Session) -> Iterator[Reply]:
    sight = session.desk.sight
    progress, conflicts = overview.progress(sight), overview.all_waiting(sight)
    known = session.told.progress or []
    if differing := [each for each in progress if each not in known]:
        session.told.progress = progress
        yield {"tell": "progress", "forms": differing}
    if conflicts != session.told.conflicts:
        session.told.conflicts = conflicts
        yield {"tell": "conflicts", "open": conflicts}
    if RESULTS in session.watched:
        advising.refuse_view(session, "diagnosis")
        results = advising.VERBS[RESULTS](session, {}, ())
        if results != session.told.results:
            session.told.results = results
            yield {"tell": "results", **results}
