"""Exports as jobs: the command line runs beside the page, and how it goes is told."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import psutil

from dxkit import paths
from dxkit.errors import CaseError
from dxkit.workshop.turns import turn

AT_ONCE = 2
"""The most exports that run at once on a machine."""
MOST_WAITING = 3
"""The most exports one page may have under way."""
SECONDS = 900
FORGOTTEN = 24 * 3600
"""The seconds after which nobody comes for what was made."""
CHUNK = 2**20
FOLDER = ".exports"
REPORT, ALL_FORMS = "report", "all_forms"
REPORT_FORMATS = ("docx", "pdf", "html")
FORM_FORMATS = ("docx", "xlsx")
_NAMES = {"docx": "Word", "pdf": "PDF", "html": "网页", "xlsx": "Excel"}
State = Literal["waiting", "running", "done", "failed", "stopped"]
_WORDS: dict[State, str] = {
    "waiting": "排队等候，前面的导出完成后开始",
    "running": "正在生成",
    "done": "已完成，可以下载",
    "failed": "没有完成",
    "stopped": "已停止",
}
_LAST_LINES = 6
_STEP = re.compile(r"[^\[].* \[(\d+)/(\d+)\] (.+)")
"""A line by which a command says how many steps of how many are done, and what it does now."""
_LINE_END = re.compile(r"[\r\n]+")


def new_folder() -> Path:
    """Return an empty folder for an export, and throw away what a killed page left."""
    sweep()
    folder = paths.outputs() / FOLDER
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    place = folder / secrets.token_hex(8)
    place.mkdir()
    return place


def sweep() -> None:
    """Throw away what nobody came for."""
    for old in (paths.outputs() / FOLDER).glob("*"):
        with suppress(OSError):
            if old.stat().st_mtime < time.time() - FORGOTTEN:
                shutil.rmtree(old, ignore_errors=True)


@dataclass
class Job:
    """One export: its command, how it stands, and the file it led to."""

    name: str
    arguments: Sequence[str]
    single: str
    """The name of the file a page gets, without its ending if there are several in it."""
    within: str = "."
    """The folder in which its documents are: what lies beside it is not for the page."""
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    state: State = "waiting"
    said: list[str] = field(default_factory=list)
    step: str = ""
    done: int = 0
    total: int | None = None
    began: float = field(default_factory=time.monotonic)
    out: Path = field(default_factory=new_folder)
    file: Path | None = None
    process: subprocess.Popen[str] | None = None
    stopping: bool = False

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.state in ("done", "failed", "stopped")

    @property
    def told(self) -> dict[str, Any]:
        """Return what a page is told of it."""
        words = _WORDS[self.state]
        if self.state == "failed" and self.said:
            words = f"{words}：{'；'.join(self.said[-_LAST_LINES:])}"
        told: dict[str, Any] = {"job": self.id, "name": self.name, "state": self.state}
        told |= {"words": words, "done": self.done, "total": self.total}
        if self.state == "running":
            told |= {"step": self.step, "seconds": int(time.monotonic() - self.began)}
        if self.file is not None:
            told |= {"file": self.file.name, "size": self.file.stat().st_size}
        return told


class Jobs:
    """The exports of one page."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self._told: dict[str, dict[str, Any]] = {}

    def start(self, job: Job) -> Job:
        """Begin an export as soon as there is room for it.

        Raises:
            CaseError: if the page has enough of them under way.
        """
        if sum(not each.ended for each in self.jobs.values()) >= MOST_WAITING:
            _clear(job)
            raise CaseError(f"同时最多导出 {MOST_WAITING} 项，请等前面的完成")
        self.jobs[job.id] = job
        threading.Thread(target=_run, args=(job,), daemon=True, name=f"export-{job.id}").start()
        return job

    def find(self, name: Any) -> Job:
        """Return an export of this page.

        Raises:
            CaseError: if there is none of that name.
        """
        job = self.jobs.get(name) if isinstance(name, str) else None
        if job is None:
            raise CaseError("没有这项导出，或已过期，请重新导出")
        return job

    def news(self) -> list[dict[str, Any]]:
        """Return what differs from what was told last."""
        now = {name: job.told for name, job in self.jobs.items()}
        fresh = [told for name, told in now.items() if self._told.get(name) != told]
        self._told = now
        return fresh

    def close(self) -> None:
        """Stop everything and leave no file."""
        for job in self.jobs.values():
            stop(job)
            _clear(job)
        self.jobs.clear()


