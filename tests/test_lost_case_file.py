"""A case whose case file is lost is still a case: listed everywhere, and told as unreadable."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.case import case_around, list_folders, look_at, open_case
from dxkit.definitions import load
from dxkit.errors import CaseError
from dxkit.lifecycle import survey
from dxkit.synth import synthesise
from tests.command_line import call
from tests.region_runs import run, table

DEFINITIONS = load()
COUNT = 4
LOST = "synth-000002"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    synthesise(COUNT, 3, tmp_path / "parameters", DEFINITIONS)
    (tmp_path / "parameters" / LOST / "case.yaml").unlink()
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    paths.workspace.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    paths.workspace.cache_clear()


def test_it_is_listed_and_cannot_be_read(workspace: Path) -> None:
    cases = workspace / "parameters"
    assert [each.name for each in list_folders(cases)] == [f"synth-00000{n}" for n in range(1, 5)]
    for reading in (look_at, open_case):
        with pytest.raises(CaseError, match="文件不见了"):
            reading(cases / LOST, DEFINITIONS)
    assert sorted(each.name for each in (cases / LOST).iterdir() if each.name != ".lock") == [
        "journal.jsonl"
    ]
    assert case_around(cases / LOST / "out") == cases / LOST


def test_no_other_folder_of_a_workspace_is_taken_for_a_case(workspace: Path) -> None:
    (workspace / "parameters" / "notes").mkdir()
    (workspace / "parameters" / "notes" / "restricted").mkdir()
    (workspace / "parameters" / ".new-1").mkdir()
    shutil.copy(workspace / "parameters" / LOST / "journal.jsonl", workspace / "parameters/.new-1")
    assert len(list_folders(workspace / "parameters")) == COUNT
    assert list_folders(workspace) == []
    assert case_around(workspace / "outputs") is None


def test_the_region_counts_it_as_unread(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = workspace / "out"
    code, said = run(capsys, workspace / "parameters", "--out", out, "--tables", "--jobs", 1)
    assert code == 1
    assert f"{LOST}（读不出，计入企业数，各项未知）" in said
    assert f"{COUNT} 家企业中" in said
    assert [row["标识"] for row in table(out / "problems.csv")] == [LOST]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("list", "cases"), 0),
        (("status",), 0),
        (("status", LOST), 2),
        (("assess", LOST), 2),
        (("evidence", "duplicates"), 1),
        (("verify", "parameters/" + LOST), 2),
    ],
)
def test_commands_tell_of_it_and_do_not_break_down(
    workspace: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
) -> None:
    monkeypatch.chdir(workspace)
    ended, out, err = call(capsys, *arguments)
    assert LOST in out + err
    assert "程序出错" not in out + err
    assert ended == code, out + err


def test_a_survey_of_all_has_its_row(workspace: Path) -> None:
    rows = {row.id: row for row in survey(workspace / "parameters", date(2026, 1, 1), DEFINITIONS)}
    assert len(rows) == COUNT
    assert "文件不见了" in rows[LOST].problems[0]


def test_a_batch_fails_it_with_its_reason(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, "batch", "--out", str(workspace / "out"), "--formats", "html")
    assert code == 1, out + err
    assert f"{LOST} 没有完成" in err
    assert "文件不见了" in err
