"""Contradictions: each check fires on the data made for it, and on nothing else of that data."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from dxkit.case import Case, create, journal, open_case
from dxkit.definitions import load
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.diagnosis.records import size_of

DEFINITIONS = load()

IN_USE = {"status": "in_use"}
PROCESS = {"process_name": "熔炼", "is_key": True, "nc": True}
MACHINE = {"cat": "production", "name": "电解槽", "quantity": 10, "quantity_digital": 4}
MACHINE |= {"quantity_networked": 2, "quantity_digital_networked": 2, "quantity_on_cloud": 1}
KEY_SEGMENTS = DEFINITIONS.by_id["all_key_businesses_digital"].questions
ALL_SEGMENTS = {key.partition(".")[2]: 2 for key in KEY_SEGMENTS}

BREAKS: dict[str, dict[str, Any]] = {
    "key_processes_as_listed": {"key_processes": 3, "key_process_list": [PROCESS]},
    "key_processes_nc_as_listed": {"key_processes_nc": 0, "key_process_list": [PROCESS]},
    "equipment_as_listed": {"equipment": 11, "equipment_list": [MACHINE]},
    "equipment_digital_as_listed": {"equipment_digital": 5, "equipment_list": [MACHINE]},
    "equipment_networked_as_listed": {"equipment_networked": 3, "equipment_list": [MACHINE]},
    "equipment_digital_networked_as_listed": {
        "equipment_digital_networked": 1,
        "equipment_list": [MACHINE],
    },
    "industrial_equipment_as_listed": {"industrial_equipment": 12, "equipment_list": [MACHINE]},
    "equipment_on_cloud_as_listed": {"equipment_on_cloud": 0, "equipment_list": [MACHINE]},
    "full_coverage_needs_management": {
        "levels": {**ALL_SEGMENTS, "warehouse": {"not_applicable": "无仓储"}}
    },
    "platform_design_needs_tools": {
        "has_design_activity": True,
        "design_tools": ["none"],
        "design_mode": "C",
    },
    "smart_production_needs_integration": {
        "production_intelligence": "C",
        "data_upward": "A",
        "orders_downward": "C",
    },
    "control_integration_needs_systems": {
        "data_upward": "C",
        "orders_downward": "C",
        "software_list": [{"name": "办公", "sw_class": "oa", **IN_USE}],
    },
    "supply_integration_needs_systems": {
        "supply_flow": "C",
        "software_list": [{"name": "办公", "sw_class": "oa", **IN_USE}],
    },
    "platform_without_cloud": {
        "platform_uses": [DEFINITIONS.questions["platform_uses"].choices[0].code],
        "platform_status": "C",
        "cloud_deployment": "none",
        "cloud_workloads": ["office_only"],
    },
    "self_report_differs": {
        "data_upward": {"self_reported": "D", "onsite": "A"},
        "orders_downward": {"self_reported": "D", "onsite": "A"},
    },
    "claim_without_evidence": {"data_upward": "C", "orders_downward": "C"},
    "money_in_ten_thousands": {"online_sales": 10_000_001},
    "verified_change_explained": {"equipment": {"onsite": 11, "verified": 10}},
    "strong_evidence_seen": {"equipment": {"onsite": 11, "strength": "E3"}},
}


def given(folder: Path, **annexes: Any) -> Diagnosis:
    return diagnose(create(folder / "case", annexes, DEFINITIONS, "测试"))


def fired(diagnosis: Diagnosis) -> set[str]:
    return {finding.check for finding in diagnosis.findings}


@pytest.mark.parametrize("check", BREAKS)
def test_a_contradiction_is_found_where_it_was_made(tmp_path: Path, check: str) -> None:
    diagnosis = given(tmp_path, annex_6=BREAKS[check])
    assert check in fired(diagnosis)
    assert fired(diagnosis) <= {check, "claim_without_evidence", "self_report_differs"}
    finding = next(each for each in diagnosis.findings if each.check == check)
    assert finding.answers
    assert finding.says
    assert finding.clause


def test_every_check_but_those_refused_at_reading_is_tried_here() -> None:
    refused = {check.id for check in DEFINITIONS.checks if check.kind == "at_most"}
    on_records = {"credit_code", "size_class", "above_scale", "planned_city"}
    on_records |= {"evidence_files", "journal"}
    elsewhere = on_records | {"statement", "self_statement"}
    tried = {check.id for check in DEFINITIONS.checks if check.kind not in elsewhere} - refused
    baskets = {"software_applicable_as_basket", "software_in_use_as_basket"}
    assert tried - set(BREAKS) == baskets


def test_a_case_without_answers_contradicts_nothing(tmp_path: Path) -> None:
    assert fired(given(tmp_path)) == set()


def test_a_software_row_without_a_status_is_no_contradiction(tmp_path: Path) -> None:
    answers = {"supply_flow": "C", "software_list": [{"name": "甲", "sw_class": "erp"}]}
    assert "supply_integration_needs_systems" not in fired(given(tmp_path, annex_6=answers))


def test_ten_points_are_allowed_and_more_are_not(tmp_path: Path) -> None:
    def with_reported(count: int) -> set[str]:
        nc = {"onsite": 50, "self_reported": count}
        both = {"onsite": 100, "self_reported": 100}
        answers = {"key_processes": both, "key_processes_nc": nc}
        return fired(given(tmp_path / str(count), annex_6=answers))

    assert "self_report_differs" not in with_reported(60)
    assert "self_report_differs" in with_reported(61)


def test_accepted_evidence_turns_a_claim_into_a_verified_answer(tmp_path: Path) -> None:
    answers = {
        "data_upward": {"onsite": "C", "evidence": ["E-E001"]},
        "orders_downward": {"onsite": "C", "evidence": ["E-E001"]},
    }
    for outcome, claimed in (("accepted", False), ("rejected", True)):
        ledger = [{"evidence_no": "E-E001", "category": "E", "title": "接口", "outcome": outcome}]
        folder = tmp_path / outcome
        found = fired(given(folder, annex_6=answers, annex_7={"evidence": ledger}))
        assert ("claim_without_evidence" in found) == claimed


def test_the_self_assessment_report_cannot_prove_itself(tmp_path: Path) -> None:
    answers = {"supply_flow": {"onsite": "C", "evidence": ["E-D001"]}}
    ledger = [{"evidence_no": "E-D001", "category": "D", "title": "自评估", "outcome": "accepted"}]
    found = fired(given(tmp_path, annex_6=answers, annex_7={"evidence": ledger}))
    assert "claim_without_evidence" in found


def test_a_wrong_check_digit_is_doubted_not_refused(tmp_path: Path) -> None:
    assert "credit_code_checks" in fired(given(tmp_path, annex_3={"uscc": "91150100MA0000000X"}))
    right = given(tmp_path / "b", annex_3={"uscc": "91350100M000100Y43"})
    assert "credit_code_checks" not in fired(right)


def answers_of(diagnosis: Diagnosis, check: str) -> list[str]:
    return [each for found in diagnosis.findings if found.check == check for each in found.answers]


def test_every_credit_code_of_every_form_is_doubted_where_it_stands(tmp_path: Path) -> None:
    wrong, right = "91150100MA0000000X", "91350100M000100Y43"
    found = given(
        tmp_path,
        annex_3={"uscc": right},
        annex_4={"service_org_uscc": wrong},
        aux_1={"institution_commitments": [{"party_uscc": right}, {"party_uscc": wrong}]},
    )
    places = [each.split("：")[0] for each in answers_of(found, "credit_code_checks")]
    assert places == [
        "附件4 诊断服务机构统一社会信用代码",
        "辅-1 机构保密承诺第2行·机构统一社会信用代码",
    ]


def test_money_above_ten_million_units_of_ten_thousand_is_doubted_wherever_it_stands(
    tmp_path: Path,
) -> None:
    most = 10_000_000
    found = given(
        tmp_path,
        annex_3={"yearly": [{"year": 2024, "revenue": most}, {"year": 2025, "revenue": most + 1}]},
        annex_6={
            "online_purchases": {"self_reported": 586_000_000, "onsite": 58_600},
            "investment": [{"year": 2025, "hardware": most + 0.5, "software": 5}],
        },
    )
    doubt = "，超过 10000000 万元，单位是否为万元？"
    assert answers_of(found, "money_in_ten_thousands") == [
        f"附件3 近两年经营与人员第2行·营业收入：10000001.00 万元{doubt}",
        f"附件6 近三年数字化投入第1行·硬件：10000000.50 万元{doubt}",
        f"附件6 上年网上采购额：586000000.00 万元{doubt}",
    ]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"onsite": 11, "verified": 10}, True),
        ({"onsite": 11, "verified": 10, "diff_reason": "一台报废。"}, False),
        ({"onsite": 11, "verified": 10, "remark": "一台报废。"}, False),
        ({"onsite": 11, "verified": 11}, False),
        ({"self_reported": 11, "verified": 10}, False),
    ],
)
def test_a_verified_value_that_is_not_the_one_found_needs_a_reason(
    tmp_path: Path, parts: dict[str, Any], found: bool
) -> None:
    diagnosis = given(tmp_path, annex_6={"equipment": parts})
    said = ["Q02.1 生产设备总数：现场值 11，核定值 10"] if found else []
    assert answers_of(diagnosis, "verified_change_explained") == said


def test_the_order_of_choices_is_no_change(tmp_path: Path) -> None:
    codes = ["firewall", "audit"]
    parts = {"onsite": codes, "verified": codes[::-1]}
    diagnosis = given(tmp_path, annex_6={"security_measures": parts})
    assert answers_of(diagnosis, "verified_change_explained") == []


@pytest.mark.parametrize(
    ("strength", "methods", "found"),
    [
        ("E3", ["interview", "document_review"], True),
        ("E3", ["interview", "system_demo"], False),
        ("E3", ["site_walk"], False),
        ("E3", ["data_collection"], False),
        ("E2", ["document_review"], False),
    ],
)
def test_the_strongest_evidence_is_seen_on_site_in_the_system_or_in_the_data(
    tmp_path: Path, strength: str, methods: list[str], found: bool
) -> None:
    parts = {"onsite": 11, "strength": strength, "methods": methods}
    said = ["Q02.1 生产设备总数：证据强度 E3，采集方式：访谈、文件与记录评审"] if found else []
    diagnosis = given(tmp_path, annex_6={"equipment": parts})
    assert answers_of(diagnosis, "strong_evidence_seen") == said


@pytest.mark.parametrize(
    ("staff", "revenue", "size"),
    [
        (1000, 40000, "large"),
        (999, 40000, "medium"),
        (1000, 39999, "medium"),
        (300, 2000, "medium"),
        (299, 2000, "small"),
        (20, 300, "small"),
        (19, 300, "micro"),
        (5000, 299, "micro"),
    ],
)
def test_size_follows_staff_and_revenue(staff: int, revenue: float, size: str) -> None:
    assert size_of(staff, revenue, DEFINITIONS).code == size


def test_size_and_scale_are_compared_with_the_last_year(tmp_path: Path) -> None:
    years = [
        {"year": 2024, "staff": 1200, "revenue": 50000, "cost": 1},
        {"year": 2025, "staff": 250, "revenue": 1500, "cost": 1},
    ]
    answers = {"yearly": years, "size_class": "large", "is_above_scale": True}
    found = given(tmp_path, annex_3=answers)
    assert {"size_class_fits", "above_scale_fits"} <= fired(found)
    words = next(each.answers[0] for each in found.findings if each.check == "size_class_fits")
    assert "小型" in words


@pytest.mark.parametrize(
    ("league", "banner", "wrong"),
    [
        ("150700", "满洲里市", True),
        ("150781", "满洲里市", False),
        ("150700", "海拉尔区", False),
        ("152500", "二连浩特市合作区", True),
        ("150700", "二连浩特市", False),
        ("150700", None, False),
    ],
)
def test_a_planned_city_is_not_filed_under_the_league_around_it(
    tmp_path: Path, league: str, banner: str | None, wrong: bool
) -> None:
    answers = {"league": league, **({"banner": banner} if banner else {})}
    assert ("planned_city_apart" in fired(given(tmp_path, annex_3=answers))) is wrong


def test_a_missing_or_altered_evidence_file_is_an_error(tmp_path: Path) -> None:
    content = "设备台账".encode()
    rows = [
        {"evidence_no": f"E-C00{n}", "category": "C", "title": "台账", "file": f"evidence/{n}.txt"}
        | {"sha256": hashlib.sha256(content).hexdigest()}
        for n in (1, 2, 3)
    ]
    case = given(tmp_path, annex_7={"evidence": rows}).case
    (case.folder / "evidence").mkdir()
    (case.folder / "evidence/1.txt").write_bytes(content)
    (case.folder / "evidence/2.txt").write_bytes(content + b"!")
    found = [
        e for e in diagnose(open_case(case.folder)).findings if e.check == "evidence_files_whole"
    ]
    assert [each.answers[0].split("：")[1] for each in found] == [
        "文件内容与登记时不同",
        "文件不在企业文件夹中",
    ]


def test_an_altered_journal_is_told(tmp_path: Path) -> None:
    case: Case = given(tmp_path, annex_6={"equipment": 4}).case
    path = case.folder / journal.NAME
    path.write_text(path.read_text(encoding="utf-8").replace("测试", "别人"), encoding="utf-8")
    assert "journal_whole" in fired(diagnose(open_case(case.folder)))
