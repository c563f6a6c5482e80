"""One case from folder to finished documents; results appear only whole."""

from __future__ import annotations

import json
import time
from pathlib import Path

import nbformat

from dxkit.batch.notebook_run import run_notebook
from dxkit.batch.results import ASSESSMENT, SOURCE, half_done, publish
from dxkit.batch.task import REPORT, Outcome, Task, failed
from dxkit.case import open_case
from dxkit.diagnosis import diagnose
from dxkit.diagnosis.plain import as_plain
from dxkit.errors import DxkitError, os_problem
from dxkit.export import export_all


def report_on(folder: Path, task: Task) -> Outcome:
    """Assess a case, run its report notebook and export it; never raises for one bad case."""
    started = time.monotonic()
    try:
        name, files, moved = _make(folder, task)
        seconds = round(time.monotonic() - started, 2)
        return Outcome(folder.name, name, "ok", seconds, tuple(files), previous=moved)
    except Exception as exc:  # one bad case must never stop the others
        return failed(folder, _problems(exc), time.monotonic() - started)


def _make(folder: Path, task: Task) -> tuple[str, list[str], tuple[str, ...]]:
    case = open_case(folder)
    target = task.out / folder.name
    with half_done(target) as half:
        if REPORT in task.wanted.notebooks:
            plain = as_plain(diagnose(case))
            _write(half / ASSESSMENT, json.dumps(plain, ensure_ascii=False, indent=1))
        for name in task.wanted.notebooks:
            _print(folder, name, half, task)
        return case.name, *publish(half, target)


def _print(folder: Path, name: str, half: Path, task: Task) -> None:
    """Run a notebook and write it and its documents."""
    notebook = run_notebook(folder, name, task)
    _write(half / f"{name}.{SOURCE}", nbformat.writes(notebook))  # type: ignore[no-untyped-call]
    for suffix, content in export_all(notebook, task.wanted.formats).items():
        (half / f"{name}.{suffix}").write_bytes(content)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _problems(exc: Exception) -> list[str]:
    if isinstance(exc, DxkitError):
        return [str(problem) for problem in exc.problems]
    if isinstance(exc, OSError):
        return [str(os_problem(exc))]
    last = str(exc).strip().splitlines()
    return [f"程序出错：{type(exc).__name__}：{last[-1] if last else '没有说明'}"]
