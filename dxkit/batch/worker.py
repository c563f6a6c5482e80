"""One worker process from both sides: it makes a case at a time and never outlives its parent."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread

from dxkit.batch.task import Outcome, Step, Task, failed, too_slow

GRACE = 5.0
"""Seconds in which a process told to end may put away what it has begun."""
MARGIN = 10.0
"""Seconds beyond the limit in which a worker should itself have given up its notebook."""


class Worker:
    """A worker process as its parent sees it.

    It holds one end of two pipes: over `results` go cases, steps and outcomes; `_life` carries
    nothing, it only closes when the parent lets go or dies, however it dies.
    """

    def __init__(self, task: Task) -> None:
        context = get_context("spawn")
        self.results, orders = context.Pipe()
        life, self._life = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve, args=(orders, life, task), daemon=True)
        with _ctrl_c_held_back():
            self._process.start()
        orders.close()
        life.close()
        self._seconds = task.seconds
        self.folder: Path | None = None
        self.deadline = math.inf

    def begin(self, folder: Path) -> None:
        """Hand over a case; if the process has died meanwhile, its result tells."""
        self.folder = folder
        self.deadline = time.monotonic() + self._seconds + MARGIN
        with suppress(OSError):
            self.results.send(folder)

    def hear(self) -> Outcome | Step | None:
        """Return what came of the case, or how far it is, once it says so or the time is over.

        None means that the process died over it. After None or the end of the time the worker
        holds on to its case and is of no further use.
        """
        try:
            if self.folder is not None and not self.results.poll():
                return failed(self.folder, [too_slow(self._seconds)], self._seconds)
            told: Outcome | Step = self.results.recv()
        except (EOFError, OSError):
            return None
        if isinstance(told, Outcome):
            self.folder, self.deadline = None, math.inf
        return told

    def dismiss(self) -> None:
        """Tell the process to end: an idle one at once, a busy one after putting things away."""
        self.results.close()
        if self.folder is not None:
            self._life.close()

    def await_end(self) -> None:
        """Return when the process is gone; it is killed if it does not end by itself."""
        self._process.join(GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._life.close()


def _serve(orders: Connection, life: Connection, task: Task) -> None:
    """Make one case after another until the parent closes its end or is gone."""
    with suppress(EOFError, OSError, KeyboardInterrupt):
        _write_noise_to(task.log)
        _stand_apart()
        Thread(target=_end_with, args=(life,), daemon=True).start()
        # Only here, since loading it takes seconds in which noise and an end must be provided for.
        from dxkit.batch.work import report_on  # noqa: PLC0415

        while True:
            orders.send(report_on(orders.recv(), task, orders.send))


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


def _stand_apart() -> None:
    """Leave the terminal's group: Ctrl-C and hanging up are for the parent, which then lets go."""
    if sys.platform != "win32":
        os.setsid()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _write_noise_to(log: Path) -> None:
    """Send what kernels and libraries print into a file: a screen shows progress and results."""
    with log.open("ab") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)


def _end_with(life: Connection) -> None:
    """Interrupt the work when the parent lets go; end without more ado if that has no effect."""
    wait([life])
    interrupt_main()
    time.sleep(GRACE * 0.8)
    os._exit(1)
