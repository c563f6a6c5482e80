"""Whether the roles of a workshop name forms and sections that there are, and one is the leader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from dxkit.definitions.files import Files
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import Annex
from dxkit.models.roles import Role, Roles

LEADER = "leader"


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every role that is there twice or leads nowhere, and that nobody could decide."""
    annexes: dict[str, Annex | None] = {annex.id: annex for annex in files.of(Annex).values()}
    annexes |= dict.fromkeys(PurePosixPath(name).stem for name in files.unread)
    for file, each in files.of(Roles).items():
        ids = [role.id for role in each.roles]
        yield from repeated(file, "roles.id", ids)
        if LEADER not in ids:
            yield Problem(file, LEADER, "没有组长", f"标识为 {LEADER} 的角色，由其裁定")
        for role in each.roles:
            yield from _lost(file, role, annexes)


def _lost(file: str, role: Role, annexes: dict[str, Annex | None]) -> Iterator[Problem]:
    """Yield every place that is none; what could not be read is not judged."""
    for name in ("sees", "hides", "edits"):
        for place in getattr(role, name):
            form, _, section = place.partition(".")
            known = place == "all" or (form in annexes and not section)
            annex = annexes.get(form)
            if known or (form in annexes and annex is None):
                continue
            if annex is None or section not in {each.id for each in annex.sections}:
                yield Problem(file, f"{role.id}.{name}", place, "all、表的标识或“表.分节”")
    if role.writes not in role.parts:
        yield Problem(file, f"{role.id}.parts", "不含所填写的部分", role.writes)
