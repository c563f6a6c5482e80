"""The rehearsal before the first page: it goes through, and leaves nothing behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.definitions import QUESTIONS, load
from dxkit.workshop import rehearsal


def test_a_rehearsal_goes_through_every_section_and_saves_an_answer() -> None:
    replies = [*rehearsal.replies()]
    assert [each["problem"] for each in replies if "problem" in each] == []
    opened = [each["section"] for each in replies if each.get("form") == QUESTIONS]
    assert opened == [section.id for section in load().annexes[QUESTIONS].sections]
    assert any("saved" in each for each in replies)
    assert any(each.get("tell") == "results" for each in replies)


def test_a_rehearsal_touches_nothing_of_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    monkeypatch.setenv("DXKIT_HOME", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    paths.workspace.cache_clear()
    try:
        rehearsal.rehearse()
        assert paths.workspace() == home
    finally:
        paths.workspace.cache_clear()
    assert [*home.rglob("*")] == []
    assert not [each for each in scratch.iterdir() if each.name.startswith("dxkit-rehearsal")]
