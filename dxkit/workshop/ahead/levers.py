"""What could be better, for a page: every lever, what it costs and what it alone would move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.advice.agreed_costs import agreed, prices_for, wanted_amounts
from dxkit.advice.levers import Lever, Option, levers_of
from dxkit.advice.prices import Price
from dxkit.assessment.columns import decode
from dxkit.assessment.words import amount_words
from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.diagnosis import diagnose
from dxkit.models.indicator import Indicator
from dxkit.workshop.showing.pointers import to_question

Plain = dict[str, Any]
Request = Mapping[str, Any]


def levers(case: Case, request: Request | None = None) -> Plain:
    """Return every answer that could be better, with costs and what each alone would move.

    Args:
        case: which case.
        request: `costs` to try, in place of those that the report form holds or that are assumed.
    """
    definitions = case.definitions
    tried = (request or {}).get("costs")
    prices = prices_for(case, tried)
    found = levers_of(diagnose(case).assessment.table.row(0), definitions, prices)
    costs, (own, amiss) = definitions.costs, agreed(case)
    wanted = wanted_amounts(definitions)
    return {
        "levers": [
            _lever(each, definitions, each.question in (tried or {}))
            | {"wanted": wanted[each.question], "agreed": own.get(each.question)}
            for each in found
        ],
        "goals": [_goal_offered(each) for each in definitions.indicators],
        "unit": costs.unit,
        "says": "；".join([costs.says.rstrip("。"), *amiss]) + "。",
        "basis": costs.basis.words,
    }


def _lever(lever: Lever, definitions: Definitions, tried: bool) -> Plain:
    field = definitions.questions[lever.question]
    return {
        "question": lever.question,
        **to_question(lever.question, definitions),
        "now": amount_words(field, lever.now),
        "unit": field.unit,
        "kind": lever.price.kind,
        "amounts": None if lever.price.amounts is None else list(lever.price.amounts),
        "cost_words": _price_words(lever.price, definitions, tried),
        "indicators": [each.id for each in lever.serves],
        "steps": [_option(lever, each, definitions) for each in lever.options],
    }


def _option(lever: Lever, option: Option, definitions: Definitions) -> Plain:
    field = definitions.questions[lever.question]
    return {
        "value": decode(field, option.value),
        "words": amount_words(field, option.value),
        "cost": option.cost,
        "moves": [named(each) for each in option.moves],
    }


def _price_words(price: Price, definitions: Definitions, tried: bool) -> str:
    """Say how an answer is priced, and whose price it is."""
    unit = definitions.costs.unit
    own = "本机试用" if tried else "工作组填写"
    if price.amounts is None:
        return "没有成本假定，请工作组填写"
    told = {
        "steps": f"逐级各 {'、'.join(f'{each:g}' for each in price.amounts)} {unit}",
        "each": f"每增加一个 {price.amounts[0]:g} {unit}",
        "once": f"一次 {price.amounts[0]:g} {unit}",
    }[price.kind]
    return f"{told}（{'本工具假定' if price.assumed else own}）"


def _goal_offered(indicator: Indicator) -> Plain:
    return {"indicator": indicator.id, "no": indicator.no, "name": indicator.name} | {
        "kind": indicator.kind
    }


def named(indicator: Indicator) -> str:
    """Return how an indicator is called in a list."""
    return f"指标{indicator.no} {indicator.short_name}"
