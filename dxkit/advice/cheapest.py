"""The cheapest set of changes that reaches some goals, found exactly by search, cheapest first.

Every condition only asks for more, so what a way through the alternatives needs at least is found
by raising answers until nothing more is asked, and no answer is ever raised further than that. The
search tries the ways in the order of their cost: the first that is complete costs least.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.advice.goals import Goal, Need, needs_of
from dxkit.advice.ground import Ground
from dxkit.advice.prices import Prices
from dxkit.advice.totals import total_of
from dxkit.advice.way import Way, begin, branches
from dxkit.assessment import AnswerTable
from dxkit.assessment.logic import Context
from dxkit.definitions import Definitions


@dataclass(frozen=True)
class Step:
    """One answer to raise, and what that costs in yuan; None where nobody set a cost."""

    question: str
    before: float | None
    after: float
    yuan: int | None


@dataclass(frozen=True)
class Plan:
    """The cheapest changes, none if the goals are reached already; or why there are none."""

    goals: tuple[Goal, ...]
    steps: tuple[Step, ...] = ()
    impossible: tuple[str, ...] = ()
    also: int = 0
    """How many other sets of as many changes cost the same."""

    @property
    def cost(self) -> float:
        """Return the cost of all changes in 万元."""
        return cost_of(self.steps) or 0.0


def cost_of(steps: Sequence[Step]) -> float | None:
    """Return what steps cost together in 万元; None if the cost of one is not known."""
    return total_of(step.yuan for step in steps).cost


def cheapest(
    goals: Sequence[Goal],
    row: AnswerTable,
    definitions: Definitions,
    prices: Prices,
    hopeful: bool = False,
) -> Plan:
    """Find the cheapest set of changes that reaches all goals, exactly.

    Of several that cost the same, that with the fewest changes is taken, then the one whose
    questions stand first in the record form with the lowest answers.

    Args:
        goals: what to reach.
        row: the answers of one enterprise, as a table of one row.
        definitions: the set to judge by.
        prices: what each improvement costs.
        hopeful: whether unknown answers count as good enough, else as the lowest there is.
    """
    context = Context(definitions, row, {})
    ground = Ground(definitions, row, prices)
    needs: list[Need] = [needs_of(goal, context, hopeful) for goal in goals]
    found, reasons = _search(begin(ground, needs), ground)
    if not found:
        return Plan(tuple(goals), impossible=tuple(dict.fromkeys(reasons)))
    best = min(found, key=lambda way: way.order(ground))
    steps = tuple(
        Step(key, ground.now(key), value, ground.cost(key, value)) for key, value in best.raised
    )
    return Plan(tuple(goals), steps, also=len({way.raised for way in found}) - 1)


def _search(start: Way, ground: Ground) -> tuple[list[Way], list[str]]:
    """Return every complete way of least cost and fewest changes, and why others led nowhere."""
    serial = itertools.count()
    heap = [(start.price(ground), next(serial), start)]
    seen: set[Way] = {start}
    found: list[Way] = []
    reasons: list[str] = []
    least: tuple[int, int] | None = None
    while heap:
        price, _, way = heapq.heappop(heap)
        if least is not None and price > least:
            break
        if way.blocked:
            reasons.extend(way.blocked)
            continue
        if way.complete:
            least = price
            found.append(way)
            continue
        for each in branches(way, ground):
            if each not in seen:
                seen.add(each)
                heapq.heappush(heap, (each.price(ground), next(serial), each))
    return found, reasons
