"""The only writer of a case: whole changes, from what was seen, acknowledged in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxkit.case import incoming, journal
from dxkit.case.changes import ANYTHING, Change, Changed, made
from dxkit.case.course import refuse_closed
from dxkit.case.folder import Case, locate
from dxkit.case.incoming import NewFile
from dxkit.case.storage import (
    PART,
    Content,
    all_of,
    digest_of,
    fit_text,
    leave_no_empty,
    locked,
    settle,
    sha256,
    write_part,
)
from dxkit.case.stores import FILE, belongs_to_case, is_begun
from dxkit.case.validation import FORMAT
from dxkit.definitions import Definitions, load
from dxkit.errors import CaseError, DxkitError, Problem


@contextmanager
def writing(
    folder: Path | str,
    who: str,
    definitions: Definitions | None = None,
    seen: Case | None = None,
    side: str = "",
) -> Iterator[Writer]:
    """Hold the case's lock and give its only writer.

    The folder may be the restricted store of a case; its first change begins it. `seen` is the
    content as it was last read: it is not read again if nobody has changed it since. `side` is for
    whom somebody writes who is not of the working group.

    Raises:
        CaseError: if there is no such case, or nobody is named for the journal.
    """
    if not who.strip():
        raise CaseError(Problem(str(folder), "办理人", "没有写明", "办理人的姓名"))
    definitions = definitions or load()
    folder = _place(Path(folder))
    with locked(folder):
        known = Content(dict(seen.data), seen.digest) if seen is not None else None
        writer = Writer(folder, settle(folder, definitions, known), definitions, who, side)
        try:
            yield writer
        finally:
            writer.open = False
            leave_no_empty(folder)


def _place(folder: Path) -> Path:
    """Find a case by id or path; a restricted store need not be there yet."""
    if belongs_to_case(folder) and not is_begun(folder):
        folder.mkdir(exist_ok=True)
        return folder.resolve()
    return locate(str(folder))


@dataclass
class Writer:
    """Changes a case; every change is in the journal before the call returns."""

    folder: Path
    content: Content
    definitions: Definitions
    who: str
    side: str = ""
    open: bool = True

    @property
    def data(self) -> Mapping[str, Any]:
        """Return the content as it now stands."""
        return self.content.data

    def set(self, path: str, value: Any, based_on: Any = ANYTHING) -> Case:
        """Put a value at a path such as `annex_6.equipment`; None clears the field.

        A part of an answer, such as `annex_6.equipment.verified`, may be set on a bare value,
        which is then an on-site value.

        Args:
            path: annex, field and, for grids and tables, row.
            value: what the field shall hold.
            based_on: the value the change was made from; if another stands there, it is refused.

        Raises:
            ConflictError: if the field changed meanwhile; the problem names both values.
            CaseError: if the case would no longer fit its forms; nothing is written.
        """
        return self.apply([Change(path, value, based_on)])

    def apply(
        self,
        changes: Sequence[Change],
        files: Sequence[NewFile] = (),
        settles: Sequence[int] = (),
    ) -> Case:
        """Make changes one after the other and bring files in: one journal entry, all or nothing.

        `settles` are the numbers of proposals that are decided by it, taken or not.

        Raises:
            ConflictError: with every field that changed meanwhile.
            CaseError: if the case would no longer fit its forms, a path leads nowhere, or a file
                would overwrite another; nothing is written.
            LockedError: if the course of the case has closed what would be changed.
        """
        if not self.open:
            raise RuntimeError("the lock was given back when the `with` block ended")
        self._take_in_what_happened()
        changed = made(self.data, changes, self.definitions, self.folder.name)
        if changed.steps or files or settles:
            paths = [step["path"] for step in changed.steps]
            refuse_closed(self.folder, self.data, paths, self.definitions)
            self._write(changed, files, settles)
        return Case(self.folder, self.data, self.definitions, self.content.digest)

    def propose(self, change: Change) -> int:
        """Journal a value that did not get its way, and return the number it is known by.

        Nothing changes until somebody decides: `apply` with that number among `settles`.

        Raises:
            CaseError: if the case would not fit its forms with it, or the path leads nowhere.
            LockedError: if the course of the case has closed its form.
        """
        if not self.open:
            raise RuntimeError("the lock was given back when the `with` block ended")
        self._take_in_what_happened()
        wanted = Change(change.path, change.value)
        changed = made(self.data, [wanted], self.definitions, self.folder.name)
        refuse_closed(self.folder, self.data, [change.path], self.definitions)
        self._refuse_unfit(changed)
        base = None if change.based_on is ANYTHING else change.based_on
        proposal = {"path": change.path, "from": base, "to": change.value}
        digest = self.content.digest
        more = {"proposals": [proposal], "side": self.side}
        return journal.append(self.folder, self.who, "proposed", [], digest, **more).n

    def _take_in_what_happened(self) -> None:
        """Read again after an edit by hand, or a change of ours that could not be finished."""
        unfinished = any((self.folder / name).exists() for name in (PART, incoming.FOLDER))
        if unfinished or (self._begun and digest_of(self.folder) != self.content.digest):
            self.content = settle(self.folder, self.definitions)

    @property
    def _begun(self) -> bool:
        return self.content.digest != ""

    def _refuse_unfit(self, changed: Changed) -> str:
        """Return the text of the content if it fits its forms when read again."""
        data = self._headed(changed.data)
        return fit_text(data, self.folder, self.definitions, self.data)

    def _write(self, changed: Changed, files: Sequence[NewFile], settles: Sequence[int]) -> None:
        text = self._refuse_unfit(changed)
        incoming.refuse_places(self.folder, files)
        try:
            self.content = self._acknowledged(changed, text, files, settles)
        except BaseException:
            with suppress(OSError, DxkitError):
                self.content = settle(self.folder, self.definitions)
            raise

    def _acknowledged(
        self, changed: Changed, text: str, files: Sequence[NewFile], settles: Sequence[int]
    ) -> Content:
        """Lay everything ready, say so in the journal, then only rename."""
        new = incoming.set_aside(self.folder, files)
        half = write_part(self.folder, text)
        digest, data = sha256(half.read_bytes()), self._headed(changed.data)
        what: journal.What = "set" if self._begun else "create"
        steps = changed.steps if self._begun else all_of(data)
        more = {"files": [*new], "settles": [*settles], "side": self.side}
        journal.append(self.folder, self.who, what, steps, digest, **more)
        incoming.bring_in(self.folder, new)
        half.replace(self.folder / FILE)
        incoming.clear(self.folder)
        return Content(data, digest)

    def _headed(self, data: dict[str, Any]) -> dict[str, Any]:
        """Give a store that is only now begun its first lines."""
        head = {"format": FORMAT, "edition": self.definitions.edition}
        return data if self._begun else {**head, **data}
