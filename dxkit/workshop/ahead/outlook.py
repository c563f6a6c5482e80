"""Live results and what to ask next, as plain data for a page; every word is said here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dxkit.advice.asking import Question, questions_to_ask, reason_words
from dxkit.advice.proofs import Proof, documents_to_get, places_to_see
from dxkit.advice.whom import ANYBODY, departments_of, places_of
from dxkit.assessment.explanation import ConditionResult, IndicatorResult
from dxkit.case import Case
from dxkit.case.words import shown
from dxkit.definitions import QUESTIONS, Definitions
from dxkit.definitions.files import EVIDENCE
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.diagnosis.evidence import questions_of
from dxkit.diagnosis.findings import Finding
from dxkit.diagnosis.profile import REFERENCE, Profile
from dxkit.percentages import percent
from dxkit.workshop.showing.pointers import Pointer, to_path, to_question

Plain = dict[str, Any]
STATUSES = {"holds": "满足", "fails": "不满足", "open": "未知", "exempt": "不适用"}
KINDS = {"question": "待答的题目", "document": "待取的材料", "machine": "待看的现场和系统"}
EVERYWHERE = "不限地点"


def results(case: Case, _request: Mapping[str, Any] | None = None) -> Plain:
    """Return every indicator with bounds, reasons and links, the directions and contradictions.

    Checks that read files are left to the status of the case: this is asked at every keystroke.
    """
    diagnosis = diagnose(case)
    told = [result_view(each, diagnosis) for each in diagnosis.results]
    return {
        "results": told,
        "directions": [_direction(each) for each in diagnosis.profiles],
        "findings": [_finding(each, case.definitions) for each in diagnosis.findings_in_answers],
        "counts": dict(Counter(each["state"] for each in told))
        | {"total": len(told), "yes": _count(told, "是"), "no": _count(told, "否")},
    }


def _count(told: Iterable[Plain], words: str) -> int:
    return sum(each["words"] == words for each in told)


def result_view(result: IndicatorResult, diagnosis: Diagnosis) -> Plain:
    """Return one indicator of a case."""
    indicator, definitions = result.indicator, diagnosis.definitions
    support = diagnosis.support[indicator.id]
    claimed = bool(result.value) and not support.verified
    return {
        "id": indicator.id,
        "no": indicator.no,
        "name": indicator.name,
        "short": indicator.short_name,
        "direction": indicator.direction,
        "subarea": indicator.subarea,
        "kind": indicator.kind,
        "state": result.state,
        "words": result.words,
        "low": result.low,
        "high": result.high,
        "low_words": bound_words(result, result.low),
        "high_words": bound_words(result, result.high),
        "reason": result.reason,
        "why": list(_why(result, definitions)),
        "missing": _missing(result, diagnosis),
        "basis": indicator.basis.words,
        "clause": indicator.clause,
        "support": {
            "strength": support.strength,
            "accepted": len(support.accepted),
            "verified": support.verified,
            "words": "未充分验证" if claimed else "",
        },
    }


def bound_words(result: IndicatorResult, bound: float | None) -> str:
    """Return a bound as printed: a percentage, 是 or 否; nothing where it does not apply."""
    if bound is None:
        return ""
    return percent(bound) if result.indicator.kind == "ratio" else "是" if bound else "否"


def _why(result: IndicatorResult, definitions: Definitions) -> Iterable[Plain]:
    """Yield the single conditions with what was found, or the two counts of a ratio."""
    if result.condition is not None:
        for leaf in result.condition.leaves():
            yield _condition(leaf, definitions)
        return
    keys = result.indicator.questions
    for key, (label, words) in zip(keys, result.numbers, strict=True):
        status = "open" if words == "未填" else "holds"
        yield _told(label, status, words) | {"to": to_question(key, definitions)}


def _condition(leaf: ConditionResult, definitions: Definitions) -> Plain:
    to = to_question(leaf.question, definitions) if leaf.question else None
    return _told(leaf.words, leaf.status, leaf.found) | {"to": to, "indicator": leaf.indicator}


def _told(words: str, status: str, found: str) -> Plain:
    return {"words": words, "status": status, "status_words": STATUSES[status], "found": found}


def _missing(result: IndicatorResult, diagnosis: Diagnosis) -> list[Pointer]:
    """Return the unanswered questions of an undecided indicator, those below it too."""
    if result.state != "unknown":
        return []
    table, definitions = diagnosis.assessment.table, diagnosis.definitions
    keys = dict.fromkeys(questions_of(result.indicator, definitions))
    columns = ((key, table.column(key)) for key in keys)
    return [
        to_question(key, definitions)
        for key, column in columns
        if not column.known[0] and not column.not_applicable[0]
    ]


def _direction(profile: Profile) -> Plain:
    return {
        "id": profile.direction.id,
        "name": profile.direction.name,
        "subareas": [{"id": each.id, "name": each.name} for each in profile.direction.subareas],
        "counts": dict(profile.counts),
        "known": profile.known,
        "applicable": len(profile.applicable),
        "low": profile.low,
        "high": profile.high,
        "reference": REFERENCE,
    }


def _finding(finding: Finding, definitions: Definitions) -> Plain:
    return {
        "check": finding.check,
        "gravity": finding.severity,
        "gravity_words": finding.severity_words,
        "words": finding.says,
        "answers": list(finding.answers),
        "indicators": list(finding.indicators),
        "basis": finding.basis.words,
        "clause": finding.clause,
        "paths": [to_question(key, definitions) for key in finding.questions],
    }


def ask_next(case: Case, request: Mapping[str, Any] | None = None) -> Plain:
    """Return questions, documents and places on site to take up, the most useful first.

    Args:
        case: which case.
        request: `by` is department, place or worth.
    """
    diagnosis = diagnose(case)
    asks = [
        *(_question(each, case) for each in questions_to_ask(diagnosis.assessment)),
        *(_proof(each, diagnosis) for each in documents_to_get(diagnosis)),
        *(_proof(each, diagnosis) for each in places_to_see(diagnosis)),
    ]
    by = (request or {}).get("by")
    if by == "department":
        groups = _grouped(asks, "departments", last=ANYBODY)
    elif by == "place":
        groups = _grouped(asks, "places", last=EVERYWHERE)
    else:
        groups = [
            {"title": title, "asks": own}
            for kind, title in KINDS.items()
            if (own := [each for each in asks if each["kind"] == kind])
        ]
    nothing = "24 项指标都已判定，证据也都已采信，没有要再问的。"
    return {"groups": groups, "total": len(asks), "words": "" if asks else nothing}


def _grouped(asks: list[Plain], key: str, last: str) -> list[Plain]:
    """Return a group for each department or place, that with the most to settle first."""
    found: dict[str, list[Plain]] = {}
    for each in asks:
        for title in each[key]:
            found.setdefault(title, []).append(each)
    weight = {title: sum(each["worth"] for each in own) for title, own in found.items()}
    order = sorted(found, key=lambda title: (title == last, -weight[title]))
    return [{"title": title, "asks": found[title]} for title in order]


def _question(question: Question, case: Case) -> Plain:
    definitions = case.definitions
    field = definitions.questions[question.key]
    moved = question.indicators
    listed = getattr(field.tally, "table", None) or getattr(field.tally, "grid", None)
    answer = case.record.get(question.key)
    disputed = answer is not None and answer.disputed is not None
    counted = _table_of(listed, definitions) if listed and not disputed else None
    parts = [
        reason_words(question, definitions),
        f"填了{counted['label']}即可自动得出" if counted else "",
        _known_so_far(question.key, case),
    ]
    return {
        **to_question(question.key, definitions),
        "kind": "question",
        "worth": round(question.worth, 4),
        "reason": "；".join(filter(None, parts)),
        "help": field.help,
        "indicators": [each.id for each in moved],
        "wanted": [],
        "also": counted,
        "departments": list(departments_of(question.key, moved, definitions)),
        "places": list(places_of(moved) or (EVERYWHERE,)),
    }


def _known_so_far(key: str, case: Case) -> str:
    """Say what was heard of an open question that does not count as an answer yet."""
    answer = case.record.get(key)
    if answer is None:
        return ""
    own = shown(case.definitions.questions[key], answer.self_reported, case.definitions)
    heard = f"企业自报：{own}，待现场核实" if own else ""
    disputed = f"有争议：{answer.disputed}" if answer.disputed else ""
    return "；".join(filter(None, (disputed, heard)))


def _table_of(key: str, definitions: Definitions) -> Pointer:
    """Return where a table or the first cell of a grid stands."""
    grid = next(
        (each for each in definitions.annexes[QUESTIONS].fields if each.key == key and each.rows),
        None,
    )
    if grid is None:
        return to_question(key, definitions)
    return to_question(f"{key}.{grid.rows[0].code}", definitions) | {
        "label": f"{grid.no} {grid.label}".strip()
    }


def _proof(proof: Proof, diagnosis: Diagnosis) -> Plain:
    indicator, definitions = proof.indicator, diagnosis.definitions
    path = f"{EVIDENCE}.evidence" if proof.kind == "document" else f"{QUESTIONS}.site_walks"
    named = f"指标{indicator.no} {indicator.short_name}"
    label = f"{named}的证明材料" if proof.kind == "document" else f"{named}：{proof.wanted[0]}"
    return {
        **to_path(path, definitions),
        "label": label,
        "kind": proof.kind,
        "worth": proof.worth,
        "reason": proof.reason,
        "help": "",
        "indicators": [indicator.id],
        "wanted": list(proof.wanted),
        "also": None,
        "departments": list(indicator.departments) or [ANYBODY],
        "places": list(places_of([indicator]) or (EVERYWHERE,)),
    }
