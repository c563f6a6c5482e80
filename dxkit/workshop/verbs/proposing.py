"""The verbs by which a scenario leaves something in the case: agreed costs and suggestions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dxkit.advice.agreed_costs import adopted, agreed_in
from dxkit.case import Change
from dxkit.case.paths_in_data import get
from dxkit.errors import CaseError
from dxkit.workshop.changing import edits
from dxkit.workshop.changing.edits import Outcome
from dxkit.workshop.changing.rows import do
from dxkit.workshop.changing.undoing import Swap
from dxkit.workshop.seeing.places import Place, find
from dxkit.workshop.verbs.advising import refuse_view

if TYPE_CHECKING:
    from dxkit.workshop.session import Session

Message = Mapping[str, Any]
Reply = dict[str, Any]
COSTS, SUGGESTIONS = "annex_2.improvement_costs", "annex_2.suggestions"
_LONGEST_NOTE = 200


def adopt_costs(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Make costs that were tried those of the working group.

    `costs` by question, `seen` the agreed costs of those questions as the page showed them, `note`
    what they rest on. Where others agreed on something else meanwhile, nothing is written.
    """
    costs, seen = message.get("costs"), message.get("seen")
    if not isinstance(costs, Mapping) or not costs:
        raise CaseError("没有试用的成本可以采用")
    known = seen if isinstance(seen, Mapping) else {}
    place = _place(session, COSTS)
    definitions = session.desk.definitions
    with session.desk.writing(place) as writer:
        rows = get(writer.data, COSTS) or []
        now, _ = agreed_in(rows, definitions)
        if any(now.get(each) != known.get(each) for each in costs):
            raise CaseError("工作组的成本刚被他人改过，没有写入；请看过现在的成本再采用")
        out, into = adopted(
            rows, costs, definitions, str(message.get("note") or "")[:_LONGEST_NOTE]
        )
        if not into:
            raise CaseError("这些成本已经是工作组的成本")
        outcome = do(writer, Swap(COSTS, place.field.label, tuple(out), tuple(into)))
    return {**_changed(session, place, outcome), "adopted": len(into)}


def suggest(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Write a set of changes into the report as suggestions, in one change that can be undone."""
    from dxkit.workshop.ahead.scenarios import suggestions  # noqa: PLC0415 - loaded with the page

    place = _place(session, SUGGESTIONS)
    changes = suggestions(session.desk.case, message)
    with session.desk.writing(place) as writer:
        writer.apply(changes)
    did = Swap(SUGGESTIONS, place.field.label, (), tuple(map(_placed, changes)))
    return {**_changed(session, place, Outcome(did=did)), "added": len(changes)}


def _placed(change: Change) -> tuple[int, dict[str, Any]]:
    """Return the row that a change adds, with its place from 0."""
    return int(change.path.rpartition(".")[2]) - 1, dict(change.value)


def _place(session: Session, path: str) -> Place:
    """Return a table of the report if the person may write into it from a scenario."""
    refuse_view(session, "workshop")
    session.catch_up()
    place = find(path, session.desk.access)
    edits.refuse(session.desk, place)
    return place


def _changed(session: Session, place: Place, outcome: Outcome) -> Reply:
    from dxkit.workshop.verbs.answering import changed  # noqa: PLC0415 - which has these verbs

    return changed(session, place, outcome)


VERBS: dict[str, Callable[[Session, Message, Sequence[bytes]], Reply]] = {
    "adopt_costs": adopt_costs,
    "suggest": suggest,
}
