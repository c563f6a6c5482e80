"""Every kind of condition worked by hand: when it holds, and in which words it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxkit.case import Case
from dxkit.definitions import load
from dxkit.lifecycle import Circumstances, judge, working_days
from dxkit.lifecycle.worked_cases import work_out
from dxkit.models.lifecycle import Rule
from dxkit.strict_yaml import read

DEFINITIONS = load()
TODAY = date(2026, 9, 10)
LEADER = {"name": "乌兰", "role": "leader", "is_expert": True, "org": "某院", "exp_years": 9}
MEMBER = {"name": "赵亮", "role": "member", "is_expert": False, "org": "某院"}


def rule(needs: dict[str, Any], **more: Any) -> Rule:
    part = {"severity": "block", "basis": "guide", "says": "要求", "mend": "补上"}
    told = {"id": "R-01", "title": "试验", "basis": "guide", "cases": CASES}
    asked = {key: more.pop(key) for key in [*more] if key in ("severity", "eased_by")}
    inner = more.pop("part_applies_if", None)
    one = {**part, **asked, "needs": needs} | ({"applies_if": inner} if inner else {})
    return Rule.of({**told, "requires": [one], **more})


CASES = [{"title": "甲", "passes": True}, {"title": "乙", "fails": ["block"]}]


def case(data: dict[str, Any], **policies: Any) -> Case:
    known = DEFINITIONS.policies
    changed = {key: known[key].model_copy(update={"value": policies[key]}) for key in policies}
    definitions = replace(DEFINITIONS, policies={**known, **changed})
    return Case(Path("nowhere"), data, definitions, "")


def why(
    needs: dict[str, Any], data: dict[str, Any], facts: dict[str, Any] | None = None
) -> list[str]:
    verdict = judge(rule(needs), Circumstances(case(data), TODAY, facts or {}))
    return [reason for part in verdict.failed for reason in part.reasons]


FILLED = {"filled": ["annex_4.compiled_by", "annex_4.leader_sign"]}


def test_what_is_not_filled_in_is_named() -> None:
    assert why(FILLED, {"annex_4": {"compiled_by": "赵亮", "leader_sign": True}}) == []
    assert why(FILLED, {"annex_4": {"compiled_by": "赵亮"}}) == ["尚未填写：附件4·组长签字"]
    assert why(FILLED, {}) == ["尚未填写：附件4·编制人、附件4·组长签字"]


def test_a_box_marked_as_not_signed_is_not_filled() -> None:
    data = {"annex_4": {"compiled_by": "赵亮", "leader_sign": False}}
    assert why(FILLED, data) == ["尚未填写：附件4·组长签字"]


def test_what_is_blank_in_several_conditions_is_named_once() -> None:
    both = {
        "all": [
            {"earlier": "aux_9.filed_on", "than": "annex_4.implementation_period_end"},
            {"earlier": "aux_9.filed_on", "than": "today", "or_same": True},
        ]
    }
    assert why(both, {}) == ["尚未填写：辅-9·填报日期、附件4·实施周期结束"]


def test_a_rule_says_the_values_of_the_policies_it_names() -> None:
    told = rule({"number": 1, "at_least": 2})
    part = told.requires[0].model_copy(update={"says": "不少于{policy.members_min}。"})
    named = told.model_copy(update={"requires": (part,)})
    for least, words in ((3, "不少于3人。"), (5, "不少于5人。")):
        verdict = judge(named, Circumstances(case({}, members_min=least), TODAY))
        assert verdict.parts[0].part.says == words


def test_a_no_is_an_answer_and_a_number_of_nought_too() -> None:
    data = {"annex_4": {"integrity_statement": False, "plan_onsite_hours": 0}}
    filled = {"filled": ["annex_4.integrity_statement", "annex_4.plan_onsite_hours"]}
    assert why(filled, data) == []


def test_an_answer_marked_not_applicable_is_filled() -> None:
    path = next(key for key, f in DEFINITIONS.questions.items() if f.may_be_not_applicable)
    data = {"annex_6": {path: {"not_applicable": "没有此项业务"}}}
    if "." not in path:
        assert why({"filled": [f"annex_6.{path}"]}, data) == []


TRUE = {"term": "annex_4.integrity_statement", "is": ["true"]}


def test_a_choice_is_among_the_codes() -> None:
    assert why(TRUE, {"annex_4": {"integrity_statement": True}}) == []
    assert why(TRUE, {"annex_4": {"integrity_statement": False}}) == [
        "附件4·食宿自理声明现为“否”，须为“是”"
    ]
    assert why(TRUE, {}) == ["尚未填写：附件4·食宿自理声明"]


def test_of_several_choices_one_is_enough() -> None:
    needs = {"term": "annex_4.cooperation", "is": ["projector", "vehicle"]}
    assert why(needs, {"annex_4": {"cooperation": ["meeting_room", "vehicle"]}}) == []
    assert why(needs, {"annex_4": {"cooperation": ["meeting_room"]}}) == [
        "附件4·配合事项现为“会议室”，须为“投影设备”或“厂内车辆”"
    ]


def test_rows_are_counted_and_the_count_is_told() -> None:
    needs = {"rows": "annex_4.members", "at_least": "policy.members_min"}
    two = {"annex_4": {"members": [LEADER, MEMBER]}}
    assert why(needs, two) == ["附件4·工作组成员表：现有2行，须不少于3行"]
    three = {"annex_4": {"members": [LEADER, MEMBER, {**MEMBER, "name": "其其格"}]}}
    assert why(needs, three) == []


@pytest.mark.parametrize(
    ("bound", "leaders", "holds"),
    [
        ({"exactly": 1}, 1, True),
        ({"exactly": 1}, 2, False),
        ({"exactly": 1}, 0, False),
        ({"at_most": 1}, 0, True),
        ({"at_most": 1}, 2, False),
        ({}, 0, False),
        ({}, 1, True),
    ],
)
def test_rows_of_a_kind_keep_their_bound(bound: dict[str, int], leaders: int, holds: bool) -> None:
    needs = {"rows": "annex_4.members", "where": {"role": ["leader"]}, **bound}
    data = {"annex_4": {"members": [LEADER] * leaders + [MEMBER]}}
    assert (why(needs, data) == []) is holds


def test_rows_count_only_if_their_columns_are_filled() -> None:
    needs = {"rows": "annex_4.members", "where": {"role": ["leader"]}, "filled": ["experience"]}
    assert why(needs, {"annex_4": {"members": [LEADER]}}) == [
        "附件4·工作组成员表（角色为“组长”，填有代表性诊断经历的）：现有0行，须不少于1行"
    ]
    known = {**LEADER, "experience": "2024年诊断过两家铜厂"}
    assert why(needs, {"annex_4": {"members": [known]}}) == []


EVERY = {"every": "annex_4.members", "filled": ["title"], "has": {"onsite": ["true"]}}


def test_a_blank_cell_says_what_the_form_prints_in_it_from_elsewhere() -> None:
    needs = {"rows": "aux_1.institution_commitments", "filled": ["party"], "at_least": 1}
    blank = {"aux_1": {"institution_commitments": [{"commitment_no": "NDA-01"}]}}
    assert why(needs, blank) != []
    assert why(needs, {**blank, "annex_4": {"service_org_name": "某院"}}) == []


def test_rows_in_which_nothing_is_filled_in_do_not_count() -> None:
    rows = [{}, {"name": None}, {"name": ""}]
    assert why({"rows": "annex_4.members"}, {"annex_4": {"members": rows}})
    assert why({"rows": "annex_4.members"}, {"annex_4": {"members": [*rows, {"org": "甲"}]}}) == []


def test_each_row_that_falls_short_is_named_with_what_it_lacks() -> None:
    ready = {**LEADER, "title": "高级工程师", "onsite": True}
    late = {**MEMBER, "title": "工程师", "onsite": False}
    assert why(EVERY, {"annex_4": {"members": [ready]}}) == []
    assert why(EVERY, {"annex_4": {"members": [ready, late, MEMBER]}}) == [
        "附件4·工作组成员表：第2行（赵亮）的是否现场参加须为“是”；"
        "第3行（赵亮）未填写职务职称；第3行（赵亮）未填写是否现场参加"
    ]


def test_no_rows_at_all_leave_nothing_to_complain_about() -> None:
    assert why(EVERY, {}) == []


def test_many_culprits_are_counted_instead_of_listed() -> None:
    (told,) = why(EVERY, {"annex_4": {"members": [MEMBER] * 9}})
    assert "共18处" in told
    assert "第5行" not in told


NOTICE = {"earlier": "aux_2.sent_on", "than": "annex_4.plan_onsite_from"}


def dates(sent: str, onsite: str) -> dict[str, Any]:
    return {"aux_2": {"sent_on": sent}, "annex_4": {"plan_onsite_from": onsite}}


def test_a_day_lies_before_another() -> None:
    assert why(NOTICE, dates("2026-09-01", "2026-09-02")) == []
    (told,) = why(NOTICE, dates("2026-09-02", "2026-09-02"))
    assert told.endswith("为2026年9月2日；前者须早于后者")
    assert why({**NOTICE, "or_same": True}, dates("2026-09-02", "2026-09-02")) == []
    (told,) = why({**NOTICE, "or_same": True}, dates("2026-09-03", "2026-09-02"))
    assert told.endswith("前者须早于或等于后者")


def test_a_missing_day_never_satisfies() -> None:
    assert why(NOTICE, {}) == [
        f"尚未填写：辅-2·{DEFINITIONS.fields['aux_2.sent_on'].label}、附件4·计划现场开始日期"
    ]


@pytest.mark.parametrize(
    ("sent", "onsite", "holds"),
    [
        ("2026-09-07", "2026-09-10", True),  # Monday to Thursday: 8, 9, 10
        ("2026-09-08", "2026-09-10", False),  # two
        ("2026-09-04", "2026-09-09", True),  # Friday to Wednesday over a weekend: 7, 8, 9
        ("2026-09-30", "2026-10-09", False),  # the National Day week: only 8, 9
    ],
)
def test_working_days_leave_out_weekends_and_holidays(sent: str, onsite: str, holds: bool) -> None:
    needs = {**NOTICE, "working_days": "policy.notice_working_days"}
    assert (why(needs, dates(sent, onsite)) == []) is holds


def test_years_without_published_holidays_are_told_as_such() -> None:
    needs = {**NOTICE, "working_days": 3}
    (told,) = why(needs, dates("2035-03-06", "2035-03-07"))
    assert "相距1个工作日，须不少于3个工作日（2035年的节假日安排未收录，按周一至周五计算）" in told


@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), count=st.integers(0, 30))
def test_counting_off_working_days_agrees_with_counting_them(day: date, count: int) -> None:
    assert working_days.between(day, working_days.after(day, count)) == count
    assert working_days.between(working_days.before(day, count), day) >= count


HOURS = {"number": "annex_4.plan_onsite_hours", "at_least": "policy.hours_per_day"}


def test_a_number_keeps_its_bound() -> None:
    assert why(HOURS, {"annex_4": {"plan_onsite_hours": 8}}) == []
    assert why(HOURS, {"annex_4": {"plan_onsite_hours": 7.5}}) == [
        "附件4·计划现场时长现为7.5小时，须不少于8小时"
    ]
    assert why(HOURS, {}) == ["尚未填写：附件4·计划现场时长"]


@pytest.mark.parametrize(
    ("bound", "number", "holds"),
    [
        ("above", 8, False),
        ("above", 9, True),
        ("below", 8, False),
        ("below", 7, True),
        ("at_most", 8, True),
        ("at_most", 9, False),
        ("equals", 8, True),
        ("equals", 9, False),
    ],
)
def test_bounds_are_kept_to_the_point(bound: str, number: int, holds: bool) -> None:
    needs = {"number": "annex_4.plan_onsite_hours", bound: 8}
    assert (why(needs, {"annex_4": {"plan_onsite_hours": number}}) == []) is holds


def test_a_list_of_culprits_is_empty_or_names_them() -> None:
    needs = {"none_in": "fact.members_without_experience"}
    name = "members_without_experience"
    assert why(needs, {}, {name: ()}) == []
    assert why(needs, {}, {name: ("赵亮", "其其格")}) == ["没有相关工作经验的成员：赵亮、其其格"]
    assert why(needs, {}, {name: None}) == ["资料不足，尚不能判断有无“没有相关工作经验的成员”"]


def test_two_terms_hold_the_same() -> None:
    needs = {"same": "annex_3.enterprise_name", "as": "annex_4.compiled_by"}
    data = {"annex_3": {"enterprise_name": "甲厂"}, "annex_4": {"compiled_by": "甲厂"}}
    assert why(needs, data) == []
    data["annex_4"] = {"compiled_by": "乙厂"}
    assert why(needs, data) == ["附件3·企业名称（全称）为“甲厂”，附件4·编制人为“乙厂”，两者须一致"]
    assert why(needs, {}) == ["尚未填写：附件3·企业名称（全称）、附件4·编制人"]


def test_groups_ask_for_all_or_for_one() -> None:
    signed, filled = {"filled": ["annex_4.leader_sign"]}, {"filled": ["annex_4.compiled_by"]}
    data = {"annex_4": {"compiled_by": "赵亮"}}
    assert why({"all": [signed, filled]}, data) == ["尚未填写：附件4·组长签字"]
    assert why({"any": [signed, filled]}, data) == []
    assert why({"any": [signed, filled]}, {}) == [
        "尚未填写：附件4·组长签字；或者尚未填写：附件4·编制人"
    ]


def test_another_rule_is_satisfied_or_overridden_or_does_not_apply() -> None:
    other = rule({"filled": ["annex_4.leader_sign"]}, severity="block_unless_overridden")
    definitions = replace(DEFINITIONS, rules={"R-02": other.model_copy(update={"id": "R-02"})})
    asking = rule({"rule": "R-02"})

    def against(data: dict[str, Any]) -> list[str]:
        seen = Circumstances(Case(Path("nowhere"), data, definitions, ""), TODAY)
        return [reason for part in judge(asking, seen).failed for reason in part.reasons]

    assert against({}) == ["R-02（试验）尚未满足"]
    assert against({"annex_4": {"leader_sign": True}}) == []
    assert against(let_pass("R-02", step="T01")) == []


def let_pass(rule: str, step: str = "T01", **more: Any) -> dict[str, Any]:
    """What a case holds whose leader let a rule pass at a step."""
    told = {"who": "乌兰", "at": "2026-09-01 09:00"}
    return {
        "annex_4": {"members": [LEADER]},
        "engagement": {
            "history": [{"transition": step, "to_state": "draft", **told}],
            "overrides": [{"rule": rule, "reason": "偏远", **told, **more}],
        },
    }


OVERRIDDEN = let_pass("R-01")


@pytest.mark.parametrize("gap", ["reason", "who"])
def test_an_override_without_reason_or_name_lets_nothing_pass(gap: str) -> None:
    (row,) = OVERRIDDEN["engagement"]["overrides"]
    course = {**OVERRIDDEN["engagement"], "overrides": [{**row, gap: " "}]}
    without = {**OVERRIDDEN, "engagement": course}
    verdict = judge(
        rule(FILLED, severity="block_unless_overridden"), Circumstances(case(without), TODAY)
    )
    assert [part.result for part in verdict.parts] == ["failed"]


@pytest.mark.parametrize(
    ("severity", "result"),
    [("block", "failed"), ("block_unless_overridden", "overridden"), ("warn", "failed")],
)
def test_an_override_lets_pass_only_what_may_be_overridden(severity: str, result: str) -> None:
    known = replace(
        DEFINITIONS, rules={**DEFINITIONS.rules, "R-01": rule(FILLED, severity=severity)}
    )
    given = Case(Path("nowhere"), OVERRIDDEN, known, "")
    verdict = judge(known.rules["R-01"], Circumstances(given, TODAY))
    assert [part.result for part in verdict.parts] == [result]
    assert bool(verdict.blocks) is (severity == "block")


BOTH = ["尚未填写：附件4·编制人、附件4·组长签字"]


@pytest.mark.parametrize(
    ("culprits", "result"),
    [(BOTH, "overridden"), ([*BOTH, "另有一项"], "overridden"), (["另有一项"], "failed")],
)
def test_an_override_lapses_when_something_else_stands_against_the_rule(
    culprits: list[str], result: str
) -> None:
    given = case(let_pass("R-01", culprits=culprits))
    verdict = judge(rule(FILLED, severity="block_unless_overridden"), Circumstances(given, TODAY))
    assert [part.result for part in verdict.parts] == [result]


def test_culprits_of_a_list_are_let_pass_one_by_one() -> None:
    missing = rule({"none_in": "fact.rows_pending"}, severity="block_unless_overridden")
    told = let_pass("R-01", culprits=["尚未审核的材料：甲", "尚未审核的材料：乙"])

    def result(*found: str) -> str:
        seen = Circumstances(case(told), TODAY, {"rows_pending": list(found)})
        return judge(missing, seen).parts[0].result

    assert (result("甲"), result("乙", "甲"), result("甲", "丙")) == (
        "overridden",
        "overridden",
        "failed",
    )


def test_a_warning_never_fails_a_rule() -> None:
    verdict = judge(rule(FILLED, severity="warn"), Circumstances(case({}), TODAY))
    assert (verdict.result, len(verdict.warns), verdict.blocks) == ("satisfied", 1, ())


def test_a_policy_eases_a_block_so_that_it_may_be_overridden() -> None:
    late = rule(FILLED, eased_by="allow_late_selfassessment")
    hard = judge(late, Circumstances(case({}), TODAY))
    eased = judge(late, Circumstances(case({}, allow_late_selfassessment=True), TODAY))
    assert (hard.can_be_overridden, eased.can_be_overridden) == (False, True)


def test_what_does_not_apply_is_not_judged() -> None:
    applies = {"term": "annex_4.integrity_statement", "is": ["true"]}
    whole = judge(rule(FILLED, applies_if=applies), Circumstances(case({}), TODAY))
    part = judge(rule(FILLED, part_applies_if=applies), Circumstances(case({}), TODAY))
    assert whole.result == part.result == "not_applicable"
    known = case({"annex_4": {"integrity_statement": True}})
    assert judge(rule(FILLED, applies_if=applies), Circumstances(known, TODAY)).blocks


def test_a_step_of_the_course_tells_its_day() -> None:
    needs = {"earlier": "transition.T04", "than": "today", "or_same": True}
    row = {"transition": "T04", "at": "2026-09-10 08:00", "who": "乌兰"}
    assert why(needs, {}) == ["尚未填写：“批准计划”的日期"]
    assert why(needs, {"engagement": {"history": [row]}}) == []


def test_a_restricted_form_is_read_from_its_own_store() -> None:
    field = next(f for f in DEFINITIONS.annexes["annex_9"].fields if f.type == "text")
    needs = {"filled": [f"annex_9.{field.key}"]}
    assert why(needs, {"annex_9": {field.key: "有色冶炼"}}) == []


def test_a_worked_case_sets_policies_for_itself_alone() -> None:
    tight = {"title": "甲", "given": {"annex_4": {"plan_onsite_hours": 8}}, "fails": ["block"]}
    loose = {**tight, "title": "乙", "fails": None, "passes": True}
    hours = rule(HOURS, cases=[{**tight, "policies": {"hours_per_day": 9}}, loose])
    failed = [bool(work_out(hours, each, DEFINITIONS).failed) for each in hours.cases]
    assert failed == [True, False]


RULES = [
    rule(FILLED, severity="block_unless_overridden"),
    rule(TRUE, severity="block_unless_overridden"),
    rule(EVERY, severity="block_unless_overridden"),
    rule(NOTICE),
    rule(HOURS, severity="warn"),
    *DEFINITIONS.rules.values(),
]


def answers() -> st.SearchStrategy[dict[str, Any]]:
    """Draw cases of which any part may be missing."""
    shipped = (Path(__file__).parent.parent / "parameters").glob("*/case.yaml")
    whole = [dict(read(path).data) for path in sorted(shipped)]
    forms = [(key, form) for each in whole for key, form in each.items() if isinstance(form, dict)]

    def thinned(picked: list[tuple[str, dict[str, Any]]], keep: list[bool]) -> dict[str, Any]:
        return {
            key: {name: value for name, value in form.items() if keep[hash(name) % len(keep)]}
            for key, form in picked
        }

    picked = st.lists(st.sampled_from(forms), max_size=6)
    return st.builds(thinned, picked, st.lists(st.booleans(), min_size=7, max_size=7))


@given(data=answers(), which=st.integers(0, len(RULES) - 1))
def test_judging_never_fails_on_a_partial_case(data: dict[str, Any], which: int) -> None:
    verdict = judge(RULES[which], Circumstances(case(data), TODAY))
    for part in verdict.parts:
        assert (part.result in ("failed", "overridden")) == bool(part.reasons)


@given(data=answers(), which=st.integers(0, len(RULES) - 1))
def test_an_override_never_blocks_more(data: dict[str, Any], which: int) -> None:
    one = RULES[which]
    let_pass = [{"rule": one.id, "reason": "x", "who": "乌兰", "at": "2026-09-01 09:00"}]
    course = {**(data.get("engagement") or {}), "overrides": let_pass}
    plain = judge(one, Circumstances(case({**data, "engagement": {}}), TODAY))
    passed = judge(one, Circumstances(case({**data, "engagement": course}), TODAY))
    assert len(passed.blocks) <= len(plain.blocks)
