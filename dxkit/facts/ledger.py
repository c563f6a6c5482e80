"""The evidence ledger: what was reviewed, with which outcome, what is still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from dxkit.case.words import chinese_date
from dxkit.diagnosis.evidence import ACCEPTED
from dxkit.evidence.reviewing import Step, review_logs
from dxkit.facts.calendar import day_of, days_of
from dxkit.facts.view import Culprits, Row, Value, View, named

# The five kinds of documents that clause 4.4.3 names.
NAMED_IN_GUIDE = ("A", "B", "C", "D", "E")
SELF_ASSESSMENT = ("D001", "D002")
WITHOUT_REVIEW = ("pending", "not_provided", None)
NOT_DUE = "not_applicable"
NOT_RECEIVED = ("not_provided", NOT_DUE)
NO_PROOF = ("rejected", *NOT_RECEIVED)


def evidence_rows(view: View) -> list[Row]:
    """Return the filled rows of the ledger."""
    return view.begun_rows("annex_7", "evidence")


def evidence_name(row: Row) -> str:
    """Return what a piece of evidence is called in a list."""
    return named(row, "evidence_no", "title")


def materials_reviewed(view: View) -> int:
    """Count the documents that have an outcome of review; what is not due was none to look at."""
    unseen = (*WITHOUT_REVIEW, NOT_DUE)
    return sum(row.get("outcome") not in unseen for row in evidence_rows(view))


def materials_accepted(view: View) -> int:
    """Count the documents accepted, at once or after a fix."""
    return sum(row.get("outcome") in ACCEPTED for row in evidence_rows(view))


def rows_pending(view: View) -> Culprits:
    """Name the documents still waiting for review; None while the ledger is empty."""
    rows = evidence_rows(view)
    waiting = (row for row in rows if row.get("outcome") in (None, "pending"))
    return tuple(map(evidence_name, waiting)) if rows else None


def fixes_without_due_date(view: View) -> Culprits:
    """Name the documents to be fixed for which no day is set."""
    return tuple(evidence_name(row) for row in _to_be_fixed(view) if not row.get("fix_due"))


def _to_be_fixed(view: View) -> list[Row]:
    return [row for row in evidence_rows(view) if row.get("outcome") == "fix_needed"]


def fixes_open(view: View) -> Culprits:
    """Name the documents that the enterprise is still to fix and by which day."""
    rows = [row for row in _to_be_fixed(view) if row.get("fix_due")]
    return tuple(f"{evidence_name(row)}，{row['fix_due']}前" for row in rows)


def earliest_fix_due(view: View) -> str | None:
    """Return the first day by which the enterprise is still to fix a document."""
    days = days_of(row.get("fix_due") for row in _to_be_fixed(view))
    return days[0].isoformat() if days else None


def categories_without_review(view: View) -> Culprits:
    """Name the categories the guide names in which nothing was reviewed.

    A document not provided counts where the reason is written down; that none of a category is
    due settles nothing, for somebody must have looked.
    """
    settled = {row.get("category") for row in evidence_rows(view) if _is_settled(row)}
    label_of = view.field("annex_7", "evidence", "category").label_of
    return tuple(label_of(code) for code in NAMED_IN_GUIDE if code not in settled)


def self_assessment_files_missing(view: View) -> Culprits:
    """Name the documents downloaded from the platform of which there is no file."""
    kept = {
        row.get("item")
        for row in evidence_rows(view)
        if row.get("outcome") not in NO_PROOF and view.has_file(row.get("file"))
    }
    wanted = (each for each in view.definitions.seeds.materials if each.item in SELF_ASSESSMENT)
    return tuple(f"{each.item} {each.title}" for each in wanted if each.item not in kept)


def self_assessment_mismatches(view: View) -> Culprits:
    """Name why the self-assessment on file may be another enterprise's or another year's."""
    files = [row for row in evidence_rows(view) if row.get("item") in SELF_ASSESSMENT]
    if not files:
        return None
    doubtful = [
        f"{evidence_name(r)}：尚未审核通过" for r in files if r.get("outcome") not in ACCEPTED
    ]
    made = day_of(view.value("annex_3", "selfassess_on"))
    applied = day_of(view.value("annex_3", "applied_on"))
    if made and applied and abs(made.year - applied.year) > view.policy("selfassess_years_apart"):
        doubtful.append(f"自评估完成于{made.year}年，申请于{applied.year}年")
    return tuple(doubtful)


def evidence_review_log(view: View) -> Value:
    """Tell each change of an outcome from the journal: when, who, from what to what, and of which.

    What one person changed alike on one day is told together.
    """
    concluded = [
        (step, number)
        for number, steps in review_logs(view.case).items()
        for step in steps
        if step.after and step.after != step.before
    ]
    alike: dict[str, list[str]] = {}
    for step, number in sorted(concluded, key=lambda each: each[0].n):
        alike.setdefault(_concluded(view, step), []).append(number)
    return tuple(f"{told}：{'、'.join(dict.fromkeys(of))}" for told, of in alike.items())


def count_by_category(test: Callable[[Row], bool], view: View) -> Mapping[str, int]:
    """Count the documents of each category that pass a test."""
    grid = view.field("annex_7", "category_summary")
    counted = [row for row in evidence_rows(view) if test(row)]
    categories = [str(row.get("category") or "").lower() for row in counted]
    return {row.code: categories.count(row.code) for row in grid.rows}


def _concluded(view: View, step: Step) -> str:
    label_of = view.field("annex_7", "evidence", "outcome").label_of
    was = label_of(step.before) if step.before else "新登记"
    return f"{chinese_date(step.at)} {step.who} {was}→{label_of(step.after)}"


def _is_settled(row: Row) -> bool:
    if row.get("outcome") == "not_provided":
        return bool(row.get("finding"))
    reviewed = row.get("reviewer") and row.get("reviewed_on")
    return row.get("outcome") not in (*WITHOUT_REVIEW, NOT_DUE) and bool(reviewed)


def _is_due(row: Row) -> bool:
    return row.get("outcome") != NOT_DUE


def _is_received(row: Row) -> bool:
    came = row.get("received_on") or row.get("file")
    return row.get("outcome") not in NOT_RECEIVED and bool(came or row.get("reviewed_on"))


def _has(outcome: str, row: Row) -> bool:
    return row.get("outcome") == outcome


def _of_outcome(outcome: str) -> Callable[[View], Mapping[str, int]]:
    return partial(count_by_category, partial(_has, outcome))


evidence_due = partial(count_by_category, _is_due)
evidence_received = partial(count_by_category, _is_received)
evidence_accepted = _of_outcome("accepted")
evidence_accepted_after_fix = _of_outcome("accepted_after_fix")
evidence_fix_needed = _of_outcome("fix_needed")
evidence_rejected = _of_outcome("rejected")
evidence_not_provided = _of_outcome("not_provided")
evidence_not_applicable = _of_outcome(NOT_DUE)
