"""A case at one moment as one role sees it: what every view of a page is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dxkit.case import Case, Proposal
from dxkit.case.answers import PARTS, read_answer
from dxkit.case.course import closed_forms
from dxkit.definitions import QUESTIONS, Definitions
from dxkit.diagnosis import diagnose
from dxkit.forms.record_parts import asks_record
from dxkit.forms.values import answers_of
from dxkit.lifecycle import Circumstances
from dxkit.lifecycle.form_checks import doubts_about
from dxkit.models.annex import Annex, Field
from dxkit.workshop.seeing.access import Access, main_value
from dxkit.workshop.seeing.log import Log
from dxkit.workshop.seeing.places import Place, look


@dataclass(frozen=True)
class Sight:
    """The whole case, of which `seen` is what the role may see; only `seen` reaches a page.

    `whole` serves to count rows as the case counts them.
    """

    whole: Case
    access: Access
    log: Log
    proposals: Sequence[tuple[int, Proposal]] = ()
    """The values that wait for a decision, each with the number a page calls it by."""

    @property
    def definitions(self) -> Definitions:
        """Return the definitions the case was opened with."""
        return self.access.definitions

    @cached_property
    def seen(self) -> Case:
        """Return the case without what the role may not see."""
        return self.access.seen(self.whole)

    def answers(self, annex: Annex) -> Mapping[str, Any]:
        """Return what the role sees of a form's answers."""
        return answers_of(self.seen, annex)

    def whole_answers(self, annex: Annex) -> Mapping[str, Any]:
        """Return all of a form's answers, of which a page sees only what is allowed."""
        return answers_of(self.whole, annex)

    def beside(self, annex: Annex) -> Mapping[str, Any]:
        """Return the plain values of a form's questions, by which others appear or must be."""
        if annex.id not in self._beside:
            self._beside[annex.id] = self._plain(annex)
        return self._beside[annex.id]

    @cached_property
    def _beside(self) -> dict[str, Mapping[str, Any]]:
        return {}

    def _plain(self, annex: Annex) -> dict[str, Any]:
        fields = fields_of(annex)
        answers = self.answers(annex)
        return {
            key: self._value(annex, fields[key], raw) if key in fields else raw
            for key, raw in answers.items()
        }

    def _value(self, annex: Annex, field: Field, raw: Any) -> Any:
        """Return the value that counts: where nothing was found yet, what the role writes."""
        if not asks_record(annex, field):
            return raw
        answer = read_answer(raw)
        return main_value(self.access, annex, field, raw) if answer.value is None else answer.value

    @cached_property
    def closed(self) -> Mapping[str, str]:
        """Return the forms that may not be changed any more, with the reason."""
        return closed_forms(self.whole.data, self.definitions)

    @cached_property
    def contested(self) -> Mapping[str, Sequence[tuple[int, Proposal]]]:
        """Return the values that wait for a decision, by the answer or table they are for."""
        found: dict[str, list[tuple[int, Proposal]]] = {}
        for number, each in self.proposals:
            if (place := look(each.path, self.access)) is not None:
                found.setdefault(place.path, []).append((number, each))
        return found

    def findings(self, place: Place) -> list[str]:
        """Return what does not agree about a question of the record form; other forms have none."""
        return list(self._findings.get(place.path, ())) if place.annex.id == QUESTIONS else []

    @cached_property
    def _findings(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        if "diagnosis" in self.access.role.views:
            for each in diagnose(self.seen).findings_in_answers:
                answers = "；".join(each.answers)
                words = f"{each.severity_words}：{each.says}（{answers}）"
                for key in each.questions:
                    found.setdefault(f"{QUESTIONS}.{key}", []).append(words)
        return {path: tuple(words) for path, words in found.items()}

    def changed(self, place: Place) -> dict[str, str] | None:
        """Return who changed what the role sees of an answer last, and when."""
        if self._sees_all_parts or not place.is_record:
            return self.log.last(place.path)
        for step in self.log.steps(place.path):
            if step.inner or not step.entry.changes[0]["path"]:
                continue
            before, after = (
                self.access.seen_answer(place.annex, place.field, each)
                for each in (step.before, step.after)
            )
            if before != after:
                return {"who": step.entry.who, "at": step.entry.at}
        return None

    @property
    def _sees_all_parts(self) -> bool:
        return set(self.access.role.parts) >= PARTS

    def doubts(self, annex: Annex) -> list[str]:
        """Return what a form's own checks find; nothing where they rest on what is not seen."""
        if not all(self.access.sees(annex, each) for each in annex.sections if not each.office):
            return []
        seen = Circumstances(self.seen, date.today())
        return [doubt.words for doubt in doubts_about(annex, seen)]


def fields_of(annex: Annex) -> dict[str, Field]:
    """Return the fields of a form by key."""
    return {field.key: field for field in annex.fields}
