"""Whether what was frozen for the report still stands: answers, what was proved, and the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dxkit.case import Case
from dxkit.case.past import content_at
from dxkit.case.paths_in_data import differences
from dxkit.definitions import QUESTIONS, Definitions
from dxkit.lifecycle.history import rows_of

EVIDENCE, NUMBER, OUTCOME = "annex_7.evidence", "evidence_no", "outcome"


def edition_of(definitions: Definitions) -> str:
    """Return by which a snapshot tells the definitions and policies it was taken under."""
    return f"{definitions.edition}／{definitions.digest[:12]}"


def changed_since_frozen(case: Case) -> tuple[str, ...]:
    """Name what differs from the last snapshot; nothing without one.

    Frozen are the answers of the record form, the outcome of every review of evidence, and the
    edition of definitions and policies.

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
    return (
        *dict.fromkeys(labels),
        *_reviewed_otherwise(_outcomes(frozen), _outcomes(case.data)),
        *_other_edition(last.get("definitions"), edition_of(case.definitions)),
    )


def _label(path: str, case: Case) -> str:
    """Call an answer by the longest beginning of its path that names a field."""
    while path not in case.definitions.fields and "." in path:
        path = path.rpartition(".")[0]
    field = case.definitions.fields.get(path)
    return field.label if field else path


def _outcomes(data: Mapping[str, Any]) -> dict[str, Any]:
    annex_id, _, table = EVIDENCE.partition(".")
    rows = (data.get(annex_id) or {}).get(table) or []
    return {str(row[NUMBER]): row.get(OUTCOME) for row in rows if row.get(NUMBER)}


def _reviewed_otherwise(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for number in dict.fromkeys([*before, *now]):
        if before.get(number) != now.get(number):
            yield f"证据{number}的审核结论"


def _other_edition(then: Any, now: str) -> Iterator[str]:
    if then is not None and then != now:
        yield f"定义和规则参数（冻结时为{then}，现为{now}）"
