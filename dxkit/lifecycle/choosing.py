"""Which step is meant: the next one, or the one that a number, a state or a name tells."""

from __future__ import annotations

from collections.abc import Sequence

from dxkit.case import Case
from dxkit.errors import BlockedError, Problem
from dxkit.lifecycle.history import state_of
from dxkit.lifecycle.steps import ahead, allowed, leads_to
from dxkit.models.lifecycle import Transition


def chosen(case: Case, to: str | None) -> Transition:
    """Return the step that is meant.

    Raises:
        BlockedError: if no step leads on, or the one meant does not start from here.
    """
    if to is None:
        return _next(case)
    open_, known = allowed(case), case.definitions.transitions
    if to in known:
        found = [each for each in open_ if each.id == to]
    else:
        found = [each for each in open_ if to in _names(each, case)]
    if not found:
        raise BlockedError(Problem(case.id, to, _here(case, known.get(to)), _choice(open_)))
    return found[0]


def of_kind(case: Case, kind: str) -> Transition:
    """Return the step of a kind that leaves from where a case stands, such as suspending it.

    Raises:
        BlockedError: if there is none.
    """
    open_ = allowed(case)
    found = next((each for each in open_ if each.kind == kind), None)
    if found is None:
        named = [each for each in case.definitions.transitions.values() if each.kind == kind]
        raise BlockedError(Problem(case.id, "", _here(case, named[0]), _choice(open_)))
    return found


def _next(case: Case) -> Transition:
    if not (steps := ahead(case)):
        found = f"{_here(case, None)}，没有下一步"
        raise BlockedError(Problem(case.id, "", found, _choice(allowed(case))))
    if steps[0].kind == "resume":
        # Going on is a decision: nobody takes it by asking for just the next step.
        expected = f"用 --resume 或 --to {steps[0].id} 写明要恢复"
        raise BlockedError(Problem(case.id, "", _here(case, None), expected))
    return steps[0]


def _names(transition: Transition, case: Case) -> tuple[str, ...]:
    target = case.definitions.states.get(leads_to(transition, case) or "")
    states = (target.id, target.name, target.no) if target and transition.to else ()
    return (transition.title, *states)


def _here(case: Case, wanted: Transition | None) -> str:
    state = state_of(case)
    here = f"现处于“{state.name}”" if state else "尚未立项"
    return f"{here}，不能办理“{wanted.title}”" if wanted else here


def _choice(open_: Sequence[Transition]) -> str:
    if not open_:
        return "没有可以办理的步骤"
    named = "、".join(f"{each.id} {each.title}" for each in open_)
    return f"{named} 之一" if len(open_) > 1 else f"{named}（--to {open_[0].id}）"
