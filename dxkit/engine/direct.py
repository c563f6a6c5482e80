"""Executing a notebook that is at hand, for its outputs only.

papermill's own front writes it as JSON and reads it in again, twice, and notes in every cell when
it began and ended. For a report that is more than all else that the client of its kernel does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from papermill.engines import NotebookExecutionManager
from papermill.execute import raise_for_execution_errors
from papermill.utils import chdir

from dxkit.engine.engine import DxkitEngine


class Untimed(NotebookExecutionManager):  # type: ignore[misc]
    """Keeps how it went with every cell, and not when."""

    def cell_start(self, cell: Any, cell_index: int | None = None, **_: Any) -> None:
        """Note that a cell has begun."""
        cell.metadata.papermill["status"] = self.RUNNING

    def cell_complete(self, cell: Any, cell_index: int | None = None, **_: Any) -> None:
        """Note that a cell has ended, unless it failed."""
        if cell.metadata.papermill["status"] != self.FAILED:
            cell.metadata.papermill["status"] = self.COMPLETED

    def autosave_cell(self) -> None:
        """Save nothing."""


def execute(notebook: Any, kernel_name: str, cwd: Path, **options: Any) -> Any:
    """Return a notebook with its outputs; it is changed in place.

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
    kept = Untimed(notebook, progress_bar=False, autosave_cell_every=0)
    kept.notebook_start()
    try:
        with chdir(str(cwd)):
            DxkitEngine.execute_managed_notebook(kept, kernel_name, record_timing=False, **options)
    finally:
        kept.notebook_complete()
    raise_for_execution_errors(notebook, None)
    return notebook
