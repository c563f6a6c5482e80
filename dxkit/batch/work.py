"""One case from folder to finished documents, in its own process; results appear only whole."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError

from dxkit import paths
from dxkit.batch.connection import private_connection
from dxkit.case import open_case
from dxkit.diagnosis import diagnose
from dxkit.diagnosis.plain import as_plain
from dxkit.errors import DxkitError
from dxkit.export import export_all
from dxkit.notebook import prepare, read

FORMATS = ("html", "docx", "pdf")
NOTEBOOK = "report.ipynb"


@dataclass(frozen=True)
class Outcome:
    """How one case went: its files, or every reason why there are none."""

    case: str
    name: str
    status: Literal["ok", "failed"]
    seconds: float
    files: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def write_noise_to(log: str) -> None:
    """Send what kernels and libraries print into a file: a screen shows progress and results."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, sys.stderr.fileno())


def report_on(folder: Path, out: Path, formats: Sequence[str]) -> Outcome:
    """Assess a case, run its report notebook and export it; never raises for one bad case."""
    started = time.monotonic()
    name = folder.name
    try:
        name, files = _make(folder, out / folder.name, formats)
        return Outcome(folder.name, name, "ok", _since(started), tuple(files))
    except DxkitError as exc:
        return _failed(folder, name, started, [str(problem) for problem in exc.problems])
    except OSError as exc:
        return _failed(folder, name, started, [f"{exc.filename or out}：{exc.strerror or exc}"])
    except Exception as exc:  # one bad case must never stop the others
        return _failed(folder, name, started, [_unforeseen(exc)])


def _make(folder: Path, out: Path, formats: Sequence[str]) -> tuple[str, list[str]]:
    case = open_case(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        plain = as_plain(diagnose(case))
        _write(half / "assessment.json", json.dumps(plain, ensure_ascii=False, indent=1))
        notebook = _run(str(folder), half / NOTEBOOK)
        _export(notebook, half, formats)
        return case.name, _publish(half, out)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _run(case: str, target: Path) -> Any:
    """Run the report notebook for a case with papermill and return it with its outputs."""
    prepared = prepare(read(paths.notebooks() / NOTEBOOK), {"case": case}, without="interactive")
    try:
        with private_connection() as config:
            done = execute_notebook(
                prepared,
                None,
                progress_bar=False,
                kernel_name="python3",
                cwd=str(paths.workspace()),
                config=config,
            )
    except PapermillExecutionError as exc:
        raise DxkitError(
            f"笔记本第 {exc.exec_count} 个单元出错：{exc.ename}：{exc.evalue}"
        ) from None
    done.metadata.pop("papermill", None)
    for cell in done.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    _write(target, nbformat.writes(done))  # type: ignore[no-untyped-call]
    return done


def _export(notebook: Any, half: Path, formats: Sequence[str]) -> None:
    for suffix, content in export_all(notebook, formats).items():
        (half / f"report.{suffix}").write_bytes(content)


def _publish(half: Path, out: Path) -> list[str]:
    """Move finished files to their final names; a reader never sees a half-written one.

    A report left from an earlier run in a format not asked for now goes: it would say otherwise.
    """
    out.mkdir(exist_ok=True)
    names = sorted(path.name for path in half.iterdir())
    for name in names:
        (half / name).replace(out / name)
    for suffix in FORMATS:
        if f"report.{suffix}" not in names:
            (out / f"report.{suffix}").unlink(missing_ok=True)
    return names


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _failed(folder: Path, name: str, started: float, problems: list[str]) -> Outcome:
    return Outcome(folder.name, name, "failed", _since(started), problems=tuple(problems))


def _unforeseen(exc: Exception) -> str:
    last = str(exc).strip().splitlines()
    return f"程序出错：{type(exc).__name__}：{last[-1] if last else '没有说明'}"


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)
