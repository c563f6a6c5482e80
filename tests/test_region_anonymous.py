"""A benchmark pack from a region as it is: codes lack, and what was told before stands against."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isnan
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.cohort import gather
from dxkit.definitions import load
from dxkit.synth import synthesise
from tests.region_runs import rewrite, run

DEFINITIONS = load()
COUNT = 24


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "parameters").mkdir()
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    paths.workspace.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    paths.workspace.cache_clear()


@pytest.fixture
def cases(workspace: Path) -> Path:
    synthesise(COUNT, 3, workspace / "cases", DEFINITIONS)
    return workspace / "cases"


def test_enterprises_without_a_credit_code_are_told_apart_by_their_folders(
    workspace: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = ("synth-000003", "synth-000009", "synth-000012")
    for name in without:
        rewrite(cases / name, lambda content: content["annex_3"].pop("uscc"))
    out = ("--out", workspace / "out", "--tables", "--jobs", 1)
    for _ in range(2):
        code, said = run(capsys, cases, *out, "--anonymous", workspace / "peers")
        assert code == 0, said
    (record,) = (workspace / "releases").glob("*.json")
    kept = json.loads(record.read_text("utf-8"))
    assert len(kept["enterprises"]) == COUNT
    assert "" not in kept["enterprises"]
    assert {f"id:{name}" for name in without} <= kept["enterprises"].keys()
    table = gather(cases, DEFINITIONS).table
    for indicator, answers in kept["answers"].items():
        values = dict(zip(table.named, table.columns[indicator].value, strict=True))
        assert answers == {key: each for key, each in values.items() if not isnan(each)}


@pytest.mark.parametrize("option", ["--cache", "--anonymous", "--out"])
def test_nothing_is_written_into_the_folder_of_an_enterprise(
    workspace: Path, cases: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    case = cases / "synth-000001"
    before = sorted(each.name for each in case.iterdir())
    code, said = run(
        capsys, cases, "--tables", "--out", workspace / "o", option, case / "sub" / "x.json"
    )
    assert code == 2
    assert option in said
    assert "在企业文件夹之内" in said
    assert sorted(each.name for each in case.iterdir()) == before
    assert not (workspace / "o").exists()
