"""What a case held at an earlier entry of its journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case import journal
from dxkit.case.folder import Case
from dxkit.errors import CaseError, Problem


def content_at(case: Case, position: int, called: str) -> Mapping[str, Any]:
    """Rebuild what a case held after an entry of its journal.

    Raises:
        CaseError: if the journal no longer reaches there; `called` says what rests on it.
    """
    entries = journal.read(case.folder)
    if position > len(entries):
        found = f"{called} 依据流水第 {position} 条，流水现只有 {len(entries)} 条"
        raise CaseError(Problem(case.id, journal.NAME, found, "没有删减的流水"))
    return journal.replay(entries[:position])
