"""The laws of the engine: bounds, states, and one row alone as among many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.assessment import KNOWN, NOT_APPLICABLE, STATE_NOT_APPLICABLE, UNKNOWN, assess, tabulate
from dxkit.assessment.columns import Column
from dxkit.assessment.explanation import IndicatorResult, explain
from dxkit.definitions import load
from dxkit.models.annex import FieldType
from dxkit.proof import as_expected, work_out
from dxkit.synth import answer_table

from .answers import complete_answers, deciding, partly_answered

DEFINITIONS = load()
FEW = settings(max_examples=80, deadline=None)


def results(answers: dict[str, Any]) -> dict[str, tuple[int, float, float]]:
    assessment = assess(DEFINITIONS, tabulate(DEFINITIONS, [answers]))
    return {
        key: (int(each.state[0]), float(each.low[0]), float(each.high[0]))
        for key, each in assessment.results.items()
    }


def told(answers: dict[str, Any], indicator: str) -> IndicatorResult:
    table = tabulate(DEFINITIONS, [answers])
    every = explain(assess(DEFINITIONS, table))
    return next(each for each in every if each.indicator.id == indicator)


@FEW
@given(partly_answered(DEFINITIONS))
def test_bounds_contain_what_the_missing_answers_turn_out_to_be(drawn: Any) -> None:
    complete, some, _ = drawn
    after, before = results(complete), results(some)
    for key, (state, low, _high) in after.items():
        if state == KNOWN:
            assert before[key][1] <= low <= before[key][2], key


@FEW
@given(partly_answered(DEFINITIONS))
def test_answering_more_never_widens_bounds_nor_unsettles_a_known_result(drawn: Any) -> None:
    _, some, least = drawn
    after, before = results(some), results(least)
    for key, (state, low, high) in before.items():
        if state == KNOWN:
            assert after[key] == (state, low, high), key
        elif after[key][0] != STATE_NOT_APPLICABLE:
            assert after[key][1] >= low, key
            assert after[key][2] <= high, key


@FEW
@given(partly_answered(DEFINITIONS), st.data())
def test_climbing_a_ladder_never_loses_a_yes(drawn: Any, data: st.DataObject) -> None:
    _, some, _ = drawn
    ladders = [
        key
        for key, field in deciding(DEFINITIONS).items()
        if field.type is FieldType.LADDER and isinstance(some.get(key), str)
    ]
    if not ladders:
        return
    key = data.draw(st.sampled_from(ladders))
    codes = [choice.code for choice in DEFINITIONS.questions[key].choices]
    higher = codes[min(codes.index(some[key]) + 1, len(codes) - 1)]
    before, after = results(some), results({**some, key: higher})
    for indicator, (state, low, _) in before.items():
        if DEFINITIONS.by_id[indicator].kind == "yes_no" and state == KNOWN and low == 1:
            assert after[indicator][:2] == (KNOWN, 1.0), indicator


@FEW
@given(complete_answers(DEFINITIONS))
def test_readiness_equals_its_derivation(answers: dict[str, Any]) -> None:
    found = results(answers)
    rate_state, rate, _ = found["key_process_nc_rate"]
    ready = (
        rate_state == KNOWN
        and rate >= 0.5
        and found["control_integration"][1] == 1
        and found["supply_integration"][1] == 1
    )
    assert found["smart_manufacturing_ready"] == (KNOWN, float(ready), float(ready))


@settings(max_examples=25, deadline=None)
@given(st.lists(partly_answered(DEFINITIONS).map(lambda drawn: drawn[1]), min_size=2, max_size=6))
def test_a_row_among_many_equals_the_row_alone(rows: list[dict[str, Any]]) -> None:
    together = assess(DEFINITIONS, tabulate(DEFINITIONS, rows))
    for number, row in enumerate(rows):
        alone = assess(DEFINITIONS, tabulate(DEFINITIONS, [row]))
        for key, result in together.results.items():
            assert result.state[number] == alone.results[key].state[0]
            np.testing.assert_equal(result.low[number], alone.results[key].low[0])
            np.testing.assert_equal(result.high[number], alone.results[key].high[0])


@settings(max_examples=25, deadline=None)
@given(partly_answered(DEFINITIONS).map(lambda drawn: drawn[1]))
def test_a_proposed_change_really_turns_its_indicator(answers: dict[str, Any]) -> None:
    table = tabulate(DEFINITIONS, [answers])
    for result in explain(assess(DEFINITIONS, table)):
        for change in result.changes:
            answer = Column(np.array([change.answer]), np.array([True]), np.array([False]))
            after = assess(DEFINITIONS, table.replace(change.question, answer))
            turned = after.results[result.indicator.id]
            assert (turned.state[0], turned.low[0]) == (KNOWN, change.value)
            assert result.value is None or float(result.value) != change.value


def test_a_no_names_only_the_conditions_that_make_it_one() -> None:
    answers = {"service_forms": ["none"], "service_revenue": 0, "service_contract": True}
    result = told(answers, "service_manufacturing")
    assert result.value is False
    assert "Q21.1" in result.reason
    assert "Q21.2" not in result.reason


def test_an_open_gate_is_named_and_can_settle_a_certain_no() -> None:
    result = told({"design_tools": ["none"]}, "digital_rd_tools")
    assert (result.state, result.low, result.high) == ("unknown", 0.0, 0.0)
    assert "Q03.1" in result.reason
    assert "Q03.3" not in result.reason
    assert ("has_design_activity", 0.0) in [(c.question, c.value) for c in result.changes]


def test_without_any_answer_everything_is_unknown_with_the_widest_bounds() -> None:
    for key, (state, low, high) in results({}).items():
        assert (state, low, high) == (UNKNOWN, 0.0, 1.0), key


def test_the_change_named_for_a_no_is_the_one_that_turns_it() -> None:
    answers = {"data_upward": "D", "orders_downward": "B"}
    result = told(answers, "control_integration")
    assert result.value is False
    assert [(change.question, change.after[0]) for change in result.changes] == [
        ("orders_downward", "C")
    ]
    assert told({**answers, "orders_downward": "C"}, "control_integration").value is True


def test_readiness_names_the_count_of_processes_that_reaches_the_gate() -> None:
    answers = {
        "key_processes": 15,
        "key_processes_nc": 7,
        "data_upward": "C",
        "orders_downward": "C",
        "supply_flow": "C",
    }
    result = told(answers, "smart_manufacturing_ready")
    assert result.value is False
    # 50 % of 15 is 7.5, so 8 processes are needed.
    assert [(change.question, change.after) for change in result.changes] == [
        ("key_processes_nc", "8")
    ]


def test_a_part_above_its_whole_is_disputed_not_computed() -> None:
    result = told({"key_processes": 4, "key_processes_nc": 5}, "key_process_nc_rate")
    assert (result.state, result.low, result.high) == ("unknown", 0.0, 1.0)
    assert "争议" in result.reason


def test_a_reason_names_the_failed_condition_and_what_was_answered() -> None:
    result = told({"data_upward": "B"}, "control_integration")
    assert result.words == "否"
    assert "现场数据到管理系统" in result.reason
    assert "B" in result.reason


def test_a_segment_marked_not_applicable_drops_out_of_all_key_businesses() -> None:
    keys = ["product_design", "process_design", "planning", "production", "quality"]
    keys += ["equipment", "purchasing", "warehouse", "sales", "finance"]
    answers: dict[str, Any] = {f"levels.{key}": 2 for key in keys}
    answers["levels.product_design"] = NOT_APPLICABLE
    assert told(answers, "all_key_businesses_digital").words == "是"
    nothing_applies = {f"levels.{key}": NOT_APPLICABLE for key in keys}
    assert told(nothing_applies, "all_key_businesses_digital").words == "不适用"


@pytest.mark.parametrize("indicator", DEFINITIONS.indicators, ids=lambda each: each.id)
def test_worked_cases_come_out_as_written(indicator: Any) -> None:
    for case in indicator.cases:
        assert as_expected(work_out(indicator, case, DEFINITIONS), case.expect), case.name


@pytest.mark.slow
def test_ten_thousand_rows_in_one_call_equal_each_row_alone() -> None:
    table = answer_table(10_000, 5, DEFINITIONS)
    together = assess(DEFINITIONS, table).results
    alone = [assess(DEFINITIONS, table.row(number)).results for number in range(table.size)]
    for key, result in together.items():
        for part in ("state", "low", "high"):
            own = np.concatenate([getattr(each[key], part) for each in alone])
            assert np.array_equal(getattr(result, part), own, equal_nan=True), (key, part)
