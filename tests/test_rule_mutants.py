"""Whether the worked cases beside a rule would notice if its condition were another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dxkit.definitions import Definitions, load
from dxkit.lifecycle.worked_cases import work_out
from dxkit.models.lifecycle import Part, Rule
from dxkit.models.requirements import (
    AllHold,
    AnyHolds,
    Earlier,
    Every,
    Filled,
    IsOneOf,
    Number,
    Requirement,
    Rows,
    leaves_of,
)

DEFINITIONS: Definitions = load()
STATE = "fact.state"
"""Lists of states are tested as such below, instead of by a worked case for each state."""
STRICT = {"at_least": "above", "at_most": "below"}
ALWAYS, NEVER = Number(number=1, at_least=1), Number(number=0, at_least=1)

Mutant = tuple[str, Requirement]


def without(items: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return items[:place] + items[place + 1 :]


def mutants(needs: Requirement) -> Iterator[Mutant]:
    """Yield a requirement with one thing in it changed, with words for what was changed."""
    if isinstance(needs, (AllHold, AnyHolds)):
        yield from _of_group(needs)
    else:
        yield f"{_words(needs)} always holds", ALWAYS
        yield f"{_words(needs)} never holds", NEVER
        yield from _of_leaf(needs)


def _words(needs: Requirement) -> str:
    told = needs.model_dump(exclude_defaults=True)
    return ", ".join(f"{key}: {value}" for key, value in told.items())


def _of_group(needs: AllHold | AnyHolds) -> Iterator[Mutant]:
    key = "all" if isinstance(needs, AllHold) else "any"
    members: tuple[Requirement, ...] = getattr(needs, key)
    for place, member in enumerate(members):
        if len(members) > 1:
            left = {key: without(members, place)}
            yield f"{_words(member)} left out", needs.model_copy(update=left)
        for words, other in mutants(member):
            changed = {key: (*members[:place], other, *members[place + 1 :])}
            yield words, needs.model_copy(update=changed)


def _of_leaf(leaf: Requirement) -> Iterator[Mutant]:
    said = _words(leaf)
    for words, told in (*_less(leaf), *_of_bounds(leaf)):
        yield f"{said}, {words}", leaf.model_copy(update=told)


def _less(leaf: Requirement) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what a leaf asks for with one name, column or code less."""
    if isinstance(leaf, (Rows, Every)) or (isinstance(leaf, Filled) and len(leaf.filled) > 1):
        for place, name in enumerate(leaf.filled):
            yield f"without {name}", {"filled": without(leaf.filled, place)}
    for key in ("where", "has"):
        picked = getattr(leaf, key, {})
        for name in picked:
            yield f"whatever {name}", {key: {k: v for k, v in picked.items() if k != name}}
    if isinstance(leaf, IsOneOf) and leaf.term != STATE and len(leaf.is_) > 1:
        for place, code in enumerate(leaf.is_):
            yield f"without {code}", {"is_": without(leaf.is_, place)}


def _of_bounds(leaf: Requirement) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what a leaf asks for with another bound."""
    if isinstance(leaf, Earlier):
        yield "the same day", {"or_same": not leaf.or_same}
        if leaf.working_days is not None:
            yield "any day", {"working_days": None}
    if isinstance(leaf, Rows) and leaf.exactly is not None:
        yield "as least", {"exactly": None, "at_least": leaf.exactly}
        yield "as most", {"exactly": None, "at_most": leaf.exactly}
    if isinstance(leaf, Number):
        for name, bound in leaf.bounds.items():
            if isinstance(bound, int):
                yield f"{name} one more", {name: bound + 1}
            yield f"{name} and no more", {name: None, STRICT[name]: bound}


def other_rules(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield a rule with one condition of one part changed, or one part gone or asked of all."""
    for number, part in enumerate(rule.requires):

        def changed(place: int = number, **told: Any) -> Rule:
            other = rule.requires[place].model_copy(update=told)
            parts = (*rule.requires[:place], other, *rule.requires[place + 1 :])
            return rule.model_copy(update={"requires": parts})

        if len(rule.requires) > 1:
            left = {"requires": without(rule.requires, number)}
            yield f"part {number + 1} left out", rule.model_copy(update=left)
        yield from (
            (f"part {number + 1}: {words}", changed(needs=other))
            for words, other in mutants(part.needs)
        )
        yield from _circumstances(part, number, changed)
    if rule.applies_if is not None:
        yield "applies always", rule.model_copy(update={"applies_if": None})
        for words, other in mutants(rule.applies_if):
            yield f"applies if {words}", rule.model_copy(update={"applies_if": other})


