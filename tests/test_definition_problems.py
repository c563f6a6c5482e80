"""What is wrong with a set of definitions is told in Chinese, each fault in one line of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from pydantic_core.core_schema import ErrorType

from dxkit.models import refusals
from tests.definition_set import copy_to, edit, problems_of

ANNEX = "annexes/annex_6.yaml"
NC_RATE = "indicators/digital/key_process_nc_rate.yaml"
SOFTWARE_RATE = "indicators/digital/industrial_software_rate.yaml"
TOOLS = "indicators/digital/digital_rd_tools.yaml"
SUPPLY = "indicators/networked/supply_integration.yaml"
CONTROL = "indicators/networked/control_integration.yaml"
CHAIN = "indicators/networked/chain_collaboration.yaml"
CLOUD = "indicators/networked/industrial_cloud.yaml"
PLATFORM = "indicators/networked/industrial_internet_platform.yaml"
COMMERCE = "indicators/new_models/e_commerce.yaml"
SURVEY = "annexes/annex_8.yaml"
COURSE = "annexes/engagement.yaml"
CHECKS_SEED = "annexes/seeds/annex_1_checks.yaml"
SURVEY_SEED = "annexes/seeds/annex_8_dimensions.yaml"
LISTED = "{table: software_list, where: {sw_class: [erp]}}"


class Fault(NamedTuple):
    """An edit of one file, and the key and the words of the only line that it may cause."""

    file: str
    old: str
    new: str
    key: str
    found: str


DANGLING = {
    "a bound of a column": Fault(
        ANNEX,
        "at_most: quantity\n",
        "at_most: amount\n",
        "equipment_list.quantity_digital.at_most",
        "amount",
    ),
    "a lower bound of a column": Fault(
        ANNEX,
        "            at_least: quantity_digital_networked\n",
        "            at_least: equipment\n",
        "equipment_list.quantity_networked.at_least",
        "equipment",
    ),
    "a condition that asks for a column": Fault(
        ANNEX,
        "            required_if: {question: is_key, is: yes}",
        "            required_if: {question: staff, above: 3}",
        "key_process_list.key_basis.required_if",
        "staff",
    ),
    "a condition that shows a column": Fault(
        ANNEX,
        "            required_if: {question: nc, is: yes}",
        "            shown_if: {question: has_ics, is: yes}",
        "key_process_list.evidence.shown_if",
        "has_ics",
    ),
    "a sum of a text column": Fault(
        ANNEX,
        "sum: quantity, where: {cat: [production]}",
        "sum: name, where: {cat: [production]}",
        "equipment.tally.sum",
        "name",
    ),
    "a sum of rows by a code that their column has not": Fault(
        ANNEX,
        "sum: quantity_digital, where: {cat: [production]}",
        "sum: quantity_digital, where: {cat: [auxilary]}",
        "equipment_digital.tally.where.cat",
        "auxilary",
    ),
    "a count of grid rows by a code that the grid has not": Fault(
        "checks.yaml",
        "codes: [in_use, not_used]",
        "codes: [in_use, unused]",
        "software_applicable_as_basket.tally.codes",
        "unused",
    ),
    "a count of rows by a word that is neither yes nor no": Fault(
        "checks.yaml",
        '{is_key: ["true"]}',
        '{is_key: ["maybe"]}',
        "key_processes_as_listed.tally.where.is_key",
        "maybe",
    ),
    "a check that is there twice": Fault(
        "checks.yaml",
        "id: digital_within_equipment",
        "id: key_processes_nc_within_all",
        "checks.id",
        "key_processes_nc_within_all",
    ),
    "an evidence letter that no ledger has": Fault(
        NC_RATE,
        "evidence_categories: [F, C]",
        "evidence_categories: [F, Z]",
        "evidence_categories",
        "Z",
    ),
    "a file of another edition": Fault(
        "sizes.yaml", 'edition: "2026-11"', 'edition: "2025-01"', "edition", "2025-01"
    ),
    "a region that is there twice": Fault(
        "regions.yaml", 'code: "150200"', 'code: "150100"', "regions.code", "150100"
    ),
    "a region within none": Fault(
        "regions.yaml", 'within: "150700"', 'within: "150799"', "regions“满洲里市”.within", "150799"
    ),
    "a division that is there twice": Fault(
        "industries.yaml", 'code: "14"', 'code: "13"', "divisions.code", "13"
    ),
    "a form that a role is to see": Fault(
        "roles.yaml",
        "sees: [annex_3, annex_6,",
        "sees: [annex_33, annex_6,",
        "enterprise.sees",
        "annex_33",
    ),
    "a section that a role is to fill in": Fault(
        "roles.yaml",
        "annex_8, aux_2.receipt]",
        "annex_8, aux_2.no]",
        "enterprise.edits",
        "aux_2.no",
    ),
    "a role that is there twice": Fault(
        "roles.yaml", "- id: reader", "- id: member", "roles.id", "member"
    ),
    "nobody who decides": Fault("roles.yaml", "- id: leader", "- id: head", "leader", "没有组长"),
    "sizes out of order": Fault(
        "sizes.yaml", "revenue: 2000}", "revenue: 200}", "sizes“小型”.revenue", "300"
    ),
    "a benchmark of no known place": Fault(
        "benchmarks.yaml", "region: 全国", "region: 火星", "benchmarks.1.region", "火星"
    ),
    "a list looked through by a rule": Fault(
        SUPPLY,
        "rule: {question: supply_flow, at_least: C}",
        f"rule: {{any: [{{question: supply_flow, at_least: C}}, {LISTED}]}}",
        "rule",
        "software_list",
    ),
    "a list looked through before a rule applies": Fault(
        CHAIN, "rule: {", f"applies_if: {LISTED}\nrule: {{", "applies_if", "software_list"
    ),
    "a choice that does not count and is not there": Fault(
        CLOUD, "besides: [office_only]", "besides: [office]", "rule", "office"
    ),
    "a worked case with text for a count": Fault(
        NC_RATE,
        "given: {key_processes: 12,",
        "given: {key_processes: 十二,",
        "given.key_processes",
        "十二",
    ),
    "a worked case with a list for a count": Fault(
        NC_RATE,
        "given: {key_processes: 5,",
        "given: {key_processes: [5],",
        "given.key_processes",
        "[5]",
    ),
    "a worked case with text for a truth": Fault(
        TOOLS,
        "{has_design_activity: true, design_tools: [cad_2d]",
        '{has_design_activity: "yes", design_tools: [cad_2d]',
        "given.has_design_activity",
        "yes",
    ),
    "a worked case with an impossible choice": Fault(
        TOOLS, "design_tools: [cad_3d, cae]", "design_tools: [cad_4d]", "design_tools", "cad_4d"
    ),
    "a worked case with an impossible step": Fault(
        TOOLS, "design_tools_use: B", "design_tools_use: Z", "given.design_tools_use", "Z"
    ),
    "a worked case that marks what always applies": Fault(
        SOFTWARE_RATE,
        "{software_classes_applicable: 12, software_classes_in_use: 9}",
        "{software_classes_applicable: 12}\n    not_applicable: {software_classes_in_use: 无}",
        "not_applicable",
        "software_classes_in_use",
    ),
    "a task of a stage that no plan has": Fault(
        "annexes/seeds/annex_4_tasks.yaml",
        "stage: summary",
        "stage: ending",
        "rows.22.stage",
        "ending",
    ),
    "seeds for what is no table": Fault(
        "annexes/annex_1.yaml",
        "label: 自检项\n        type: grid",
        "label: 自检项\n        type: grid\n        seed: tasks",
        "self_check.seed",
        "tasks",
    ),
    "two fields in one place at the head of every form": Fault(
        "annexes/annex_4.yaml",
        "header: 4",
        "header: 3",
        "service_org_name.header",
        "3，与",
    ),
    "a material that proves no known indicator": Fault(
        "annexes/seeds/annex_7_materials.yaml",
        "indicators: [e_commerce]",
        "indicators: [commerce]",
        "indicators",
        "commerce",
    ),
    "a value taken from a field that is not there": Fault(
        "annexes/annex_4.yaml",
        "prefill: annex_3.contact_name,",
        "prefill: annex_3.contact_names,",
        "enterprise_confirmer.prefill",
        "annex_3.contact_names",
    ),
    "a date taken from a text": Fault(
        "annexes/annex_2.yaml",
        "prefill: annex_3.selfassess_on",
        "prefill: annex_3.principal",
        "self_assessment_on.prefill",
        "annex_3.principal（text）",
    ),
    "a choice taken from other choices": Fault(
        ANNEX,
        "prefill: annex_3.plan_status",
        "prefill: annex_3.it_dept",
        "digital_plan.prefill",
        "annex_3.it_dept",
    ),
    "a value taken from a form that is kept apart": Fault(
        "annexes/annex_2.yaml",
        "prefill: annex_3.principal_title",
        "prefill: annex_9.sec_head",
        "confirm_title.prefill",
        "取自限制知悉的附件9",
    ),
    "a value taken from itself": Fault(
        ANNEX,
        "prefill: annex_6.equipment_digital",
        "prefill: annex_6.equipment_digital_total",
        "prefill",
        "循环引用：annex_6.equipment_digital_total",
    ),
    "a computed field with no source": Fault(
        "annexes/annex_4.yaml", "        fact: plan_no\n", "", "plan_no", "既无 fact 也无 prefill"
    ),
    "a fact where something is typed": Fault(
        SURVEY,
        "label: 填表人, type: text,",
        "label: 填表人, type: text, fact: filler,",
        "filler.fact",
        "text 类字段",
    ),
    "a telephone number with a greatest length": Fault(
        SURVEY,
        "label: 填表人电话, type: phone,",
        "label: 填表人电话, type: phone, longest: 20,",
        "filler_phone.longest",
        "phone 类字段",
    ),
    "a telephone number that is kept back": Fault(
        SURVEY,
        "label: 填表人电话, type: phone,",
        "label: 填表人电话, type: phone, kept_back: true,",
        "filler_phone.kept_back",
        "phone 类",
    ),
    "a width of what is no column": Fault(
        SURVEY,
        "label: 填表人职务, type: text,",
        "label: 填表人职务, type: text, width: 40,",
        "filler_title.width",
        "不是列",
    ),
    "names of what is no text": Fault(
        COURSE,
        "label: 日志序号, type: count, required: auto, minimum: 1, width: 20, help: 操作",
        "label: 日志序号, type: count, names: steps, required: auto, minimum: 1, width: 20, "
        "help: 操作",
        "history.journal_n.names",
        "count 类字段",
    ),
    "a field for the office alone that is printed": Fault(
        SURVEY,
        "label: 提交锁定日期, type: date, at_least: filled_on, paper: false,",
        "label: 提交锁定日期, type: date, at_least: filled_on,",
        "locked_on.paper",
        "reception 只供机构使用",
    ),
    "a width of a column that is not printed": Fault(
        "annexes/annex_7.yaml",
        "label: 材料清单号, type: text,",
        "label: 材料清单号, type: text, width: 20,",
        "evidence.item.width",
        "不印在纸上",
    ),
    "columns wider than the page": Fault(
        "annexes/annex_3.yaml",
        "label: 详细地址, type: text, required: yes, longest: 200, width: 86",
        "label: 详细地址, type: text, required: yes, longest: 200, width: 87",
        "plant_addresses.columns.width",
        "连同行首至少宽 157 毫米",
    ),
    "rows within what is no table of cards": Fault(
        "annexes/annex_5.yaml",
        "within: meetings",
        "within: attendees",
        "attendees.within",
        "attendees",
    ),
    "cards of a grid": Fault(
        "annexes/annex_1.yaml",
        "label: 自检项\n",
        "label: 自检项\n        layout: cards\n",
        "self_check.layout",
        "grid 类字段",
    ),
    "a section with nothing in it": Fault(
        "annexes/annex_9.yaml",
        "  - id: enterprise\n",
        "  - id: nothing\n    title: 空白\n\n  - id: enterprise\n",
        "nothing",
        "既无 text 也无 fields",
    ),
    "an item of the self-check that nothing judges": Fault(
        CHECKS_SEED,
        "  - {item: c16, mode: manual, on_failure: warn, basis: practice}\n",
        "",
        "rows.items",
        "没有 c16",
    ),
    "an item that people judge but are not asked": Fault(
        CHECKS_SEED,
        "{item: c20, mode: automatic, fact: due_diligence_gaps,",
        "{item: c20, mode: manual,",
        "rows.c20.mode",
        "manual",
    ),
    "a column asked of a row that is not there": Fault(
        "annexes/annex_1.yaml",
        "asked_of: [c15, c16, c17, c18, c19]",
        "asked_of: [c15, c16, c17, c18, c19, c21]",
        "self_check.result.asked_of",
        "c21",
    ),
    "rows counted where there are none": Fault(
        "annexes/annex_9.yaml",
        "label: 关键业务\n        type: table",
        "label: 关键业务\n        type: table\n        numbered: true",
        "business.numbered",
        "table 类字段",
    ),
    "rows counted that are printed as questions": Fault(
        "annexes/annex_6.yaml",
        "label: 业务环节数字化水平\n        type: grid",
        "label: 业务环节数字化水平\n        type: grid\n        numbered: true",
        "levels.numbered",
        "逐行印成题目",
    ),
    "a column that some questions are not asked": Fault(
        "annexes/annex_6.yaml",
        "- key: level_systems\n",
        "- key: level_systems\n            asked_of: [product_design]\n",
        "levels.level_systems.asked_of",
        "逐行印成题目",
    ),
    "a rated item that counts twice": Fault(
        SURVEY_SEED, "items: [s14]", "items: [s14, s01]", "rows.items", "s01 重复出现"
    ),
    "grades out of order": Fault(
        SURVEY_SEED, "from: 60", "from: 85", "grades.from", "90、80、85、0"
    ),
}


@pytest.fixture(scope="module")
def dangling(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = copy_to(tmp_path_factory.mktemp("dangling") / "definitions")
    for fault in DANGLING.values():
        edit(folder / fault.file, fault.old, fault.new)
    return problems_of(folder)


@pytest.mark.parametrize("name", DANGLING)
def test_what_leads_nowhere_is_told_in_one_line(dangling: list[str], name: str) -> None:
    fault = DANGLING[name]
    told = [each for each in dangling if each.startswith(fault.file) and fault.key in each]
    found = [each.partition("发现：")[2].partition("；应为")[0] for each in told]
    assert len([each for each in found if fault.found in each]) == 1, told


def test_many_faults_cause_no_more_lines_than_they_are(dangling: list[str]) -> None:
    assert len(dangling) == len(DANGLING)


MISSHAPEN = {
    "a rule that is a list": Fault(
        SUPPLY, "rule: {question: supply_flow, at_least: C}", "rule: [1]", "rule（第 13 行）", "[1]"
    ),
    "a rule that is nothing": Fault(
        CHAIN, "rule: {question: partner_data, at_least: C}", "rule: null", "rule", "空"
    ),
    "a rule that is text": Fault(
        CONTROL, "{question: data_upward, at_least: C}", "a > b", "rule.all.1", "a > b"
    ),
    "a number that is none": Fault(
        COMMERCE,
        "question: online_purchases, above: 0}",
        "question: online_purchases, above: .nan}",
        "rule.any.1.above",
        ".nan",
    ),
    "a bound that is a truth": Fault(
        "indicators/intelligent/smart_manufacturing_ready.yaml",
        "at_least: 0.5",
        "at_least: true",
        "rule.all.1.at_least",
        "true",
    ),
    "an expected value in words": Fault(
        PLATFORM, "value: true", "value: 是", "cases.1.expect.value", "是"
    ),
    "a number of thousands of digits": Fault(
        NC_RATE, "\nno: 1\n", f"\nno: {'9' * 5000}\n", "no", "9"
    ),
    "a share above one": Fault("benchmarks.yaml", "value: 0.246", "value: 64.9", "value", "64.9"),
    "a check with less than no points": Fault(
        "checks.yaml", "points: 0.10", "points: -3", "points", "-3"
    ),
    "a size without a name": Fault("sizes.yaml", "name: 大型, ", "", "sizes.1.name", ""),
    "a kind of region that does not exist": Fault(
        "regions.yaml", "kind: 地级市", "kind: 县", "regions.1.kind", "县"
    ),
    "a tally of two kinds": Fault(
        ANNEX, "{grid: software_basket, codes", "{grid: software_basket, sum", "tally", ""
    ),
    "a self-check that is automatic by no fact": Fault(
        CHECKS_SEED, "{item: c16, mode: manual,", "{item: c16, mode: automatic,", "rows.16", ""
    ),
    "a grade from below nothing": Fault(
        SURVEY_SEED, "from: 0}", "from: -1}", "grades.4.from", "-1"
    ),
    "a seed with an unknown key": Fault(
        "annexes/seeds/annex_7_service.yaml", "seq: 1\n", "number: 1\n", "rows.1.number", "1"
    ),
}


@pytest.fixture(scope="module")
def misshapen(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = copy_to(tmp_path_factory.mktemp("misshapen") / "definitions")
    for fault in MISSHAPEN.values():
        edit(folder / fault.file, fault.old, fault.new)
    return problems_of(folder)


@pytest.mark.parametrize("name", MISSHAPEN)
def test_what_has_the_wrong_shape_is_told_with_what_was_found(
    misshapen: list[str], name: str
) -> None:
    fault = MISSHAPEN[name]
    told = [each for each in misshapen if each.startswith(fault.file) and fault.key in each]
    assert [each for each in told if not fault.found or f"发现：{fault.found}" in each], misshapen


def test_a_file_that_cannot_be_read_is_not_judged_again(misshapen: list[str]) -> None:
    misread = {line.partition(" 的")[0] for line in misshapen}
    assert misread == {fault.file for fault in MISSHAPEN.values()}
    # Two of the faults leave a key unfilled beside the one that is wrong.
    assert len(misshapen) == len(MISSHAPEN) + 2


def test_no_line_speaks_english(dangling: list[str], misshapen: list[str]) -> None:
    said = [line.partition("；应为：")[2] or line.partition("应为：")[2] for line in misshapen]
    assert [line for line in said if re.search(r"[A-Za-z]+ [a-z]+", line)] == []
    assert [line for line in dangling if re.search(r"\b(should|valid|input|unable)\b", line)] == []


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_every_refusal_of_the_parser_has_chinese_words(kind: str) -> None:
    if kind == "value_error":
        return  # its words are those of the shapes themselves
    said = refusals.expected(kind, {"expected": "'guide' or 'design'"})
    assert re.search("[一-鿿]", said)
    assert not re.search(r"\b(or|should|must|valid)\b", said)


@pytest.mark.parametrize(
    ("kind", "context", "said"),
    [
        ("less_than_equal", {"le": 1.0}, "不大于 1"),
        ("greater_than", {"gt": 0}, "大于 0"),
        ("too_short", {"min_length": 4, "actual_length": 3}, "至少 4 项"),
        ("string_too_short", {"min_length": 1}, "不能为空"),
        (
            "literal_error",
            {"expected": "'discrete', 'process' or 'mixed'"},
            "discrete、process、mixed 之一",
        ),
        ("float_parsing", {}, "数字"),
    ],
)
def test_a_refusal_says_what_would_be_right(
    kind: str, context: dict[str, object], said: str
) -> None:
    assert refusals.expected(kind, context) == said


def _without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _many_choices(folder: Path) -> None:
    more = "".join(f"          - {{code: more_{n}, label: 更多{n}}}\n" for n in range(63))
    text = (folder / ANNEX).read_text(encoding="utf-8")
    start = text.index("choices:\n", text.index("- key: design_tools\n")) + len("choices:\n")
    (folder / ANNEX).write_text(text[:start] + more + text[start:], encoding="utf-8")


def _stray(folder: Path) -> None:
    (folder / "indicators/digital/new.yml").write_text("id: new\n", encoding="utf-8")


def _nothing_there(folder: Path) -> None:
    for path in folder.glob("indicators/*/*.yaml"):
        path.unlink()


def _unreadable_questions(folder: Path) -> None:
    (folder / ANNEX).write_bytes(b"\xff\xfe")


def _folder_for_file(folder: Path) -> None:
    (folder / "checks.yaml").unlink()
    (folder / "checks.yaml").mkdir()


ALONE: dict[str, tuple[Callable[[Path], None], str]] = {
    "annex 2 is missing": (_without("annexes/annex_2.yaml"), "annexes/annex_2.yaml：发现：没有"),
    "annex 1 is missing": (_without("annexes/annex_1.yaml"), "annexes/annex_1.yaml：发现：没有"),
    "annex 3 is missing": (_without("annexes/annex_3.yaml"), "annexes/annex_3.yaml：发现：没有"),
    "annex 8 is missing": (_without(SURVEY), "annexes/annex_8.yaml：发现：没有"),
    "annex 7 is missing": (_without("annexes/annex_7.yaml"), "annexes/annex_7.yaml：发现：没有"),
    "a seed is missing": (
        _without("annexes/seeds/annex_7_service.yaml"),
        "annexes/seeds/annex_7_service.yaml：发现：没有",
    ),
    "the record form cannot be read": (_unreadable_questions, "annexes/annex_6.yaml：发现：第 1"),
    "there is no indicator": (_nothing_there, "indicators：发现：没有指标文件"),
    "a folder stands for a file": (_folder_for_file, "checks.yaml：发现：是文件夹"),
    "a file has the other ending": (_stray, "indicators/digital/new.yml：发现：扩展名为 .yml"),
    "a question has more choices than bits": (
        _many_choices,
        "annexes/annex_6.yaml 的“design_tools”",
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_one_fault_is_one_line(tmp_path: Path, name: str) -> None:
    spoil, said = ALONE[name]
    folder = copy_to(tmp_path / "definitions")
    spoil(folder)
    lines = problems_of(folder)
    assert len(lines) == 1, lines
    assert lines[0].startswith(said)


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    assert len(problems_of(tmp_path / "nowhere")) == 1


WRONG_PACKS = (
    ("forms: [annex_3, annex_6], formats", "forms: [annex_99, annex_9], formats"),
    ("exports: engagement.exports", "exports: engagement.sent_out"),
    ("  copies: copies\n", "  copies: how_many\n"),
    ("unformed: [not_formed]", "unformed: [not_there]"),
    ("[photo_no, taken_at,", "[photo_no, taken_where,"),
    ("- id: bureau\n", "- id: office\n"),
    ("table: aux_4.photos, title: caption", "table: aux_4.photos, title: heading"),
    ("at: aux_5.trainings.materials_file,", "at: aux_5.trainings.slides,"),
    ("at: aux_9.screenshot,", "at: aux_99.picture,"),
    ("{types: [briefing]}", "{types: [farewell]}"),
    ("received: aux_8.received_on", "received: aux_8.taken_on"),
)


def test_a_plan_of_packs_that_names_what_is_not_there_is_refused_with_all_of_it(
    tmp_path: Path,
) -> None:
    folder = copy_to(tmp_path / "set")
    for old, new in WRONG_PACKS:
        edit(folder / "handover.yaml", old, new)
    said = "\n".join(line for line in problems_of(folder) if line.startswith("handover.yaml"))
    for words in (
        "annex_99；应为：已有的表",
        "annex_9；应为：不限制知悉范围的表",
        "engagement.sent_out；应为：已有的一张明细表",
        "how_many；应为：明细表的一列",
        "发现：not_there",
        "taken_where；应为：明细表的一列",
        "发现：office",
        "heading；应为：明细表的一列",
        "slides；应为：明细表的一列",
        "aux_99.picture；应为：已有的字段",
        "发现：farewell",
        "taken_on；应为：aux_8 的一个字段",
    ):
        assert words in said
