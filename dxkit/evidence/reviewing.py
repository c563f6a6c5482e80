"""The review of evidence: its outcome in the ledger, and its course as the journal has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dxkit.case import Case, Change, writing
from dxkit.case.answers import column_fields
from dxkit.case.paths_in_data import get
from dxkit.case.requiredness import is_required
from dxkit.definitions import load
from dxkit.errors import EvidenceError, Problem
from dxkit.evidence.kept import table_at
from dxkit.evidence.over_time import rows_over_time
from dxkit.evidence.rows import LEDGER, in_codes, without_gaps
from dxkit.models.annex import Field

NUMBER, OUTCOME, FINDING = "evidence_no", "outcome", "finding"
REVIEWED_ON, RECEIVED_ON = "reviewed_on", "received_on"
PAST = (REVIEWED_ON, "fixed_on")


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
    reviewed = {"reviewer": who, REVIEWED_ON: date.today().isoformat()}
    cells = in_codes(table, {**reviewed, **without_gaps(told)})
    _refuse_future(table, cells, number)
    with writing(folder, who, definitions) as writer:
        position, row = _found(get(writer.data, LEDGER) or [], number)
        after = {**row, **cells}
        _refuse_incomplete(table, after, number)
        place = f"{LEDGER}.{position}"
        changes = [Change(f"{place}.{key}", cells[key], row.get(key)) for key in cells]
        writer.apply(changes)
    return after


def doubt_days(row: Mapping[str, Any]) -> str | None:
    """Return what is odd about the days of a reviewed row; None if nothing."""
    reviewed, received = (str(row.get(key) or "") for key in (REVIEWED_ON, RECEIVED_ON))
    if not reviewed or not received or reviewed >= received:
        return None
    return f"审核日期 {reviewed} 早于收到日期 {received}，请核对"


def review_log(case: Case, number: str) -> list[Step]:
    """Return the course of one review from the case's journal, oldest first; never rewritten."""
    return review_logs(case).get(number, [])


def review_logs(case: Case) -> dict[str, list[Step]]:
    """Return the courses of all reviews by the number of the evidence."""
    logs: dict[str, list[Step]] = {}
    before: dict[str, Mapping[str, Any]] = {}
    for entry, every in rows_over_time(case.folder, LEDGER):
        rows = {str(row[NUMBER]): row for row in every if row.get(NUMBER)}
        for number, row in rows.items():
            old = before.get(number, {})
            if any(old.get(key) != row.get(key) for key in (OUTCOME, FINDING)):
                said = (old.get(OUTCOME), row.get(OUTCOME), row.get(FINDING))
                logs.setdefault(number, []).append(Step(entry.n, entry.at, entry.who, *said))
        before = rows
    return logs


def _found(rows: list[Mapping[str, Any]], number: str) -> tuple[int, Mapping[str, Any]]:
    for position, row in enumerate(rows, start=1):
        if row.get(NUMBER) == number:
            return position, row
    known = "、".join(str(row.get(NUMBER)) for row in rows)
    expected = known or "先用 dxkit evidence add 登记材料"
    raise EvidenceError(Problem(number, "", "台账中没有这份材料", expected))


def _refuse_future(table: Field, cells: Mapping[str, Any], number: str) -> None:
    """Refuse a day of review or of a fix that is still to come."""
    today = date.today().isoformat()
    columns = column_fields(table)
    problems = [
        Problem(number, columns[key].label, str(cells[key]), f"不晚于今天（{today}）")
        for key in PAST
        if str(cells.get(key) or "") > today
    ]
    if problems:
        raise EvidenceError(problems)


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
