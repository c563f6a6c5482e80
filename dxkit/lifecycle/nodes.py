"""The nodes of the process: when each was, which papers prove it, and what was let pass at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dxkit.case.answers import is_blank, rows_matching
from dxkit.lifecycle.history import passed, state_of
from dxkit.lifecycle.overrides import Override, overrides_of
from dxkit.lifecycle.rows import table_at
from dxkit.lifecycle.terms import (
    Circumstances,
    as_day,
    called,
    field_of,
    is_filled,
    plain,
    told,
    value_of,
)
from dxkit.models.annex import FieldType
from dxkit.models.lifecycle import Node, Proof
from dxkit.models.requirements import source_of

Reached = Literal["done", "unrecorded", "ahead"]
SIGNED = (FieldType.SIGNATURE, FieldType.SEAL)


@dataclass(frozen=True)
class Passage:
    """A node as one case passed it; `proofs` are words such as 附件5 M01、M02."""

    node: Node
    day: date | None
    until: date | None
    proofs: tuple[str, ...]
    reached: Reached
    overrides: tuple[Override, ...] = ()
    """The rules let pass by the step of this node, told at the last node of that step."""


def passages(seen: Circumstances) -> list[Passage]:
    """Return how a case passed each node, in the order of the definitions."""
    nodes = seen.case.definitions.lifecycle.nodes
    last = {node.step: node.label for node in nodes}
    return [
        _passage(node, seen, list(_let_pass(node, seen)) if last[node.step] == node.label else [])
        for node in nodes
    ]


def elsewhere(seen: Circumstances) -> list[Override]:
    """Return the overrides of rules that guard no node, such as those watched all the time."""
    listed = [each for passage in passages(seen) for each in passage.overrides]
    return [each for each in overrides_of(seen.case) if each not in listed]


def _passage(node: Node, seen: Circumstances, overrides: Iterable[Override]) -> Passage:
    days = (as_day(value_of(term, seen)) for term in node.day)
    day = next((each for each in days if each), None)
    until = None if node.until is None else as_day(value_of(node.until, seen))
    proofs = tuple(words for proof in node.proofs if (words := _words(proof, seen)))
    return Passage(node, day, until, proofs, _reached(node, day, seen), tuple(overrides))


def _reached(node: Node, day: date | None, seen: Circumstances) -> Reached:
    if day is not None:
        return "done"
    done, begun = list(passed(seen.case)), state_of(seen.case) is not None
    if not begun or (node.step in done and not _is_due_again(node, done)):
        return "unrecorded"
    return "ahead"


def _is_due_again(node: Node, done: list[str]) -> bool:
    """Tell whether the step that begins a node anew came behind the one it is asked for at."""
    again = node.anew_with
    return again in done and done.index(str(again)) > done.index(node.step)


def _let_pass(node: Node, seen: Circumstances) -> Iterator[Override]:
    """Yield the overrides of the rules that a step is the first to ask for."""
    steps = seen.case.definitions.transitions
    first = {rule: step.id for step in reversed(list(steps.values())) for rule in step.rules}
    yield from (each for each in overrides_of(seen.case) if first.get(each.rule) == node.step)


def _words(proof: Proof, seen: Circumstances) -> str:
    """Return a paper with its numbers; one that is signed instead of numbered by itself."""
    if source_of(proof.at).kind == "fact":
        is_known = not is_blank(value_of(proof.at, seen))
        return f"{called(proof.at, seen)}{told(proof.at, seen)}" if is_known else ""
    numbers = list(dict.fromkeys(_numbers(proof, seen)))
    mark = seen.case.definitions.annexes[proof.form or proof.at.partition(".")[0]].mark
    return f"{mark} {'、'.join(numbers)}".strip() if numbers else ""


def _numbers(proof: Proof, seen: Circumstances) -> Iterator[str]:
    """Yield the numbers that stand where a proof says, an empty one for a signature."""
    if proof.at.count(".") == 1:
        field, found = field_of(proof.at, seen.case), value_of(proof.at, seen)
        if is_filled(found, field):
            yield "" if field is not None and field.type in SIGNED else plain(found)
        return
    place, _, column = proof.at.rpartition(".")
    for row in rows_matching(list(table_at(place, seen.case)[1]), proof.where):
        found = row.get(column)
        numbers = found if isinstance(found, list) else [found]
        yield from (plain(each) for each in numbers if not is_blank(each))
