"""The answers of the record form: which are missing, how and when they were collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from dxkit.assessment.logic import Context, judge
from dxkit.assessment.words import question_words
from dxkit.case import Answer
from dxkit.case.answers import MARK, read_answer, rows_matching
from dxkit.definitions import QUESTIONS
from dxkit.facts.calendar import day_of
from dxkit.facts.view import Culprits, View
from dxkit.facts.visits import visit_days
from dxkit.models.annex import Field, FieldType, Tally
from dxkit.models.rules import Ratio

UNASKED = {FieldType.TABLE, FieldType.COMPUTED, FieldType.SIGNATURE, FieldType.SEAL}
SIGNING = {FieldType.SIGNATURE, FieldType.SEAL}
UNEXPLAINED = read_answer(MARK).not_applicable
SITE_BLOCKS = {
    "interviews": "interview",
    "site_walks": "site_walk",
    "demonstrations": "system_demo",
    "data_collections": "data_collection",
    "warehouse_checks": "site_walk",
}


def unanswered_questions(view: View) -> Culprits:
    """Name the questions that must be answered and are not, nor marked with a reason.

    A table that must be filled in has at least one row; one that a ratio counts its whole from has
    a row that counts, unless the whole is declared to be 0 or not applicable, with a remark.
    """
    asked = view.definitions.questions
    apart = _signing_block(view)
    missing = (key for key in asked if key not in apart and _is_missing(view, key, asked[key]))
    return (*(_named(view, key) for key in missing), *_empty_tables(view))


def answers_without_method(view: View) -> Culprits:
    """Name the answers that do not tell how they were collected."""
    answers = list(_given(view))
    return (
        tuple(_named(view, key) for key, each in answers if not each.methods) if answers else None
    )


def methods_used(view: View) -> Counter[str]:
    """Count the answers and site records by the way they were collected."""
    case = view.case
    counts = Counter(method for answer in case.record.values() for method in answer.methods)
    for block, method in SITE_BLOCKS.items():
        counts[method] += len(view.begun_rows(QUESTIONS, block))
    return counts


def methods_used_count(view: View) -> int:
    """Count the different ways in which anything was collected."""
    return sum(count > 0 for count in methods_used(view).values())


def late_records(view: View) -> Culprits:
    """Name the answers not written down soon after a visit, and how many do not say when.

    None before anybody came.
    """
    visits = visit_days(view)
    if not visits:
        return None
    given = list(_given(view))
    faults = ((key, answer, _untimely(view, answer, visits)) for key, answer in given)
    late = [f"{_named(view, key)}（{each.recorded_at}{why}）" for key, each, why in faults if why]
    unsaid = sum(day_of(answer.recorded_at) is None for _, answer in given)
    return (*late, *([f"{unsaid}个答案没有写明记录时间"] if unsaid else []))


def _untimely(view: View, answer: Answer, visits: list[date]) -> str:
    """Say what is wrong with the day of a record, if it names one; nothing if nothing is."""
    written = day_of(answer.recorded_at)
    if written is None:
        return ""
    before = [day for day in visits if day <= written]
    if not before:
        return "，早于首次进场"
    apart = (written - before[-1]).days
    return f"，离场{apart}天之后" if apart > view.policy("record_within_days") else ""


def _given(view: View) -> Iterator[tuple[str, Answer]]:
    """Yield the answers found to what must be asked; what only the enterprise reported is none."""
    apart = _signing_block(view)
    for key, answer in view.case.record.items():
        asked = view.definitions.questions[key].required != "no" and key not in apart
        if asked and answer.value is not None:
            yield key, answer


def _signing_block(view: View) -> set[str]:
    """Return the fields that stand beside a signature: they date and sign, they ask nothing."""
    blocks = (section.fields for section in view.definitions.annexes[QUESTIONS].sections)
    signing = (fields for fields in blocks if any(field.type in SIGNING for field in fields))
    return {field.key for fields in signing for field in fields}


def _is_missing(view: View, key: str, field: Field) -> bool:
    if field.type in UNASKED or not _is_required(view, field):
        return False
    answer = view.case.record.get(key, Answer())
    if answer.not_applicable is not None:
        return answer.not_applicable == UNEXPLAINED
    return answer.disputed is None and view.case.found.get(key) is None


def _empty_tables(view: View) -> Iterator[str]:
    """Yield the tables that must have rows and have none, or none of the kind that is counted."""
    for table in view.definitions.annexes[QUESTIONS].fields:
        if table.type is not FieldType.TABLE or table.required != "yes":
            continue
        rows = view.begun_rows(QUESTIONS, table.key)
        counted = _wholes_of(view, table)
        if any(_is_declared_empty(view.case.record.get(key)) for key in counted):
            continue
        if not rows:
            yield table.label
        else:
            yield from (
                f"{table.label}：没有一行属于“{_named(view, key)}”"
                for key, where in counted.items()
                if not rows_matching(rows, where)
            )


def _wholes_of(view: View, table: Field) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Return the questions counted from a table that are the whole of a ratio, and which rows."""
    ratios = (each.rule for each in view.definitions.indicators if isinstance(each.rule, Ratio))
    tallies = {key: view.definitions.questions[key].tally for key in {r.whole for r in ratios}}
    return {
        key: tally.where
        for key, tally in sorted(tallies.items())
        if isinstance(tally, Tally) and tally.table == table.key
    }


def _is_declared_empty(answer: Answer | None) -> bool:
    if answer is None:
        return False
    if answer.not_applicable is not None:
        return answer.not_applicable != UNEXPLAINED
    return answer.value == 0 and bool(answer.remark)


def _is_required(view: View, field: Field) -> bool:
    if field.required == "conditional" and field.required_if is not None:
        return bool(judge(field.required_if, _context(view)).least[0])
    return field.required == "yes"


def _context(view: View) -> Context:
    assessment = view.diagnosis.assessment
    return Context(view.definitions, assessment.table, assessment.results)


def _named(view: View, key: str) -> str:
    return question_words(key, view.definitions)
