"""One worker process from both sides: it makes a case at a time and never outlives its parent."""

from __future__ import annotations

import math
import os
import signal
import socket
import sys
import time
from _thread import interrupt_main
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from typing import Any

from dxkit.batch.births import GRACE, Forked, Life, Spawned, forked, forking
from dxkit.batch.memory import Family
from dxkit.batch.task import Broken, Kernel, Made, Step, Task, too_large, too_slow

MARGIN = 10.0
"""Seconds beyond the limit in which a worker should itself have given up its notebook."""
RENEWED = 4
"""Cases after which a forked worker is replaced: Typst keeps 70 MB of each, and a fork is cheap."""
BETWEEN = 0.2
"""Seconds between two looks at the memory of a worker, which cost a millisecond each."""

Told = Made | Broken | Step | Kernel


class Worker:
    """A worker process as its parent sees it; over `results` go cases, steps and what was made."""

    def __init__(self, task: Task) -> None:
        self.results, orders = Pipe()
        self._life: Life = _born(orders, task)
        orders.close()
        self.results.send(task)
        self._limits = task.limits
        self._family = self._family_with()
        self._too_large = False
        self._began = self._looked = 0.0
        self.done = 0
        self.folder: Path | None = None
        self.deadline = math.inf

    @property
    def worn(self) -> bool:
        """Return whether this worker should be replaced now that it is idle."""
        return self.done >= RENEWED and isinstance(self._life, Forked)

    def begin(self, folder: Path) -> None:
        """Hand over a case; if the process has died meanwhile, its result tells."""
        self.folder, self._family, self._too_large = folder, self._family_with(), False
        self._began = time.monotonic()
        self.deadline = self._began + self._limits.seconds + MARGIN
        with suppress(OSError):
            self.results.send(folder)

    def hear(self) -> Told | None:
        """Return what came of the case, or how far it is, once it says so or the time is over.

        None means that the process died over it. After None or the end of the time the worker
        holds on to its case and is of no further use.
        """
        assert self.folder is not None
        try:
            if not self.results.poll():
                return self._broken("timeout", too_slow(self._limits.seconds))
            told: Told = self.results.recv()
        except (EOFError, OSError):
            return self._died()
        if isinstance(told, Kernel):
            self._family = self._family_with(told.pid)
        elif not isinstance(told, Step):
            if self._too_large and isinstance(told, Broken):
                told = self._broken("memory", too_large(self._limits.memory or 0), told.lines)
            self.folder, self.deadline = None, math.inf
            self.done += 1
        return told

    def watch_memory(self) -> None:
        """Stop the process that takes most where a case takes more memory than allowed."""
        now = time.monotonic()
        if self._limits.memory is None or self._too_large:
            return
        if now < self._looked + BETWEEN:
            return
        self._looked = now
        taken = self._family.taken()
        if sum(taken.values()) <= self._limits.memory << 20:
            return
        self._too_large = True
        with suppress(OSError):
            os.kill(max(taken, key=taken.__getitem__), getattr(signal, "SIGKILL", signal.SIGTERM))

    def _family_with(self, *kernel: int) -> Family:
        return Family(*filter(None, (self._life.pid, *kernel)))

    def dismiss(self) -> None:
        """Tell the process to end: an idle one at once, a busy one after putting things away."""
        self.results.close()
        self._life.dismiss(self.folder is not None)

    def await_end(self) -> None:
        """Return when the process is gone; it is killed if it does not end by itself."""
        self._life.await_end()

    def _died(self) -> Broken | None:
        if not self._too_large:
            return None
        return self._broken("memory", too_large(self._limits.memory or 0))

    def _broken(self, status: Any, said: str, lines: tuple[str, ...] = ()) -> Broken:
        assert self.folder is not None
        seconds = round(time.monotonic() - self._began, 2)
        return Broken(self.folder.name, status, (said,), seconds, lines)


def _born(orders: Connection, task: Task) -> Life:
    if forking() and (life := forked(f"{__name__}:be_worker", orders, task.imported)) is not None:
        return life
    return Spawned(_serve_alone, orders)


def be_worker(request: dict[str, Any], line: socket.socket) -> None:
    """Be a forked worker: the line to the parent says that it is there, the pipe gives it work."""
    from dxkit.kernel.line import send  # noqa: PLC0415 - of the machinery that is forked

    orders = Connection(request["handed"][0])
    send(line, {"ready": True})
    with suppress(EOFError, OSError, KeyboardInterrupt):
        _serve(orders, alone=False)
    os._exit(0)  # nothing is left to put away, and taking an interpreter apart takes its time


def _serve_alone(orders: Connection, life: Connection) -> None:
    """Be a worker that was started, until the parent closes its end or is gone."""
    with suppress(EOFError, OSError, KeyboardInterrupt):
        _stand_apart()
        Thread(target=_end_with, args=(life,), daemon=True).start()
        _serve(orders, alone=True)


def _serve(orders: Connection, *, alone: bool) -> None:
    """Make one case after another; one that was started lives long and must forget on its way."""
    task: Task = orders.recv()
    _write_noise_to(task.log)
    # Only here, since loading it takes seconds in which noise and an end must be provided for.
    from dxkit.batch.work import report_on  # noqa: PLC0415
    from dxkit.export.pdf import forget_documents  # noqa: PLC0415

    while True:
        orders.send(report_on(orders.recv(), task, orders.send))
        if alone:
            forget_documents()


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
