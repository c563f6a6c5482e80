"""The indicators: which have a value, agree with themselves, and are carried by evidence."""

from __future__ import annotations

from dxkit.assessment.explanation import IndicatorResult
from dxkit.case.answers import MARK, read_answer
from dxkit.diagnosis.differences import noticeable_points
from dxkit.facts.view import Culprits, Value, View, unlike
from dxkit.models.rules import Ratio

UNEXPLAINED = read_answer(MARK).not_applicable


def indicators_without_value(view: View) -> Culprits:
    """Name the indicators that are unknown, or do not apply without a reason being given."""
    return tuple(
        _named(each)
        for each in view.diagnosis.results
        if each.state == "unknown" or _is_unexplained(view, each)
    )


def ratios_inconsistent(view: View) -> Culprits:
    """Name the ratios whose part exceeds the whole or that, worked out again, differ."""
    return tuple(_named(each) for each in view.diagnosis.results if _is_inconsistent(view, each))


def derived_indicator_mismatch(view: View) -> Culprits:
    """Name the derived indicators that say otherwise than the conditions they are derived from."""
    derived = (each for each in view.diagnosis.results if each.indicator.depends_on)
    return tuple(
        _named(each)
        for each in derived
        if each.state == "known" and each.condition and bool(each.value) != _holds(each)
    )


def claims_without_evidence(view: View) -> Culprits:
    """Name every yes and every ratio above 0 that no accepted evidence carries."""
    support = view.diagnosis.support
    return tuple(
        f"{_named(each)}（{each.words}）"
        for each in view.diagnosis.results
        if each.value and not support[each.indicator.id].verified
    )


def unexplained_differences(view: View) -> Culprits:
    """Name the indicators that differ from the self-assessment without a cause noted.

    None while the enterprise's own values are not entered.
    """
    if all(each.reported.state == "unknown" for each in view.diagnosis.differences):
        return None
    points = noticeable_points(view.definitions)
    found = (each for each in view.diagnosis.differences if each.exceeds(points))
    return tuple(
        f"{_named(each.found)}（自评{each.reported.words}，核定{each.found.words}）"
        for each in found
        if not each.explained
    )


def yes_by_interview_only(view: View) -> Culprits:
    """Name every yes whose answers were collected by nothing but interviews."""
    support = view.diagnosis.support
    return tuple(
        _named(each)
        for each in view.diagnosis.results
        if each.value is True and set(support[each.indicator.id].methods) == {"interview"}
    )


def result_words(indicator: str, view: View) -> str | None:
    """Return an indicator's value as printed; None while it is unknown."""
    result = view.diagnosis.by_id[indicator]
    return None if result.state == "unknown" else result.words


def all_result_words(view: View) -> Value:
    """Return every indicator's value as printed, by id; an empty text while it is unknown."""
    return {key: result_words(key, view) or "" for key in view.diagnosis.by_id}


def self_answered_values(view: View) -> Value:
    """Return every indicator as the enterprise's own answers give it, by id; empty if unknown."""
    return {
        each.indicator.id: "" if each.state == "unknown" else each.words
        for each in view.diagnosis.self_answered
    }


def target_present_values(view: View) -> Value:
    """Return the present value beside each target that the report sets."""
    rows = view.rows("annex_2", "targets")
    return tuple(
        "、".join(result_words(i, view) or "未知" for i in row.get("indicator") or []) or None
        for row in rows
    )


def _named(result: IndicatorResult) -> str:
    return f"指标{result.indicator.no} {result.indicator.name}"


def _is_unexplained(view: View, result: IndicatorResult) -> bool:
    if result.state != "not_applicable":
        return False
    marks = [view.case.record.get(key) for key in result.indicator.not_applicable_if_marked]
    return any(each is not None and each.not_applicable == UNEXPLAINED for each in marks)


def _is_inconsistent(view: View, result: IndicatorResult) -> bool:
    rule = result.indicator.rule
    if not isinstance(rule, Ratio):
        return False
    part, whole = (view.case.found.get(key) for key in (rule.part, rule.whole))
    if not isinstance(part, (int, float)) or not isinstance(whole, (int, float)):
        return False
    worked_out = round(part / whole, 10) if whole else None
    shown = None if result.value is None else round(float(result.value), 10)
    return part > whole or part < 0 or unlike(worked_out, shown)


def _holds(result: IndicatorResult) -> bool:
    return result.condition is not None and result.condition.status == "holds"
