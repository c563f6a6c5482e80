"""The costs that a working group agreed on for its case, from the table in its report form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.advice.prices import Prices, prices_of
from dxkit.case import Case
from dxkit.definitions.costs_fit import COSTS, REPORT, question_of

_STEPS = ("cost_1", "cost_2", "cost_3", "cost_4")


def agreed(case: Case) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the agreed costs by question, and what is amiss with rows that cannot be used.

    Of several rows on one question the last counts.
    """
    wanted = {
        key: len(case.definitions.questions[key].choices) - 1 if price.kind == "steps" else 1
        for key, price in prices_of(case.definitions).items()
    }
    found: dict[str, Any] = {}
    amiss = []
    for number, row in enumerate(case.annex(REPORT).get(COSTS) or [], start=1):
        key = question_of(str(row.get("question") or ""))
        amounts = [row.get(step) for step in _STEPS[: wanted.get(key, 0)]]
        if not amounts or None in amounts:
            amiss.append(f"附件2改进成本第{number}行没有填全，按本工具假定计")
        else:
            found[key] = amounts if len(amounts) > 1 else amounts[0]
    return found, tuple(amiss)


def prices_for(case: Case, edits: Any = None) -> Prices:
    """Return the prices in a case: edited for a trial, else agreed on, else assumed.

    Raises:
        ParameterError: with every edit that is no cost of such a question.
    """
    if edits is not None and not isinstance(edits, Mapping):
        return prices_of(case.definitions, edits)
    return prices_of(case.definitions, {**agreed(case)[0], **(edits or {})})
