"""What to ask next: worked by hand, and laws that hold for whatever was answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.advice.asking import Question, questions_to_ask, reason_words
from dxkit.advice.possible import bounds_of, possible_answers
from dxkit.advice.proofs import documents_to_get, places_to_see
from dxkit.advice.whom import departments_of, places_of
from dxkit.assessment import NOT_APPLICABLE, UNKNOWN, Assessment, assess, tabulate
from dxkit.assessment.columns import decode
from dxkit.case import create
from dxkit.definitions import QUESTIONS, load
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.models.rules import TruthCondition
from tests.answers import complete_answers, partly_answered

DEFINITIONS = load()


def assessed(answers: dict[str, Any]) -> Assessment:
    return assess(DEFINITIONS, tabulate(DEFINITIONS, [answers]))


def asked(answers: dict[str, Any]) -> dict[str, Question]:
    return {each.key: each for each in questions_to_ask(assessed(answers))}


def named(question: Question) -> list[int]:
    return [each.no for each in question.indicators]


# All but the chain of indicator 14 is answered, as of an enterprise that does as good as nothing.
DONE: dict[str, Any] = {
    "equipment": 10,
    "equipment_digital": 4,
    "equipment_digital_networked": 2,
    "industrial_equipment": 10,
    "equipment_on_cloud": 0,
    "software_classes_applicable": 16,
    "software_classes_in_use": 2,
    "has_design_activity": False,
    **dict.fromkeys(DEFINITIONS.by_id["all_key_businesses_digital"].questions, "1"),
    "cloud_deployment": "none",
    "platform_uses": ["none"],
    "partner_data": "A",
    "sells_smart_products": False,
    "production_intelligence": "A",
    "analysis": "A",
    "has_ics": False,
    "has_data_catalogue": False,
    "network_collaboration": "A",
    "service_forms": ["none"],
    "customisation_mode": "A",
    "online_purchases": 0,
    "online_sales": 0,
}
CHAIN = {
    "key_processes": 10,
    "key_processes_nc": 6,
    "data_upward": "C",
    "orders_downward": "C",
}


def test_the_last_answer_of_a_chain_decides_two_indicators() -> None:
    """Indicators 1 and 11 are reached: supply_flow alone decides 12, and with it 14."""
    found = asked(DONE | CHAIN)
    assert list(found) == ["supply_flow"]
    assert [each.no for each in found["supply_flow"].always] == [12, 14]
    assert found["supply_flow"].worth == 2.0
    words = reason_words(found["supply_flow"], DEFINITIONS)
    assert words == "答了即可判定 2 项：指标12 产供销集成、指标14 智能制造就绪"


def test_what_is_decided_already_asks_for_nothing_more() -> None:
    """One of the two directions is by hand: 11 and 14 are no, whatever the others say."""
    found = asked(DONE | CHAIN | {"supply_flow": "C", "data_upward": "A", "orders_downward": None})
    assert found == {}


def test_a_question_that_can_only_fail_an_indicator_is_worth_half() -> None:
    """Of two open conditions either alone settles only a no: 11, and with it 14."""
    answers = DONE | CHAIN | {"supply_flow": "C", "data_upward": None, "orders_downward": None}
    found = asked(answers)
    assert {key: each.worth for key, each in found.items()} == {
        "data_upward": 1.0,
        "orders_downward": 1.0,
    }
    assert [each.no for each in found["data_upward"].perhaps] == [11, 14]


def test_the_two_counts_of_a_ratio_are_asked_for_together() -> None:
    answers = DONE | CHAIN | {"supply_flow": "C", "key_processes": None, "key_processes_nc": None}
    found = asked(answers)
    assert set(found) == {"key_processes", "key_processes_nc"}
    assert found["key_processes_nc"].partner == "key_processes"
    assert 1 in [each.no for each in found["key_processes_nc"].always]
    assert "与“Q01.1 关键工序总数”一并回答" in reason_words(found["key_processes_nc"], DEFINITIONS)


def test_a_gate_says_that_it_decides_whether_indicators_apply() -> None:
    found = asked(DONE | CHAIN | {"supply_flow": "C", "has_design_activity": None})
    assert set(found) == {"has_design_activity"}, "the others wait until the form shows them"
    assert named(found["has_design_activity"]) == [3, 23]
    words = reason_words(found["has_design_activity"], DEFINITIONS)
    assert "决定指标3 研发设计工具、指标23 平台化设计是否适用" in words


def test_a_question_behind_a_gate_that_decides_nothing_names_the_gate() -> None:
    """A form that hides 网上销售额 until 是否开展网上销售 is answered, which decides nothing."""
    gate = TruthCondition.of({"question": "has_online_sales", "is": "yes"})
    form = DEFINITIONS.annexes[QUESTIONS]
    sections = tuple(
        section.model_copy(
            update={
                "fields": tuple(
                    each.model_copy(update={"shown_if": gate})
                    if each.key == "online_sales"
                    else each
                    for each in section.fields
                )
            }
        )
        for section in form.sections
    )
    hiding = form.model_copy(update={"sections": sections})
    definitions = replace(DEFINITIONS, annexes={**DEFINITIONS.annexes, QUESTIONS: hiding})
    answers = DONE | CHAIN | {"supply_flow": "C", "online_sales": None}
    found = questions_to_ask(assess(definitions, tabulate(definitions, [answers])))
    assert [each.key for each in found] == ["online_sales"]
    words = reason_words(found[0], definitions)
    assert words == "先答“Q24.1-2 是否开展网上销售”；答了即可判定 1 项：指标24 电子商务"


def test_nothing_is_tried_that_the_form_would_refuse() -> None:
    """3 of 5 digital machines in the network: between 3 and 5 digital, of at least 3."""
    known = {"equipment": 5, "equipment_digital_networked": 3}
    table = tabulate(DEFINITIONS, [known])
    assert bounds_of("equipment_digital", table, DEFINITIONS) == (3, 5)
    assert {*possible_answers("equipment_digital", table, DEFINITIONS)} == {3, 4, 5}
    bare = tabulate(DEFINITIONS, [{"equipment_digital_networked": 3}])
    assert bounds_of("equipment", bare, DEFINITIONS)[0] == 3


def test_both_sides_of_a_bar_are_tried() -> None:
    """Half of 7 processes are 4: with 3 indicator 14 fails."""
    table = tabulate(DEFINITIONS, [{"key_processes": 7}])
    assert {3, 4} <= {*possible_answers("key_processes_nc", table, DEFINITIONS)}


def test_an_empty_record_asks_first_for_what_settles_most() -> None:
    found = questions_to_ask(assessed({}))
    assert found[0].key == "supply_flow" and found[0].worth == 1.5
    assert {each.no for question in found for each in question.indicators} == set(range(1, 25))


@settings(max_examples=30, deadline=None)
@given(partly_answered(DEFINITIONS))
def test_an_answer_to_the_first_question_never_widens_bounds_and_order_is_always_the_same(
    drawn: tuple[dict[str, Any], ...],
) -> None:
    complete, some, _ = drawn
    found = questions_to_ask(assessed(some))
    again = questions_to_ask(assessed(dict(reversed(some.items()))))
    assert [(each.key, each.worth) for each in found] == [(e.key, e.worth) for e in again]
    if not found:
        return
    first = found[0].key
    before, after = assessed(some), assessed(some | {first: complete[first]})
    for name, result in after.results.items():
        was = before.results[name]
        if was.state[0] != UNKNOWN:
            assert result.state[0] == was.state[0]
        elif result.state[0] == UNKNOWN:
            assert result.low[0] >= was.low[0] and result.high[0] <= was.high[0]


def narrows(before: Assessment, answers: dict[str, Any]) -> bool:
    """Tell by the engine alone whether answers decide anything or narrow any bounds."""
    after = assessed(answers)
    return any(
        result.state[0] != before.results[name].state[0]
        or result.low[0] > before.results[name].low[0]
        or result.high[0] < before.results[name].high[0]
        for name, result in after.results.items()
    )


def raw(key: str, value: float | None) -> Any:
    return NOT_APPLICABLE if value is None else decode(DEFINITIONS.questions[key], value)


@settings(max_examples=12, deadline=None)
@given(partly_answered(DEFINITIONS))
def test_a_question_that_can_narrow_nothing_is_never_listed(
    drawn: tuple[dict[str, Any], ...],
) -> None:
    some = drawn[1]
    before = assessed(some)
    for question in questions_to_ask(before):
        alone = possible_answers(question.key, before.table, DEFINITIONS)
        ways = [some | {question.key: raw(question.key, value)} for value in alone]
        if question.partner is not None:
            ways = [
                way | {question.partner: raw(question.partner, other)}
                for way in ways
                for other in possible_answers(
                    question.partner, tabulate(DEFINITIONS, [way]), DEFINITIONS
                )
            ]
        assert any(narrows(before, way) for way in ways), question.key


@settings(max_examples=30, deadline=None)
@given(partly_answered(DEFINITIONS), st.data())
def test_a_question_that_is_not_listed_settles_nothing_unless_it_waits(
    drawn: tuple[dict[str, Any], ...], data: st.DataObject
) -> None:
    complete, some, _ = drawn
    before = assessed(some)
    listed = {each.key for each in questions_to_ask(before)}
    left = sorted(
        key
        for key in complete
        if key not in some and key not in listed and not DEFINITIONS.questions[key].shown_if
        # A mark may take back what is decided already; it is no answer.
        if complete[key] is not NOT_APPLICABLE
    )
    if left:
        key = data.draw(st.sampled_from(left))
        assert not narrows(before, some | {key: complete[key]}), key


@settings(max_examples=10, deadline=None)
@given(complete_answers(DEFINITIONS))
def test_a_complete_record_is_asked_nothing(answers: dict[str, Any]) -> None:
    assert questions_to_ask(assessed(answers)) == ()


def test_worth_is_never_more_than_what_is_open() -> None:
    found = assessed({})
    open_ = sum(int(np.sum(each.state == UNKNOWN)) for each in found.results.values())
    assert all(0 < each.worth <= open_ for each in questions_to_ask(found))


def diagnosis_of(folder: Path, **annexes: Any) -> Diagnosis:
    return diagnose(create(folder / "case", annexes, DEFINITIONS, "测试"))


def test_a_claim_without_evidence_wants_papers_before_what_is_open(tmp_path: Path) -> None:
    found = documents_to_get(diagnosis_of(tmp_path, annex_6={"analysis": "C"}))
    assert found[0].indicator.id == "smart_analysis"
    assert found[0].reason == "智能分析为“是”，还没有证据，只能写作企业声称"
    assert found[0].wanted == DEFINITIONS.by_id["smart_analysis"].evidence
    assert len(found) == 23, "all but the derived one"


def test_accepted_papers_are_not_asked_for_again_and_pending_ones_are_told(tmp_path: Path) -> None:
    rows = [
        {"evidence_no": "E-E001", "category": "E", "outcome": "accepted"},
        {"evidence_no": "E-E002", "category": "E", "outcome": "pending"},
        {"evidence_no": "E-E003", "category": "E", "outcome": "rejected"},
    ]
    answers = {
        "analysis": {"onsite": "C", "evidence": ["E-E001"], "methods": ["document_review"]},
        "supply_flow": {"onsite": "C", "evidence": ["E-E002"]},
        "partner_data": {"onsite": "C", "evidence": ["E-E003"]},
        "production_intelligence": "A",
    }
    diagnosis = diagnosis_of(tmp_path, annex_6=answers, annex_7={"evidence": rows})
    papers = {each.indicator.id: each.reason for each in documents_to_get(diagnosis)}
    assert "smart_analysis" not in papers and "smart_production" not in papers
    assert "已登记 1 份证据，尚未采信" in papers["supply_integration"]
    assert "所列 1 份证据未获采信" in papers["chain_collaboration"]
    seen = {each.indicator.id: each for each in places_to_see(diagnosis)}
    assert "证据强度 E2" in seen["smart_analysis"].reason
    assert seen["smart_analysis"].worth < seen["supply_integration"].worth < 1
    assert "smart_manufacturing_ready" not in seen


def test_what_was_seen_in_the_system_need_not_be_seen_again(tmp_path: Path) -> None:
    row = {"evidence_no": "E-E001", "category": "E", "outcome": "accepted"}
    answer = {"onsite": "C", "evidence": ["E-E001"], "methods": ["system_demo"]}
    diagnosis = diagnosis_of(tmp_path, annex_6={"analysis": answer}, annex_7={"evidence": [row]})
    assert "smart_analysis" not in {each.indicator.id for each in places_to_see(diagnosis)}


def test_a_row_of_the_segments_is_asked_of_its_own_department() -> None:
    both = [DEFINITIONS.by_id[i] for i in ("digital_management", "all_key_businesses_digital")]
    assert departments_of("levels.sales", both, DEFINITIONS) == ("销售",)
    assert departments_of("analysis", [DEFINITIONS.by_id["smart_analysis"]], DEFINITIONS) == (
        "经营管理",
        "信息化",
    )


def test_every_indicator_that_is_looked_at_has_a_stop_on_the_walk() -> None:
    bare = [e.id for e in DEFINITIONS.indicators if not e.depends_on and not places_of([e])]
    assert bare == []
