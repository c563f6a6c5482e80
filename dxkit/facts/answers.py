"""The answers of the record form: which are missing, how and when they were collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from dxkit.assessment.logic import Context, judge
from dxkit.assessment.words import question_words
from dxkit.case import Answer
from dxkit.case.answers import MARK, read_answer
from dxkit.definitions import QUESTIONS
from dxkit.facts.calendar import day_of
from dxkit.facts.view import Culprits, View
from dxkit.facts.visits import visit_days
from dxkit.models.annex import Field, FieldType

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
    """Name the questions that must be answered and are not, nor marked with a reason."""
    asked = view.definitions.questions
    apart = _signing_block(view)
    missing = (key for key in asked if key not in apart and _is_missing(view, key, asked[key]))
    return tuple(_named(view, key) for key in missing)


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
        counts[method] += len(view.rows(QUESTIONS, block))
    return counts


def methods_used_count(view: View) -> int:
    """Count the different ways in which anything was collected."""
    return sum(count > 0 for count in methods_used(view).values())


def late_records(view: View) -> Culprits:
    """Name the answers written down too long after the visit that they can stem from."""
    visits = visit_days(view)
    if not visits:
        return None
    within = view.policy("record_within_days")
    return tuple(
        f"{_named(view, key)}（{answer.recorded_at}）"
        for key, answer in _given(view)
        if (gap := _days_late(answer, visits)) is not None and gap > within
    )


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


def _is_required(view: View, field: Field) -> bool:
    if field.required == "conditional" and field.required_if is not None:
        return bool(judge(field.required_if, _context(view)).least[0])
    return field.required == "yes"


def _context(view: View) -> Context:
    assessment = view.diagnosis.assessment
    return Context(view.definitions, assessment.table, assessment.results)


def _days_late(answer: Answer, visits: list[date]) -> int | None:
    written = day_of(answer.recorded_at)
    before = [day for day in visits if written is not None and day <= written]
    return (written - before[-1]).days if written is not None and before else None


def _named(view: View, key: str) -> str:
    return question_words(key, view.definitions)
