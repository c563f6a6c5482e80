"""One person before one case: what is followed, what is seen of it, and the way to write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dxkit.case import Case, Follower, Proposal, Writer, writing
from dxkit.case.journal import Entry
from dxkit.definitions import Definitions, load
from dxkit.errors import CaseError, Problem
from dxkit.workshop.seeing.access import Access
from dxkit.workshop.seeing.log import Log
from dxkit.workshop.seeing.places import Place, look
from dxkit.workshop.seeing.sight import Sight
from dxkit.workshop.seeing.visitors import Visitor
from dxkit.workshop.turns import in_line


class Desk:
    """Keeps up with a case for one visitor; every change goes through `writing`."""

    def __init__(
        self, folder: Path | str, visitor: Visitor, definitions: Definitions | None = None
    ) -> None:
        self.definitions = definitions or load()
        self.visitor = visitor
        self.access = Access(visitor.role, self.definitions)
        if not visitor.may_open(Path(folder).name):
            raise CaseError(Problem(Path(folder).name, "", "没有这个企业", "邀请您参加的企业"))
        self.follower = Follower(folder, self.definitions)
        self.log = Log()
        self.log.take(self.follower.entries)
        self._sight: tuple[Case, int, Sight] | None = None

    @property
    def case(self) -> Case:
        """Return the whole case as last seen."""
        return self.follower.case

    @property
    def folder(self) -> Path:
        """Return the folder of the case."""
        return self.case.folder

    def catch_up(self) -> Sequence[Entry]:
        """Take in what was journalled since the last time and return it."""
        entries = self.follower.news()
        self.log.take(entries)
        return entries

    @property
    def sight(self) -> Sight:
        """Return what the visitor sees of the case as last seen, worked out once for a state."""
        waiting = self.follower.proposals
        known = self._sight
        if known is None or known[0] is not self.case or known[1] != hash_of(waiting):
            numbered = [
                (number, each) for each in waiting if (number := self.number_of(each)) is not None
            ]
            sight = Sight(self.case, self.access, self.log, numbered)
            self._sight = known = (self.case, hash_of(waiting), sight)
        return known[2]

    def number_of(self, proposal: Proposal) -> int | None:
        """Return the number a page calls a proposal by, None if the role may not see it.

        Those of the restricted store are counted by its own journal, so theirs are negative.
        """
        place = look(proposal.path, self.access)
        if place is None:
            return None
        return -proposal.n if place.annex.restricted else proposal.n

    @contextmanager
    def writing(self, place: Place) -> Iterator[Writer]:
        """Hold the lock of the store in which a place is written.

        What is known of it is not read again if nobody changed it since.
        """
        store = place.store(self.folder, self.access)
        seen = self.case.restricted if place.annex.restricted else self.case
        line = hashlib.sha256(str(store).encode("utf-8")).hexdigest()[:16]
        who, side = self.visitor.name, self.visitor.side
        with in_line(line), writing(store, who, self.definitions, seen, side) as writer:
            yield writer


def hash_of(proposals: Sequence[Proposal]) -> int:
    """Return what tells one list of waiting values from the next."""
    return hash(tuple((each.n, each.path) for each in proposals))
