"""Whether the roles of a workshop name forms and sections that there are, and one is the leader."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.files import Files
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import Annex
from dxkit.models.roles import Role, Roles

LEADER = "leader"


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every role that is there twice or leads nowhere, and that nobody could decide."""
    annexes = {annex.id: annex for annex in files.of(Annex).values()}
    for file, each in files.of(Roles).items():
        ids = [role.id for role in each.roles]
        yield from repeated(file, "roles.id", ids)
        if LEADER not in ids:
            yield Problem(file, LEADER, "没有组长", f"标识为 {LEADER} 的角色，由其裁定")
        for role in each.roles:
            yield from _lost(file, role, annexes)


def _lost(file: str, role: Role, annexes: dict[str, Annex]) -> Iterator[Problem]:
    for name in ("sees", "hides", "edits"):
        for place in getattr(role, name):
            form, _, section = place.partition(".")
            annex = annexes.get(form)
            if place == "all" or (annex is not None and not section):
                continue
            if annex is None or section not in {each.id for each in annex.sections}:
                yield Problem(file, f"{role.id}.{name}", place, "all、表的标识或“表.分节”")
    if role.writes not in role.parts:
        yield Problem(file, f"{role.id}.parts", "不含所填写的部分", role.writes)
