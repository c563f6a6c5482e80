"""Which papers to get and what to look at on site, by indicator: evidence that is still wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.evidence import SEEN, Support
from dxkit.models.indicator import Indicator

CLAIMED, OPEN, DOCUMENTED = 1.0, 0.5, 0.25
"""What proof is worth: for a yes nobody has proven, for what is undecided, for the rest."""


@dataclass(frozen=True)
class Proof:
    """Evidence wanted for one indicator: papers to get, or something to look at on site."""

    indicator: Indicator
    kind: Literal["document", "machine"]
    worth: float
    wanted: tuple[str, ...]
    reason: str


def documents_to_get(diagnosis: Diagnosis) -> tuple[Proof, ...]:
    """Return the papers wanted, for claims without accepted evidence first."""
    found = [
        Proof(result.indicator, "document", worth, result.indicator.evidence, reason)
        for result in diagnosis.results
        for worth, reason in _unproven(diagnosis, result.indicator)
    ]
    return tuple(sorted(found, key=lambda each: (-each.worth, each.indicator.no)))


def places_to_see(diagnosis: Diagnosis) -> tuple[Proof, ...]:
    """Return what is to be looked at on site or in a system, the undecided first."""
    found = [
        Proof(each.indicator, "machine", worth, (each.indicator.look_at,), reason)
        for each in diagnosis.results
        if each.indicator.look_at and not each.indicator.depends_on
        for worth, reason in _unseen(diagnosis, each.indicator)
    ]
    return tuple(sorted(found, key=lambda each: (-each.worth, each.indicator.no)))


def _unproven(diagnosis: Diagnosis, indicator: Indicator) -> Iterator[tuple[float, str]]:
    """Yield why an indicator wants papers; a derived one is proven by what it is derived from."""
    result, support = diagnosis.by_id[indicator.id], diagnosis.support[indicator.id]
    if indicator.depends_on or support.verified or result.state == "not_applicable":
        return
    named = f"{indicator.short_name}为“{result.words}”"
    if result.value:
        yield CLAIMED, f"{named}，{_standing(support)}，只能写作企业声称"
    elif result.state == "unknown":
        yield OPEN, f"{indicator.short_name}尚不能判定，{_standing(support)}"


def _standing(support: Support) -> str:
    if support.cited:
        return f"已登记 {len(support.cited)} 份证据，尚未采信"
    return f"所列 {len(support.numbers)} 份证据未获采信" if support.numbers else "还没有证据"


def _unseen(diagnosis: Diagnosis, indicator: Indicator) -> Iterator[tuple[float, str]]:
    result, support = diagnosis.by_id[indicator.id], diagnosis.support[indicator.id]
    if result.state == "unknown":
        yield CLAIMED, f"{indicator.short_name}尚不能判定"
    elif result.value and support.strength != SEEN:
        named = f"{indicator.short_name}为“{result.words}”"
        worth = DOCUMENTED if support.verified else OPEN
        yield worth, f"{named}，证据强度 {support.strength}，尚未在现场或系统中核实"
