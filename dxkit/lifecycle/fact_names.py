"""Whether every fact exists that a rule, due date, worked case, node, form or pack names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dxkit.definitions import Definitions
from dxkit.errors import Problem
from dxkit.facts import FACTS
from dxkit.models.lifecycle import Rule
from dxkit.models.requirements import Requirement, Term, leaves_of, source_of


def unknown_facts(definitions: Definitions) -> Iterator[Problem]:
    """Yield every fact that is named and does not exist."""
    for where, name in _named(definitions):
        if name not in FACTS:
            yield Problem(where, f"fact.{name}", "没有这个事实", "dxkit/facts 中的一个")


def _named(definitions: Definitions) -> Iterator[tuple[str, str]]:
    for rule in definitions.rules.values():
        yield from ((rule.id, name) for case in rule.cases for name in case.facts)
        for requirement in _requirements(rule):
            yield from ((rule.id, name) for name in _facts_in(requirement))
    for annex_id, checks in definitions.form_checks.items():
        for check in checks:
            stated = (name for each in (*check.passes, *check.fails) for name in each.facts)
            named = (*_facts_of(check.needs.terms), *stated)
            yield from ((f"{annex_id}.{check.id}", name) for name in named)
    for duty in definitions.lifecycle.duties:
        yield from ((duty.key, name) for name in _facts_of((*duty.counted_from, duty.naming or "")))
        if duty.done_if is not None:
            yield from ((duty.key, name) for name in _facts_in(duty.done_if))
    for node in definitions.lifecycle.nodes:
        terms = [*node.day, *(proof.at for proof in node.proofs), node.until or ""]
        yield from ((node.label, name) for name in _facts_of(terms))
    for checklist in definitions.lifecycle.checklists:
        for paper in checklist.papers:
            yield from ((checklist.label, name) for name in _facts_in(paper.needs))
    yield "handover.yaml", definitions.handover.ledger.missing
    for annex in definitions.annexes.values():
        fields = (each for field in annex.fields for each in (field, *field.columns))
        yield from ((f"{annex.id}.{each.key}", each.fact) for each in fields if each.fact)


def _requirements(rule: Rule) -> Iterator[Requirement]:
    conditions = (each for part in rule.requires for each in (part.needs, part.applies_if))
    yield from (each for each in (rule.applies_if, *conditions) if each is not None)


def _facts_in(requirement: Requirement) -> Iterator[str]:
    for leaf in leaves_of(requirement):
        yield from _facts_of(leaf.terms)


def _facts_of(terms: Iterable[Term]) -> Iterator[str]:
    yield from (name for kind, name in map(source_of, terms) if kind == "fact")
