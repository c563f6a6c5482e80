"""Which steps are open from where a case stands, in which order, and how their rules come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dxkit.case import Case
from dxkit.errors import Problem
from dxkit.lifecycle.form_remarks import Remark, remarks_on
from dxkit.lifecycle.history import left_at, passed, state_of
from dxkit.lifecycle.judging import PartVerdict, Verdict, judge_all
from dxkit.lifecycle.obstacles import obstacles
from dxkit.lifecycle.terms import Circumstances
from dxkit.models.lifecycle import Transition

Pointed = Sequence[tuple[Verdict, PartVerdict]]


@dataclass(frozen=True)
class Step:
    """A step that may be taken from where the case stands, with its rules judged."""

    transition: Transition
    verdicts: tuple[Verdict, ...]
    warned: tuple[Verdict, ...]
    """Rules that only warn at this step, whatever their parts say."""
    awaited: tuple[Transition, ...]
    """Milestones that must be passed before."""
    remarks: tuple[Remark, ...] = ()
    """What the step's forms lack or say against themselves."""
    obstacles: tuple[Problem, ...] = ()
    """What else keeps it from being taken, such as content that changed since it was frozen."""

    @property
    def blocked(self) -> list[Verdict]:
        """Return the rules that keep the step from being taken."""
        return [each for each in self.verdicts if each.blocks]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what has to be settled first: other things, milestones and rules, each by name."""
        others = (each.found for each in self.obstacles)
        return (*others, *(e.id for e in self.awaited), *(e.rule.id for e in self.blocked))

    @property
    def warnings(self) -> Pointed:
        """Return what is to be pointed out when the step is taken."""
        return [(each, part) for each in self.verdicts for part in each.warns]

    @property
    def later(self) -> Pointed:
        """Return what a later step will ask for and is not there yet."""
        return [(each, part) for each in self.warned for part in each.failed]


def judged(transition: Transition, seen: Circumstances) -> Step:
    """Judge the rules that guard a step."""
    known, done = seen.case.definitions.transitions, passed(seen.case)
    return Step(
        transition,
        tuple(judge_all(transition.rules, seen)),
        tuple(judge_all(transition.warns, seen)),
        tuple(known[each] for each in transition.after if each not in done),
        tuple(remark for form in transition.forms for remark in remarks_on(form, seen)),
        obstacles(transition, seen),
    )


def leads_to(transition: Transition, case: Case) -> str | None:
    """Return the state a case stands in after a step; the same one after a milestone."""
    if transition.kind == "resume":
        return left_at(case)
    state = state_of(case)
    return transition.to or (state.id if state else None)


def allowed(case: Case) -> list[Transition]:
    """Return every step that leaves from where a case stands, in the order of the definitions."""
    return [each for each in case.definitions.transitions.values() if leaves_from_here(each, case)]


def leaves_from_here(transition: Transition, case: Case) -> bool:
    """Tell whether a step starts where a case stands and is neither done nor too late."""
    state, done = state_of(case), passed(case)
    if any(each in done for each in transition.not_after):
        return False
    if transition.kind == "milestone" and transition.id in done:
        return False
    return not transition.from_ if state is None else state.id in transition.from_


def marks(case: Case) -> list[str]:
    """Return what a case is called beside its state: milestones passed there, a pack sent back.

    It was sent back until the milestone that was undone by it is passed again.
    """
    state, done = state_of(case), passed(case)
    if state is None or state.final:
        return []
    steps = [case.definitions.transitions[each] for each in done]
    return list(dict.fromkeys(s.mark for s in steps if s.mark and _counts(s, state.id, done)))


def _counts(step: Transition, state: str, done: Mapping[str, object]) -> bool:
    if step.kind == "return":
        return step.to == state and not any(each in done for each in step.after)
    return state in step.from_


def ahead(case: Case) -> list[Transition]:
    """Return the steps on the straight way from here, the next one first.

    Milestones that the way on asks for come before it, those that nothing asks for behind it.
    """
    straight = [each for each in allowed(case) if each.kind in ("move", "milestone")]
    moves = [each for each in straight if each.kind == "move" and _leads_away(each, case)]
    asked = {each.id: each for move in moves for each in _before(move, case)}
    rest = [each for each in straight if each.kind == "milestone" and each.id not in asked]
    resumed = [each for each in allowed(case) if each.kind == "resume"]
    return [*asked.values(), *moves, *rest, *resumed]


def _leads_away(transition: Transition, case: Case) -> bool:
    state = state_of(case)
    return state is None or transition.to != state.id


def _before(transition: Transition, case: Case) -> Iterator[Transition]:
    """Yield the milestones that a step waits for, each behind those it waits for itself."""
    for name in transition.after:
        milestone = case.definitions.transitions[name]
        if leaves_from_here(milestone, case):
            yield from _before(milestone, case)
            yield milestone
