"""A workspace whose report notebook is quick, for trials of what is around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest

from dxkit import paths
from dxkit.case import create
from dxkit.definitions import load

REPORT = """\
from IPython.display import HTML
import os, pathlib
if case.startswith("hungry"):
    print("taking", flush=True)
    kept = []
    while True: kept.append(bytearray(b"x" * 4_000_000))
if case.startswith("huge"):
    whole = bytearray(b"x") * (8 << 30)
if case.startswith("endless"):
    print("round and round", flush=True)
    while True: pass
if case.startswith("killed"):
    import signal
    os.kill(os.getpid(), signal.SIGKILL)
if case.startswith("talking"):
    print("last words", flush=True); os._exit(1)
told = pathlib.Path(case, "case.yaml").read_text(encoding="utf-8")
HTML(f"<h1>报告</h1><p>{case} {told[-40:]}")
"""


@contextmanager
def quick_workspace(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make it the workspace of this process and of those it starts."""
    (home / "notebooks").mkdir(parents=True)
    (home / "parameters").mkdir()
    notebook = nbformat.v4.new_notebook()
    cell = nbformat.v4.new_code_cell('case = "x"')
    cell.metadata["tags"] = ["parameters"]
    notebook.cells = [cell, nbformat.v4.new_code_cell(REPORT)]
    for number, each in enumerate(notebook.cells):
        each["id"] = f"cell-{number}"
    nbformat.write(notebook, home / "notebooks" / "report.ipynb")
    monkeypatch.setenv("DXKIT_HOME", str(home))
    paths.workspace.cache_clear()
    try:
        yield home
    finally:
        paths.workspace.cache_clear()


def add_cases(parent: Path, *names: str) -> list[Path]:
    """Set up cases and return their folders."""
    for name in names:
        create(parent / name, {}, load(), "测试")
    return [parent / name for name in names]


def bytes_in(out: Path) -> dict[str, str]:
    """Return the hash of all that was made for cases, by where it lies.

    Not the bytes themselves: to show how megabytes differ, pytest takes half an hour.
    """
    return {
        path.relative_to(out).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.parent != out
    }
