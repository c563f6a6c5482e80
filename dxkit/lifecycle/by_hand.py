"""What somebody wrote into a case by hand after the course had fixed something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxkit.case import Case, journal
from dxkit.case.course import closed_forms
from dxkit.case.stores import RESTRICTED
from dxkit.definitions import Definitions
from dxkit.errors import Problem
from dxkit.lifecycle.history import rows_of
from dxkit.models.lifecycle import Transition


@dataclass(frozen=True)
class HandEdit:
    """An entry of a journal that took in an edit by hand, and what had been fixed before."""

    n: int
    at: str
    after: str
    """The title of the last step before it that froze, issued or closed something."""
    paths: tuple[str, ...]
    closed: tuple[str, ...]
    """The forms among them that the course had closed; none of them should have been changed."""
    apart: bool = False
    """Whether it stands in the journal of the annexes that are kept apart."""

    def as_problem(self, case: Case) -> Problem:
        """Return it as it is told: where, what, and after what."""
        known = case.definitions.annexes
        forms = dict.fromkeys(path.partition(".")[0] for path in self.paths)
        marks = "、".join(known[each].mark if each in known else each for each in forms)
        found = f"“{self.after}”之后手工修改了{marks}"
        closed = "、".join(known[each].mark for each in self.closed)
        expected = f"{closed}不再改动" if closed else "经程序办理的改动"
        place = f"{case.id}/{RESTRICTED}" if self.apart else case.id
        return Problem(f"{place}/{journal.NAME}", f"第 {self.n} 条", found, expected)


@dataclass(frozen=True)
class _Edited:
    """An edit by hand, and the entries of the case's own journal that were written before it."""

    entry: journal.Entry
    before: list[journal.Entry]
    apart: bool = False


def edits_by_hand(case: Case) -> list[HandEdit]:
    """Return the edits by hand since the content was first frozen, oldest first in each journal."""
    fixing, entries = list(_fixing(case)), journal.read(case.folder)
    edited = [*_edited(entries), *_edited_apart(case.folder, entries)] if fixing else []
    found: list[HandEdit] = []
    for each in edited:
        after = [step.title for place, step in fixing if place <= len(each.before)]
        if after:
            paths = tuple(str(change["path"]) for change in each.entry.changes)
            closed = _closed(journal.replay(each.before), paths, case.definitions)
            entry = each.entry
            found.append(HandEdit(entry.n, entry.at, after[-1], paths, closed, each.apart))
    return found


def _edited(entries: list[journal.Entry]) -> Iterator[_Edited]:
    for place, entry in enumerate(entries):
        if entry.what == "hand_edit":
            yield _Edited(entry, entries[:place])


def _edited_apart(folder: Path, entries: list[journal.Entry]) -> Iterator[_Edited]:
    """Yield the edits of the annexes that are kept apart, whose own journal knows no steps.

    What was before is told by the clock: each step takes in what was edited by then.
    """
    for entry in journal.read(folder / RESTRICTED):
        if entry.what == "hand_edit":
            before = [each for each in entries if each.at < entry.at]
            yield _Edited(entry, before, apart=True)


def _fixing(case: Case) -> Iterator[tuple[int, Transition]]:
    """Yield the steps that froze, issued or closed something, each with its journal entry."""
    known, states = case.definitions.transitions, case.definitions.states
    closing = {each.id for each in known.values() if each.to and states[each.to].locked}
    for row in rows_of(case, "history"):
        step = known.get(str(row.get("transition")))
        if step and (step.freezes or step.issues or step.locks or step.id in closing):
            yield int(row.get("journal_n") or 0) + 1, step


def _closed(
    data: Mapping[str, Any], paths: Iterable[str], definitions: Definitions
) -> tuple[str, ...]:
    forms = dict.fromkeys(path.partition(".")[0] for path in paths)
    known = closed_forms(data, definitions)
    return tuple(form for form in forms if form in known)
