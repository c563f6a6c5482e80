"""A diagnosis as plain data for files and other programs: what `assessment.json` holds."""

from __future__ import annotations

from typing import Any

from dxkit.assessment.explanation import ConditionResult, IndicatorResult
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.findings import Finding
from dxkit.diagnosis.profile import REFERENCE, Profile


def as_plain(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return results, reasons, findings and profiles with what they were computed from."""
    case, definitions = diagnosis.case, diagnosis.definitions
    return {
        "case": case.id,
        "name": case.name,
        "edition": definitions.edition,
        "definitions": definitions.digest,
        "input": case.digest,
        "indicators": [_indicator(diagnosis, result) for result in diagnosis.results],
        "findings": [_finding(finding) for finding in diagnosis.findings],
        "profiles": [_profile(profile) for profile in diagnosis.profiles],
    }


def _indicator(diagnosis: Diagnosis, result: IndicatorResult) -> dict[str, Any]:
    indicator, support = result.indicator, diagnosis.support[result.indicator.id]
    return {
        "id": indicator.id,
        "no": indicator.no,
        "code": indicator.code,
        "name": indicator.name,
        "kind": indicator.kind,
        "state": result.state,
        "value": result.value,
        "low": _rounded(result.low),
        "high": _rounded(result.high),
        "shown": result.words,
        "reason": result.reason,
        "basis": indicator.basis.value,
        "clause": indicator.clause,
        "numbers": [{"label": label, "value": words} for label, words in result.numbers],
        "condition": _condition(result.condition) if result.condition else None,
        "changes": [
            {"question": each.question, "to": each.after, "gives": bool(each.value)}
            for each in result.changes
        ],
        "evidence": list(support.accepted),
        "strength": support.strength,
        "verified": support.verified,
        "self_reported": _self_reported(diagnosis, indicator.id),
    }


def _rounded(bound: float | None) -> float | None:
    return None if bound is None else round(bound, 10)


def _condition(node: ConditionResult) -> dict[str, Any]:
    return {
        "words": node.words,
        "status": node.status,
        "found": node.found,
        "question": node.question,
        "indicator": node.indicator,
        "parts": [_condition(part) for part in node.parts],
    }


def _self_reported(diagnosis: Diagnosis, indicator_id: str) -> dict[str, Any]:
    each = next(each for each in diagnosis.differences if each.found.indicator.id == indicator_id)
    return {"state": each.reported.state, "value": each.reported.value}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "severity": finding.severity,
        "says": finding.says,
        "answers": list(finding.answers),
        "questions": list(finding.questions),
        "indicators": list(finding.indicators),
        "clause": finding.clause,
        "basis": finding.basis.value,
    }


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "direction": profile.direction.id,
        "name": profile.direction.name,
        "counts": dict(profile.counts),
        "known": profile.known,
        "applicable": len(profile.applicable),
        "reference": {"label": REFERENCE, "low": profile.low, "high": profile.high},
    }
