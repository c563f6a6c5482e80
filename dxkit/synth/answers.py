"""What invented enterprises answer: a column per question, gates and bounds always kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np

from dxkit.assessment.columns import AnswerTable, Booleans, Column
from dxkit.assessment.logic import Context, judge
from dxkit.definitions import Definitions
from dxkit.models.annex import Field, GridTally
from dxkit.models.rules import Condition, leaves_of
from dxkit.synth.cohort import Cohort
from dxkit.synth.dice import Numbers
from dxkit.synth.drawing import Draw, Values, can_draw, draw_values
from dxkit.synth.traits import Traits

_SELF_MISSING = 0.1


@dataclass(frozen=True)
class View:
    """One telling of the same enterprises: how mature they seem, and what they leave unanswered."""

    name: str
    maturity: Numbers
    missing: Numbers


def as_found(cohort: Cohort) -> View:
    """Return what is found on site."""
    return View("found", cohort.maturity, cohort.missing)


def as_reported(cohort: Cohort) -> View:
    """Return what the enterprises say of themselves: rosier, and only from those that do."""
    missing = np.where(cohort.self_reports, _SELF_MISSING, 1.0)
    return View("reported", cohort.maturity + cohort.optimism, missing)


def draw_answers(
    cohort: Cohort, view: View, definitions: Definitions, traits: Traits, keys: Iterable[str]
) -> AnswerTable:
    """Draw the answers to some questions and to all that these hang on.

    A missing answer still bounds others: a part never exceeds a whole that comes to light later.
    """
    columns: dict[str, Column] = {}
    for key in _in_order(keys, definitions, traits):
        field = definitions.questions[key]
        draw = Draw(key, field, traits, cohort, view.maturity, columns)
        asked = _asked(field, AnswerTable(cohort.dice.size, columns), definitions)
        answered = asked & (draw.roll(f"missing in {view.name}") >= view.missing)
        marked = answered & _exempt(draw)
        columns[key] = Column(_values(draw, definitions), answered & ~marked, marked)
    return AnswerTable(cohort.dice.size, columns)


def reason_of(key: str, trade: str, traits: Traits) -> str:
    """Return why a question does not apply to a trade."""
    exemptions = traits.trait_of(key).not_applicable
    return next(each.reason for each in exemptions if trade in each.trades)


def _in_order(keys: Iterable[str], definitions: Definitions, traits: Traits) -> list[str]:
    """Return the keys and what they hang on, each after what it hangs on."""
    graph: dict[str, list[str]] = {}
    waiting = list(keys)
    while waiting:
        key = waiting.pop(0)
        if key not in graph and can_draw(key, definitions.questions[key], traits):
            graph[key] = list(_hangs_on(key, definitions, traits))
            waiting.extend(graph[key])
    return [key for key in TopologicalSorter(graph).static_order() if key in graph]


def _hangs_on(key: str, definitions: Definitions, traits: Traits) -> Iterator[str]:
    questions = definitions.questions
    field = questions[key]
    others = [field.at_most, traits.trait_of(key).follows]
    if field.at_least and not _bound_both_ways(key, field.at_least, definitions):
        others.append(field.at_least)
    if gate := _gate(field):
        others.extend(getattr(leaf, "question", None) for leaf in leaves_of(gate))
    if isinstance(field.tally, GridTally):
        others.extend(_cells(field.tally, definitions))
    yield from (other for other in others if other is not None and other in questions)


def _bound_both_ways(key: str, other: str, definitions: Definitions) -> bool:
    """Tell whether the other question names this one as its whole: then that one is drawn later."""
    return other in definitions.questions and definitions.questions[other].at_most == key


def _gate(field: Field) -> Condition | None:
    return field.shown_if or field.required_if


def _cells(tally: GridTally, definitions: Definitions) -> list[str]:
    return [key for key in definitions.questions if key.startswith(f"{tally.grid}.")]


def _asked(field: Field, table: AnswerTable, definitions: Definitions) -> Booleans:
    """Tell where a question is put: without a gate everywhere, else where the gate is open."""
    gate = _gate(field)
    if gate is None:
        return np.ones(table.size, dtype=bool)
    return judge(gate, Context(definitions, table, {})).least


def _exempt(draw: Draw) -> Booleans:
    shares = np.zeros(len(draw.traits.trades))
    if draw.field.may_be_not_applicable:
        for each in draw.trait.not_applicable:
            hit = [trade.id in each.trades for trade in draw.traits.trades]
            shares[hit] = each.share
    return np.asarray(draw.roll("exempt") < shares[draw.cohort.trade])


def _values(draw: Draw, definitions: Definitions) -> Values:
    """Return a question's values; facts of the cohort and counts of a grid are not drawn."""
    if draw.key == "staff":
        return draw.cohort.staff.astype(float)
    if isinstance(draw.field.tally, GridTally):
        return _tallied(draw, draw.field.tally, definitions)
    return draw_values(draw)


def _tallied(draw: Draw, tally: GridTally, definitions: Definitions) -> Values:
    total = np.zeros(draw.cohort.dice.size)
    for cell in _cells(tally, definitions):
        choices = definitions.questions[cell].choices
        bits = [1 << place for place, each in enumerate(choices) if each.code in tally.codes]
        total += np.isin(draw.columns[cell].values, bits)
    return total
