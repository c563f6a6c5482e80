"""The definition set: complete as the guide has it, refused as a whole if anything dangles."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dxkit.case import create
from dxkit.cli import main
from dxkit.definitions import Definitions, load
from dxkit.diagnosis import diagnose
from dxkit.diagnosis.plain import as_plain
from dxkit.models.annex import FieldType
from dxkit.models.rules import Ratio
from dxkit.proof import failures
from dxkit.report import appendices, measures
from tests.definition_set import copy_to, edit, problems_of

DEFINITIONS = load()

CATALOGUE = """
1 D1-01 key_process_nc_rate 关键工序数控化率 practice
2 D1-02 equipment_digital_rate 生产设备数字化率 published
3 D2-01 digital_rd_tools 数字化研发设计工具普及率 practice
4 D3-01 industrial_software_rate 主要工业软件普及率 design
5 D4-01 digital_management 经营管理数字化普及率 design
6 D4-02 all_key_businesses_digital 关键业务环节全面数字化的企业比例 design
7 N1-01 digital_equipment_networked_rate 数字化生产设备联网率 practice
8 N1-02 equipment_on_cloud_rate 企业工业设备上云率 practice
9 N2-01 industrial_cloud 工业云平台普及率 design
10 N2-02 industrial_internet_platform 工业互联网平台普及率 design
11 N3-01 control_integration 实现管控集成的企业比例 design
12 N3-02 supply_integration 实现产供销集成的企业比例 design
13 N3-03 chain_collaboration 实现产业链协同的企业比例 design
14 I1-01 smart_manufacturing_ready 智能制造就绪率 practice
15 I1-02 smart_products 实现智能化产品生产的企业比例 design
16 I1-03 smart_production 实现智能化生产的企业比例 design
17 I1-04 smart_analysis 实现生产经营智能分析的企业比例 design
18 I2-01 ics_security_collection 实现工控安全监测数据自动采集的企业比例 design
19 I2-02 data_resources_used 实现数据要素资源开发利用的企业比例 design
20 M1-01 networked_collaboration 实现网络化协同的企业比例 design
21 M1-02 service_manufacturing 开展服务型制造的企业比例 design
22 M1-03 customisation 开展个性化定制的企业比例 design
23 M1-04 platform_design 开展平台化设计的企业比例 design
24 M2-01 e_commerce 应用电子商务的企业比例 practice
"""


def test_the_24_are_numbered_named_and_based_as_settled() -> None:
    found = [
        f"{each.no} {each.code} {each.id} {each.name} {each.basis}"
        for each in DEFINITIONS.indicators
    ]
    assert found == CATALOGUE.split("\n")[1:-1]


def test_four_directions_eleven_subareas_hold_six_seven_six_five() -> None:
    directions = DEFINITIONS.framework.directions
    assert [each.name for each in directions] == ["数字化", "网络化", "智能化", "新模式新业态"]
    assert sum(len(each.subareas) for each in directions) == 11
    placed = [each.direction for each in DEFINITIONS.indicators]
    assert [placed.count(each.id) for each in directions] == [6, 7, 6, 5]


def test_five_are_ratios_and_nineteen_are_yes_or_no() -> None:
    ratios = [each.no for each in DEFINITIONS.indicators if isinstance(each.rule, Ratio)]
    assert ratios == [1, 2, 4, 7, 8]


def test_every_indicator_has_a_case_for_unknown_and_where_it_can_be_for_not_applicable() -> None:
    culprits = []
    for each in DEFINITIONS.indicators:
        states = {case.expect.state for case in each.cases}
        may_not_apply = each.applies_if or each.not_applicable_if_marked or each.kind == "ratio"
        if "unknown" not in states or (may_not_apply and "not_applicable" not in states):
            culprits.append(each.id)
    assert culprits == []


def test_every_choice_of_the_record_form_has_a_code_and_a_chinese_label() -> None:
    culprits = [
        f"{key}:{choice.code}"
        for key, field in DEFINITIONS.questions.items()
        for choice in field.choices
        if not choice.label or not choice.code.isascii()
    ]
    assert culprits == []


def test_every_field_says_on_what_it_rests() -> None:
    culprits = [
        f"{annex.id}.{field.key}"
        for annex in DEFINITIONS.annexes.values()
        for field in annex.fields
        if (field.basis == "guide" and not field.clause)
        or (field.basis == "published" and not field.source)
    ]
    assert culprits == []


def test_the_sixteen_segments_stand_in_the_settled_order() -> None:
    grid = next(f for f in DEFINITIONS.annexes["annex_6"].fields if f.key == "levels")
    order = "product_design process_design sales after_sales planning production quality equipment "
    order += "safety energy purchasing warehouse finance hr office decision"
    assert [row.code for row in grid.rows] == order.split()


def test_every_benchmark_names_year_population_and_source() -> None:
    assert [row for row in DEFINITIONS.benchmarks if not (row.population and row.source)] == []
    assert {row.standing for row in DEFINITIONS.benchmarks} == {"sourced", "general_knowledge"}


def test_two_planned_cities_name_the_league_they_lie_in() -> None:
    within = {each.name: each.within for each in DEFINITIONS.regions.regions if each.within}
    assert within == {"满洲里市": "150700", "二连浩特市": "152500"}
    assert len(DEFINITIONS.regions.regions) == 14


def test_the_41_divisions_are_those_of_mining_manufacturing_and_supply() -> None:
    divisions = DEFINITIONS.industries.divisions
    assert [each.code for each in divisions] == [f"{n:02d}" for n in range(6, 47)]
    count = {section: sum(d.section == section for d in divisions) for section in "BCD"}
    assert count == {"B": 7, "C": 31, "D": 3}


def test_every_seed_says_on_what_it_rests() -> None:
    seeds = DEFINITIONS.seeds
    rows = (*seeds.tasks, *seeds.materials, *seeds.service_records)
    assert [row for row in rows if row.basis == "guide" and not row.clause] == []
    sourced = (*seeds.tasks, *seeds.materials)
    assert [row for row in sourced if row.basis == "published" and not row.source] == []


def test_seeds_hold_the_tasks_materials_and_records_that_the_forms_announce() -> None:
    seeds = DEFINITIONS.seeds
    assert [len(seeds.tasks), len(seeds.materials), len(seeds.service_records)] == [24, 48, 21]
    assert seeds.tasks[0].task == "成立工作组，明确组长与分工"
    assert seeds.materials[0].title == "营业执照副本"
    assert seeds.service_records[2].title == "附件4 诊断计划表"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copy_to(tmp_path / "definitions")


def _first(folder: Path) -> Path:
    return folder / "indicators/networked/control_integration.yaml"


BREAKS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a question that is not there": (
        lambda folder: edit(_first(folder), "question: data_upward", "question: data_upwards"),
        "control_integration.yaml",
        "data_upwards",
    ),
    "a step that is not on the ladder": (
        lambda folder: edit(_first(folder), "at_least: C", "at_least: F"),
        "control_integration.yaml",
        "F",
    ),
    "a misspelt key": (
        lambda folder: edit(_first(folder), "kind:", "knid:"),
        "control_integration.yaml",
        "knid",
    ),
    "a direction that does not exist": (
        lambda folder: edit(_first(folder), "direction: networked", "direction: networks"),
        "control_integration.yaml",
        "networks",
    ),
    "an unknown basis": (
        lambda folder: edit(_first(folder), "basis: design", "basis: guess"),
        "control_integration.yaml",
        "guess",
    ),
    "two files with one id": (
        lambda folder: shutil.copy(_first(folder), _first(folder).with_name("twin.yaml")) and None,
        "twin.yaml",
        "control_integration",
    ),
    "a circle of indicators": (
        lambda folder: edit(
            _first(folder),
            "{question: data_upward, at_least: C}",
            "{indicator: smart_manufacturing_ready, is: yes}",
        ),
        "control_integration",
        "循环",
    ),
    "a duplicate key": (
        lambda folder: edit(_first(folder), "no: 11", "no: 11\nno: 12"),
        "control_integration.yaml",
        "重复",
    ),
    "a missing file": (
        lambda folder: (folder / "regions.yaml").unlink(),
        "regions.yaml",
        "",
    ),
    "a benchmark for no indicator": (
        lambda folder: edit(
            folder / "benchmarks.yaml", "indicator: key_process_nc_rate", "indicator: nothing"
        ),
        "benchmarks.yaml",
        "nothing",
    ),
    "a field whose choices share a code": (
        lambda folder: edit(
            folder / "annexes/annex_6.yaml", "code: observation", "code: interview"
        ),
        "annex_6.yaml",
        "重复",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_set_is_refused_naming_file_and_what_was_found(copy: Path, name: str) -> None:
    spoil, file, found = BREAKS[name]
    spoil(copy)
    said = "\n".join(problems_of(copy))
    assert file in said
    assert found in said


def test_all_problems_of_all_files_come_at_once(copy: Path) -> None:
    for name in ("a misspelt key", "a missing file", "a benchmark for no indicator"):
        BREAKS[name][0](copy)
    said = "\n".join(problems_of(copy))
    assert all(word in said for word in ("knid", "regions.yaml", "nothing"))


TRIAL = """
edition: "2026-11"
id: trial_training
no: 25
code: M2-02
name: 数字化培训覆盖率
short_name: 培训覆盖
english: Trial indicator
direction: new_models
subarea: e_commerce
kind: yes_no
definition: 试验指标。
rule: {question: trial_training_done, is: yes}
unit: 是/否
reading: {discrete: 同, process: 同}
counting: 试验。
basis: design
clause: 试验
evidence: [培训签到]
cases:
  - {name: 是, given: {trial_training_done: true}, expect: {state: known, value: true}}
  - {name: 否, given: {trial_training_done: false}, expect: {state: known, value: false}}
  - {name: 未知, given: {}, expect: {state: unknown, low: 0, high: 1}}
  - {name: 空, given: {trial_training_done: null}, expect: {state: unknown, low: 0, high: 1}}
