"""The verbs that look ahead: results, what to ask next, what if; each by name, for whom it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dxkit.case import Case
from dxkit.errors import CaseError
from dxkit.models.roles import View

if TYPE_CHECKING:
    from dxkit.workshop.session import Session

Message = Mapping[str, Any]
Reply = dict[str, Any]
Look = Callable[[Case, Message], Reply]
Verb = Callable[["Session", Message, Sequence[bytes]], Reply]


def _looking(view: View, find_look: Callable[[], Look]) -> Verb:
    """Return the verb that answers from what the role sees, if it has the view for it."""

    def answer(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
        refuse_view(session, view)
        session.catch_up()
        return find_look()(session.desk.sight.seen, message)

    return answer


def refuse_view(session: Session, view: View) -> None:
    """Raise a CaseError if the role has no page for what it asks."""
    views = session.desk.visitor.role.views
    if view not in views and not (view == "diagnosis" and "workshop" in views):
        raise CaseError("您的角色没有这一页")


def _results() -> Look:
    from dxkit.workshop.ahead.outlook import results  # noqa: PLC0415 - loaded with the page

    return results


def _ask_next() -> Look:
    from dxkit.workshop.ahead.outlook import ask_next  # noqa: PLC0415 - loaded with the page

    return ask_next


def _levers() -> Look:
    from dxkit.workshop.ahead.levers import levers  # noqa: PLC0415 - loaded with the page

    return levers


def _what_if() -> Look:
    from dxkit.workshop.ahead.scenarios import scenario  # noqa: PLC0415 - loaded with the page

    return scenario


def _cheapest() -> Look:
    from dxkit.workshop.ahead.scenarios import cheapest_way  # noqa: PLC0415 - loaded with the page

    return cheapest_way


def _closing() -> Look:
    from dxkit.workshop.ahead.closing import closing  # noqa: PLC0415 - loaded with the page

    return closing


VERBS: dict[str, Verb] = {
    "results": _looking("diagnosis", _results),
    "ask_next": _looking("workshop", _ask_next),
    "levers": _looking("workshop", _levers),
    "what_if": _looking("workshop", _what_if),
    "cheapest": _looking("workshop", _cheapest),
    "closing": _looking("workshop", _closing),
}
