"""Copies of a case outside of it go when they are no longer needed, also after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from dxkit.scratch import LOCK, scratch, sweep

HOLDING = """
import sys, time
from dxkit.scratch import scratch
with scratch("pack", "demo") as room:
    (room / "报告.docx").write_text("机密", encoding="utf-8")
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def holding() -> subprocess.Popen[str]:
    """Start a program that has such a folder, and return once it holds something."""
    program = subprocess.Popen([sys.executable, "-c", HOLDING], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def test_a_folder_goes_with_what_is_in_it_also_after_a_failure(temporary: Path) -> None:
    with scratch("pack", "demo") as room:
        (room / "a.txt").write_text("x")
    with pytest.raises(ZeroDivisionError), scratch("pack", "demo"):
        raise ZeroDivisionError
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
def test_what_a_killed_program_left_goes_and_what_a_running_one_needs_stays(
    temporary: Path,
) -> None:
    killed = holding()
    killed.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    killed.communicate()
    (left,) = temporary.iterdir()
    with scratch("pack", "other"), scratch("issue", "demo"):
        assert left.exists(), "another case or purpose has its own"
    running = holding()
    try:
        assert not left.exists()
        with scratch("pack", "demo"):
            assert len(list(temporary.rglob("报告.docx"))) == 1
    finally:
        running.kill()
        running.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="making links takes a right on Windows")
def test_only_what_a_dead_program_of_this_user_left_is_swept(temporary: Path) -> None:
    names = ("trial-fresh", "trial-old", "trial-left", "trial-living", "other")
    fresh, old, left, living, other = (temporary / name for name in names)
    for folder in (fresh, old, left, living, other):
        folder.mkdir()
    (left / LOCK).touch()
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    (temporary / "trial-link").symlink_to(other, target_is_directory=True)
    with FileLock(living / LOCK):
        sweep("trial-")
    assert {each for each in (fresh, old, left, living, other) if each.exists()} == {
        fresh,
        living,
        other,
    }
