"""Contradictions between answers: each names the answers and what would be right."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dxkit.assessment import Assessment
from dxkit.assessment.explanation import IndicatorResult
from dxkit.assessment.logic import Context, judge
from dxkit.assessment.words import answer_words, plain_number, question_words
from dxkit.case import Case
from dxkit.case.answers import tallied
from dxkit.definitions import QUESTIONS
from dxkit.diagnosis.differences import Difference
from dxkit.diagnosis.evidence import Support
from dxkit.diagnosis.records import RECORD_CHECKS
from dxkit.diagnosis.statements import is_stated
from dxkit.models.annex import GridTally
from dxkit.models.reference import Check
from dxkit.models.rules import IndicatorCondition, Leaf, ListCondition, leaves_of
from dxkit.models.shape import Basis
from dxkit.percentages import percent

SEVERITIES = {"error": "错误", "warning": "警告", "note": "提示"}


@dataclass(frozen=True)
class Finding:
    """One contradiction found."""

    check: str
    severity: Literal["error", "warning", "note"]
    says: str
    answers: tuple[str, ...]
    questions: tuple[str, ...]
    indicators: tuple[str, ...]
    clause: str
    basis: Basis

    @property
    def severity_words(self) -> str:
        """Return the severity as printed."""
        return SEVERITIES[self.severity]


@dataclass(frozen=True)
class Seen:
    """What the checks look at besides the answers, each in the order of table 1.

    `answered` is what the enterprise's own answers give, whatever its report states.
    """

    results: Sequence[IndicatorResult]
    answered: Sequence[IndicatorResult]
    differences: Sequence[Difference]
    support: Mapping[str, Support]


@dataclass(frozen=True)
class _Evidence(Seen):
    """The same with the case and its answers."""

    case: Case
    context: Context


def find_contradictions(
    case: Case, assessment: Assessment, seen: Seen, without: Container[str] = ()
) -> tuple[Finding, ...]:
    """Run every check of the definitions on one case; the gravest findings come first.

    Args:
        case: which case.
        assessment: its indicators.
        seen: what the checks look at besides.
        without: the kinds of checks to leave out.
    """
    context = Context(assessment.definitions, assessment.table, assessment.results)
    evidence = _Evidence(**vars(seen), case=case, context=context)
    found = [
        finding
        for check in assessment.definitions.checks
        if check.kind not in without
        for finding in _KINDS[check.kind](check, evidence)
    ]
    return tuple(sorted(found, key=lambda each: list(SEVERITIES).index(each.severity)))


def _finding(
    check: Check,
    answers: Sequence[str],
    questions: Sequence[str] = (),
    indicators: Sequence[str] = (),
) -> Finding:
    return Finding(
        check=check.id,
        severity=check.severity,
        says=check.says,
        answers=tuple(answers),
        questions=tuple(questions),
        indicators=tuple(indicators),
        clause=check.clause,
        basis=check.basis,
    )


def _at_most(check: Check, seen: _Evidence) -> Iterator[Finding]:
    """Compare two counts of one origin; one typed and one listed are the tally checks' affair."""
    keys = (check.part or "", check.whole or "")
    part: Any = seen.case.found.get(keys[0])
    whole: Any = seen.case.found.get(keys[1])
    typed = {key in seen.case.record for key in keys}
    if len(typed) == 1 and _numbers(part, whole) and part > whole:
        yield _finding(check, [_told(key, seen) for key in keys], keys)


def _tally(check: Check, seen: _Evidence) -> Iterator[Finding]:
    key = check.question or ""
    typed: Any = seen.case.record[key].value if key in seen.case.record else None
    counted: Any = _tallied(check, seen)
    if _numbers(typed, counted) and typed != counted:
        table = _told_table(check, plain_number(float(counted)), seen)
        yield _finding(check, [_told(key, seen), table], [key])


def _tallied(check: Check, seen: _Evidence) -> Any:
    if check.tally is None:
        return None
    return tallied(check.tally, seen.case.found, seen.context.definitions)


