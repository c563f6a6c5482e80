"""Which evidence stands behind an indicator, and whether it is accepted: claimed or verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.models.indicator import Indicator

# The enterprise's own online report is what is being verified; it cannot prove itself.
SELF_REPORT = "D"
ACCEPTED = ("accepted", "accepted_after_fix")
UNREVIEWED = ("pending", None)
SEEN = "E3"
STRONG_METHODS = {"site_walk", "system_demo", "data_collection"}
"""The ways of collecting of which one is needed for evidence to be that strong."""


@dataclass(frozen=True)
class Support:
    """The evidence behind one indicator.

    `numbers` is all that is claimed, `cited` what may be printed as evidence. `strength` is E0
    (none), E1 (spoken only), E2 (documents) or E3 (seen on site or in the system).
    """

    numbers: tuple[str, ...]
    accepted: tuple[str, ...]
    cited: tuple[str, ...]
    methods: tuple[str, ...]

    @property
    def verified(self) -> bool:
        """Tell whether at least one accepted piece of evidence supports the indicator."""
        return bool(self.accepted)

    @property
    def strength(self) -> str:
        """Return the strength of the evidence, E0 to E3."""
        if self.accepted and STRONG_METHODS & set(self.methods):
            return SEEN
        if self.accepted:
            return "E2"
        return "E1" if self.methods else "E0"


def support_of(indicator: Indicator, case: Case) -> Support:
    """Collect the evidence named by an indicator's deciding answers or naming the indicator."""
    questions = tuple(questions_of(indicator, case.definitions))
    answers = [case.record[key] for key in questions if key in case.record]
    ledger = {
        row.get("evidence_no"): row for row in ledger_of(case) if row.get("category") != SELF_REPORT
    }
    named = [number for answer in answers for number in answer.evidence]
    printed = {case.definitions.questions[key].no for key in questions}
    naming = [number for number, row in ledger.items() if _names(row, indicator, printed)]
    numbers = tuple(dict.fromkeys([*named, *(str(number) for number in naming)]))
    accepted = tuple(
        number for number in numbers if ledger.get(number, {}).get("outcome") in ACCEPTED
    )
    methods = tuple(dict.fromkeys(method for answer in answers for method in answer.methods))
    proofs = [number for number in numbers if number in ledger]
    return Support(numbers, accepted, cited(proofs, case), methods)


def cited(numbers: Iterable[str], case: Case) -> tuple[str, ...]:
    """Return the numbers that a report may cite: what was refused or never came is no evidence.

    What nobody has reviewed yet, or nobody entered into the ledger, says so.
    """
    outcomes = {row.get("evidence_no"): row.get("outcome") for row in ledger_of(case)}
    photos = {row.get("photo_no") for row in case.annex("aux_4").get("photos") or []}
    return tuple(
        number + _standing(number, outcomes, photos)
        for number in dict.fromkeys(numbers)
        if number not in outcomes or outcomes[number] in (*ACCEPTED, *UNREVIEWED)
    )


def _standing(number: str, outcomes: Mapping[Any, Any], photos: set[Any]) -> str:
    if number in outcomes:
        return "" if outcomes[number] in ACCEPTED else "（待审）"
    return "" if number in photos else "（未登记）"


def ledger_of(case: Case) -> list[Mapping[str, Any]]:
    """Return the rows of the evidence ledger (annex 7, part 1)."""
    return case.annex("annex_7").get("evidence") or []


def questions_of(indicator: Indicator, definitions: Definitions) -> Iterator[str]:
    """Yield the deciding questions, also of the indicators it is derived from."""
    yield from indicator.questions
    for other in indicator.depends_on:
        yield from questions_of(definitions.by_id[other], definitions)


def _names(row: Mapping[str, Any], indicator: Indicator, printed: set[str]) -> bool:
    """Tell whether a ledger row names the indicator or one of its questions (题号)."""
    named = indicator.id in (row.get("indicators") or [])
    return named or bool(set(row.get("questions") or []) & printed)