def _circumstances(part: Part, number: int, changed: Any) -> Iterator[tuple[str, Rule]]:
    if part.applies_if is not None:
        yield f"part {number + 1} applies always", changed(applies_if=None)
        for words, other in mutants(part.applies_if):
            yield f"part {number + 1} applies if {words}", changed(applies_if=other)
    if part.eased_by is not None:
        yield f"part {number + 1} never eased", changed(eased_by=None)


def is_noticed(rule: Rule) -> bool:
    """Tell whether some worked case of a changed rule comes out otherwise than written."""
    definitions = replace(DEFINITIONS, rules={**DEFINITIONS.rules, rule.id: rule})
    return any(
        sorted(each.severity for each in work_out(rule, case, definitions).failed)
        != sorted(case.fails or ())
        for case in rule.cases
    )


@pytest.mark.parametrize("rule", DEFINITIONS.rules.values(), ids=lambda rule: rule.id)
def test_the_worked_cases_notice_every_change_of_a_rule(rule: Rule) -> None:
    unnoticed = [words for words, other in other_rules(rule) if not is_noticed(other)]
    assert unnoticed == []


def test_progress_is_asked_for_wherever_a_case_goes_on() -> None:
    condition = DEFINITIONS.rules["R-61"].applies_if
    assert isinstance(condition, IsOneOf) and condition.term == STATE
    states = DEFINITIONS.states.values()
    assert set(condition.is_) == {s.id for s in states if not s.final and not s.paused}


# What a rule compares with a number that no policy sets: one leader (4.1(2)), whether there is any
# at all, and whether a report was issued twice, which makes it a correction.
NUMBERS_OF_RULES = {("R-06", 1), ("R-39", 1), ("R-59", 1)} | {
    (rule, 2) for rule in ("R-54", "R-56", "R-57", "R-58")
}


def conditions() -> Iterator[tuple[str, Requirement]]:
    for rule in DEFINITIONS.rules.values():
        told = [
            rule.applies_if,
            *(needs for p in rule.requires for needs in (p.needs, p.applies_if)),
        ]
        yield from ((rule.id, needs) for needs in told if needs is not None)


def test_every_other_number_in_a_condition_is_a_policy() -> None:
    leaves = ((name, leaf) for name, needs in conditions() for leaf in leaves_of(needs))
    found = {
        (name, term)
        for name, leaf in leaves
        if not isinstance(leaf, Rows) or leaf.model_fields_set & {"at_least", "at_most", "exactly"}
        for term in leaf.terms
        if isinstance(term, (int, float)) and not isinstance(term, bool)
    }
    assert found == NUMBERS_OF_RULES


# A number with a unit in the words of a rule; 一 is a word such as 同一 more often than a number.
MEASURED = re.compile(
    r"(?:[0-9]+|[二三四五六七八九十百两]+)个?(?:天|人|次|种|小时|工作日|年|成|分|部门|%)"
)


def test_no_rule_says_in_words_what_a_policy_sets() -> None:
    said = {
        (rule.id, found)
        for rule in DEFINITIONS.rules.values()
        for part in rule.requires
        for text in (part.says, part.mend)
        for found in MEASURED.findall(re.sub(r"附件\d+|辅-\d+", "", text))
    }
    assert said == set()
