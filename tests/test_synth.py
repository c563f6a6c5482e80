"""Invented enterprises: repeatable, always valid, and no more contradictory than real ones."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from stdnum.cn import uscc

from dxkit import strict_yaml
from dxkit.assessment import assess
from dxkit.case import open_case
from dxkit.case.answers import read_answer, tallied
from dxkit.definitions import QUESTIONS, load
from dxkit.errors import CaseError, ParameterError
from dxkit.models.annex import Field, FieldType, Tally
from dxkit.models.shape import Basis
from dxkit.synth import answer_table, synthesise
from dxkit.synth.application import size_class
from dxkit.synth.lists import _falls_on
from dxkit.synth.traits import read_traits


@pytest.fixture(scope="module")
def definitions():
    return load()


@pytest.fixture(scope="module")
def folders(definitions, tmp_path_factory):
    return synthesise(200, 7, tmp_path_factory.mktemp("synth"), definitions)


@pytest.fixture(scope="module")
def contents(folders):
    return [strict_yaml.read(folder / "case.yaml").data for folder in folders]


@pytest.fixture(scope="module")
def table(definitions):
    return answer_table(20_000, 7, definitions)


def case_bytes(folders):
    return [(folder / "case.yaml").read_bytes() for folder in folders]


def test_two_hundred_cases_are_accepted_and_named_in_order(folders, definitions):
    assert [folder.name for folder in folders[:2]] == ["synth-000001", "synth-000002"]
    assert folders[-1].name == "synth-000200"
    for folder in folders[::20]:
        assert open_case(folder, definitions).annex(QUESTIONS) is not None
        assert len((folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_the_same_seed_gives_the_same_bytes_and_few_are_the_first_of_many(
    folders, definitions, tmp_path
):
    again = synthesise(12, 7, tmp_path / "again", definitions)
    other = synthesise(12, 8, tmp_path / "other", definitions)
    assert case_bytes(again) == case_bytes(folders[:12])
    assert all(a != b for a, b in zip(case_bytes(other), case_bytes(again), strict=True))


def test_another_process_writes_the_same_bytes(folders, tmp_path):
    program = (
        "import sys; from pathlib import Path; from dxkit.definitions import load; "
        "from dxkit.synth import synthesise; synthesise(3, 7, Path(sys.argv[1]), load())"
    )
    surroundings = {**os.environ, "PYTHONHASHSEED": "99"}
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "far")], check=True, env=surroundings
    )
    assert case_bytes(sorted((tmp_path / "far").iterdir())) == case_bytes(folders[:3])


def test_every_league_and_division_and_size_occurs(definitions, contents):
    seen = {
        key: {content["annex_3"][key] for content in contents}
        for key in ("league", "industry_division", "size_class", "production_type")
    }
    assert len(seen["league"]) >= 12
    assert len(seen["industry_division"]) >= 25
    assert seen["size_class"] == {size.code for size in definitions.sizes.sizes}
    assert {"process", "discrete_mass", "discrete_varied", "mixed"} == seen["production_type"]


def test_enterprises_are_plainly_fictitious_yet_their_codes_pass_the_check_digit(contents):
    for content in contents:
        code = content["annex_3"]["uscc"]
        assert code[2:8] == "159999"
        assert uscc.calc_check_digit(code[:17]) == code[17]
        assert "虚构" in content["annex_3"]["enterprise_name"]
        assert content["demo"] is True


@pytest.mark.parametrize(
    ("staff", "revenue", "size"),
    [
        (1000, 40000, "large"),
        (1000, 39999, "medium"),
        (300, 1999, "small"),
        (20, 300, "small"),
        (19, 90000, "micro"),
    ],
)
def test_a_size_class_needs_both_lower_limits(staff, revenue, size, definitions):
    assert size_class(staff, revenue, definitions) == size


def test_little_giants_also_hold_the_levels_below(contents):
    held = [set(content["annex_3"]["srdi_level"]) for content in contents]
    giants = [levels for levels in held if "little_giant" in levels]
    assert giants
    assert all({"innovative", "srdi"} <= levels for levels in giants)
    assert all(levels == {"none"} for levels in held if "none" in levels)


def test_a_known_part_never_exceeds_its_known_whole(definitions, table):
    compared = 0
    for key, column in table.columns.items():
        field = definitions.questions[key]
        for low, high in ((key, field.at_most), (field.at_least, key)):
            if low in table.columns and high in table.columns:
                both = column.known & table.column(low).known & table.column(high).known
                assert (table.column(low).values[both] <= table.column(high).values[both]).all()
                compared += both.sum()
    assert compared > 50_000


def test_no_question_is_answered_behind_a_closed_gate(table):
    gate = table.column("has_design_activity")
    open_gate = gate.known & (gate.values == 1)
    for key in ("design_tools", "design_tools_use", "design_mode"):
        answered = table.column(key).known
        assert answered.any()
        assert not (answered & ~open_gate).any()


def test_some_are_complete_some_hardly_begun_and_the_others_miss_up_to_two_fifths(table):
    asked_of_all = ["equipment", "data_upward", "supply_flow", "partner_data", "analysis"]
    asked_of_all += [
        key for key in table.columns if key.startswith(("levels.", "software_basket."))
    ]
    known = np.mean(
        [table.column(key).known | table.column(key).not_applicable for key in asked_of_all], axis=0
    )
    assert 0.2 < (known == 1).mean() < 0.35
    assert 0.03 < (known < 0.3).mean() < 0.1
    middle = known[(known < 1) & (known >= 0.3)]
    assert 0.75 < middle.mean() < 0.85


def test_answers_share_a_hidden_cause(table):
    columns = [table.column(key) for key in ("data_upward", "analysis", "levels.finance")]
    for first, second in pairwise(columns):
        both = first.known & second.known
        assert np.corrcoef(first.values[both], second.values[both])[0, 1] > 0.3


def test_self_reports_are_rosier_than_what_is_found(definitions, contents):
    ladders = [
        key for key, field in definitions.questions.items() if field.type is FieldType.LADDER
    ]
    steps = []
    for key in ladders:
        column, _, row = key.partition(".")
        for content in contents:
            raw = content.get(QUESTIONS, {}).get(column)
            answer = read_answer(raw.get(row) if row and raw else raw)
            if answer.value is not None and answer.self_reported is not None:
                found, reported = (
                    definitions.questions[key].step_of(each)
                    for each in (answer.value, answer.self_reported)
                )
                steps.append(reported - found)
    assert min(steps) == 0
    assert 0.1 < np.mean(steps) < 1


def test_lists_add_up_to_the_counts_beside_them(definitions, folders):
    compared = 0
    for folder in folders[:60]:
        found = open_case(folder, definitions).found
        for key, field in definitions.questions.items():
            if isinstance(field.tally, Tally) and found.get(field.tally.table):
                assert tallied(field.tally, found, definitions) == found[key], (folder.name, key)
                compared += 1
    assert compared > 60


def test_a_part_is_spread_over_rows_without_losing_any():
    assert [_falls_on(row, 3, 7) for row in range(7)] == [
        False,
        False,
        True,
        False,
        True,
        False,
        True,
    ]
    assert sum(_falls_on(row, 5, 5) for row in range(5)) == 5
    assert not any(_falls_on(row, 0, 4) for row in range(4))


def test_every_exemption_says_why(contents):
    reasons = [
        read_answer(raw).not_applicable
        for content in contents
        for raw in content[QUESTIONS].values()
        if isinstance(raw, dict) and "not_applicable" in raw
    ]
    assert reasons
    assert "未说明理由" not in reasons


def test_a_new_question_is_filled_by_itself(definitions, tmp_path):
    annex = definitions.annexes[QUESTIONS]
    new = (
        Field(
            key="robots",
            label="机器人数",
            type=FieldType.COUNT,
            at_most="equipment",
            basis=Basis.DESIGN,
        ),
        Field(key="has_twin", label="有无孪生", type=FieldType.YES_NO, basis=Basis.DESIGN),
    )
    section = annex.sections[-1].model_copy(update={"fields": annex.sections[-1].fields + new})
    wider = annex.model_copy(update={"sections": (*annex.sections[:-1], section)})
    changed = replace(definitions, annexes={**definitions.annexes, QUESTIONS: wider})
    made = [open_case(folder, changed) for folder in synthesise(20, 7, tmp_path / "new", changed)]
    answered = [case.found for case in made if case.found.get("robots") is not None]
    assert len(answered) > 8
    assert all(each["robots"] <= each["equipment"] for each in answered if each.get("equipment"))
    assert {case.found.get("has_twin") for case in made} == {True, False, None}


def test_indicators_come_out_neither_all_yes_nor_all_no(definitions, table):
    results = assess(definitions, table).results
    for indicator in definitions.indicators:
        value = results[indicator.id].value
        assert 0.05 < np.nanmean(value) < 0.9, indicator.id
        assert (~np.isnan(value)).mean() > 0.2, indicator.id


def test_columns_repeat_themselves_and_hold_what_the_indicators_read(definitions, table):
    again = answer_table(1000, 7, definitions)
    for indicator in definitions.indicators:
        assert set(indicator.questions) <= set(table.columns)
    for key, column in again.columns.items():
        assert (column.values == table.column(key).values[:1000]).all()
        assert (column.known == table.column(key).known[:1000]).all()


def test_traits_name_only_what_the_definitions_have(definitions):
    traits = read_traits()
    annex = definitions.annexes[QUESTIONS]
    columns = {column.key for field in annex.fields for column in field.columns}
    tables = {field.key: {c.key: c for c in field.columns} for field in annex.fields}
    trades = {trade.id for trade in traits.trades}
    assert {*traits.questions, *traits.texts} <= {*definitions.questions, *columns}
    assert set(traits.leagues) == {region.code for region in definitions.regions.regions}
    listed = [code for trade in traits.trades for code in trade.divisions]
    assert sorted(listed) == sorted(each.code for each in definitions.industries.divisions)
    for key, trait in traits.questions.items():
        for exemption in trait.not_applicable:
            assert definitions.questions[key].may_be_not_applicable, key
            assert set(exemption.trades) <= trades
        assert set(trait.by_trade) <= trades, key
    classes = {choice.code for choice in tables["software_list"]["sw_class"].choices}
    assert {software.sw_class for software in traits.software.values()} <= classes
    assert {f"software_basket.{code}" for code in traits.software} <= set(definitions.questions)


def test_progress_is_told_after_each_case(definitions, tmp_path):
    told = []
    synthesise(3, 1, tmp_path, definitions, lambda done, count: told.append((done, count)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_cannot_be_done_is_said_in_chinese(definitions, folders):
    with pytest.raises(ParameterError, match="不小于 1"):
        synthesise(0, 1, folders[0].parent, definitions)
    with pytest.raises(ParameterError, match="不小于 0"):
        answer_table(5, -1, definitions)
    with pytest.raises(CaseError, match="已经存在"):
        synthesise(1, 7, folders[0].parent, definitions)
