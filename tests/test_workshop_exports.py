"""Exports beside a page: told while they run, stopped with all they began, few at once."""

from __future__ import annotations

import os
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from docx import Document

from dxkit import paths
from dxkit.workshop.files import exporting
from dxkit.workshop.turns import in_line, turn
from tests.sittings import Sitting, copy_of, workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield copy_of("demo-machinery", workspace(tmp_path, monkeypatch))
    paths.workspace.cache_clear()


def ended(sitting: Sitting, job: str, seconds: float = 120) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for told in sitting.session.news():
            if told.get("job") == job and told["state"] in ("done", "failed", "stopped"):
                return told
        time.sleep(0.1)
    raise AssertionError("the export did not end")


def taken(sitting: Sitting, job: str, target: Path) -> Path:
    content, size = b"", 1
    while len(content) < size:
        reply = sitting.ask("download", job=job, offset=len(content))
        content, size = content + reply["bytes"], reply["size"]
    target = target / reply["name"]
    target.write_bytes(content)
    return target


def test_a_form_comes_out_with_what_was_just_filled_in(folder: Path, tmp_path: Path) -> None:
    mine = Sitting(folder, name="甲")
    seen = mine.open("annex_3.park")["annex_3.park"]["value"]
    assert "saved" in mine.edit("annex_3.park", "刚写下的园区", seen=seen)
    job = mine.ask("export", what="annex_3", format="docx")["job"]
    assert "还没有完成" in mine.ask("download", job=job, offset=0)["problem"]
    told = ended(mine, job)
    assert told["state"] == "done", told
    document = Document(str(taken(mine, job, tmp_path)))
    text = "".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    assert "刚写下的园区" in text
    assert mine.ask("download", job=job, offset=told["size"] + 1)["problem"]
    mine.session.close()
    assert list((paths.outputs() / exporting.FOLDER).iterdir()) == []


def test_all_forms_come_as_one_package_without_the_restricted_one(
    folder: Path, tmp_path: Path
) -> None:
    mine = Sitting(folder, "member")
    job = mine.ask("export", what="all_forms", format="xlsx")["job"]
    assert ended(mine, job)["state"] == "done"
    with zipfile.ZipFile(taken(mine, job, tmp_path)) as package:
        names = package.namelist()
    assert len(names) > 15
    assert not any("附件9" in name or "annex_9" in name for name in names)
    assert "没有这张表单" in mine.ask("export", what="annex_9", format="docx")["problem"]


def test_an_export_that_is_stopped_ends_with_every_process_it_began(folder: Path) -> None:
    mine = Sitting(folder)
    job = mine.ask("export", what="report", format="pdf")["job"]
    running = mine.session.jobs.find(job)
    while running.process is None:
        time.sleep(0.05)
    time.sleep(2)
    family = [psutil.Process(running.process.pid)]
    family += family[0].children(recursive=True)
    mine.ask("stop", job=job)
    assert ended(mine, job)["state"] == "stopped"
    _, alive = psutil.wait_procs(family, timeout=5)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def test_how_far_a_report_has_come_is_told_step_by_step(folder: Path) -> None:
    mine = Sitting(folder)
    job = mine.ask("export", what="report", format="html")["job"]
    steps: list[tuple[int, int, str]] = []
    until = time.monotonic() + 200
    while not mine.session.jobs.find(job).ended and time.monotonic() < until:
        for told in mine.session.news():
            if told.get("job") == job and told.get("total"):
                steps.append((told["done"], told["total"], told.get("step", "")))
        time.sleep(0.05)
    totals = {total for _, total, _ in steps}
    assert len(totals) == 1
    done = [each for each, _, _ in steps]
    assert done == sorted(done) and len(set(done)) > 10
    assert done[-1] < totals.pop()
    words = [each for _, _, each in steps]
    assert any(each.startswith("生成 4.") for each in words)
    assert mine.session.jobs.find(job).step == "排成网页"


def test_all_forms_are_told_one_by_one(folder: Path) -> None:
    mine = Sitting(folder)
    job = mine.ask("export", what="all_forms", format="xlsx")["job"]
    assert ended(mine, job)["state"] == "done"
    last = mine.session.jobs.find(job)
    assert last.total is not None and last.done == last.total - 1 > 15
    assert last.step.startswith("生成 辅-")


def test_what_cannot_be_exported_is_said_in_words(folder: Path) -> None:
    mine = Sitting(folder)
    for what, kind in (("report", "exe"), ("annex_3", "pdf"), ("nothing", "docx"), (None, None)):
        assert mine.ask("export", what=what, format=kind)["problem"]
    (folder / "case.yaml").write_text("annex_6: [", encoding="utf-8")
    job = mine.ask("export", what="annex_3", format="docx")["job"]
    told = ended(mine, job)
    assert told["state"] == "failed"
    assert "Traceback" not in told["words"]
    assert "case.yaml" in told["words"]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield workspace(tmp_path / "workspace", monkeypatch)
    paths.workspace.cache_clear()


@pytest.mark.usefixtures("room")
def test_only_a_few_run_at_once_and_the_next_waits_for_its_turn() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal running, most
        with turn(2, lambda: False) as granted:
            assert granted
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.4)
            with lock:
                running -= 1

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no line")
@pytest.mark.usefixtures("room")
def test_who_waits_in_line_is_served_before_whoever_asks_again() -> None:
    served: list[str] = []

    def ask_again_and_again() -> None:
        for _ in range(40):
            with in_line("trial"):
                served.append("greedy")
                time.sleep(0.01)

    def wait_once() -> None:
        with in_line("trial"):
            served.append("patient")

    greedy = threading.Thread(target=ask_again_and_again)
    greedy.start()
    time.sleep(0.05)
    patient = threading.Thread(target=wait_once)
    patient.start()
    greedy.join()
    patient.join()
    assert "patient" in served[:-1], "the patient one had to wait until the greedy one was done"


@pytest.mark.usefixtures("room")
def test_who_gives_up_waiting_gets_no_turn() -> None:
    with turn(1, lambda: False) as first, turn(1, lambda: True) as second:
        assert (first, second) == (True, False)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="everybody has temporary files of their own")
@pytest.mark.parametrize("there", [True, False])
def test_nobody_else_on_the_machine_can_keep_the_turns_or_lead_them_elsewhere(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    own = tmp_path / "somebody's own"
    own.mkdir(mode=0o700)
    common = tmp_path / "tmp"
    common.mkdir()
    for name in ("dxkit-turns", f"dxkit-turns-{os.getuid()}"):
        (common / name).symlink_to(own if there else own / "x", target_is_directory=True)
    monkeypatch.setattr("tempfile.tempdir", str(common))
    with turn(1, lambda: False) as granted, in_line("trial"):
        assert granted
        assert [*(room / "outputs").rglob("*.lock")]
    assert own.stat().st_mode & 0o077 == 0
    assert [*own.iterdir()] == []
