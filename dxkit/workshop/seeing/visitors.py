"""Who sits before a page: a name and a role, as the server told the kernel, else the leader."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dxkit.definitions import Definitions, load
from dxkit.definitions.roles_fit import LEADER
from dxkit.errors import CaseError, Problem
from dxkit.models.roles import Role

ENTERPRISE = "enterprise"
"""What the journal calls the side of whoever writes for the enterprise."""
VISITOR, WHO = "DXKIT_VISITOR", "DXKIT_WHO"
LONGEST_NAME = 40
_NOBODY = "未署名"


@dataclass(frozen=True)
class Visitor:
    """One person at one page; `cases` are the ids of those they may open, None for all."""

    id: str
    name: str
    role: Role
    cases: frozenset[str] | None = None

    @property
    def side(self) -> str:
        """Return for whom this person writes if not for the working group."""
        return ENTERPRISE if self.role.writes == "self_reported" else ""

    def may_open(self, case_id: str) -> bool:
        """Tell whether a case is among those this person was invited to."""
        return self.cases is None or case_id in self.cases

    def called(self, name: object) -> Visitor:
        """Return the same person under the name they give; one they were invited by stays."""
        if self.name != _NOBODY or not isinstance(name, str):
            return self
        plain = "".join(sign for sign in name if sign.isprintable()).strip()[:LONGEST_NAME]
        return replace(self, name=plain) if plain else self


def visitor(
    environment: Mapping[str, str] = os.environ, definitions: Definitions | None = None
) -> Visitor:
    """Return who sits here, by what the server set for this kernel.

    Where no server set anything, it is the consultant's own machine: the leader.

    Raises:
        CaseError: if what was set names no role; nobody becomes a leader by a mistake.
    """
    roles = (definitions or load()).roles
    told = environment.get(VISITOR)
    if told is None:
        return Visitor("own", environment.get(WHO) or _user(), roles[LEADER])
    known = _read(told)
    role = roles.get(str(known.get("role")))
    if role is None:
        expected = "、".join(roles)
        raise CaseError(Problem("参加者", "角色", str(known.get("role") or "没有说明"), expected))
    cases = known.get("cases")
    name = str(known.get("name") or "").strip() or _NOBODY
    invited = None if cases is None else frozenset(map(str, cases))
    return Visitor(str(known.get("id") or "?"), name, role, invited)


def _read(told: str) -> Mapping[str, Any]:
    try:
        known = json.loads(told)
    except ValueError:
        known = None
    return known if isinstance(known, dict) else {}


def _user() -> str:
    try:
        return getpass.getuser() or _NOBODY
    except (OSError, KeyError, ImportError):
        return _NOBODY
