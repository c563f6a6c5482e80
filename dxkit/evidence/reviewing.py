"""The review of evidence: its outcome in the ledger, and its course as the journal has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dxkit.case import Case, Change, journal, writing
from dxkit.case.answers import column_fields
from dxkit.case.paths_in_data import get
from dxkit.case.requiredness import is_required
from dxkit.definitions import load
from dxkit.errors import EvidenceError, Problem
from dxkit.evidence.kept import table_at
from dxkit.evidence.rows import LEDGER, in_codes, without_gaps
from dxkit.models.annex import Field

NUMBER, OUTCOME, FINDING = "evidence_no", "outcome", "finding"
_ANNEX = LEDGER.partition(".")[0]


@dataclass(frozen=True)
class Step:
    """One step of a review: when, by whom, from which outcome to which, and what was noted."""

    n: int
    at: str
    who: str
    before: str | None
    after: str | None
    note: str | None


def review(folder: Path | str, number: str, told: Mapping[str, Any], who: str) -> Mapping[str, Any]:
    """Write the outcome of a review and return the row as it now stands.

    Args:
        folder: the case, by id or path.
        number: the number of the evidence, such as E-C001.
        told: `outcome` and what goes with it (finding, review_method, fix_request, fix_due,
            fixed_on …); a choice may be told by code or by label.
        who: the reviewer, whom the journal names too.

    Raises:
        EvidenceError: there is no such evidence, or the outcome asks for something not told.
        CaseError: if what was told does not fit the form.
    """
    definitions = load()
    table = table_at(definitions, LEDGER)
    reviewed = {"reviewer": who, "reviewed_on": date.today().isoformat()}
    cells = in_codes(table, {**reviewed, **without_gaps(told)})
    with writing(folder, who, definitions) as writer:
        position, row = _found(get(writer.data, LEDGER) or [], number)
        after = {**row, **cells}
        _refuse_incomplete(table, after, number)
        place = f"{LEDGER}.{position}"
        changes = [Change(f"{place}.{key}", cells[key], row.get(key)) for key in cells]
        writer.apply(changes)
    return after


def review_log(case: Case, number: str) -> list[Step]:
    """Return the course of one review from the case's journal, oldest first; never rewritten."""
    return review_logs(case).get(number, [])


def review_logs(case: Case) -> dict[str, list[Step]]:
    """Return the courses of all reviews by the number of the evidence."""
    logs: dict[str, list[Step]] = {}
    before: dict[str, Mapping[str, Any]] = {}
    for entry, rows in _ledgers(case.folder):
        for number, row in rows.items():
            old = before.get(number, {})
            if any(old.get(key) != row.get(key) for key in (OUTCOME, FINDING)):
                said = (old.get(OUTCOME), row.get(OUTCOME), row.get(FINDING))
                logs.setdefault(number, []).append(Step(entry.n, entry.at, entry.who, *said))
        before = rows
    return logs


def _ledgers(folder: Path) -> Iterator[tuple[journal.Entry, dict[str, Mapping[str, Any]]]]:
    """Yield the ledger's rows by number after every entry that touched it."""
    data: Any = {}
    for entry in journal.read(folder):
        if any(_touches(each["path"]) for each in entry.changes):
            data = journal.content_after(entry, data, _touches)
            rows = get(data, LEDGER)
            yield entry, {str(row.get(NUMBER)): row for row in rows or [] if _is_called(row)}


def _is_called(row: Any) -> bool:
    return isinstance(row, dict) and bool(row.get(NUMBER))


def _touches(path: str) -> bool:
    return path in {"", _ANNEX, LEDGER} or path.startswith(f"{LEDGER}.")


def _found(rows: list[Mapping[str, Any]], number: str) -> tuple[int, Mapping[str, Any]]:
    for position, row in enumerate(rows, start=1):
        if row.get(NUMBER) == number:
            return position, row
    known = "、".join(str(row.get(NUMBER)) for row in rows) or "台账中还没有材料"
    raise EvidenceError(Problem(number, "", "台账中没有这份材料", known))


def _refuse_incomplete(table: Field, row: Mapping[str, Any], number: str) -> None:
    """Refuse an outcome without what it asks for, such as a finding for what is not accepted."""
    columns = column_fields(table)
    outcome = columns[OUTCOME]
    if row.get(OUTCOME) not in {each.code for each in outcome.choices}:
        known = "、".join(f"{each.code}（{each.label}）" for each in outcome.choices)
        raise EvidenceError(Problem(number, outcome.label, str(row.get(OUTCOME)), f"{known} 之一"))
    label = outcome.label_of(row.get(OUTCOME))
    problems = [
        Problem(number, column.label, "没有填写", f"审核结论为“{label}”时必填")
        for column in table.columns
        if column.required == "conditional" and is_required(column, row, columns)
        if not row.get(column.key)
    ]
    if problems:
        raise EvidenceError(problems)
