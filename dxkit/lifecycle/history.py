"""What the record of the course says: where a case stands, what it passed, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import rows_matching
from dxkit.definitions import COURSE
from dxkit.models.lifecycle import State

Row = Mapping[str, Any]


def rows_of(case: Case, table: str) -> Sequence[Row]:
    """Return the rows of a table of the record of the course, oldest first."""
    return case.annex(COURSE).get(table) or []


def state_of(case: Case) -> State | None:
    """Return where a case stands; None if its engagement was not begun."""
    return case.definitions.states.get(str(case.annex(COURSE).get("state")))


def passed(case: Case) -> dict[str, Row]:
    """Return the last row of every step that was passed and not undone since, by its id."""
    rows: dict[str, Row] = {}
    for row in rows_of(case, "history"):
        step = case.definitions.transitions.get(str(row.get("transition")))
        if step is None:
            continue
        for undone in step.undoes:
            rows.pop(undone, None)
        rows.pop(step.id, None)
        rows[step.id] = row
    return rows


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


@dataclass(frozen=True)
class Override:
    """A rule that the leader of the group let pass, with the reason in writing."""

    rule: str
    reason: str
    who: str
    at: str


def overrides_of(case: Case) -> dict[str, Override]:
    """Return the overrides of a case by rule; the last one where there are several.

    One without a reason or without a name lets nothing pass.
    """
    told = (
        Override(*(str(row.get(key) or "").strip() for key in _OVERRIDE))
        for row in rows_of(case, "overrides")
    )
    return {each.rule: each for each in told if each.rule and each.reason and each.who}


_OVERRIDE = ("rule", "reason", "who", "at")


def overriders(case: Case) -> list[str]:
    """Return the names of those who may override a rule in this case."""
    from_ = case.definitions.lifecycle.overriders
    annex_id, _, key = from_.table.partition(".")
    rows = rows_matching(case.annex(annex_id).get(key), from_.where)
    return [str(row[from_.column]).strip() for row in rows if row.get(from_.column)]
