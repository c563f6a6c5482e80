"""What a term of a rule says on a case: its value, its name and how the value is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import NOT_APPLICABLE, flatten, is_blank
from dxkit.case.words import chinese_date, shown
from dxkit.definitions import QUESTIONS
from dxkit.facts import FACTS, Facts, facts_of
from dxkit.lifecycle.history import day_of, passed
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.requirements import Term, source_of

Value = Any


@dataclass(frozen=True)
class Circumstances:
    """A case on a day, as rules see it; worked cases state some facts instead of computing them."""

    case: Case
    today: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    letting: frozenset[str] = frozenset()
    """The rules that the leader lets pass with the step that is now asked for."""

    def policy(self, key: str) -> Value:
        """Return a policy's value."""
        return self.case.definitions.policies[key].value

    def fact(self, name: str) -> Value:
        """Return a fact of the case, stated or computed."""
        return self.facts[name] if name in self.facts else self._computed[name]

    @cached_property
    def _computed(self) -> Facts:
        return facts_of(self.case, self.today)


def value_of(term: Term, seen: Circumstances) -> Value:
    """Return what a term says; None where nothing is filled in yet."""
    kind, name = source_of(term)
    if kind == "field":
        return value_at(name, seen)
    if kind == "fact":
        return seen.fact(name)
    if kind == "policy":
        return seen.policy(name)
    if kind == "transition":
        row = passed(seen.case).get(name)
        return None if row is None else _iso(day_of(row))
    return seen.today.isoformat() if kind == "today" else term


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def value_at(path: str, seen: Circumstances) -> Value:
    """Return what stands in a field: its own value, what it shows, or what it is prefilled with."""
    annex, question = field_at(path, seen.case)
    if question.type is FieldType.COMPUTED and question.fact:
        return _of_row(seen.fact(question.fact), path)
    key = path.partition(".")[2]
    if annex.id == QUESTIONS:
        return seen.case.found.get(key)
    own = flatten(annex, answers_of(seen.case, annex)).get(key)
    return value_at(question.prefill, seen) if is_blank(own) and question.prefill else own


def _of_row(found: Value, path: str) -> Value:
    """Return what a fact that has a value for each row of a grid says of the row of a path."""
    return found.get(path.rpartition(".")[2]) if isinstance(found, Mapping) else found


def answers_of(case: Case, annex: Annex) -> Mapping[str, Any]:
    """Return the answers of a form, wherever they are kept."""
    if not annex.restricted:
        return case.annex(annex.id)
    apart = case.restricted
    return apart.annex(annex.id) if apart is not None else case.annex(annex.id)


def words_of(value: Value) -> set[str]:
    """Return the codes that a value holds, none if it is blank; truths are words."""
    if is_blank(value):
        return set()
    if isinstance(value, bool):
        return {"true" if value else "false"}
    return {str(each) for each in value} if isinstance(value, (list, tuple)) else {str(value)}


def is_filled(value: Value, question: Field | None = None) -> bool:
    """Tell whether something is filled in, and signed or sealed where that is asked."""
    signs = question is not None and question.type in (FieldType.SIGNATURE, FieldType.SEAL)
    return not is_blank(value) and not (signs and value is False)


def field_of(term: Term, case: Case) -> Field | None:
    """Return the field that a term names, if it names one."""
    kind, name = source_of(term)
    return field_at(name, case)[1] if kind == "field" else None


def called(term: Term, seen: Circumstances) -> str:
    """Return what a term is called in Chinese: 附件4·组长签字."""
    kind, name = source_of(term)
    if kind == "field":
        annex, question = field_at(name, seen.case)
        return f"{annex.mark}·{question.label}"
    if kind == "fact":
        return FACTS[name].label
    if kind == "policy":
        return seen.case.definitions.policies[name].says
    if kind == "transition":
        return f"“{seen.case.definitions.transitions[name].title}”的日期"
    return "今天" if kind == "today" else str(term)


def told(term: Term, seen: Circumstances) -> str:
    """Return a term's value as people write it, with its unit."""
    kind, name = source_of(term)
    value = value_of(term, seen)
    unit = seen.case.definitions.policies[name].unit if kind == "policy" else ""
    unit = FACTS[name].unit if kind == "fact" else unit
    question = field_of(term, seen.case)
    if question is not None and question.type is not FieldType.COMPUTED:
        return _by_field(question, value, seen.case)
    return plain(value) + unit


def _by_field(question: Field, value: Value, case: Case) -> str:
    if value is NOT_APPLICABLE:
        return "不适用"
    return shown(question, value, case.definitions) + question.unit


def plain(value: Value) -> str:
    """Return a plain value as people write it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple)):
        return "、".join(str(each) for each in value)
    day = as_day(value)
    return chinese_date(day.isoformat()) if day else str(value)


def as_day(value: Value) -> date | None:
    """Return the day that a date or a moment names; None if it names none."""
    if not isinstance(value, str) or len(value) < len("2026-03-05"):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def field_at(path: str, case: Case) -> tuple[Annex, Field]:
    """Return the form and the field that a path leads to."""
    return case.definitions.annexes[path.partition(".")[0]], case.definitions.fields[path]