def _implies(check: Check, seen: _Evidence) -> Iterator[Finding]:
    if check.if_ is None or check.then is None:
        return
    if judge(check.if_, seen.context).least[0] and not judge(check.then, seen.context).most[0]:
        leaves = [*leaves_of(check.if_), *leaves_of(check.then)]
        yield _finding(
            check,
            [_told_leaf(leaf, seen) for leaf in leaves],
            [leaf.question for leaf in leaves if hasattr(leaf, "question")],
            [leaf.indicator for leaf in leaves if isinstance(leaf, IndicatorCondition)],
        )


def _self_difference(check: Check, seen: _Evidence) -> Iterator[Finding]:
    for each in seen.differences:
        if each.exceeds(check.points or 0):
            indicator = each.found.indicator
            gap = "" if each.points is None else f"，相差 {percent(abs(each.points))}"
            answer = (
                f"{_named(each.found)}：自评 {each.reported.words}，核定 {each.found.words}{gap}"
            )
            yield _finding(check, [answer], indicator.questions, [indicator.id])


def _self_statement(check: Check, seen: _Evidence) -> Iterator[Finding]:
    """Compare what the self-assessment report states with what its own answers give."""
    for difference, answered in zip(seen.differences, seen.answered, strict=True):
        stated, indicator = difference.reported, answered.indicator
        if is_stated(stated) and answered.state != "unknown" and stated.words != answered.words:
            answer = f"{_named(answered)}：报告载 {stated.words}，按自报答案为 {answered.words}"
            yield _finding(check, [answer], indicator.questions, [indicator.id])


def _evidence(check: Check, seen: _Evidence) -> Iterator[Finding]:
    for result in seen.results:
        if result.value and not seen.support[result.indicator.id].verified:
            numbers = "、".join(seen.support[result.indicator.id].numbers) or "无"
            answer = f"{_named(result)}：{result.words}，证据：{numbers}"
            yield _finding(check, [answer], result.indicator.questions, [result.indicator.id])


def _on_record(check: Check, seen: _Evidence) -> Iterator[Finding]:
    """Run a check that looks at the case's records rather than at its answers."""
    yield from (_finding(check, [each]) for each in RECORD_CHECKS[check.kind](seen.case))


_KINDS = {
    **dict.fromkeys(RECORD_CHECKS, _on_record),
    "at_most": _at_most,
    "tally": _tally,
    "implies": _implies,
    "self_difference": _self_difference,
    "self_statement": _self_statement,
    "evidence": _evidence,
}


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, (int, float)) for value in values)


def _named(result: IndicatorResult) -> str:
    return f"指标{result.indicator.no} {result.indicator.name}"


def _told(key: str, seen: _Evidence) -> str:
    value: Any = seen.case.found.get(key)
    words = plain_number(float(value)) if _numbers(value) else "未填"
    unit = seen.context.definitions.questions[key].unit
    return f"{question_words(key, seen.context.definitions)}：{words} {unit}".strip()


def _told_table(check: Check, counted: str, seen: _Evidence) -> str:
    tally = check.tally
    key = tally.grid if isinstance(tally, GridTally) else tally.table if tally else ""
    label = _table_label(key, seen)
    return f"{label}合计：{counted}"


def _told_leaf(leaf: Leaf, seen: _Evidence) -> str:
    found, definitions = answer_words(leaf, seen.context), seen.context.definitions
    if isinstance(leaf, IndicatorCondition):
        other = definitions.by_id[leaf.indicator]
        return f"指标{other.no} {other.name}：{found}"
    if isinstance(leaf, ListCondition):
        return f"{_table_label(leaf.table, seen)}：{found}相应的一行"
    return f"{question_words(leaf.question, definitions)}：{found}"


def _table_label(key: str, seen: _Evidence) -> str:
    annex = seen.context.definitions.annexes[QUESTIONS]
    return next((field.label for field in annex.fields if field.key == key), key)
