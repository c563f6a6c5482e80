"""What a case held at an earlier entry of its journal, and whether frozen answers still stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case import Case, journal
from dxkit.case.paths_in_data import differences
from dxkit.definitions import QUESTIONS
from dxkit.errors import CaseError, Problem
from dxkit.lifecycle.history import rows_of


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


def changed_since_frozen(case: Case) -> tuple[str, ...]:
    """Name the answers of the record form that differ from the last snapshot; none without one.

    Raises:
        CaseError: if the journal no longer tells what was frozen.
    """
    snapshots = rows_of(case, "snapshots")
    if not snapshots:
        return ()
    last = snapshots[-1]
    frozen = content_at(case, int(last.get("journal_n") or 0), str(last.get("snapshot_no")))
    changed = differences(frozen.get(QUESTIONS) or {}, case.annex(QUESTIONS))
    labels = (_label(f"{QUESTIONS}.{each['path']}", case) for each in changed)
    return tuple(dict.fromkeys(labels))


def _label(path: str, case: Case) -> str:
    """Call an answer by the longest beginning of its path that names a field."""
    while path not in case.definitions.fields and "." in path:
        path = path.rpartition(".")[0]
    field = case.definitions.fields.get(path)
    return field.label if field else path
