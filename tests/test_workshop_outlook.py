"""What pages show of a case: results, what to ask, what if, the closing meeting; all plain data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.case import Case, create, look_at, writing
from dxkit.definitions import load
from dxkit.diagnosis import diagnose
from dxkit.errors import ParameterError
from dxkit.workshop.ahead.closing import closing
from dxkit.workshop.ahead.levers import levers
from dxkit.workshop.ahead.outlook import ask_next, results
from dxkit.workshop.ahead.scenarios import cheapest_way, scenario, suggestions
from dxkit.workshop.showing.pointers import to_path, to_question

DEFINITIONS = load()
DEMOS = ("demo-copper", "demo-dairy", "demo-empty", "demo-machinery")
RECORD = {
    "key_processes": 10,
    "key_processes_nc": 6,
    "data_upward": "B",
    "orders_downward": "A",
    "supply_flow": "B",
}


def case_of(folder: Path, record: dict[str, Any] | None = None, **annexes: Any) -> Case:
    content = {"annex_6": RECORD if record is None else record, **annexes}
    return create(folder / "case", content, DEFINITIONS, "测试")


def demo(name: str) -> Case:
    return look_at(name, DEFINITIONS)


def by_no(told: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {each["no"]: each for each in told["results"]}


LOOKS: dict[str, tuple[Any, dict[str, Any]]] = {
    "results": (results, {}),
    "department": (ask_next, {"by": "department"}),
    "place": (ask_next, {"by": "place"}),
    "worth": (ask_next, {"by": "worth"}),
    "levers": (levers, {}),
    "what_if": (scenario, {"changes": {"data_upward": "D", "equipment": 300}}),
    "cheapest": (cheapest_way, {"goal": "smart_manufacturing_ready"}),
    "closing": (closing, {}),
}


@pytest.mark.parametrize("name", DEMOS)
@pytest.mark.parametrize("look", LOOKS)
def test_every_view_is_plain_data_and_changes_nothing(name: str, look: str) -> None:
    case = demo(name)
    before = (case.folder / "case.yaml").read_bytes(), json.dumps(case.data, default=str)
    function, request = LOOKS[look]
    told = function(case, request)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert ((case.folder / "case.yaml").read_bytes(), json.dumps(case.data, default=str)) == before


@pytest.mark.parametrize("name", DEMOS)
def test_every_link_leads_to_a_question_of_its_section(name: str) -> None:
    """Wherever a path stands, its form has that section, and the section that field or cell."""
    case = demo(name)
    told = [function(case, request) for function, request in LOOKS.values()]
    found = list(pointers_in(told))
    assert found
    for each in found:
        annex = DEFINITIONS.annexes[each["form"]]
        section = next(one for one in annex.sections if one.id == each["section"])
        key = each["path"].removeprefix(f"{annex.id}.").partition(".")[0]
        columns = {column.key for field in section.fields for column in field.columns}
        assert key in {field.key for field in section.fields} | columns, each


def pointers_in(told: Any) -> Any:
    if isinstance(told, dict):
        if "section" in told and "path" in told:
            yield told
        told = list(told.values())
    for each in told if isinstance(told, list) else []:
        yield from pointers_in(each)


def test_results_say_state_bounds_reasons_and_what_is_missing(tmp_path: Path) -> None:
    told = results(case_of(tmp_path, RECORD | {"supply_flow": None}))
    found = by_no(told)
    assert (found[1]["words"], found[1]["low"], found[1]["low_words"]) == ("60.00%", 0.6, "60.00%")
    assert [each["found"] for each in found[1]["why"]] == ["6 个", "10 个"]
    assert found[11]["words"] == "否" and found[11]["missing"] == []
    failing = [each for each in found[11]["why"] if each["status_words"] == "不满足"]
    assert [each["to"]["path"] for each in failing] == [
        "annex_6.data_upward",
        "annex_6.orders_downward",
    ]
    assert found[12]["state"] == "unknown"
    assert (found[12]["low_words"], found[12]["high_words"]) == ("否", "是")
    assert [each["label"] for each in found[12]["missing"]] == [
        "Q12.1 采购、生产、销售、库存之间的数据流转"
    ]
    assert found[14]["words"] == "否", "one open condition does not matter where another fails"
    assert told["counts"] == {"known": 3, "unknown": 21, "total": 24, "yes": 0, "no": 2}


def test_a_claim_without_evidence_is_said_to_be_unproven(tmp_path: Path) -> None:
    told = by_no(results(case_of(tmp_path, {"analysis": "C"})))[17]
    assert told["support"] == {
        "strength": "E0",
        "accepted": 0,
        "verified": False,
        "words": "未充分验证",
    }


def test_contradictions_lead_to_their_questions(tmp_path: Path) -> None:
    record = {"online_sales": 10_000_001, "has_design_activity": True, "design_tools": ["none"]}
    told = results(case_of(tmp_path, record | {"design_mode": "C"}))["findings"]
    found = next(each for each in told if each["check"] == "platform_design_needs_tools")
    assert found["gravity_words"] == "错误" and found["words"].startswith("开展平台化设计的")
    assert "money_in_ten_thousands" in {each["check"] for each in told}


def test_what_is_live_reads_no_file(tmp_path: Path) -> None:
    """A damaged journal and a missing file are for the status of the case, not for every key."""
    case = case_of(tmp_path, annex_7={"evidence": [{"evidence_no": "E-E001", "file": "a.pdf"}]})
    live = {each["check"] for each in results(case)["findings"]}
    assert "evidence_files_whole" not in live
    assert "evidence_files_whole" in {each.check for each in diagnose(case).findings}


def test_what_to_ask_is_grouped_by_department_place_and_worth(tmp_path: Path) -> None:
    case = case_of(
        tmp_path, {**RECORD, "data_upward": "C", "orders_downward": "C"} | {"supply_flow": None}
    )
    worth = ask_next(case, {"by": "worth"})
    assert [each["title"] for each in worth["groups"]] == [
        "待答的题目",
        "待取的材料",
        "待看的现场和系统",
    ]
    first = worth["groups"][0]["asks"][0]
    assert first["path"] == "annex_6.supply_flow" and first["worth"] == 2
    assert first["reason"].startswith("答了即可判定 2 项")
    departments = {each["title"]: each for each in ask_next(case, {"by": "department"})["groups"]}
    assert first["path"] in {each["path"] for each in departments["采购"]["asks"]}
    sales = [each["label"] for each in departments["销售"]["asks"] if each["kind"] == "question"]
    assert "表6-7 营销管理" in sales and "表6-7 财务管理" not in sales
    places = [each["title"] for each in ask_next(case, {"by": "place"})["groups"]]
    assert "经营管理部门" in places and len(places) == len(set(places))


def test_a_count_that_a_table_gives_leads_to_the_table_too(tmp_path: Path) -> None:
    told = ask_next(case_of(tmp_path, {"equipment": 5}), {"by": "worth"})
    asks = {each["path"]: each for each in told["groups"][0]["asks"]}
    digital = asks["annex_6.equipment_digital"]
    assert digital["also"]["path"] == "annex_6.equipment_list"
    assert digital["reason"].endswith("；填了表6-3 生产设备台账即可自动得出")
    assert asks["annex_6.software_classes_in_use"]["also"]["label"].startswith("表6-4附")


def test_nothing_left_to_ask_is_said_in_words() -> None:
    assert ask_next(demo("demo-copper"))["words"].startswith("24 项指标都已判定")


def test_a_scenario_tells_before_and_after_and_what_it_costs(tmp_path: Path) -> None:
    changes = {"data_upward": "C", "orders_downward": "C", "supply_flow": "A"}
    told = scenario(case_of(tmp_path), {"changes": changes})
    found = by_no(told)
    assert (found[11]["before"], found[11]["after"], found[11]["change"]) == ("否", "是", "better")
    assert found[12]["change"] == "same" and told["changed"] == ["control_integration"]
    assert [each["cost"] for each in told["changes"]] == [60, 80, 0] and told["cost"] == 140


def test_a_scenario_that_lowers_a_ratio_says_worse(tmp_path: Path) -> None:
    """More digital machines that are not in the network: 2 of 4 becomes 2 of 8."""
    record = {"equipment": 10, "equipment_digital": 4, "equipment_digital_networked": 2}
    told = scenario(case_of(tmp_path, record), {"changes": {"equipment_digital": 8}})
    found = by_no(told)
    assert (found[2]["change"], found[7]["change"]) == ("better", "worse")
    assert (found[7]["before"], found[7]["after"]) == ("50.00%", "25.00%")


def test_the_cheapest_way_is_told_with_both_views_of_the_unknown(tmp_path: Path) -> None:
    """Without supply_flow: 60, 80 and 100; should it be good enough, 60 and 80."""
    case = case_of(tmp_path, RECORD | {"supply_flow": None})
    told = cheapest_way(case, {"goal": "smart_manufacturing_ready"})
    assert told["cost"] == 240 and told["exact"] and told["hopeful"]["cost"] == 140
    assert (
        told["words"] == "成本最低的做法共 3 项改动，合计 240.00 万元（按所列成本，未知计未达）。"
    )
    assert by_no(told)[14]["after"] == "是" and told["goals"] == ["指标14 智能制造就绪为“是”"]
    assert "假定" in told["says"]
    edited = cheapest_way(
        case, {"goal": "smart_manufacturing_ready", "costs": {"supply_flow": [1, 2, 3]}}
    )
    assert edited["cost"] == 143


def test_an_impossible_goal_says_why_and_a_reached_one_that_it_is(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"has_ics": False, "analysis": "D"})
    told = cheapest_way(case, {"goal": "ics_security_collection"})
    assert "靠投入达不到：指标18 工控安全监测：不适用" in told["impossible"]
    assert cheapest_way(case, {"goal": "smart_analysis"})["words"] == "已经达到，不需要改动。"


def test_suggestions_are_written_once_and_only_for_what_betters(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    request = {"changes": {"data_upward": "C", "orders_downward": "C"}}
    with writing(case.folder, "测试", DEFINITIONS) as writer:
        writer.apply(suggestions(case, request))
    after = look_at(case.folder, DEFINITIONS)
    cards = after.annex("annex_2")["suggestions"]
    assert [(each["sug_no"], each["sug_name"], each["invest_min"]) for each in cards] == [
        ("S01", "实现管控集成", 140)
    ]
    with pytest.raises(ParameterError, match="已有同样的方案卡"):
        suggestions(after, request)
    with pytest.raises(ParameterError, match="不是靠投入作出的改进"):
        suggestions(after, {"changes": {"supply_flow": "A"}})
    with pytest.raises(ParameterError, match="没有改动"):
        suggestions(after, {"changes": {"supply_flow": "B"}})
    with pytest.raises(ParameterError, match="没有改动"):
        suggestions(after, {})


@pytest.mark.parametrize("request_", [{}, {"changes": 3}, {"changes": {"x": 1}}, {"changes": None}])
def test_a_scenario_of_nothing_is_refused_in_words(tmp_path: Path, request_: Any) -> None:
    with pytest.raises(ParameterError, match="应为"):
        scenario(case_of(tmp_path), request_)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
NAMES = st.sampled_from(["data_upward", "equipment", "online_sales", "data_uses", "levels.sales"])


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([ask_next, levers, scenario, cheapest_way, suggestions]),
    st.fixed_dictionaries(
        {},
        optional={
            "by": ANYTHING,
            "goal": ANYTHING | st.sampled_from(["e_commerce", {"indicator": "e_commerce"}]),
            "changes": ANYTHING | st.dictionaries(NAMES, ANYTHING, max_size=3),
            "costs": ANYTHING | st.dictionaries(NAMES, ANYTHING, max_size=3),
        },
    ),
)
def test_whatever_a_page_sends_is_answered_or_refused_in_words(look: Any, request_: Any) -> None:
    try:
        told = look(demo("demo-empty"), request_)
    except ParameterError as refused:
        assert all(problem.expected for problem in refused.problems)
    else:
        assert look is suggestions or json.dumps(told, allow_nan=False)


def test_what_was_heard_of_an_open_question_is_told_beside_it(tmp_path: Path) -> None:
    record = {
        "supply_flow": {"self_reported": "C"},
        "analysis": {"onsite": "C", "disputed": "两人说法不同"},
    }
    asks = ask_next(case_of(tmp_path, record))["groups"][0]["asks"]
    told = {each["path"]: each["reason"] for each in asks}
    assert told["annex_6.supply_flow"].endswith(
        "；企业自报：C 产供销主要环节由系统自动贯通，待现场核实"
    )
    assert told["annex_6.analysis"] == "答了即可判定 1 项：指标17 智能分析；有争议：两人说法不同"
    assert told["annex_6.partner_data"] == "答了即可判定 1 项：指标13 产业链协同"


def slides(case: Case) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in closing(case)["slides"]}


def test_the_closing_meeting_goes_through_everything_in_order() -> None:
    assert list(slides(demo("demo-machinery"))) == [
        "cover",
        "enterprise",
        "results_digital",
        "results_networked",
        "results_intelligent",
        "results_new_models",
        "strengths",
        "problems",
        "suggestions",
        "next_steps",
        "to_confirm",
    ]


def test_slides_show_the_gravest_problem_and_the_most_urgent_suggestion_first(
    tmp_path: Path,
) -> None:
    report = {
        "problems": [
            {"problem_no": "P01", "statement": "轻", "severity": "low"},
            {"problem_no": "P02", "statement": "重", "severity": "high"},
            {"problem_no": "P03", "statement": "未定"},
        ],
        "suggestions": [
            {"sug_no": "S01", "sug_name": "后做", "priority": "P2", "invest_min": 5},
            {"sug_no": "S02", "sug_name": "未定"},
            {
                "sug_no": "S03",
                "sug_name": "先做",
                "priority": "P1",
                "invest_min": 10,
                "invest_max": 20,
            },
        ],
    }
    found = slides(case_of(tmp_path, annex_2=report))
    assert [each["problem_no"] for each in found["problems"]["cards"]] == ["P02", "P01", "P03"]
    assert found["problems"]["cards"][0]["severity"] == "高"
    cards = found["suggestions"]["cards"]
    assert [each["sug_no"] for each in cards] == ["S03", "S01", "S02"]
    assert [each["investment"] for each in cards] == ["10.00—20.00 万元", "不低于 5.00 万元", ""]


def test_before_problems_are_listed_the_first_findings_are_shown_as_such(tmp_path: Path) -> None:
    finding = {"statement": "报表靠人工汇总", "location": "财务部", "severity": "medium"}
    found = slides(case_of(tmp_path, RECORD | {"findings": [finding]}))["problems"]
    assert found["cards"][0]["statement"] == "报表靠人工汇总" and "初步发现" in found["note"]


def test_an_empty_case_has_words_on_every_slide() -> None:
    for each in slides(demo("demo-empty")).values():
        shown = [value for key, value in each.items() if key not in ("id", "title", "empty")]
        assert each["empty"] or any(shown), each["id"]


def test_what_is_open_disputed_contradictory_or_bare_is_to_be_confirmed(tmp_path: Path) -> None:
    record = RECORD | {"analysis": "C", "equipment": {"disputed": "两份台账不同"}}
    found = slides(case_of(tmp_path, record))["to_confirm"]
    groups = {each["title"]: each["points"] for each in found["groups"]}
    assert groups["尚不能判定的指标"][0].startswith("指标2 生产设备数字化：缺少Q02.2")
    assert len(groups["尚不能判定的指标"]) == 19
    assert groups["有争议的答案"] == ["Q02.1 生产设备总数：两份台账不同"]
    assert "智能分析：是" in groups["还没有采信证据的结果"]


def test_contradictions_are_told_once_each_with_where_they_are(tmp_path: Path) -> None:
    own = {"self_reported": "D", "onsite": "A"}
    names = ["supply_flow", "partner_data", "analysis", "production_intelligence"]
    found = slides(case_of(tmp_path, dict.fromkeys(names, own)))["to_confirm"]
    (told,) = next(e["points"] for e in found["groups"] if e["title"] == "答案之间的矛盾")
    assert told.startswith("警告：自报值与核定值应当相符")
    assert "指标12 实现产供销集成的企业比例：自评 是，核定 否" in told and told.endswith(
        "等 4 处）"
    )


def test_the_deadlines_ahead_say_what_they_rest_on() -> None:
    found = slides(demo("demo-empty"))["next_steps"]
    assert "末次会议之后完成报告初稿：15 个工作日之内" in found["points"]
    assert found["note"] == "各项时限的依据：本工具设定（假定）。"


def test_what_is_kept_back_is_on_no_slide(tmp_path: Path) -> None:
    case = case_of(tmp_path, annex_2={"infrastructure_summary": "不可外传的话"})
    told = [function(case, request) for function, request in LOOKS.values()]
    assert "不可外传的话" not in json.dumps(told, ensure_ascii=False)


def test_pointers_say_grid_and_row() -> None:
    assert to_question("levels.finance", DEFINITIONS) == {
        "path": "annex_6.levels.finance",
        "label": "表6-7 财务管理",
        "form": "annex_6",
        "section": "business_segments",
    }
    assert to_path("annex_7.evidence", DEFINITIONS)["section"] == "evidence"
