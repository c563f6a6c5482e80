"""What improving an answer costs: as the definitions assume, or as the working group sets it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.definitions import Definitions
from dxkit.definitions.costs_fit import improvable
from dxkit.errors import ParameterError, Problem
from dxkit.models.annex import Field, FieldType
from dxkit.models.costs import Cost

YUAN = 10_000
"""Costs are told in 万元 and added in whole yuan, so that sums are exact and ties are ties."""
MOST = 1e8


@dataclass(frozen=True)
class Price:
    """The cost of one question's improvement in 万元; `amounts` are steps, or a single amount."""

    kind: str
    amounts: tuple[float, ...] | None
    assumed: bool

    def cost(self, before: float | None, after: float) -> int:
        """Return the cost of an improvement in yuan; an unknown answer starts at the lowest."""
        if not self.amounts:
            raise ValueError("an answer without a price cannot be bought")
        yuan = [round(amount * YUAN) for amount in self.amounts]
        if self.kind == "steps":
            return sum(yuan[int(before or 0) : int(after)])
        if self.kind == "each":
            return yuan[0] * max(int(after) - int(before or 0), 0)
        return yuan[0]


Prices = Mapping[str, Price]


def prices_of(definitions: Definitions, edits: Any = None) -> Prices:
    """Return the price of every question that can be improved, edited ones in place of assumed.

    Args:
        definitions: with the assumed costs.
        edits: by question a number in 万元, or a list of them for the steps of an ordered choice;
            as a page sent it.

    Raises:
        ParameterError: with every edit that is no cost of such a question.
    """
    assumed = {each.question: each for each in definitions.costs.costs}
    keys = dict.fromkeys(key for each in definitions.indicators for key in improvable(each))
    prices = {key: _assumed(definitions.questions[key], assumed.get(key)) for key in keys}
    if edits is not None and not isinstance(edits, Mapping):
        raise ParameterError(Problem("成本", "", str(edits)[:40], "按题目列出的成本"))
    problems = []
    for key, given in (edits or {}).items():
        if key not in prices:
            problems.append(Problem("成本", key, "不由投入改变任何指标", "条件或分子中的题目"))
            continue
        read = _read(given, definitions.questions[key])
        if isinstance(read, str):
            problems.append(Problem("成本", key, str(given)[:40], read))
        else:
            prices[key] = Price(prices[key].kind, read, assumed=False)
    if problems:
        raise ParameterError(problems)
    return prices


def betters(field: Field, before: float | None, after: float) -> bool:
    """Tell whether an answer asks for more than another: a higher one, or something more named."""
    if not field.choices or field.type is FieldType.LADDER:
        return before is None or after > before
    nothing = sum(1 << n for n, each in enumerate(field.choices) if each.code == "none")
    return bool(int(after) & ~(int(before or 0) | nothing))


def _assumed(field: Field, cost: Cost | None) -> Price:
    kind = _kind_of(field)
    if cost is None:
        return Price(kind, None, assumed=True)
    single = cost.once if cost.each is None else cost.each
    return Price(kind, cost.steps or (single or 0.0,), assumed=True)


def _kind_of(field: Field) -> str:
    if field.type is FieldType.LADDER:
        return "steps"
    return "each" if field.type is FieldType.COUNT else "once"


def _read(given: Any, field: Field) -> tuple[float, ...] | str:
    wanted = len(field.choices) - 1 if field.type is FieldType.LADDER else 1
    several = given if isinstance(given, (list, tuple)) else [given]
    fits = len(several) == wanted and all(
        isinstance(each, (int, float))
        and not isinstance(each, bool)
        and math.isfinite(each)
        and 0 <= each <= MOST
        for each in several
    )
    if not fits:
        return f"{wanted} 个不小于 0 的数，单位万元" if wanted > 1 else "不小于 0 的数，单位万元"
    return tuple(float(each) for each in several)
