"""How the leader decides between two values: for either of them, or for another."""

from __future__ import annotations

from typing import Any

from dxkit.case import Proposal
from dxkit.case.paths_in_data import get
from dxkit.errors import CaseError
from dxkit.forms.record_parts import part_field
from dxkit.workshop.changing import edits, typed
from dxkit.workshop.changing.edits import Outcome
from dxkit.workshop.changing.rows import do, filled, locate
from dxkit.workshop.changing.undoing import Swap
from dxkit.workshop.seeing.desk import Desk
from dxkit.workshop.seeing.places import Place, find

THEIRS, MINE = "theirs", "mine"
_SETTLED = "这一处已经裁定过"
_GONE = "要改的这一行已不在表中，请保留现状或重新添加"


def decide(desk: Desk, number: Any, choose: Any) -> tuple[Place, Outcome]:
    """Settle a proposal: `theirs` keeps what stands, `mine` takes the other, else a new value.

    Raises:
        CaseError: if the role decides nothing, or there is no such proposal.
    """
    if not desk.access.may("decide"):
        raise CaseError("由组长裁定")
    desk.catch_up()
    proposal = next((each for n, each in desk.sight.proposals if n == number), None)
    if proposal is None:
        raise CaseError(_SETTLED)
    place = find(proposal.path, desk.access)
    if choose == THEIRS:
        with desk.writing(place) as writer:
            writer.apply([], settles=(proposal.n,))
        return place, Outcome()
    edits.refuse(desk, place)
    if place.is_table:
        return place, _row(desk, place, proposal)
    return place, _value(desk, place, proposal, choose)


def _value(desk: Desk, place: Place, proposal: Proposal, choose: Any) -> Outcome:
    value = proposal.value
    if choose != MINE:
        field = place.field if place.part is None else part_field(place.field, place.part)
        parsed = typed.read(field, choose, desk.definitions)
        if not parsed.readable:
            return Outcome(says=typed.unfit(parsed))
        value = parsed.value
    with desk.writing(place) as writer:
        now = edits.value_at(get(writer.data, place.path), edits.part_of(desk, place))
        if edits.same(now, value):
            writer.apply([], settles=(proposal.n,))
            return Outcome()
        return Outcome(did=edits.put(desk, writer, place, value, (proposal.n,)))


def _row(desk: Desk, place: Place, proposal: Proposal) -> Outcome:
    """Take a row that lost, or a removal, into the place of the row it was meant for."""
    with desk.writing(place) as writer:
        rows = get(writer.data, place.path) or []
        found, _ = locate(desk, place, rows, place.row, proposal.based_on)
        if found is None:
            return Outcome(says={"problem": _GONE})
        new = () if proposal.value is None else ((found, filled(proposal.value)),)
        swap = Swap(place.path, place.field.label, ((found, rows[found]),), new)
        return do(writer, swap, (proposal.n,))
