"""A set of changes as suggestion cards of annex 2: what is known is filled in, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dxkit.advice.cheapest import Step
from dxkit.advice.prices import Prices
from dxkit.advice.totals import total_of
from dxkit.advice.variants import outcomes_of
from dxkit.assessment import AnswerTable
from dxkit.assessment.explanation import explain
from dxkit.assessment.words import amount_words, question_words
from dxkit.case import Case, Change
from dxkit.definitions import Definitions
from dxkit.models.indicator import Indicator

REPORT, TABLE, PROBLEMS = "annex_2", "suggestions", "problems"
_NUMBER = re.compile(r"S(\d+)")
_LONGEST_NAME = 40
_ASSUMED = "按本工具假定的成本计（假定，不是报价），须由工作组核实"
_AGREED = "按工作组确定的成本计"
_UNKNOWN = "须由工作组定价"


def suggestion_changes(
    case: Case, row: AnswerTable, steps: Sequence[Step], prices: Prices
) -> tuple[Change, ...]:
    """Return the rows to add behind the last suggestion, one for each indicator brought on.

    If somebody added one meanwhile, the changes are refused: numbers would be given twice. A card
    with the same name and content is not added again. What only people can know, such as the
    place, the time and the benefit in money, stays blank for them.

    Args:
        case: whose report.
        row: its answers as a table of one row.
        steps: the changes, with costs.
        prices: what the costs rest on.
    """
    rows = case.annex(REPORT).get(TABLE) or []
    told = {(each.get("sug_name"), each.get("content")) for each in rows}
    number = max((int(m[1]) for each in rows if (m := _numbered(each))), default=0)
    changes: list[Change] = []
    for indicators, some in _by_indicator(steps, row, case.definitions):
        card = _card(case, row, indicators, some, prices)
        if (card["sug_name"], card["content"]) in told:
            continue
        number += 1
        path = f"{REPORT}.{TABLE}.{len(rows) + len(changes) + 1}"
        changes.append(Change(path, {"sug_no": f"S{number:02}", **card}, based_on=None))
    return tuple(changes)


def _numbered(row: Mapping[str, Any]) -> re.Match[str] | None:
    return _NUMBER.fullmatch(str(row.get("sug_no") or ""))


def _by_indicator(
    steps: Sequence[Step], row: AnswerTable, definitions: Definitions
) -> Iterator[tuple[tuple[Indicator, ...], list[Step]]]:
    """Gather the changes that one indicator reads, with all indicators that they help on.

    A change that several read goes to the first; one derived from others is helped if all changes
    together move it.
    """
    outcomes = outcomes_of(definitions, row, [{step.question: step.after for step in steps}])
    moved = {each.id for n, each in enumerate(definitions.indicators) if not outcomes.same(1, n)}
    left = list(steps)
    for indicator in definitions.indicators:
        own = [step for step in left if step.question in indicator.questions]
        if own:
            left = [step for step in left if step not in own]
            keys = {step.question for step in own}
            direct = {each.id for each in definitions.indicators if keys & set(each.questions)}
            derived = {each.id for each in definitions.indicators if direct & set(each.depends_on)}
            helped = direct | (derived & moved)
            yield tuple(each for each in definitions.indicators if each.id in helped), own


def _card(
    case: Case,
    row: AnswerTable,
    indicators: tuple[Indicator, ...],
    steps: list[Step],
    prices: Prices,
) -> dict[str, Any]:
    first = next(each for each in indicators if steps[0].question in each.questions)
    card: dict[str, Any] = {
        "sug_name": _name(first),
        "problem_ids": _problems_of(case, indicators),
        "indicators": [each.id for each in indicators],
        "content": _content(steps, case.definitions),
        **_investment(steps, prices),
        "benefit_quant": _effect(row, steps, case.definitions),
        "owner_dept": "、".join(first.departments),
    }
    return {key: value for key, value in card.items() if value not in ("", [])}


def _investment(steps: Sequence[Step], prices: Prices) -> dict[str, Any]:
    """Return the estimate with what it rests on; only words where the cost of a step is unknown."""
    total = total_of(step.yuan for step in steps)
    assumed = any(prices[step.question].assumed for step in steps if step.yuan is not None)
    basis = (_ASSUMED if assumed else _AGREED) if total.priced else _UNKNOWN
    told = {"prerequisites": f"投资估算：{total.words('万元')}，{basis}。"}
    if total.cost is None:
        return told
    amount = int(total.cost) if total.cost.is_integer() else total.cost
    return told | {"invest_min": amount, "invest_max": amount}


def _name(indicator: Indicator) -> str:
    verb = "提高" if indicator.kind == "ratio" else "实现"
    return f"{verb}{indicator.short_name}"[:_LONGEST_NAME]


def _content(steps: list[Step], definitions: Definitions) -> str:
    return "；".join(step_words(step, definitions) for step in steps) + "。"


def step_words(step: Step, definitions: Definitions) -> str:
    """Say one change: question, present answer and the answer to reach."""
    field = definitions.questions[step.question]
    before, after = amount_words(field, step.before), amount_words(field, step.after)
    return f"{question_words(step.question, definitions)}：由“{before}”提升到“{after}”"


def _effect(row: AnswerTable, steps: list[Step], definitions: Definitions) -> str:
    """Say which indicators these changes alone turn, and to what."""
    changed = {step.question: step.after for step in steps}
    assessment = outcomes_of(definitions, row, [changed]).assessment
    pairs = zip(explain(assessment, 0), explain(assessment, 1), strict=True)
    moved = [
        f"指标{now.indicator.no} {now.indicator.short_name}由“{now.words}”变为“{then.words}”"
        for now, then in pairs
        if now.words != then.words
    ]
    return "；".join(moved) + "。" if moved else ""


def _problems_of(case: Case, indicators: tuple[Indicator, ...]) -> list[str]:
    wanted = {each.id for each in indicators}
    rows = case.annex(REPORT).get(PROBLEMS) or []
    return [
        str(row["problem_no"])
        for row in rows
        if row.get("problem_no") and wanted & set(row.get("indicators") or [])
    ]
