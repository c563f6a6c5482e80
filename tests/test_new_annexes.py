"""Annexes 1, 8 and 9: complete as settled, judged by their seeds, kept apart where they must be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dxkit.case import create
from dxkit.definitions import load
from dxkit.definitions.files import read_files
from dxkit.errors import DxkitError
from dxkit.facts import FACTS
from dxkit.models.annex import Annex, Field, FieldType
from tests.definition_set import copy_to, edit

DEFINITIONS = load()
RULES, SURVEY, INFRASTRUCTURE = (DEFINITIONS.annexes[f"annex_{number}"] for number in (1, 8, 9))


def _field(annex: Annex, key: str) -> Field:
    return next(field for field in annex.fields if field.key == key)


def _column(annex: Annex, table: str, key: str) -> Field:
    return next(column for column in _field(annex, table).columns if column.key == key)


def test_the_requirements_have_six_parts_whose_clauses_are_numbered_in_order() -> None:
    parts = [section for section in RULES.sections if section.text]
    assert [part.title[:2] for part in parts] == ["一、", "二、", "三、", "四、", "五、", "六、"]
    numbered = [[line.split(" ", 1)[0] for line in part.text] for part in parts]
    assert numbered == [
        [f"{part}.{clause}" for clause in range(1, count + 1)]
        for part, count in enumerate((7, 6, 5, 5, 6, 4), start=1)
    ]


def test_each_part_of_the_requirements_says_which_clauses_rest_on_the_guide() -> None:
    parts = [section for section in RULES.sections if section.text]
    assert [part.title for part in parts if "本工具设定" not in part.note] == []
    assert [part.title for part in parts if "指南" in part.note or "GB/T" in part.note] == [
        part.title for part in parts
    ]


# Table 1.3 of the content design: mode and what a failure means, by number.
SETTLED = """
1 automatic block
2 automatic block
3 automatic block
4 automatic block_unless_overridden
5 automatic warn
6 automatic block
7 automatic warn
8 automatic warn
9 automatic block
10 automatic block
11 automatic block
12 automatic warn
13 automatic warn
14 automatic block
15 manual warn
16 manual warn
17 manual warn
18 manual block
19 manual warn
20 automatic warn
"""


def test_the_twenty_items_are_judged_as_settled() -> None:
    checks = DEFINITIONS.seeds.self_checks
    found = [f"{int(each.item[1:])} {each.mode} {each.on_failure}" for each in checks]
    assert found == SETTLED.split("\n")[1:-1]


def test_every_automatic_item_has_a_fact_of_its_own() -> None:
    facts = [each.fact for each in DEFINITIONS.seeds.self_checks if each.mode == "automatic"]
    assert len(set(facts)) == len(facts) == 15


def test_every_fact_that_a_form_or_the_self_check_names_can_be_worked_out() -> None:
    shown = {
        each.fact
        for annex in DEFINITIONS.annexes.values()
        for field in annex.fields
        for each in (field, *field.columns)
        if each.fact
    }
    checked = {each.fact for each in DEFINITIONS.seeds.self_checks if each.fact}
    assert sorted((shown | checked) - set(FACTS)) == []


def test_the_self_check_is_recorded_item_by_item_and_signed_by_three() -> None:
    grid = _field(RULES, "self_check")
    assert [row.code for row in grid.rows] == [f"c{number:02d}" for number in range(1, 21)]
    computed = [column.key for column in grid.columns if column.type is FieldType.COMPUTED]
    assert computed == ["mode", "on_failure", "verdict"]
    written = [column for column in grid.columns if column.key not in computed]
    assert [column.key for column in written] == ["result", "note", "checked_by", "checked_on"]
    assert [choice.code for choice in written[0].choices] == [
        "pass",
        "fail",
        "not_applicable",
    ]
    signed = [field.key for field in RULES.fields if field.type is FieldType.SIGNATURE]
    assert signed == ["author_sign", "reviewer_sign", "leader_sign"]


def test_the_survey_asks_twelve_facts_and_rates_seventeen_items() -> None:
    facts = [field for field in SURVEY.fields if field.key.startswith("fact_")]
    assert [field.no for field in facts] == [f"F{number}" for number in range(1, 13)]
    answered = [field for field in facts if field.type is FieldType.CHOICE]
    assert {tuple(c.code for c in field.choices) for field in answered} == {
        ("yes", "no", "unclear")
    }
    assert {f.key: f.type for f in facts if f not in answered} == {
        "fact_team_size": FieldType.COUNT,
        "fact_days": FieldType.NUMBER,
    }
    assert [row.label.split(" ")[0] for row in _field(SURVEY, "ratings").rows] == [
        f"S{number}" for number in range(1, 18)
    ]
    recommendation = _field(SURVEY, "recommendation")
    assert (recommendation.no, recommendation.minimum, recommendation.maximum) == ("S18", 0, 10)


def test_the_weights_of_the_survey_are_those_settled_and_make_a_hundred() -> None:
    weights = {each.name: each.weight for each in DEFINITIONS.seeds.survey.rows}
    assert weights == {
        "团队能力": 20,
        "过程规范": 20,
        "培训与宣贯": 10,
        "诊断报告": 30,
        "情况汇报": 10,
        "保密与合规": 10,
    }
    assert sum(weights.values()) == 100


def test_the_grades_begin_at_ninety_eighty_and_sixty() -> None:
    grades = [(each.name, each.from_) for each in DEFINITIONS.seeds.survey.grades]
    assert grades == [("非常满意", 90), ("满意", 80), ("基本满意", 60), ("不满意", 0)]


def test_what_the_institution_adds_to_the_survey_is_not_on_the_enterprises_paper() -> None:
    printed = {field.key for field in SURVEY.fields if field.paper}
    own = {"signed", "sealed", "locked_on", "score", "grade", "completion", "contradictions"}
    assert own & printed == set()
    assert own <= {field.key for field in SURVEY.fields}


def test_the_enterprise_states_the_facts_itself_nothing_is_filled_in_for_it() -> None:
    facts = [field for field in SURVEY.fields if field.key.startswith("fact_")]
    stated = [*facts, _field(SURVEY, "report_received_on")]
    assert [field.key for field in stated if field.prefill] == []


def test_only_the_identification_of_infrastructure_is_restricted() -> None:
    restricted = [annex.id for annex in DEFINITIONS.annexes.values() if annex.restricted]
    assert restricted == ["annex_9"]


def test_the_authority_fills_its_boxes_itself() -> None:
    boxes = INFRASTRUCTURE.sections[-1].fields
    assert [field.key for field in boxes] == [
        "bureau_opinion",
        "bureau_seal",
        "authority_opinion",
        "authority_seal",
        "authority_on",
    ]
    assert [field.key for field in boxes if field.required != "no" or field.prefill] == []
    assert [field.key for field in boxes if "留空" not in field.help] == []


def test_no_clause_of_the_guide_asks_for_the_identification() -> None:
    assert INFRASTRUCTURE.clause == ""


def test_whoever_fills_the_identification_signs_it_and_so_do_those_who_answer_for_it() -> None:
    signed = [field.key for field in INFRASTRUCTURE.fields if field.type is FieldType.SIGNATURE]
    assert signed == ["filler_sign", "sec_head_sign", "principal_sign", "group_sign"]


def test_the_form_says_that_a_diagnosis_does_not_recognise_infrastructure() -> None:
    caution, enterprise = INFRASTRUCTURE.sections[:2]
    assert "无权认定" in caution.text[0]
    assert "不得复制" in enterprise.note


def test_the_thresholds_say_beside_them_where_they_come_from() -> None:
    section = next(each for each in INFRASTRUCTURE.sections if each.id == "consequences")
    assert "2016年试行确定指南" in section.note
    assert "未能核对原文" in section.note


def test_thirteen_criteria_carry_their_thresholds_in_their_labels() -> None:
    criterion = _column(INFRASTRUCTURE, "consequences", "criterion")
    assert [choice.code for choice in criterion.choices] == [f"c{n:02d}" for n in range(1, 14)]
    numbers = {choice.code: re.findall(r"\d+", choice.label)[1:] for choice in criterion.choices}
    assert {code: found for code, found in numbers.items() if found} == {
        "c01": ["30"],
        "c02": ["10"],
        "c03": ["5", "50"],
        "c04": ["5000", "1000"],
        "c05": ["100"],
        "c10": ["1500"],
        "c11": ["1000", "100", "1000"],
    }
    assert "可依现行规则修改" in criterion.help


def test_every_fact_column_of_the_systems_that_decides_the_hint_is_on_paper() -> None:
    systems = _field(INFRASTRUCTURE, "systems")
    printed = {column.key for column in systems.columns if column.paper}
    assert {"system_no", "name", "dependence", "exposure", "mlps_level"} <= printed


@pytest.mark.parametrize(
    ("length", "refused"), [(300, False), (301, True)], ids=["at the limit", "beyond it"]
)
def test_a_text_may_have_as_many_characters_as_its_form_says(
    tmp_path: Path, length: int, refused: bool
) -> None:
    answers = {"annex_2": {"problems": [{"statement": "断" * length}]}}
    if not refused:
        create(tmp_path / "case", answers, DEFINITIONS, "测试")
        return
    with pytest.raises(DxkitError) as said:
        create(tmp_path / "case", answers, DEFINITIONS, "测试")
    assert "problems.1.statement" in str(said.value)
    assert "不超过 300 个字" in str(said.value)


def test_a_text_whose_help_names_its_greatest_length_is_held_to_it() -> None:
    fields = (each for annex in DEFINITIONS.annexes.values() for each in annex.fields)
    asked = [each for field in fields for each in (field, *field.columns)]
    named = [(each, found) for each in asked if (found := re.match(r"不超过(\d+)字", each.help))]
    assert {each.key for each, _ in named} == {"statement", "sug_name"}
    assert [each.key for each, found in named if each.longest != int(found[1])] == []


def test_every_definition_file_is_read_and_so_stands_in_the_digest() -> None:
    shipped = {path.relative_to(DEFINITIONS.folder).as_posix() for path in _shipped()}
    assert shipped - set(read_files(DEFINITIONS.folder).read) == set()


def _shipped() -> list[Path]:
    inside = (DEFINITIONS.folder / name for name in ("annexes", "indicators", "rules"))
    return [path for folder in inside for path in folder.rglob("*.yaml")]


@pytest.mark.parametrize(
    "name",
    [
        "annexes/annex_9.yaml",
        "annexes/seeds/annex_1_checks.yaml",
        "annexes/seeds/annex_8_dimensions.yaml",
    ],
)
def test_the_digest_changes_with_a_form_and_with_a_seed(tmp_path: Path, name: str) -> None:
    folder = copy_to(tmp_path / "definitions")
    edit(folder / name, "edition:", "# read again\nedition:")
    edited = read_files(folder)
    assert edited.problems == []
    assert edited.digest != DEFINITIONS.digest


def test_a_copy_of_the_definitions_has_their_digest(tmp_path: Path) -> None:
    assert read_files(copy_to(tmp_path / "definitions")).digest == DEFINITIONS.digest
