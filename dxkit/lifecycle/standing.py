"""Where a case stands as a whole: what it passed, what comes next, what blocks and what is due."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from dxkit.case import Case
from dxkit.errors import CaseError, Problem
from dxkit.lifecycle.by_hand import HandEdit, edits_by_hand
from dxkit.lifecycle.duties import Due, dues
from dxkit.lifecycle.history import Row, passed, state_of, taken
from dxkit.lifecycle.judging import Verdict
from dxkit.lifecycle.overrides import Override, overrides_of
from dxkit.lifecycle.refusals import in_the_way
from dxkit.lifecycle.soundness import Fault, changed_since_the_end, faults_in_course
from dxkit.lifecycle.steps import Pointed, Step, ahead, judged, marks
from dxkit.lifecycle.terms import Circumstances
from dxkit.lifecycle.watching import warnings_of, watched
from dxkit.models.lifecycle import State, Transition


@dataclass(frozen=True)
class Standing:
    """Where one case stands on a day."""

    case: Case
    today: date
    state: State | None
    passed: tuple[tuple[Transition, Row], ...]
    """The steps it took that still count, each with its row of the history, oldest first."""
    taken: tuple[tuple[Transition, Row, bool], ...]
    """Every step it ever took, its row, and whether it still counts, oldest first."""
    ahead: tuple[Step, ...]
    """The steps on the straight way from here, judged; the next one first."""
    watched: tuple[Verdict, ...]
    """The rules that are watched all the time."""
    dues: tuple[Due, ...]
    overrides: tuple[Override, ...]
    faults: tuple[Fault, ...] = ()
    """What cannot be true in the record of the course; no step is taken before it is mended."""
    changed_since: tuple[int, ...] = ()
    """The journal entries by which a closed case was changed all the same."""
    changed_apart: tuple[int, ...] = ()
    """Those of the journal of the annexes that are kept apart."""
    by_hand: tuple[HandEdit, ...] = ()
    """What was edited by hand in forms that the course had closed."""

    @property
    def next(self) -> Step | None:
        """Return the next step; None at the end of the course."""
        return self.ahead[0] if self.ahead else None

    def against(self, step: Step) -> tuple[Problem, ...]:
        """Return what keeps a step ahead from being taken, by the same judgement that takes it."""
        return tuple(in_the_way(self.case, step, self.faults))

    @property
    def place(self) -> str:
        """Return the state's name with its milestones, and that it cannot be relied on if so."""
        name = "，".join([self.state.name if self.state else "尚未立项", *marks(self.case)])
        return f"{name}（办理记录有误）" if self.faults else name

    @property
    def overdue(self) -> list[Due]:
        """Return what should have been done by now."""
        return [due for due in self.dues if due.overdue]

    @property
    def warnings(self) -> Pointed:
        """Return what is to be pointed out: at the next step, and all the time."""
        own = self.next.warnings if self.next else []
        return [*own, *warnings_of(self.watched, own)]


def standing(case: Case, today: date) -> Standing:
    """Judge where a case stands on a day."""
    with suppress(CaseError):
        _ = case.restricted  # takes in what was edited by hand there, as opening the case did here
    seen, state = Circumstances(case, today), state_of(case)
    known, over = case.definitions.transitions, state is None or state.final
    return Standing(
        case,
        today,
        state,
        tuple((known[name], row) for name, row in passed(case).items()),
        tuple(taken(case)),
        tuple(judged(transition, seen) for transition in ahead(case)),
        watched(seen),
        () if over or (state is not None and state.paused) else tuple(dues(seen)),
        tuple(overrides_of(case)),
        tuple(faults_in_course(case)),
        changed_since_the_end(case),
        changed_since_the_end(case, apart=True),
        tuple(each for each in edits_by_hand(case) if each.closed),
    )


def as_plain(stands: Standing) -> dict[str, Any]:
    """Return where a case stands as plain data for other programs."""
    return {
        "case": stands.case.id,
        "name": stands.case.name,
        "state": stands.state.id if stands.state else None,
        "state_name": stands.place,
        "passed": [{"step": each.id, "title": each.title, **row} for each, row in stands.passed],
        "taken": [
            {"step": each.id, "title": each.title, "counts": counts, **row}
            for each, row, counts in stands.taken
        ],
        "ahead": [_step(each, stands) for each in stands.ahead],
        "warnings": _parts(stands.warnings),
        "later": _parts(stands.next.later if stands.next else []),
        "remarks": [vars(each) for each in (stands.next.remarks if stands.next else ())],
        "dues": [_due(each) for each in stands.dues],
        "overrides": [vars(each) for each in stands.overrides],
        "faults": list(stands.faults),
        "changed_since_the_end": list(stands.changed_since),
        "changed_apart_since_the_end": list(stands.changed_apart),
        "by_hand": [vars(each) for each in stands.by_hand],
    }


def _step(step: Step, stands: Standing) -> dict[str, Any]:
    return {
        "step": step.transition.id,
        "title": step.transition.title,
        "open": not stands.against(step),
        "awaits": [each.id for each in step.awaited],
        "blockers": _parts([(each, part) for each in step.verdicts for part in each.blocks]),
        "obstacles": [{"found": each.found, "expected": each.expected} for each in step.obstacles],
    }


def _parts(found: Pointed) -> list[dict[str, Any]]:
    return [
        {
            "rule": verdict.rule.id,
            "title": verdict.rule.title,
            "severity": part.severity,
            "says": part.part.says,
            "reasons": list(part.reasons),
            "mend": part.mend,
            "clause": verdict.rule.clause,
        }
        for verdict, part in found
    ]


def _due(due: Due) -> dict[str, Any]:
    return {"duty": due.duty.key, "says": due.duty.says, "on": due.on.isoformat()} | {
        "days_left": due.days_left,
        "overdue": due.overdue,
    }
