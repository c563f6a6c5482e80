"""One case from folder to finished documents, made where nobody sees them yet."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from dxkit.batch import places
from dxkit.batch.basis import inputs_of, still_holds
from dxkit.batch.notebook_run import NotebookError, prepared_for, run_notebook
from dxkit.batch.results import ASSESSMENT, SOURCE, digests_in, room_for
from dxkit.batch.steps import Steps
from dxkit.batch.task import REPORT, Broken, Failure, Inputs, Kernel, Made, Step, Task
from dxkit.case import open_case
from dxkit.diagnosis import diagnose
from dxkit.diagnosis.plain import as_plain
from dxkit.errors import DxkitError, Problem, os_problem
from dxkit.evidence.verification import verify
from dxkit.export import export_all

TRIES = 3
GONE = "案卷在生成期间被移走或删除了"
RESTLESS = "案卷在生成期间一再改动，结果会前后不一；改好后再生成"

Tell = Callable[[Step | Kernel], None]


def report_on(folder: Path, task: Task, tell: Tell = lambda _told: None) -> Made | Broken:
    """Assess a case, run its notebooks and export them; never raises for one bad case.

    Every step is told when it begins, and every kernel when it is there.
    """
    started = time.monotonic()
    try:
        with _near(folder, task) as case, _unseen(task.out / folder.name, task) as room:
            name, inputs, doubts = _make(case, task, room.here, tell)
            digests = digests_in(room.here)
            half = room.put()
        seconds = round(time.monotonic() - started, 2)
        return Made(folder.name, name, seconds, half, digests, inputs, doubts)
    except Exception as exc:  # one bad case must never stop the others
        return _broken(folder, exc, time.monotonic() - started)


@dataclass(frozen=True)
class _Near:
    """A case on this machine; one that was fetched has the store's stamp for its content."""

    folder: Path
    stamp: str | None = None

    def inputs(self) -> Inputs:
        """Return what the case holds."""
        found = inputs_of(self.folder)
        return found if self.stamp is None else Inputs(found.digest, self.stamp)


@contextmanager
def _near(folder: Path, task: Task) -> Iterator[_Near]:
    """Give a case as a folder of this machine: itself, or a copy of what lies in a store."""
    if not places.is_store(folder):
        yield _Near(folder)
        return
    with tempfile.TemporaryDirectory(dir=task.scratch) as room:
        stamp = places.stamp_of_case(folder)
        yield _Near(places.fetched(folder, Path(room)), stamp)


@dataclass(frozen=True)
class _Room:
    """Where the files of a case are made, and where they wait for their final names."""

    here: Path
    there: Path

    def put(self) -> Path:
        """Return where the files wait, once they are there."""
        if self.there != self.here:
            places.copy_files(self.here, self.there)
        return self.there


@contextmanager
def _unseen(target: Path, task: Task) -> Iterator[_Room]:
    """Give room beside the results; nothing stays there of a case that does not come out."""
    there = room_for(target)
    try:
        if not places.is_store(target):
            yield _Room(there, there)
            return
        with tempfile.TemporaryDirectory(dir=task.scratch) as here:
            yield _Room(Path(here), there)
    except BaseException:
        places.remove(there)
        raise


def _make(near: _Near, task: Task, half: Path, tell: Tell) -> tuple[str, Inputs, tuple[str, ...]]:
    """Make everything from one content of the case; begin again if it changes meanwhile."""
    folder = near.folder
    prepared = {name: prepared_for(folder, name) for name in task.wanted.notebooks}
    steps = Steps(tell if task.steps else _silent, folder.name, prepared, task.wanted.formats)
    fetched = near.inputs() if near.stamp is not None else None
    open_case(folder)  # takes what was edited by hand into the journal, which is an input too
    for _ in range(TRIES):
        inputs = inputs_of(folder)
        case = open_case(folder)
        if REPORT in task.wanted.notebooks:
            plain = as_plain(diagnose(case))
            _write(half / ASSESSMENT, json.dumps(plain, ensure_ascii=False, indent=1))
        for name, each in prepared.items():
            done = run_notebook(each, folder, task, partial(steps.cell, name), tell)
            _print(done, half / name, task.wanted.formats, steps)
        if still_holds(folder, inputs):
            doubts = tuple(map(str, verify(case).problems))
            return case.name, fetched or inputs, doubts
    raise DxkitError(RESTLESS)


def _silent(_step: Step) -> None:
    """Tell nobody."""


def _print(notebook: Any, target: Path, formats: Sequence[str], steps: Steps) -> None:
    """Write a notebook that was run, and its documents, under a name without its ending."""
    text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    _write(target.with_suffix(f".{SOURCE}"), text)
    for suffix, content in export_all(notebook, formats, steps.document).items():
        target.with_suffix(f".{suffix}").write_bytes(content)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _broken(folder: Path, exc: Exception, seconds: float) -> Broken:
    if places.is_gone(folder):
        gone = Problem(folder.name, "", GONE, "放回原处后再运行一次")
        return Broken(folder.name, "failed", (str(gone),), round(seconds, 2))
    status: Failure = exc.status if isinstance(exc, NotebookError) else "failed"
    lines = exc.lines if isinstance(exc, NotebookError) else ()
    return Broken(folder.name, status, tuple(_problems(exc)), round(seconds, 2), lines)


def _problems(exc: Exception) -> list[str]:
    if isinstance(exc, DxkitError):
        return [str(problem) for problem in exc.problems]
    if isinstance(exc, OSError):
        return [str(os_problem(exc))]
    if isinstance(exc, MemoryError):
        return ["内存不足：减少同时进行的数目（--jobs），或关闭别的程序"]
    last = str(exc).strip().splitlines()
    return [f"程序出错：{type(exc).__name__}：{last[-1] if last else '没有说明'}"]
