"""What somebody wrote into the case file by hand after the course had fixed something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.case import Case, journal
from dxkit.case.course import closed_forms
from dxkit.definitions import Definitions
from dxkit.errors import Problem
from dxkit.lifecycle.history import rows_of
from dxkit.models.lifecycle import Transition


@dataclass(frozen=True)
class HandEdit:
    """An entry of the journal that took in an edit by hand, and what had been fixed before."""

    n: int
    at: str
    after: str
    """The title of the last step before it that froze, issued or closed something."""
    paths: tuple[str, ...]
    closed: tuple[str, ...]
    """The forms among them that the course had closed; none of them should have been changed."""

    def as_problem(self, case: Case) -> Problem:
        """Return it as it is told: where, what, and after what."""
        known = case.definitions.annexes
        forms = dict.fromkeys(path.partition(".")[0] for path in self.paths)
        marks = "、".join(known[each].mark if each in known else each for each in forms)
        found = f"“{self.after}”之后手工修改了{marks}"
        closed = "、".join(known[each].mark for each in self.closed)
        expected = f"{closed}不再改动" if closed else "经程序办理的改动"
        return Problem(f"{case.id}/{journal.NAME}", f"第 {self.n} 条", found, expected)


def edits_by_hand(case: Case) -> list[HandEdit]:
    """Return the edits by hand since the content was first frozen, oldest first."""
    fixing, entries = list(_fixing(case)), journal.read(case.folder)
    if not fixing or all(entry.what != "hand_edit" for entry in entries):
        return []
    found: list[HandEdit] = []
    data: dict[str, Any] = {}
    for entry in entries:
        if entry.what == "hand_edit":
            paths = tuple(str(each["path"]) for each in entry.changes)
            after = [step.title for place, step in fixing if place < entry.n]
            closed = _closed(data, paths, case.definitions)
            if after:
                found.append(HandEdit(entry.n, entry.at, after[-1], paths, closed))
        data = journal.content_after(entry, data)
    return found


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
