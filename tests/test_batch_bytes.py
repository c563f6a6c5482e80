"""The same cases give the same bytes: with one process or several, forked or started, again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dxkit.batch import Means, Wanted, run
from dxkit.definitions import load
from dxkit.synth import synthesise

from .quick_reports import bytes_in, quick_workspace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is one way only where nothing forks"),
]
CASES = 6  # enough for a rehearsal


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return synthesise(CASES, 5, tmp_path_factory.mktemp("cases"), load())


@pytest.fixture(scope="module")
def expected(folders: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("alone")
    assert not run(folders, out, means=Means(1)).failed
    return bytes_in(out)


def test_several_processes_make_the_same_bytes_as_one(folders, expected, tmp_path: Path) -> None:
    assert not run(folders[::-1], tmp_path, means=Means(3)).failed
    assert len(expected) == 5 * CASES
    assert bytes_in(tmp_path) == expected


def test_started_processes_and_usual_kernels_make_the_same_bytes_as_forked_ones(
    folders, expected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DXKIT_KERNEL", "ordinary")
    few = folders[:2]
    assert not run(few, tmp_path, Wanted(), Means(2)).failed
    names = {each.name for each in few}
    assert bytes_in(tmp_path) == {
        path: content for path, content in expected.items() if path.split("/")[0] in names
    }


def test_a_workspace_is_not_taken_for_the_one_that_was_rehearsed_in(
    folders, expected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with quick_workspace(tmp_path / "home", monkeypatch):
        assert not run(folders, tmp_path / "out", Wanted(("html",)), Means(2)).failed
    for folder in folders:
        page = (tmp_path / "out" / folder.name / "report.html").read_text(encoding="utf-8")
        assert f"<p>{folder.name}" in page
