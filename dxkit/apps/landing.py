"""The first page: the cases a visitor may open and, for who leads, the people and their links."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

import segno
from tornado.web import HTTPError

from dxkit.apps.addresses import is_local
from dxkit.apps.cases import Told
from dxkit.apps.gate import Gate
from dxkit.apps.pages import VIEWS, may_see_region
from dxkit.apps.participants import Participant
from dxkit.definitions import load
from dxkit.errors import ParameterError

SEARCH_FROM = 8
"""From how many cases on a search field is of use."""


def link_of(person: Participant, base: str) -> str:
    """Return the address that lets a person in."""
    return f"{base}/enter?token={quote(person.token)}"


class Landing(Gate):
    """`/`: what can be opened from here."""

    async def get(self) -> None:
        """Show the page; cases are read beside the loop, so that nobody's typing waits."""
        folders = self.workshop.cases.open_to(self.visitor)
        cases = await asyncio.to_thread(self.workshop.cases.tell, [*folders.values()])
        bases = self._bases()
        chosen = min(self._asked_base(), len(bases) - 1)
        self.show(
            "landing.html.j2",
            visitor=self.visitor,
            cases=cases,
            views={view: VIEWS[view] for view in VIEWS if view in self.visitor.views},
            region=may_see_region(self.visitor, self.workshop.cases),
            searched=len(cases) >= SEARCH_FROM,
            roles=load().roles.values(),
            bases=bases,
            chosen=chosen,
            reach_self_only=is_local(bases[chosen].partition("//")[2]),
            people=self._people(bases[chosen], cases) if self.visitor.invites else None,
        )

    def _asked_base(self) -> int:
        told = self.get_query_argument("at", "0")
        return int(told) if told.isascii() and told.isdigit() and len(told) < 3 else 0

    def _bases(self) -> list[str]:
        """Return what links may begin with: as this browser came, or as others can come."""
        scheme = "https" if self.secure else "http"
        came = f"{scheme}://{self.request.host}"
        if not is_local(self.request.host):
            return [came]
        return [*(f"http://{each}:{self.workshop.port}" for each in self.workshop.network), came]

    def _people(self, base: str, cases: list[Told]) -> list[dict[str, Any]]:
        names = {each.id: each.name for each in cases}
        return [
            {
                "id": each.id,
                "name": each.name,
                "role": each.called,
                "cases": None
                if each.cases is None
                else [names.get(id_, id_) for id_ in each.cases],
                "link": (link := link_of(each, base)),
                "code": segno.make(link, error="m").svg_data_uri(scale=5, border=2),
                "self": each.id == self.visitor.id,
                "pages": self.workshop.kernels.count_of(each.id),
            }
            for each in self.workshop.people.all()
        ]


class _Leading(Gate):
    """What only a leader may do."""

    def prepare(self) -> None:
        """Let in who may invite."""
        super().prepare()
        if not self.visitor.invites:
            raise HTTPError(403)

    def asked(self) -> dict[str, Any]:
        """Return what the page sent."""
        try:
            told = json.loads(self.request.body)
        except ValueError:
            raise HTTPError(400) from None
        if not isinstance(told, dict):
            raise HTTPError(400)
        return told


class Invite(_Leading):
    """A new participant."""

    def post(self) -> None:
        """Add the person, for all cases or for some of those there are."""
        told = self.asked()
        name, role, cases = told.get("name"), told.get("role"), told.get("cases")
        mine = self.workshop.cases.open_to(self.visitor)
        if not isinstance(name, str) or not isinstance(role, str):
            raise HTTPError(400)
        if cases is not None and not (
            isinstance(cases, list)
            and cases
            and all(isinstance(each, str) and each in mine for each in cases)
        ):
            self.tell(problem="请选择这位参加人可以打开的企业")
            return
        try:
            self.workshop.people.invite(name, role, cases)
        except ParameterError as exc:
            self.tell(problem="；".join(map(str, exc.problems)))
            return
        self.tell(done=True)


class Revoke(_Leading):
    """A link that is withdrawn."""

    def post(self, person: str) -> None:
        """Withdraw it, and close what the person has open."""
        try:
            self.workshop.people.revoke(person)
        except ParameterError as exc:
            self.tell(problem="；".join(map(str, exc.problems)))
            return
        self.workshop.kernels.dismiss_all_of(person)
        self.tell(done=True)
