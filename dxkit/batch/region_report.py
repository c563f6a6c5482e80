"""How the report on all enterprises is made: one notebook, run once, exported as any report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dxkit import paths
from dxkit.batch.notebook_run import run_notebook
from dxkit.batch.task import FORMATS, Limits, Task, Wanted
from dxkit.export import export_all
from dxkit.notebook import CACHE, prepare, read
from dxkit.scratch import Held

NOTEBOOK = "region"
SECONDS = 3600
"""Within which time a report comes out; one on thousands of enterprises takes about a minute."""


def region_report(
    folder: Path,
    parameters: Mapping[str, Any],
    cache: Path | None = None,
    formats: tuple[str, ...] = FORMATS,
) -> dict[str, bytes]:
    """Return the report on the cases of a folder by format.

    Args:
        folder: holds a folder for each case.
        parameters: of the notebook, besides the folder.
        cache: the table of the cases where it has been read already.
        formats: which documents are wanted.

    Raises:
        NotebookError: if a cell fails, the kernel dies or the time is over.
        ExportError: if the notebook holds what no report can.
    """
    source = read(paths.notebooks() / f"{NOTEBOOK}.ipynb")
    told = {"cases": str(folder.absolute()), **parameters}
    prepared = prepare(source, told, without="interactive")
    held = Held("dxkit-region-")
    try:
        limits = Limits(SECONDS)
        task = Task(held.folder, Wanted(formats), limits, held.folder / "log", held.folder)
        with _told(CACHE, cache or held.folder / "cohort.parquet"):
            done = run_notebook(prepared, folder, task, lambda _place: None, lambda _kernel: None)
    finally:
        held.let_go()
    return export_all(done, formats)


@contextmanager
def _told(name: str, value: Path) -> Iterator[None]:
    """Tell the kernel a place by its environment for as long as it runs."""
    before = os.environ.get(name)
    os.environ[name] = str(value.absolute())
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
