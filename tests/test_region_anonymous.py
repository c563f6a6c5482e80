"""A benchmark pack from a region as it is: codes lack, and what was told before stands against."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from math import isnan
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.case import writing
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


def test_enterprises_are_told_apart_by_their_folders_until_they_have_credit_codes(
    workspace: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = ("synth-000003", "synth-000009", "synth-000012")
    codes: dict[str, str] = {}
    for name in without:
        rewrite(cases / name, lambda it: codes.update({name: it["annex_3"].pop("uscc")}))  # noqa: B023
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
    for name in without:  # who gets a code later is the same enterprise, told of already
        with writing(cases / name, "测试") as writer:
            writer.set("annex_3.uscc", codes[name])
    code, said = run(capsys, cases, *out, "--anonymous", workspace / "peers")
    assert code == 0, said
    assert len(list((workspace / "releases").glob("*.json"))) == 1


def test_where_earlier_packs_stand_against_another_it_says_so_after_all_else_is_written(
    workspace: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Enterprises that leave would be told of by the difference of the two packs."""
    leaving = ("synth-000002", "synth-000006")
    out = ("--out", workspace / "out", "--tables", "--jobs", 1)
    assert run(capsys, cases, *out, "--anonymous", workspace / "peers")[0] == 0
    for name in leaving:
        shutil.rmtree(cases / name)
    code, said = run(capsys, cases, *out, "--anonymous", workspace / "peers")
    assert code == 2
    assert "此前已发布 1 次" in said
    assert "继续使用上一次的对照包" in said
    assert "更多已评估的企业" not in said
    assert f"{COUNT - len(leaving)} 家企业中" in said
    assert said.index("已写入") < said.index("此前已发布")


def test_where_too_few_are_assessed_earlier_packs_are_not_blamed(
    workspace: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ("--out", workspace / "out", "--tables", "--jobs", 1)
    assert run(capsys, cases, *out, "--anonymous", workspace / "peers")[0] == 0
    for folder in sorted(cases.iterdir())[4:]:
        shutil.rmtree(folder)
    code, said = run(capsys, cases, *out, "--anonymous", workspace / "peers")
    assert code == 2
    assert "4 家已评估的企业中" in said
    assert "此前已发布" not in said
    assert "更多已评估的企业" in said


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
