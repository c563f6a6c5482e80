"""The costs that a working group agreed on for its case, from the table in its report form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxkit.advice.prices import Prices, prices_of
from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.definitions.costs_fit import COSTS, REPORT, code_of, question_of

_STEPS = ("cost_1", "cost_2", "cost_3", "cost_4")
Row = Mapping[str, Any]
Placed = tuple[int, dict[str, Any]]
"""A row with its place from 0."""


def agreed(case: Case) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the agreed costs by question, and what is amiss with rows that cannot be used."""
    return agreed_in(case.annex(REPORT).get(COSTS) or [], case.definitions)


def agreed_in(
    rows: Sequence[Row], definitions: Definitions
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the costs that rows of the table set; of several on one question the last counts."""
    wanted = wanted_amounts(definitions)
    found: dict[str, Any] = {}
    amiss = []
    for number, row in enumerate(rows, start=1):
        key = question_of(str(row.get("question") or ""))
        amounts = [row.get(step) for step in _STEPS[: wanted.get(key, 0)]]
        if not amounts or None in amounts:
            amiss.append(f"附件2改进成本第{number}行没有填全，按本工具假定计")
        else:
            found[key] = amounts if len(amounts) > 1 else amounts[0]
    return found, tuple(amiss)


def wanted_amounts(definitions: Definitions) -> dict[str, int]:
    """Return how many amounts the cost of each question has: one, or one for each step."""
    return {
        key: len(definitions.questions[key].choices) - 1 if price.kind == "steps" else 1
        for key, price in prices_of(definitions).items()
    }


def adopted(
    rows: Sequence[Row], costs: Mapping[str, Any], definitions: Definitions, note: str = ""
) -> tuple[list[Placed], list[Placed]]:
    """Return the rows that go out and come in when costs are agreed on.

    The row that counts for a question is written anew; a question without one gets a row at the
    end. What is the same already is left.

    Args:
        rows: the table as it stands.
        costs: by question, as for `prices_of`.
        definitions: the set the costs belong to.
        note: what the costs rest on; without one the note of a row stays.

    Raises:
        ParameterError: with everything that is no cost of such a question.
    """
    prices = prices_of(definitions, costs)
    counting = {question_of(str(row.get("question") or "")): n for n, row in enumerate(rows)}
    out: list[Placed] = []
    into: list[Placed] = []
    added = len(rows)
    for question in sorted(costs, key=lambda each: counting.get(each, added)):
        place = counting.get(question)
        before = {} if place is None else dict(rows[place])
        after = {**before, "question": code_of(question)}
        after |= dict(zip(_STEPS, map(_written, prices[question].amounts or ()), strict=False))
        after |= {"note": note} if note else {}
        if after == before:
            continue
        if place is None:
            into.append((added, after))
            added += 1
        else:
            out.append((place, before))
            into.append((place, after))
    return out, into


def _written(amount: float) -> float | int:
    """Return an amount as a case file holds it."""
    return int(amount) if float(amount).is_integer() else amount


def prices_for(case: Case, edits: Any = None) -> Prices:
    """Return the prices in a case: edited for a trial, else agreed on, else assumed.

    Raises:
        ParameterError: with every edit that is no cost of such a question.
    """
    if edits is not None and not isinstance(edits, Mapping):
        return prices_of(case.definitions, edits)
    return prices_of(case.definitions, {**agreed(case)[0], **(edits or {})})
