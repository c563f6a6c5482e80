"""A journal that was damaged or lost is told wherever something rests on it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from dxkit.case import Case, journal, open_case
from dxkit.case.continuity import journal_problems
from dxkit.cli import commands
from dxkit.lifecycle import standing

PARAMETERS = Path(__file__).parent.parent / "parameters"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    shutil.copytree(PARAMETERS / "demo-dairy", tmp_path / "demo-dairy")
    return open_case(tmp_path / "demo-dairy")


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(commands, [str(each) for each in arguments], standalone_mode=False)
    problems = getattr(done.exception, "problems", [])
    return (2 if problems else int(done.return_value or 0)), done.output + "\n".join(
        map(str, problems)
    )


def damage(case: Case, how: str) -> None:
    path = case.folder / journal.NAME
    lines = path.read_bytes().split(b"\n")
    if how == "a line of garbage":
        path.write_bytes(b"\n".join([*lines[:3], b"garbage", *lines[3:]]))
    elif how == "a line removed":
        path.write_bytes(b"\n".join([*lines[:3], *lines[4:]]))
    else:
        path.unlink()


HOW = {
    "a line of garbage": "第 4 行不是一条完整的记录",
    "a line removed": "第 4 行与前后记录的校验值不符",
    "deleted": "流水现只有 1 条",
}


@pytest.mark.parametrize("how", HOW)
def test_status_warns_of_it_and_neither_a_step_nor_a_pack_is_made(case: Case, how: str, tmp_path):
    damage(case, how)
    code, said = run("status", case.folder)
    assert code == 0 and HOW[how] in said
    assert said.count("办理记录有误") == 2, "one line, however many others it upsets"
    for wish in (
        ["advance", case.folder, "--who", "甲"],
        ["pack", case.folder, "--for", "enterprise", "--who", "甲", "--out", tmp_path / "x.zip"],
    ):
        code, said = run(*wish)
        assert code == 2 and HOW[how] in said
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("how", HOW)
def test_a_form_goes_out_with_a_warning_and_comes_back_with_the_true_reason(
    case: Case, how: str, tmp_path
):
    export = ["form", "export", case.folder, "--annex", "3", "--format", "xlsx", "--out"]
    assert run(*export, tmp_path / "before.xlsx")[0] == 0
    damage(case, how)
    code, said = run(*export, tmp_path / "after.xlsx")
    assert code == 0 and HOW[how] in said
    code, said = run("form", "import", case.folder, tmp_path / "before.xlsx")
    assert code == 2 and "流水" in said and "从备份找回" in said


def test_a_sound_journal_is_no_problem(case: Case) -> None:
    assert journal_problems(case) == []
    assert standing(case, date(2026, 11, 30)).faults == ()
