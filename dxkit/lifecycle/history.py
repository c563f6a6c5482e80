"""What the record of the course says: where a case stands and which steps it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dxkit.case import Case
from dxkit.case.course import passed_in
from dxkit.definitions import COURSE
from dxkit.models.lifecycle import State, Transition

Row = Mapping[str, Any]


def rows_of(case: Case, table: str) -> Sequence[Row]:
    """Return the rows of a table of the record of the course, oldest first."""
    return case.annex(COURSE).get(table) or []


def state_of(case: Case) -> State | None:
    """Return where a case stands; None if its engagement was not begun."""
    return case.definitions.states.get(str(case.annex(COURSE).get("state")))


def passed(case: Case) -> dict[str, Row]:
    """Return the last row of every step that was passed and not undone since, by its id."""
    return passed_in(rows_of(case, "history"), case.definitions)


def taken(case: Case) -> list[tuple[Transition, Row, bool]]:
    """Return every step that was ever taken, its row, and whether it still counts, oldest first.

    One that was undone, or taken once more, counts no longer.
    """
    known, counting = case.definitions.transitions, passed(case)
    rows = ((str(row.get("transition")), row) for row in rows_of(case, "history"))
    return [(known[name], row, counting.get(name) is row) for name, row in rows if name in known]


def day_of(row: Row) -> date | None:
    """Return the day of a row of the history; None if it does not say."""
    text = str(row.get("at") or "")
    return date.fromisoformat(text[:10]) if text else None


def left_at(case: Case) -> str | None:
    """Return the state from which a case was last suspended."""
    kinds = {step.id: step.kind for step in case.definitions.transitions.values()}
    rows = [
        row
        for row in rows_of(case, "history")
        if kinds.get(str(row.get("transition"))) == "suspend"
    ]
    return rows[-1].get("from_state") if rows else None
