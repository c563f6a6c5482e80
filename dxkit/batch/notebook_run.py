"""How a notebook is run for one case: with papermill, within a time, leaving no trace."""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError
from papermill.exceptions import PapermillExecutionError

from dxkit import paths
from dxkit.batch.connection import private_connection
from dxkit.batch.task import Failure, Kernel, Task, too_slow
from dxkit.engine.direct import execute
from dxkit.errors import DxkitError
from dxkit.notebook import prepare, read

KERNEL = "dxkit"
LAST_LINES = 20
"""Lines that are told of what a notebook printed before it failed."""
DIED = "运行笔记本的内核意外终止（可能是内存不足）"


class NotebookError(DxkitError):
    """A notebook did not come to its end."""

    def __init__(self, status: Failure, said: str, lines: tuple[str, ...]) -> None:
        super().__init__(said)
        self.status: Failure = status
        self.lines = lines


def prepared_for(folder: Path, name: str) -> Any:
    """Return a notebook as it is run for a case, whose id alone it is told."""
    source = read(paths.notebooks() / f"{name}.ipynb")
    return prepare(source, {"case": folder.name}, without="interactive")


def run_notebook(
    prepared: Any,
    folder: Path,
    task: Task,
    begun: Callable[[int], None],
    tell: Callable[[Kernel], None],
) -> Any:
    """Return a prepared notebook with its outputs for one case.

    It runs beside the case's folder, so that no path of this machine gets into what is handed on.

    Args:
        prepared: the notebook.
        folder: the case.
        task: within which time, and where its sockets lie.
        begun: called with the place of every cell of code when it begins.
        tell: called with the kernel's process.

    Raises:
        NotebookError: if a cell fails, the kernel dies or the time is over.
    """
    _fix_places()
    cells: list[Any] = []

    def begin(cell: Any, cell_index: int) -> None:
        cells.append(cell)
        begun(cell_index)

    try:
        place = folder.absolute().parent
        return _without_traces(
            _execute(prepared, place, task, begin, lambda pid: tell(Kernel(pid)))
        )
    except PapermillExecutionError as exc:
        status: Failure = "memory" if exc.ename == "MemoryError" else "failed"
        said = f"笔记本第 {exc.exec_count} 个单元出错：{exc.ename}：{exc.evalue}"
        raise NotebookError(status, said, _last_lines(cells)) from None
    except CellTimeoutError:
        said = too_slow(task.limits.seconds)
        raise NotebookError("timeout", said, _last_lines(cells)) from None
    except RuntimeError as exc:  # nbclient's of a dead kernel is one, and jupyter_client's is plain
        if not str(exc).startswith("Kernel "):
            raise
        raise NotebookError("dead", DIED, _last_lines(cells)) from None


def _execute(
    prepared: Any,
    place: Path,
    task: Task,
    begin: Callable[..., None],
    on_kernel: Callable[[int], None],
) -> Any:
    end = time.monotonic() + task.limits.seconds
    with private_connection(task.scratch) as config:
        return execute(
            copy.deepcopy(prepared),
            KERNEL,
            place,
            config=config,
            start_timeout=task.limits.seconds,
            timeout_func=lambda _cell: max(0.1, end - time.monotonic()),
            shutdown_kernel="immediate",  # nothing in it is worth waiting for
            on_cell_execute=begin,
            on_kernel=on_kernel,
        )


def _fix_places() -> None:
    """Let the kernel, which runs elsewhere, find the same workspace and definitions."""
    os.environ["DXKIT_HOME"] = str(paths.workspace().absolute())
    os.environ["DXKIT_DEFINITIONS"] = str(paths.definitions().absolute())


def _last_lines(cells: list[Any]) -> tuple[str, ...]:
    """Return the last lines that the cells run so far printed."""
    said = "".join(text for cell in cells for text in _printed(cell))
    return tuple(said.splitlines()[-LAST_LINES:])


def _printed(cell: Any) -> Iterator[str]:
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield output.text


def _without_traces(done: Any) -> Any:
    """Take out when and where it ran: the same case gives the same notebook."""
    done.metadata.pop("papermill", None)
    for cell in done.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return done