"""

QUESTION = """      - key: trial_training_done
        no: Q25.1
        label: 上年是否开展数字化培训
        type: yes_no
        role: decides
        basis: design
"""


def with_a_trial_indicator(folder: Path) -> Definitions:
    (folder / "indicators/new_models/trial_training.yaml").write_text(TRIAL, encoding="utf-8")
    annex = folder / "annexes/annex_6.yaml"
    text = annex.read_text(encoding="utf-8")
    place = re.search(r"      - key: online_purchases\n", text)
    assert place
    text = text[: place.start()] + QUESTION + text[place.start() :]
    annex.write_text(text, encoding="utf-8")
    return load(folder)


def test_a_25th_indicator_is_one_file_and_one_question(copy: Path, tmp_path: Path) -> None:
    definitions = with_a_trial_indicator(copy)
    assert definitions.questions["trial_training_done"].type is FieldType.YES_NO
    assert list(failures(definitions)) == []
    answers = {"annex_6": {"trial_training_done": True}}
    diagnosis = diagnose(create(tmp_path / "case", answers, definitions, "测试"))
    assert diagnosis.by_id["trial_training"].words == "是"
    assert as_plain(diagnosis)["indicators"][24]["id"] == "trial_training"
    assert "数字化培训覆盖率" in measures.results(diagnosis).html
    assert "数字化培训覆盖率" in measures.direction(diagnosis, "new_models").html
    assert "上年是否开展数字化培训" in appendices.record(diagnosis).html


def test_the_25th_indicator_is_proved_and_listed_by_the_commands(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_a_trial_indicator(copy)
    monkeypatch.setenv("DXKIT_DEFINITIONS", str(copy))
    for command, said in (("check", "25 项指标"), ("list", "trial_training")):
        with pytest.raises(SystemExit) as left:
            main([command])
        assert not left.value.code
        assert said in capsys.readouterr().out


def test_check_refuses_a_broken_set_with_exit_2(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    BREAKS["a question that is not there"][0](copy)
    with pytest.raises(SystemExit) as left:
        main(["check", str(copy)])
    said = capsys.readouterr()
    assert left.value.code == 2
    assert "control_integration.yaml" in said.err
    assert said.out == ""
    assert "Traceback" not in said.err
