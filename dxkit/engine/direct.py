"""Executing a notebook that is at hand, without writing it as JSON and reading it in again.

papermill's own front does so twice, which for a report is a twentieth of all its cost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from papermill.execute import raise_for_execution_errors
from papermill.utils import chdir

from dxkit.engine.engine import DxkitEngine


def execute(notebook: Any, kernel_name: str, cwd: Path, **options: Any) -> Any:
    """Return a notebook of the newest format with its outputs; it is changed in place.

    Args:
        notebook: with its parameters in it, without error markers of an earlier run.
        kernel_name: the specification of its kernel.
        cwd: where it is run.
        options: of papermill's engines, and of ours.

    Raises:
        PapermillExecutionError: if a cell fails; the notebook then marks it, as papermill does.
        DeadKernelError: if the kernel dies.
        CellTimeoutError: if a cell takes too long.
    """
    notebook.metadata.setdefault("papermill", {})
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    with chdir(str(cwd)):
        done = DxkitEngine.execute_notebook(notebook, kernel_name, progress_bar=False, **options)
    raise_for_execution_errors(done, None)
    return done
