"""Whether the record of the course can be true: only what no step could have written is a fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dxkit.case import Case, journal
from dxkit.case.continuity import journal_problems
from dxkit.case.course import passed_in
from dxkit.case.stores import RESTRICTED
from dxkit.case.words import chinese_date
from dxkit.definitions import COURSE
from dxkit.lifecycle import overrides
from dxkit.lifecycle.history import Row, rows_of, state_of
from dxkit.models.lifecycle import Transition

Fault = str
"""What is wrong with the record, in Chinese, naming the row."""


def faults_in_course(case: Case) -> list[Fault]:
    """Return what is impossible in a case's record of the course; nothing in an untouched one.

    The program writes state and history together, so they only part where somebody wrote by hand.
    The journal, by which the course is proved, has to be whole too.
    """
    rows = rows_of(case, "history")
    here = rows[-1].get("to_state") if rows else None
    faults = [fault for number in range(len(rows)) for fault in _faults(case, rows[: number + 1])]
    if case.annex(COURSE).get("state") != here:
        said, told = (_name(case, each) for each in (case.annex(COURSE).get("state"), here))
        faults.append(f"当前状态为“{said}”，办理经过到“{told}”为止")
    return [*faults, *_faults_in_overrides(case), *(each.found for each in journal_problems(case))]


def _faults_in_overrides(case: Case) -> Iterator[Fault]:
    for number, row in enumerate(rows_of(case, "overrides"), start=1):
        yield from (f"放行记录第{number}行：{each}" for each in overrides.faults(case, row))


def changed_since_the_end(case: Case, *, apart: bool = False) -> tuple[int, ...]:
    """Return the journal entries that changed a form after the last step of a case that is closed.

    What the program itself notes in the record of the course, such as a pack sent out, is none.

    Args:
        case: the case.
        apart: whether the journal of the annexes that are kept apart is meant.
    """
    state, rows = state_of(case), rows_of(case, "history")
    if state is None or not state.final or not rows:
        return ()
    entries, closing = journal.read(case.folder), int(rows[-1].get("journal_n") or 0) + 1
    if apart:
        closed_at = next((entry.at for entry in entries if entry.n == closing), None)
        others = journal.read(case.folder / RESTRICTED) if closed_at else []
        return tuple(entry.n for entry in others if entry.at > str(closed_at))
    return tuple(
        entry.n
        for entry in entries
        if entry.n > closing and any(not _is_of_course(each["path"]) for each in entry.changes)
    )


def _is_of_course(path: str) -> bool:
    return path.partition(".")[0] == COURSE


def _faults(case: Case, rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield what is wrong with the last of some rows, seen from those before it."""
    *before, row = rows
    place, here = f"办理经过第{len(rows)}行", before[-1].get("to_state") if before else None
    step = case.definitions.transitions.get(str(row.get("transition")))
    if step is None:
        yield f"{place}：没有步骤“{row.get('transition') or ''}”"
        return
    if row.get("from_state") != here:
        began = _name(case, row.get("from_state"))
        yield f"{place}：从“{began}”开始，上一步到“{_name(case, here)}”"
    if not _starts_from(step, here):
        yield f"{place}：“{_name(case, here)}”不能办理“{step.title}”"
    if row.get("to_state") != _end(step, here, before, case):
        yield f"{place}：“{step.title}”不会到“{_name(case, row.get('to_state'))}”"
    yield from (f"{place}：{each}" for each in _out_of_turn(step, before, case))
    yield from (f"{place}：{each}" for each in _untimely(row, before))


def _out_of_turn(step: Transition, before: Sequence[Row], case: Case) -> Iterator[str]:
    """Yield the milestones that a step asks for and that were not passed, or too early."""
    known, done = case.definitions.transitions, passed_in(before, case.definitions)
    for name in step.after:
        if name not in done:
            yield f"办理“{step.title}”之前，没有办理“{known[name].title}”"
    for name in step.not_after:
        if name in done:
            yield f"“{known[name].title}”之后不能办理“{step.title}”"
    if step.kind == "milestone" and step.id in done:
        yield f"“{step.title}”重复办理"


def _untimely(row: Row, before: Sequence[Row]) -> Iterator[str]:
    last, now = (str(each.get("at") or "")[:10] for each in (before[-1] if before else {}, row))
    if not now:
        yield "没有写明时间"
    elif last > now:
        yield f"时间为{chinese_date(now)}，早于上一步的{chinese_date(last)}"


def _starts_from(step: Transition, here: str | None) -> bool:
    return here in step.from_ if here is not None else not step.from_


def _end(step: Transition, here: str | None, before: Sequence[Row], case: Case) -> str | None:
    """Return the state a step leads to, going on from where it was suspended if it resumes."""
    if step.kind != "resume":
        return step.to or here
    suspending = {
        each.id for each in case.definitions.transitions.values() if each.kind == "suspend"
    }
    left = (each for each in reversed(before) if each.get("transition") in suspending)
    return next((each.get("from_state") for each in left), None)


def _name(case: Case, state: object) -> str:
    known = case.definitions.states.get(str(state))
    return known.name if known else str(state or "尚未立项")
