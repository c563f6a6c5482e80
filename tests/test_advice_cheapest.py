"""The cheapest changes: worked by hand, and held against trying every combination."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.advice.cheapest import Plan, cheapest
from dxkit.advice.goals import Goal, read_goals
from dxkit.advice.prices import YUAN, Prices, prices_of
from dxkit.advice.variants import vary
from dxkit.assessment import KNOWN, NOT_APPLICABLE, AnswerTable, assess, tabulate
from dxkit.definitions import Definitions, load
from dxkit.errors import ParameterError
from dxkit.models.annex import FieldType
from dxkit.models.indicator import Indicator
from dxkit.models.rules import (
    AllOf,
    AmountCondition,
    AnyOf,
    EveryApplicable,
    IndicatorCondition,
    NameCondition,
    Ratio,
    StepCondition,
    TruthCondition,
)
from tests.answers import partly_answered

DEFINITIONS = load()
READY = {
    "key_processes": 10,
    "key_processes_nc": 3,
    "data_upward": "B",
    "orders_downward": "A",
    "supply_flow": "C",
}


def plan(answers: dict[str, Any], goal: Any, hopeful: bool = False, **costs: Any) -> Plan:
    row = tabulate(DEFINITIONS, [answers])
    prices = prices_of(DEFINITIONS, costs)
    return cheapest(read_goals(goal, DEFINITIONS), row, DEFINITIONS, prices, hopeful)


def taken(found: Plan) -> dict[str, float]:
    return {step.question: step.after for step in found.steps}


def test_readiness_is_bought_part_by_part() -> None:
    """Half of 10 processes are 5: 2 more at 30. B to C 60, A to C 20 and 60, C is enough."""
    found = plan(READY, "smart_manufacturing_ready")
    assert taken(found) == {"key_processes_nc": 5, "data_upward": 2, "orders_downward": 2}
    assert [step.yuan / YUAN for step in found.steps] == [60, 60, 80]
    assert found.cost == 200


def test_of_two_ways_the_cheaper_one_is_taken_and_edited_costs_turn_it() -> None:
    """One order placed online is assumed at 3, one taken online at 8; 9 and 8 turn that round."""
    none = {"online_purchases": 0, "online_sales": 0}
    assert set(taken(plan(none, "e_commerce"))) == {"online_purchases"}
    turned = plan(none, "e_commerce", online_purchases=9)
    assert set(taken(turned)) == {"online_sales"} and turned.cost == 8


def test_shared_answers_are_paid_for_once() -> None:
    """Indicators 5 and 6 both read 财务, 采购, 销售, 仓储: the ten segments, each from 0 to 2.

    1 and 30, 30, 30, 60, 25, 20, 15, 20, 15, 10 in the order of the form: 10 and 255.
    """
    lowest = dict.fromkeys(DEFINITIONS.by_id["all_key_businesses_digital"].questions, "0")
    found = plan(lowest, ["digital_management", "all_key_businesses_digital"])
    assert found.cost == 265 and len(found.steps) == 10


def test_more_digital_equipment_asks_for_more_of_it_in_the_network() -> None:
    """80 % of 10 are 8 digital, half of those 4: 6 more at 8 and 3 more at 1.5."""
    few = {"equipment": 10, "equipment_digital": 2, "equipment_digital_networked": 1}
    goal = [
        {"indicator": "equipment_digital_rate", "at_least": 0.8},
        {"indicator": "digital_equipment_networked_rate", "at_least": 0.5},
    ]
    found = plan(few, goal)
    assert taken(found) == {"equipment_digital": 8, "equipment_digital_networked": 4}
    assert found.cost == 6 * 8 + 3 * 1.5


def test_a_count_takes_its_whole_along_where_the_form_would_refuse_it() -> None:
    """More than 2 machines in the network need 3 digital ones: 2 more at 8 and 2 more at 1.5."""
    wanted = AmountCondition(question="equipment_digital_networked", above=2)
    definitions = small_set(wanted, wanted)
    few = {"equipment": 4, "equipment_digital": 1, "equipment_digital_networked": 1}
    row = tabulate(definitions, [few])
    found = cheapest([Goal("lower")], row, definitions, prices_of(definitions))
    assert taken(found) == {"equipment_digital": 3, "equipment_digital_networked": 3}
    assert found.cost == 2 * 8 + 2 * 1.5


def test_unknown_answers_are_paid_for_in_full_unless_hope_is_asked_for() -> None:
    """supply_flow unknown: A to C is 20 and 80; the rest as before."""
    unknown = {key: value for key, value in READY.items() if key != "supply_flow"}
    assert plan(unknown, "smart_manufacturing_ready").cost == 300
    assert plan(unknown, "smart_manufacturing_ready", hopeful=True).cost == 200


def test_what_is_reached_costs_nothing() -> None:
    assert plan({"analysis": "D"}, "smart_analysis") == Plan((Goal("smart_analysis"),))


def test_a_tie_goes_to_fewer_changes_and_then_to_what_the_form_asks_first() -> None:
    none = {"online_purchases": 0, "online_sales": 0}
    found = plan(none, "e_commerce", online_purchases=5, online_sales=5)
    assert set(taken(found)) == {"online_purchases"} and found.also == 1


@pytest.mark.parametrize(
    ("answers", "goal", "told"),
    [
        ({"has_ics": False}, "ics_security_collection", "不具备前提"),
        ({}, "ics_security_collection", "先答“Q18.1"),
        ({"customisation_mode": NOT_APPLICABLE}, "customisation", "标为不适用"),
        ({"equipment_digital": 3}, {"indicator": "equipment_digital_rate", "at_least": 1}, "未填"),
        ({"equipment": 0}, {"indicator": "equipment_digital_rate", "at_least": 1}, "没有意义"),
        (
            {"equipment": 2, "equipment_digital": 3},
            {"indicator": "equipment_digital_rate", "at_least": 1},
            "争议",
        ),
    ],
)
def test_what_no_money_reaches_says_why(answers: dict[str, Any], goal: Any, told: str) -> None:
    found = plan(answers, goal)
    assert not found.steps and told in "；".join(found.impossible), found.impossible


def test_every_obstacle_of_all_goals_is_told_at_once() -> None:
    found = plan({"has_ics": False}, ["ics_security_collection", "smart_manufacturing_ready"])
    assert len(found.impossible) == 2


@pytest.mark.parametrize(
    "goal",
    [
        "nothing",
        [],
        None,
        7,
        {"indicator": "equipment_digital_rate"},
        {"indicator": "equipment_digital_rate", "at_least": True},
        {"indicator": "equipment_digital_rate", "at_least": 1.5},
        {"indicator": "e_commerce", "at_least": 0.5},
        {"indicator": ["e_commerce"]},
    ],
)
def test_what_is_no_goal_is_refused_in_words(goal: Any) -> None:
    with pytest.raises(ParameterError, match="应为"):
        read_goals(goal, DEFINITIONS)


@pytest.mark.parametrize(
    "costs",
    [
        {"equipment": 3},
        {"data_upward": 5},
        {"data_upward": [1, 2]},
        {"online_sales": -1},
        {"online_sales": float("nan")},
        {"online_sales": "3"},
        {"online_sales": True},
    ],
)
def test_what_is_no_cost_is_refused_in_words(costs: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match="应为"):
        prices_of(DEFINITIONS, costs)


def test_every_improvable_answer_has_an_assumed_cost() -> None:
    assert [key for key, price in prices_of(DEFINITIONS).items() if price.amounts is None] == []


def test_an_answer_without_a_cost_is_said_to_have_none_and_never_taken_as_free() -> None:
    bare = replace(DEFINITIONS, costs=DEFINITIONS.costs.model_copy(update={"costs": ()}))
    row = tabulate(bare, [{"analysis": "A"}])
    found = cheapest([Goal("smart_analysis")], row, bare, prices_of(bare))
    assert "没有成本" in found.impossible[0]
    told = cheapest([Goal("smart_analysis")], row, bare, prices_of(bare, {"analysis": [1, 2, 3]}))
    assert told.cost == 3


# Small rule sets of every kind of condition, over questions with few answers.

STEPS = ("data_upward", "orders_downward", "supply_flow")
TRUTHS = ("has_data_catalogue", "service_contract")
SOME = ("rd_design", "quality", "office_only")
MACHINES = ("equipment", "equipment_digital", "equipment_digital_networked")


@st.composite
def leaves(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(["step", "truth", "names", "chosen", "amount", "count"]))
    if kind == "step":
        code = draw(st.sampled_from("ABCD"))
        return StepCondition(question=draw(st.sampled_from(STEPS)), at_least=code)
    if kind == "truth":
        return TruthCondition.of({"question": draw(st.sampled_from(TRUTHS)), "is": "yes"})
    if kind == "names":
        besides = tuple(sorted(draw(st.sets(st.sampled_from(SOME), max_size=2))))
        return NameCondition(question="cloud_workloads", names="anything", besides=besides)
    if kind == "chosen":
        codes = st.sampled_from(["public", "private"])
        besides = tuple(sorted(draw(st.sets(codes, max_size=2))))
        return NameCondition(question="cloud_deployment", names="anything", besides=besides)
    if kind == "amount":
        return AmountCondition(question="online_sales", above=0)
    counted = draw(st.sampled_from(["equipment_digital", "equipment_digital_networked"]))
    return AmountCondition(question=counted, above=draw(st.integers(0, 2)))


@st.composite
def trees(draw: st.DrawFn, below: tuple[str, ...]) -> Any:
    others = [IndicatorCondition.of({"indicator": each, "is": "yes"}) for each in below]
    shares = [
        IndicatorCondition(indicator=name, at_least=bar)
        for name in ("digital", "networked")
        for bar in (0.3, 0.5, 1.0)
    ]
    leaf = st.one_of(leaves(), leaves(), st.sampled_from([*others, *shares]))
    return draw(
        st.recursive(
            leaf,
            lambda part: st.lists(part, min_size=1, max_size=3).flatmap(
                lambda parts: st.sampled_from(
                    [
                        AllOf(all=tuple(parts)),
                        AnyOf(any=tuple(parts)),
                        EveryApplicable(every_applicable=tuple(parts)),
                    ]
                )
            ),
            max_leaves=5,
        )
    )


def small_set(lower: Any, upper: Any) -> Definitions:
    """Return four indicators: two ratios that share a count, and two trees, one upon the other."""
    like = DEFINITIONS.by_id["smart_analysis"]

    def made(number: int, name: str, rule: Any) -> Indicator:
        kind = "ratio" if isinstance(rule, Ratio) else "yes_no"
        return like.model_copy(update={"id": name, "no": number, "rule": rule, "kind": kind})

    indicators = (
        made(1, "digital", Ratio(part="equipment_digital", whole="equipment")),
        made(2, "networked", Ratio(part="equipment_digital_networked", whole="equipment_digital")),
        made(3, "lower", lower),
        made(4, "upper", upper),
    )
    return replace(DEFINITIONS, indicators=indicators)


@st.composite
def few_answers(draw: st.DrawFn) -> dict[str, Any]:
    known = st.booleans()
    answers: dict[str, Any] = {key: draw(st.sampled_from("ABCD")) for key in STEPS}
    answers |= {key: draw(st.booleans()) for key in TRUTHS}
    answers["cloud_workloads"] = draw(st.lists(st.sampled_from(SOME), unique=True, max_size=2))
    answers["cloud_deployment"] = draw(st.sampled_from(["none", "public", "private"]))
    answers["online_sales"] = draw(st.sampled_from([0, 5]))
    answers["equipment"] = draw(st.sampled_from([0, 2, 3, 4]))
    answers["equipment_digital"] = draw(st.integers(0, 4))
    answers["equipment_digital_networked"] = draw(st.integers(0, 4))
    marked = draw(st.sampled_from([*STEPS, *TRUTHS, *[None] * 8]))
    if marked is not None:
        answers[marked] = NOT_APPLICABLE
    kept = {key: value for key, value in answers.items() if draw(known) or draw(known)}
    return {"equipment": answers["equipment"], **kept} if draw(known) else kept


def options(key: str, row: AnswerTable, definitions: Definitions) -> list[float | None]:
    """Return the present answer and every better one."""
    field, column = definitions.questions[key], row.column(key)
    if column.not_applicable[0]:
        return [None]
    now = float(column.values[0]) if column.known[0] else None
    low = int(now or 0)
    if field.type is FieldType.LADDER:
        better = [float(step) for step in range(low + (now is not None), len(field.choices))]
    elif field.type is FieldType.COUNT:
        better = [float(count) for count in range(low + (now is not None), 6)]
    elif field.type is FieldType.CHOICES:
        bits = [1 << field.step_of(code) for code in SOME]  # type: ignore[operator]
        added = [sum(some) for n in (1, 2, 3) for some in itertools.combinations(bits, n)]
        better = [float(low | each) for each in added if low | each != now]
    elif field.type is FieldType.CHOICE:
        codes = [each.code for each in field.choices if each.code != "none"]
        better = [float(1 << field.step_of(code)) for code in codes]  # type: ignore[operator]
    else:
        better = [1.0] if field.type is FieldType.YES_NO else [0.01]
        better = better if low < better[0] else []
    return [now, *(each for each in better if each != now)]


def combinations(
    row: AnswerTable, definitions: Definitions, prices: Prices
) -> Iterator[dict[str, float]]:
    keys = list(prices)
    for values in itertools.product(*(options(key, row, definitions) for key in keys)):
        changed = {
            key: value
            for key, value in zip(keys, values, strict=True)
            if value is not None and not _is_now(key, value, row)
        }
        if all(_fits(key, changed, row, definitions) for key in changed):
            yield changed


def _is_now(key: str, value: float, row: AnswerTable) -> bool:
    column = row.column(key)
    return bool(column.known[0] and column.values[0] == value)


def _fits(key: str, changed: dict[str, float], row: AnswerTable, definitions: Definitions) -> bool:
    whole = definitions.questions[key].at_most
    if whole is None:
        return True
    column = row.column(whole)
    most = changed.get(whole, float(column.values[0]) if column.known[0] else None)
    return most is None or changed[key] <= most


def priced(changed: dict[str, float], row: AnswerTable, prices: Prices) -> tuple[int, int]:
    total = 0
    for key, value in changed.items():
        column = row.column(key)
        total += prices[key].cost(float(column.values[0]) if column.known[0] else None, value)
    return total, len(changed)


def reached(goals: list[Goal], table: AnswerTable, definitions: Definitions) -> Any:
    results = assess(definitions, table).results
    held = [
        (results[goal.indicator].state == KNOWN)
        & (results[goal.indicator].low >= (1 if goal.at_least is None else goal.at_least))
        for goal in goals
    ]
    return [all(row) for row in zip(*held, strict=True)]


@settings(max_examples=250, deadline=None)
@given(trees(()), trees(("lower",)), few_answers(), st.data())
def test_no_combination_of_better_answers_is_cheaper(
    lower: Any, upper: Any, answers: dict[str, Any], data: st.DataObject
) -> None:
    definitions = small_set(lower, upper)
    row = tabulate(definitions, [answers])
    goal_of = {
        "digital": Goal("digital", 0.5),
        "networked": Goal("networked", 0.6),
        "lower": Goal("lower"),
        "upper": Goal("upper"),
    }
    names = data.draw(st.lists(st.sampled_from(sorted(goal_of)), min_size=1, unique=True))
    goals = [goal_of[name] for name in names]
    amounts = st.integers(0, 3)
    edits: dict[str, Any] = {}
    for key in prices_of(definitions):
        several = len(definitions.questions[key].choices) - 1 if key in STEPS else 1
        drawn = data.draw(st.lists(amounts, min_size=several, max_size=several))
        edits[key] = drawn if several > 1 else drawn[0]
    prices = prices_of(definitions, edits)
    tried = list(itertools.islice(combinations(row, definitions, prices), 200_001))
    if len(tried) > 200_000:
        return
    ways = reached(goals, vary(row, tried), definitions)[1:]
    costs = [priced(way, row, prices) for way, held in zip(tried, ways, strict=True) if held]

    found = cheapest(goals, row, definitions, prices)
    assert bool(found.impossible) == (not costs), (found.impossible, min(costs, default=None))
    if costs:
        steps = {step.question: step.after for step in found.steps}
        assert reached(goals, vary(row, [steps]), definitions)[1]
        assert (sum(step.yuan for step in found.steps), len(found.steps)) == min(costs)


YES_OR_NO = [each.id for each in DEFINITIONS.indicators if each.kind == "yes_no"]


@settings(max_examples=60, deadline=None)
@given(partly_answered(DEFINITIONS), st.sets(st.sampled_from(YES_OR_NO), min_size=1, max_size=4))
def test_on_the_real_definitions_a_plan_reaches_its_goals_and_hope_is_never_dearer(
    drawn: tuple[dict[str, Any], ...], names: set[str]
) -> None:
    row = tabulate(DEFINITIONS, [drawn[1]])
    goals = [Goal(name) for name in sorted(names)]
    prices = prices_of(DEFINITIONS)
    strict = cheapest(goals, row, DEFINITIONS, prices)
    hopeful = cheapest(goals, row, DEFINITIONS, prices, hopeful=True)
    if strict.impossible:
        return
    steps = {step.question: step.after for step in strict.steps}
    assert reached(goals, vary(row, [steps]), DEFINITIONS)[1]
    assert not hopeful.impossible and hopeful.cost <= strict.cost
    for left_out in steps:
        fewer = {key: value for key, value in steps.items() if key != left_out}
        assert not reached(goals, vary(row, [fewer]), DEFINITIONS)[1], left_out


@settings(max_examples=25, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "key_processes": st.integers(1, 5),
            "key_processes_nc": st.integers(0, 1),
            "data_upward": st.sampled_from("ABCD"),
            "orders_downward": st.sampled_from("ABCD"),
            "supply_flow": st.sampled_from("ABCD"),
            "service_forms": st.sampled_from([["none"], ["leasing"]]),
            "service_revenue": st.sampled_from([0, 10]),
            "service_contract": st.booleans(),
        }
    ),
    st.sets(st.sampled_from(["smart_manufacturing_ready", "service_manufacturing"]), min_size=1),
)
def test_the_real_rules_of_readiness_and_services_are_bought_at_the_least_cost(
    answers: dict[str, Any], names: set[str]
) -> None:
    row = tabulate(DEFINITIONS, [answers])
    keys = [key for key in answers if key not in ("key_processes",)]
    prices = {key: price for key, price in prices_of(DEFINITIONS).items() if key in keys}
    goals = [Goal(name) for name in sorted(names)]
    small = {key: price for key, price in prices.items() if key != "service_forms"}
    tried = [
        {**way, **forms}
        for way in combinations(row, DEFINITIONS, small)
        for forms in ({}, {"service_forms": 1.0})
    ]
    ways = reached(goals, vary(row, tried), DEFINITIONS)[1:]
    costs = [priced(way, row, prices) for way, held in zip(tried, ways, strict=True) if held]
    found = cheapest(goals, row, DEFINITIONS, prices)
    assert (sum(step.yuan for step in found.steps), len(found.steps)) == min(costs)
