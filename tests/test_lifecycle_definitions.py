"""Rules, policies, steps and due dates that dangle are refused, each fault in one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dxkit.definitions import load
from dxkit.lifecycle import fact_names, worked_cases
from tests.definition_set import copy_to, edit, problems_of

DEFINITIONS = load()
TEAM, NOTICE, COURSE = "rules/team.yaml", "rules/notice.yaml", "lifecycle.yaml"
MEMBERS = "{number: fact.team_size, at_least: policy.members_min}"
SENT = "{earlier: aux_2.sent_on, than: fact.first_onsite_on}"


def _edited(file: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: edit(folder / file, old, new)


def _unproven(folder: Path) -> None:
    """Take the failing case away from a rule; a rule has at least two cases."""
    text = (folder / TEAM).read_text(encoding="utf-8")
    start, end = text.index("id: R-04"), text.index("id: R-05")
    told = text[start:end].replace("fails: [block_unless_overridden]", "passes: true")
    (folder / TEAM).write_text(text[:start] + told + text[end:], encoding="utf-8")


FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a table that is not there": (
        _edited(TEAM, MEMBERS, "{rows: annex_4.people}"),
        f"{TEAM} 的“R-04.requires.1.needs.table”：发现：people",
    ),
    "a column that is not there": (
        _edited(TEAM, MEMBERS, "{rows: annex_4.members, filled: [surname]}"),
        f"{TEAM} 的“R-04.requires.1.needs.filled”：发现：surname",
    ),
    "a code that cannot be chosen": (
        _edited(TEAM, MEMBERS, "{rows: annex_4.members, where: {role: [captain]}}"),
        f"{TEAM} 的“R-04.requires.1.needs.where.role”：发现：captain",
    ),
    "a field that is not there": (
        _edited(NOTICE, SENT, "{earlier: aux_2.sent_when, than: fact.first_onsite_on}"),
        f"{NOTICE} 的“R-15.requires.1.needs”：发现：没有“aux_2.sent_when”",
    ),
    "a field that is no day": (
        _edited(NOTICE, SENT, "{earlier: aux_2.sent_via, than: fact.first_onsite_on}"),
        f"{NOTICE} 的“R-15.requires.1.needs”：发现：aux_2.sent_via",
    ),
    "a policy that is not there": (
        _edited(TEAM, MEMBERS, "{rows: annex_4.members, at_least: policy.least}"),
        f"{TEAM} 的“R-04.requires.1.needs”：发现：没有参数“least”",
    ),
    "a policy that is named in words and is not there": (
        _edited(TEAM, "{policy.members_min}", "{policy.least}"),
        f"{TEAM} 的“R-04.requires.1.says”：发现：没有参数“least”",
    ),
    "a step that is not there": (
        _edited(NOTICE, SENT, "{earlier: aux_2.sent_on, than: transition.T99}"),
        f"{NOTICE} 的“R-15.requires.1.needs”：发现：没有步骤“T99”",
    ),
    "a rule that rests on itself": (
        _edited(TEAM, MEMBERS, "{rule: R-04}"),
        f"{TEAM} 的“R-04”：发现：循环引用：R-04 → R-04",
    ),
    "a rule without a case that fails": (
        _unproven,
        f"{TEAM} 的“R-04.cases”：发现：没有不通过的算例",
    ),
    "a rule that no step uses": (
        _edited(COURSE, "rules: [R-14, R-15]", "rules: [R-14]"),
        f"{NOTICE} 的“R-15”：发现：没有步骤用到它",
    ),
    "rows to begin anew of a state there is not": (
        _edited(
            COURSE, "rows: [20], sets: {status: not_formed}", "rows: [20], sets: {status: new}"
        ),
        f"{COURSE} 的“T19b.reopens.sets.status”：发现：new",
    ),
    "rows to begin anew by a column that is not there": (
        _edited(COURSE, "number: seq, rows: [20]", "number: sequence, rows: [20]"),
        f"{COURSE} 的“T19b.reopens”：发现：sequence",
    ),
    "a step that leads nowhere": (
        _edited(COURSE, "to: kickoff", "to: kick_off"),
        f"{COURSE} 的“T09”：发现：没有状态“kick_off”",
    ),
    "a step that waits for what is no milestone": (
        _edited(COURSE, "after: [T16, T17]", "after: [T15, T17]"),
        f"{COURSE} 的“T18”：发现：“T15”不是里程碑",
    ),
    "a state that the record of the course does not offer": (
        _edited(COURSE, "name: 编制计划", "name: 做计划"),
        f"{COURSE} 的“states”：发现：draft",
    ),
    "a due date without a number of days": (
        _edited(COURSE, "    working_days: policy.draft_working_days\n", ""),
        f"{COURSE} 的“duties“draft””",
    ),
    "a node that no step closes": (
        _edited(COURSE, "step: T17", "step: T97"),
        f"{COURSE} 的“nodes“线上填报”.step”：发现：T97",
    ),
    "a node proved by a field that is not there": (
        _edited(COURSE, "at: aux_9.submit_no", "at: aux_9.number"),
        f"{COURSE} 的“nodes“线上填报”.proofs”：发现：没有“aux_9.number”",
    ),
    "a node proved by a column that is not there": (
        _edited(COURSE, "at: aux_6.briefings.briefing_no", "at: aux_6.briefings.number"),
        f"{COURSE} 的“nodes“向主要负责人汇报”.proofs”：发现：aux_6.briefings.number",
    ),
    "a node proved by rows of a kind that there is not": (
        _edited(COURSE, "where: {types: [opening]}}\n", "where: {types: [first]}}\n"),
        f"{COURSE} 的“nodes“首次会议”.proofs.where.types”：发现：first",
    ),
    "a policy written twice": (
        _edited("policies.yaml", "key: members_min,", "key: hours_per_day,"),
        "policies.yaml 的“policies.key”：发现：hours_per_day 重复出现",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_by_file_and_rule(tmp_path: Path, name: str) -> None:
    spoil, said = FAULTS[name]
    folder = copy_to(tmp_path / "definitions")
    spoil(folder)
    assert any(line.startswith(said) for line in problems_of(folder)), problems_of(folder)


def test_a_missing_rule_is_missed_by_its_step_and_its_number(tmp_path: Path) -> None:
    folder = copy_to(tmp_path / "definitions")
    text = (folder / NOTICE).read_text(encoding="utf-8")
    start, end = text.index("  - id: R-15"), len(text)
    (folder / NOTICE).write_text(text[:start] + text[end:], encoding="utf-8")
    told = "\n".join(problems_of(folder))
    assert "lifecycle.yaml 的“T05”：发现：没有规则 R-15" in told
    assert "R-15 缺失" in told


def test_the_rules_are_the_sixty_four_of_the_plan() -> None:
    assert list(DEFINITIONS.rules) == [f"R-{number:02d}" for number in range(1, 65)]


def test_every_worked_case_comes_out_as_written() -> None:
    assert list(worked_cases.failures(DEFINITIONS)) == []
    assert list(fact_names.unknown_facts(DEFINITIONS)) == []


def test_a_worked_case_that_comes_out_otherwise_is_told() -> None:
    rule = DEFINITIONS.rules["R-04"]
    case = next(each for each in rule.cases if each.passes)
    wrong = case.model_copy(update={"passes": None, "fails": ("warn",)})
    spoilt = rule.model_copy(update={"cases": (wrong,)})
    (told,) = worked_cases.failures(replace(DEFINITIONS, rules={"R-04": spoilt}))
    assert str(told).startswith(f"R-04 的“算例“{case.title}””：发现：满足")


def test_a_worked_case_that_no_form_takes_is_told() -> None:
    rule = DEFINITIONS.rules["R-04"]
    wrong = rule.cases[0].model_copy(update={"given": {"annex_4": {"membres": []}}})
    spoilt = rule.model_copy(update={"cases": (wrong,)})
    (told,) = worked_cases.failures(replace(DEFINITIONS, rules={"R-04": spoilt}))
    assert "annex_4.membres" in str(told) and "没有这个字段" in str(told)


def test_a_fact_that_is_not_there_is_told() -> None:
    rule = DEFINITIONS.rules["R-04"]
    wrong = rule.cases[0].model_copy(update={"facts": {"moon_phase": 1}})
    spoilt = rule.model_copy(update={"cases": (wrong,)})
    told = fact_names.unknown_facts(replace(DEFINITIONS, rules={"R-04": spoilt}))
    assert [problem.key for problem in told] == ["fact.moon_phase"]
