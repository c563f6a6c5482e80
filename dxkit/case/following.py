"""A case as it changes under many hands: what is new in its journal, read without the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dxkit.case import journal
from dxkit.case.contested import Proposal, open_proposals
from dxkit.case.folder import Case, open_case
from dxkit.case.journal import Entry
from dxkit.case.storage import digest_of
from dxkit.case.stores import FILE, RESTRICTED, is_begun, is_restricted
from dxkit.definitions import Definitions

_Mark = tuple[int, int, int] | None


class Follower:
    """Keeps up with one case; what nobody changed costs two looks at the folder.

    `entries` are all entries of the journal so far, `case` the content after the last of them.
    """

    def __init__(self, folder: Path | str, definitions: Definitions) -> None:
        self._definitions = definitions
        self._open(open_case(folder, definitions))

    def _open(self, case: Case) -> None:
        self._folder = case.folder
        self._file = _mark(case.folder / FILE)
        content = _bytes_of(case.folder / journal.NAME)
        self.entries = journal.after(content)
        self._end = content.rfind(b"\n") + 1
        self.case = case
        if self.entries and self.entries[-1].file != case.digest:
            held = journal.replay(self.entries)
            self.case = replace(case, data=held, digest=self.entries[-1].file)
        self._store: Follower | None = None
        self._lend_store()

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """Return every value that waits for a decision, of the annexes kept apart too."""
        apart = self._store.proposals if self._store is not None else ()
        return (*open_proposals(self.entries), *apart)

    def news(self) -> Sequence[Entry]:
        """Return the entries written since the last call; `case` holds what they lead to.

        An edit by hand is journalled when it is seen.

        Raises:
            CaseError: with every problem of what was edited by hand.
        """
        fresh = [*self._read_on(), *self._edited_by_hand()]
        apart = self._of_store()
        if fresh or apart:
            self._lend_store()
        return [*fresh, *apart]

    def _read_on(self) -> list[Entry]:
        path = self._folder / journal.NAME
        size = path.stat().st_size if path.is_file() else 0
        if size == self._end:
            return []
        if size < self._end:
            return self._start_again()
        with path.open("rb") as stream:
            stream.seek(self._end)
            content = stream.read()
        fresh = journal.after(content)
        if not self._continues(fresh):
            return self._start_again()
        self._end += content.rfind(b"\n") + 1
        data = self.case.data
        for entry in fresh:
            data = journal.content_after(entry, data)
        if fresh:
            self.entries += fresh
            self.case = replace(self.case, data=data, digest=fresh[-1].file)
        return fresh

    def _continues(self, fresh: Sequence[Entry]) -> bool:
        """Tell whether entries follow on those known, link by link."""
        before = self.entries[-1].hash if self.entries else ""
        for entry in fresh:
            if entry.prev != before:
                return False
            before = entry.hash
        return True

    def _start_again(self) -> list[Entry]:
        """Read all of a journal that was put in the place of the one known."""
        known = {entry.hash for entry in self.entries}
        self._open(open_case(self._folder, self._definitions))
        return [entry for entry in self.entries if entry.hash not in known]

    def _edited_by_hand(self) -> list[Entry]:
        mark = _mark(self._folder / FILE)
        if mark == self._file:
            return []
        if digest_of(self._folder) != self.case.digest:
            open_case(self._folder, self._definitions)
            return self._read_on()
        self._file = mark
        return []

    def _of_store(self) -> list[Entry]:
        """Return what is new in the annexes kept apart; all of it when they are begun."""
        if self._store is not None:
            return [*self._store.news()]
        self._lend_store()
        return [*self._store.entries] if self._store is not None else []

    def _lend_store(self) -> None:
        """Give the case what is kept apart without reading it again."""
        store = self._folder / RESTRICTED
        if self._store is None and not is_restricted(self._folder) and is_begun(store):
            self._store = Follower(store, self._definitions)
        if self._store is not None:
            self.case = self.case.beside(self._store.case)


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _mark(path: Path) -> _Mark:
    """Return what tells one state of a file from the next without reading it."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns
