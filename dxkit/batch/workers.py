"""The worker processes of a batch: started alike on every system, and stopped without orphans."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path

from dxkit.batch.work import Outcome, report_on, write_noise_to


def work(
    folders: Sequence[Path], out: Path, formats: Sequence[str], jobs: int, log: Path
) -> Iterator[Outcome]:
    """Keep every worker busy with one case and yield each outcome as it comes.

    A case is handed over only when a worker is free: what waits in a pool's own queue could not be
    called back when the batch is interrupted.
    """
    left = deque(folders)
    while left:
        with _pool(min(jobs, len(left)), log) as pool:
            yield from _until_broken(pool, left, jobs, partial(report_on, out=out, formats=formats))


def _until_broken(
    pool: ProcessPoolExecutor, left: deque[Path], jobs: int, report: Callable[[Path], Outcome]
) -> Iterator[Outcome]:
    """Work off what is left; return early when a worker died, which spoils its whole pool."""
    running: dict[Future[Outcome], Path] = {}
    broken = False
    while running or (left and not broken):
        while left and not broken and len(running) < jobs:
            folder = left.popleft()
            running[pool.submit(report, folder)] = folder
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            broken |= isinstance(future.exception(), BrokenProcessPool)
            yield _outcome(future, running.pop(future))


@contextmanager
def _pool(jobs: int, log: Path) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of spawned processes; if interrupted, let each put away what it had begun."""
    context = get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=write_noise_to, initargs=(str(log),))
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            _interrupt(child.pid)
        raise
    finally:
        pool.shutdown()


def _interrupt(process: int | None) -> None:
    if process is not None and os.name != "nt":
        os.kill(process, signal.SIGINT)


def _outcome(future: Future[Outcome], folder: Path) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        problem = "处理它的进程被系统终止（常因内存不足）；可减少 --jobs 后重试"
        return Outcome(folder.name, folder.name, "failed", 0.0, problems=(problem,))