def report(folder: Path, formats: Sequence[str]) -> Job:
    """Return the export of a case's report in some formats."""
    wanted, named = ",".join(formats), "、".join(_NAMES[each] for each in formats)
    limits = ("--jobs", "1", "--timeout", str(SECONDS), "--steps")
    where = (str(folder.parent), "--only", folder.name, "--formats", wanted, *limits)
    return Job(f"诊断报告（{named}）", ("batch", *where), f"{folder.name}_report", folder.name)


def form(folder: Path, annex: str, mark: str, kind: str, who: str) -> Job:
    """Return the export of one form, or of all that may go out."""
    every = annex == ALL_FORMS
    named = ("--annex", "all" if every else annex, "--format", kind, "--who", who)
    name = f"{'全部表单' if every else mark}（{_NAMES[kind]}）"
    purpose = ("--purpose", "工作坊页面导出", "--steps")
    arguments = ("form", "export", str(folder), *named, *purpose)
    return Job(name, arguments, f"{folder.name}_{annex}")


def stop(job: Job) -> None:
    """End an export and whatever it began."""
    job.stopping = True
    if job.process is not None and job.process.poll() is None:
        _kill(job.process.pid)


def piece(job: Job, offset: Any) -> tuple[dict[str, Any], bytes]:
    """Return a piece of a finished export from a place on.

    Raises:
        CaseError: if it is not finished, or the place is none in it.
    """
    if job.file is None:
        raise CaseError(f"{job.name}：还没有完成")
    size = job.file.stat().st_size
    if not isinstance(offset, int) or isinstance(offset, bool) or not 0 <= offset <= size:
        raise CaseError(f"{job.name}：没有这一段")
    with job.file.open("rb") as stream:
        stream.seek(offset)
        content = stream.read(CHUNK)
    return {"name": job.file.name, "size": size, "offset": offset}, content


def _run(job: Job) -> None:
    try:
        with turn(AT_ONCE, lambda: job.stopping) as granted:
            if granted:
                job.state, job.began = "running", time.monotonic()
                _work(job)
    except Exception as exc:  # told on the page; nobody else waits for this thread
        job.said.append(str(exc))
        job.state = "failed"
    if not job.ended:
        job.state = "stopped" if job.stopping else "failed"


def _work(job: Job) -> None:
    several = "--annex" not in job.arguments or "all" in job.arguments
    out = job.out / "made" if several else job.out / f"{job.single}.{_kind(job)}"
    if several:
        out.mkdir()
    command = [sys.executable, "-m", "dxkit", *job.arguments, "--out", str(out)]
    environment = {**os.environ, "PYTHONUTF8": "1", "DXKIT_HOME": str(paths.workspace())}
    job.process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=job.out,
        env=environment,
    )
    timer = threading.Timer(SECONDS, stop, (job,))
    timer.start()
    try:
        _listen(job)
        code = job.process.wait()
    finally:
        timer.cancel()
    if job.stopping:
        job.state = "stopped"
    elif code != 0:
        job.state = "failed"
    else:
        job.file = _only(job, out)
        job.state = "done"


def _listen(job: Job) -> None:
    """Take in what the command says, line by line."""
    assert job.process is not None
    assert job.process.stdout is not None
    for line in job.process.stdout:
        plain = line.replace(str(job.out), "").replace(str(paths.workspace()), "")
        for each in _LINE_END.split(plain.strip()):
            if step := _STEP.fullmatch(each.strip()):
                job.done, job.total, job.step = int(step[1]), int(step[2]), step[3]
            elif each.strip():
                job.said = [*job.said, each.strip()][-_LAST_LINES:]


def _kind(job: Job) -> str:
    return job.arguments[job.arguments.index("--format") + 1]


def _only(job: Job, out: Path) -> Path:
    """Return one file for what was made, several as a package."""
    if out.is_file():
        return out
    found = sorted((out / job.within).rglob("*"))
    made = [each for each in found if each.is_file() and _is_wanted(each)]
    if not made:
        raise CaseError("没有生成文件")
    if len(made) == 1:
        return made[0].rename(job.out / f"{job.single}{made[0].suffix}")
    package = job.out / f"{job.single}.zip"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in made:
            archive.write(each, each.name)
    return package


def _is_wanted(file: Path) -> bool:
    """Tell documents from what a batch writes for programs."""
    return file.suffix.lstrip(".") in (*REPORT_FORMATS, *FORM_FORMATS) and "previous" not in (
        file.parts
    )


def _kill(process: int) -> None:
    """End a process and its children, on every system."""
    with suppress(psutil.Error):
        parent = psutil.Process(process)
        for each in (*parent.children(recursive=True), parent):
            with suppress(psutil.Error):
                each.kill()


def _clear(job: Job) -> None:
    shutil.rmtree(job.out, ignore_errors=True)
