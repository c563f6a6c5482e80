"""One bad case of each kind among good ones: the others come out, and the report names each."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.batch import Limits, Means, Run, Wanted, run
from dxkit.batch.summary import PAGE, TABLE
from dxkit.errors import DxkitError

from .quick_reports import add_cases, quick_workspace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="kills processes and fills disks as POSIX does"),
]
DEMO = paths.parameters() / "demo-machinery"
WANTED = Wanted(("html",))
SOUND = ["a-good", "no-evidence", "torn-picture", "z-good"]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with quick_workspace(tmp_path / "home", monkeypatch) as home:
        yield home


def picture_of(folder: Path) -> Path:
    return next(path for path in sorted((folder / "evidence").rglob("*")) if path.suffix == ".png")


@pytest.fixture
def cases(workspace: Path) -> list[Path]:
    parent = workspace / "parameters"
    add_cases(parent, "a-good", "z-good", "vanished", "endless", "hungry", "huge", "killed")
    for name in ("no-evidence", "torn-picture"):
        shutil.copytree(DEMO, parent / name)
    picture_of(parent / "no-evidence").unlink()
    torn = picture_of(parent / "torn-picture")
    torn.write_bytes(torn.read_bytes()[:300])
    (parent / "broken").mkdir()
    (parent / "broken" / "case.yaml").write_bytes(b"annex_6: [1\n")
    folders = sorted(each for each in parent.iterdir() if each.is_dir())
    shutil.rmtree(parent / "vanished")  # after it was listed
    return folders


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / TABLE).open(encoding="utf-8-sig", newline="") as stream:
        return {row["企业"]: row for row in csv.DictReader(stream)}


def test_every_kind_of_bad_case_is_named_and_the_others_come_out(
    cases: list[Path], workspace: Path
) -> None:
    out = workspace / "outputs"
    done = run(cases, out, WANTED, Means(2, Limits(seconds=15, memory=900)))
    assert {each.case: each.status for each in done.outcomes} == {
        **dict.fromkeys(SOUND, "ok"),
        "broken": "failed",
        "endless": "timeout",
        "huge": "memory",
        "hungry": "memory",
        "killed": "dead",
        "vanished": "failed",
    }
    told = rows(out)
    for name, key, words in (
        ("broken", "问题", "case.yaml"),
        ("endless", "问题", "超过 15 秒"),
        ("endless", "最后输出", "round and round"),
        ("huge", "问题", "内存"),
        ("hungry", "问题", "内存超过 900 MB"),
        ("hungry", "最后输出", "taking"),
        ("killed", "问题", "内核意外终止"),
        ("vanished", "问题", "被移走或删除"),
        ("no-evidence", "提醒", "文件不在"),
        ("torn-picture", "提醒", "内容与登记时不同"),
    ):
        assert words in told[name][key], (name, told[name])
        assert told[name][key].splitlines()[0] in page_text(out)
    assert not list(out.glob(".unfinished"))


@pytest.mark.skipif(sys.platform == "darwin", reason="its disks take no such names")
def test_names_that_are_no_text_cost_their_own_cases_only(workspace: Path) -> None:
    parent, out = workspace / "parameters", workspace / "outputs"
    folders = add_cases(parent, "a", "b")
    strange = Path(os.fsdecode(os.fsencode(parent) + b"/gbk\xc4\xe3"))
    shutil.copytree(folders[0], strange)
    Path(os.fsdecode(os.fsencode(folders[1]) + b"/\xd5\xd5.jpg")).write_bytes(b"x")
    for _ in range(2):
        done = run([*folders, strange], out, WANTED, Means(1))
        names = {each.case: each.status for each in done.outcomes}
        assert names.pop("a") in {"ok", "unchanged"}
        assert names == {"b": "failed", r"gbk\xc4\xe3": "failed"}
        assert r"b/\xd5\xd5.jpg：发现：名称不是 UTF-8" in told(done, "b")
        assert r"gbk\xc4\xe3：发现：名称不是 UTF-8" in told(done, r"gbk\xc4\xe3")
        assert "改成通常的名称" in page_text(out)


def test_a_case_that_vanished_is_not_taken_for_another_of_that_name(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_cases(workspace / "parameters", "same")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    (outcome,) = run([Path("same")], tmp_path / "out", WANTED, Means(1)).outcomes
    assert outcome.status == "failed"
    assert "被移走或删除" in outcome.problems[0]


def page_text(out: Path) -> str:
    from lxml import html  # noqa: PLC0415

    return str(html.fromstring((out / PAGE).read_text(encoding="utf-8")).text_content())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only an administrator can mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_named_and_loses_nothing(workspace: Path, small_disk: Path) -> None:
    folders = add_cases(workspace / "parameters", "a", "b", "c")
    out = small_disk / "out"
    first = run(folders[:1], out, WANTED, Means(1))
    assert not first.failed
    before = (out / "a" / "report.html").read_bytes()
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (1 << 20))
    with ballast.open("ab") as stream:
        while _wrote(stream.fileno()):
            pass
    with ballast.open("r+b") as stream:  # leave room for the ledger, not for a report
        stream.truncate(ballast.stat().st_size - 24 * 1024)
    done = run(folders, out, WANTED, Means(1))
    assert {each.case: each.status for each in done.outcomes}["b"] == "failed"
    assert "磁盘已满" in told(done, "b")
    assert (out / "a" / "report.html").read_bytes() == before
    ballast.unlink()
    again = run(folders, out, WANTED, Means(1))
    assert {each.case: each.status for each in again.outcomes} == {
        "a": "unchanged",
        "b": "ok",
        "c": "ok",
    }


def _wrote(descriptor: int) -> bool:
    try:
        return os.write(descriptor, b"x" * 4096) == 4096
    except OSError:
        return False


def told(done: Run, case: str) -> str:
    return "\n".join(next(each for each in done.outcomes if each.case == case).problems)


def test_a_disk_without_room_for_the_ledger_is_told_and_can_be_taken_up(
    workspace: Path, small_disk: Path
) -> None:
    add_cases(workspace / "parameters", "a")
    ballast = small_disk / "ballast"
    with ballast.open("wb") as stream:
        while _wrote(stream.fileno()):
            pass
    command = [sys.executable, "-m", "dxkit", "batch", "--out", str(small_disk), "--quiet"]
    full = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=120)
    assert full.returncode not in (0, 1)
    assert "磁盘已满" in full.stderr
    assert "Traceback" not in full.stderr
    ballast.unlink()
    command += ["--formats", "html"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_folder_that_cannot_be_written_to_is_told(workspace: Path) -> None:
    (folder,) = add_cases(workspace / "parameters", "a")
    (workspace / "file").write_bytes(b"")
    for place in (workspace / "file", workspace / "file" / "out", Path("/proc/out")):
        with pytest.raises((OSError, DxkitError)):
            run([folder], place, WANTED, Means(1))
    command = [sys.executable, "-m", "dxkit", "batch", "--out", "/proc/out"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 2
    assert "/proc/out" in done.stderr
    assert "Traceback" not in done.stderr
