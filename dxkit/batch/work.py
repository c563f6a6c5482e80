"""One case from folder to finished documents; results appear only whole."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from dxkit.batch.notebook_run import prepared_for, run_notebook
from dxkit.batch.results import ASSESSMENT, SOURCE, half_done, publish
from dxkit.batch.steps import Steps
from dxkit.batch.task import REPORT, Outcome, Step, Task, failed
from dxkit.case import open_case
from dxkit.diagnosis import diagnose
from dxkit.diagnosis.plain import as_plain
from dxkit.errors import DxkitError, os_problem
from dxkit.export import export_all


def report_on(
    folder: Path, task: Task, tell: Callable[[Step], None] = lambda _step: None
) -> Outcome:
    """Assess a case, run its report notebook and export it; never raises for one bad case.

    Every step is told when it begins.
    """
    started = time.monotonic()
    try:
        name, files, moved = _make(folder, task, tell)
        seconds = round(time.monotonic() - started, 2)
        return Outcome(folder.name, name, "ok", seconds, tuple(files), previous=moved)
    except Exception as exc:  # one bad case must never stop the others
        return failed(folder, _problems(exc), time.monotonic() - started)


def _make(
    folder: Path, task: Task, tell: Callable[[Step], None]
) -> tuple[str, list[str], tuple[str, ...]]:
    prepared = {name: prepared_for(folder, name) for name in task.wanted.notebooks}
    steps = Steps(tell, folder.name, prepared, task.wanted.formats)
    case = open_case(folder)
    target = task.out / folder.name
    with half_done(target) as half:
        if REPORT in task.wanted.notebooks:
            plain = as_plain(diagnose(case))
            _write(half / ASSESSMENT, json.dumps(plain, ensure_ascii=False, indent=1))
        for name, each in prepared.items():
            done = run_notebook(each, folder, task, partial(steps.cell, name))
            _print(done, half / name, task.wanted.formats, steps)
        return case.name, *publish(half, target)


def _print(notebook: Any, target: Path, formats: Sequence[str], steps: Steps) -> None:
    """Write a notebook that was run, and its documents, under a name without its ending."""
    text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    _write(target.with_suffix(f".{SOURCE}"), text)
    for suffix, content in export_all(notebook, formats, steps.document).items():
        target.with_suffix(f".{suffix}").write_bytes(content)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _problems(exc: Exception) -> list[str]:
    if isinstance(exc, DxkitError):
        return [str(problem) for problem in exc.problems]
    if isinstance(exc, OSError):
        return [str(os_problem(exc))]
    last = str(exc).strip().splitlines()
    return [f"程序出错：{type(exc).__name__}：{last[-1] if last else '没有说明'}"]
