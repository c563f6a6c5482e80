"""What-if for a page: scenarios, the cheapest way to a goal, and suggestions from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.advice.agreed_costs import prices_for
from dxkit.advice.cheapest import Plan, Step, cheapest, cost_of
from dxkit.advice.goals import Goal, read_goals
from dxkit.advice.prices import Price, betters, prices_of
from dxkit.advice.suggesting import step_words, suggestion_changes
from dxkit.advice.totals import total_of
from dxkit.advice.what_if import Scenario, encoded, what_if
from dxkit.assessment import AnswerTable
from dxkit.assessment.columns import decode
from dxkit.assessment.explanation import IndicatorResult
from dxkit.assessment.words import amount_words, question_words
from dxkit.case import Case, Change
from dxkit.definitions import Definitions
from dxkit.diagnosis import diagnose
from dxkit.errors import ParameterError, Problem
from dxkit.percentages import percent
from dxkit.workshop.ahead.levers import named
from dxkit.workshop.ahead.outlook import bound_words
from dxkit.workshop.showing.pointers import to_question

Plain = dict[str, Any]
Request = Mapping[str, Any]


def _row(case: Case) -> AnswerTable:
    return diagnose(case).assessment.table.row(0)


def scenario(case: Case, request: Request) -> Plain:
    """Return every indicator as it is and as it would be with some answers changed.

    Args:
        case: which case; it is not changed.
        request: `changes` by question, as a case file would hold them; `costs` as for `levers`.
    """
    changes = _mapping(request, "changes")
    steps = _steps(case, changes, request)
    total = total_of(each.yuan for each in steps)
    return {
        **_compared(case, what_if(case, changes)),
        "changes": [_step(each, case.definitions) for each in steps],
        "cost": total.cost,
        "cost_words": total.words(case.definitions.costs.unit),
    }


def _mapping(request: Request, key: str) -> Mapping[str, Any]:
    given = request.get(key)
    if not isinstance(given, Mapping):
        raise ParameterError(Problem("情景", "", "没有改动", "至少一题的新答案"))
    return given


def _steps(case: Case, changes: Mapping[str, Any], request: Request) -> list[Step]:
    """Return the changed answers; those that ask for more have a cost, the others cost nothing."""
    prices, row = prices_for(case, request.get("costs")), _row(case)
    found = []
    for key, after in encoded(case, changes).items():
        column = row.column(key)
        before = float(column.values[0]) if column.known[0] else None
        if after is not None and after != before:
            better = betters(case.definitions.questions[key], before, after)
            price = prices.get(key) if better else None
            found.append(Step(key, before, after, _yuan(price, before, after)))
    return found


def _yuan(price: Price | None, before: float | None, after: float) -> int | None:
    """Return a cost; none is known where the working group has yet to set one."""
    if price is None:
        return 0
    return None if price.amounts is None else price.cost(before, after)


def _step(step: Step, definitions: Definitions) -> Plain:
    field = definitions.questions[step.question]
    return {
        "question": step.question,
        **to_question(step.question, definitions),
        "value": decode(field, step.after),
        "before": amount_words(field, step.before),
        "after": amount_words(field, step.after),
        "words": step_words(step, definitions),
        "cost": cost_of([step]),
    }


def _compared(case: Case, then: Scenario) -> Plain:
    pairs = zip(diagnose(case).results, then.results, strict=True)
    told = [_pair(now, new) for now, new in pairs]
    return {"results": told, "changed": [each["id"] for each in told if each["change"] != "same"]}


def _pair(now: IndicatorResult, then: IndicatorResult) -> Plain:
    return {
        "id": now.indicator.id,
        "no": now.indicator.no,
        "name": now.indicator.name,
        "short": now.indicator.short_name,
        "before": now.words,
        "after": then.words,
        "before_low": bound_words(now, now.low),
        "before_high": bound_words(now, now.high),
        "after_low": bound_words(then, then.low),
        "after_high": bound_words(then, then.high),
        "after_state": then.state,
        "reason": then.reason,
        "change": _change(now, then),
    }


def _change(now: IndicatorResult, then: IndicatorResult) -> str:
    """Tell same, better, worse, or other where the two cannot be ordered."""
    before, after = (now.low, now.high), (then.low, then.high)
    if now.state == then.state and before == after:
        return "same"
    if None in before or None in after:
        return "other"
    pairs = [(float(a or 0), float(b or 0)) for a, b in zip(before, after, strict=True)]
    if all(b >= a for a, b in pairs):
        return "better"
    return "worse" if all(b <= a for a, b in pairs) else "other"


def cheapest_way(case: Case, request: Request) -> Plain:
    """Return the cheapest changes that reach a goal, unknown answers counted as not reached.

    Beside it stands what it would cost if every unknown answer turned out good enough.

    Args:
        case: which case.
        request: `goal` (an indicator, a mapping with `at_least` for a ratio, or a list of those)
            and `costs` as for `levers`.
    """
    definitions, row = case.definitions, _row(case)
    goals = read_goals(request.get("goal"), definitions)
    prices = prices_for(case, request.get("costs"))
    strict, hopeful = (cheapest(goals, row, definitions, prices, view) for view in (False, True))
    told = _plan(strict, case)
    return told | {
        "goals": [_goal(each, definitions) for each in goals],
        "hopeful": _hopeful(hopeful, definitions),
        "says": definitions.costs.says,
        "unit": definitions.costs.unit,
    }


def _goal(goal: Goal, definitions: Definitions) -> str:
    name = named(definitions.by_id[goal.indicator])
    return f"{name}为“是”" if goal.at_least is None else f"{name}达到 {percent(goal.at_least)}"


def _plan(plan: Plan, case: Case) -> Plain:
    definitions = case.definitions
    if plan.impossible:
        why = "；".join(plan.impossible)
        return {"impossible": f"按未知计未达，靠投入达不到：{why}", "whys": list(plan.impossible)}
    steps = [_step(each, definitions) for each in plan.steps]
    then = what_if(case, {each["question"]: each["value"] for each in steps})
    return {
        "changes": steps,
        "cost": plan.cost,
        "words": _plan_words(plan, definitions),
        "exact": True,
        "also": plan.also,
        **_compared(case, then),
    }


def _plan_words(plan: Plan, definitions: Definitions) -> str:
    if not plan.steps:
        return "已经达到，不需要改动。"
    total = f"合计 {plan.cost:.2f} {definitions.costs.unit}"
    also = f"；另有 {plan.also} 种做法成本和项数相同" if plan.also else ""
    return f"成本最低的做法共 {len(plan.steps)} 项改动，{total}（按所列成本，未知计未达）{also}。"


def _hopeful(plan: Plan, definitions: Definitions) -> Plain:
    """Return what it costs if all that is unknown turns out good enough."""
    if plan.impossible:
        return {"impossible": "；".join(plan.impossible)}
    unit = definitions.costs.unit
    words = f"未知各项如均已达到，只需 {plan.cost:.2f} {unit}"
    return {
        "cost": plan.cost,
        "changes": [_step(each, definitions) for each in plan.steps],
        "words": f"{words}，{len(plan.steps)} 项改动。"
        if plan.steps
        else "未知各项如均已达到，则无需投入。",
    }


def suggestions(case: Case, request: Request) -> tuple[Change, ...]:
    """Return the changes that add a set of changes as suggestion cards to the report.

    Args:
        case: which case.
        request: `changes` by question and `costs`, as for `scenario`.

    Raises:
        ParameterError: if nothing is bettered, or all of it stands there already.
    """
    steps = _steps(case, _mapping(request, "changes"), request)
    if not steps:
        raise ParameterError(Problem("建议", "", "没有改动", "至少一题的新答案"))
    if unfit := [each for each in steps if not _can_be_proposed(each, case)]:
        told = "、".join(question_words(each.question, case.definitions) for each in unfit)
        raise ParameterError(Problem("建议", told, "不是靠投入作出的改进", "条件或分子的更好答案"))
    prices = prices_for(case, request.get("costs"))
    made = suggestion_changes(case, _row(case), steps, prices)
    if not made:
        raise ParameterError(Problem("建议", "", "报告中已有同样的方案卡", "别的改动"))
    return made


def _can_be_proposed(step: Step, case: Case) -> bool:
    definitions = case.definitions
    better = betters(definitions.questions[step.question], step.before, step.after)
    return better and step.question in prices_of(definitions)
