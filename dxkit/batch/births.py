"""How a worker's process comes to be: forked from one that has imported everything, or started."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any, Protocol

from dxkit.kernel import zygotes
from dxkit.kernel.process import ForkedProcess

GRACE = 5.0
"""Seconds in which a process told to end may put away what it has begun."""
IMPORTED = (
    "dxkit.notebook",
    "dxkit.batch.work",
    "dxkit.batch.worker",
    "dxkit.engine.app",
    "dxkit.export.formats",
    "dxkit.export.pdf:load_fonts",
    "dxkit.definitions:load",
)
"""What forked workers and their kernels find imported; a rehearsal adds what notebooks import."""
REHEARSED = (*IMPORTED, "dxkit.batch.rehearsal:rehearse")
"""The same where a report was rehearsed besides, which takes as long as two reports."""
MANY = 6
"""The cases from which on a rehearsal is worth its time."""


class Life(Protocol):
    """A worker's process as its parent sees it."""

    pid: int | None

    def dismiss(self, busy: bool) -> None:
        """Tell the process to end."""

    def await_end(self) -> None:
        """Return when the process is gone; it is killed if it does not end by itself."""


class Forked:
    """A process forked from the zygote of this batch; what it has begotten ends with it."""

    def __init__(self, process: ForkedProcess) -> None:
        self._process = process
        self.pid: int | None = process.pid

    def dismiss(self, busy: bool) -> None:
        """Tell the process to end."""
        if busy:
            self._process.kill()

    def await_end(self) -> None:
        """Return when the process is gone."""
        try:
            self._process.wait(GRACE)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Spawned:
    """A process started anew, as it must be where there is no fork.

    `_life` carries nothing, it only closes when the parent lets go or dies, however it dies.
    """

    def __init__(self, serve: Callable[..., None], orders: Connection, *more: Any) -> None:
        context = get_context("spawn")
        life, self._life = context.Pipe(duplex=False)
        self._process = context.Process(target=serve, args=(orders, life, *more), daemon=True)
        with _ctrl_c_held_back():
            self._process.start()
        life.close()
        self.pid = self._process.pid

    def dismiss(self, busy: bool) -> None:
        """Tell the process to end: an idle one has noticed, a busy one puts things away."""
        if busy:
            self._life.close()

    def await_end(self) -> None:
        """Return when the process is gone."""
        self._process.join(GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._life.close()


def forking() -> bool:
    """Return whether workers are forked."""
    return zygotes.available() and os.environ.get("DXKIT_KERNEL") != "ordinary"


def forked(run: str, orders: Connection, imported: Sequence[str]) -> Forked | None:
    """Return a process that runs `module:function` with one end of a pipe; None if there is none.

    The function is called with a request, in whose `handed` the pipe's descriptor comes first.
    """
    request = {"run": run, "env": dict(os.environ), "cwd": str(Path.cwd()), "may_fork": True}
    with suppress(zygotes.NotForkedError):
        return Forked(zygotes.fork_now(imported, request, [orders.fileno()]))
    return None


def imported_for(cases: int) -> Sequence[str]:
    """Return what forks find imported where so many cases are made, and begin to import it."""
    modules = REHEARSED if cases >= MANY else IMPORTED
    if cases and forking():
        zygotes.prepare(modules)
    return modules


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Let a process be born that answers Ctrl-C only once it can do so without a traceback."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which would let the signal through if started below
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
