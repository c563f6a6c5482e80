"""The worker processes of a batch: who makes which case, and whose fault it is when one dies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path

from dxkit.batch.task import Broken, Kernel, Made, Step, Task
from dxkit.batch.worker import Worker

DIED = "处理它的进程意外终止（可能是内存不足）；单独重做一次，仍然如此"
LOOK = 0.2
"""Seconds after which it is looked whether a worker is out of time or takes too much memory."""

Tell = Callable[[Step], None]
Begun = Callable[[Path], None]


def make_all(
    folders: Sequence[Path], task: Task, jobs: int, tell: Tell, begun: Begun
) -> Generator[Made | Broken, None, None]:
    """Keep `jobs` workers busy and yield what comes of each case as it comes.

    Steps are told meanwhile, and every case when it begins. A case over which its worker died is
    made once more when nothing else runs: what many took together is not its fault, and only a
    case that dies alone has failed.
    """
    suspects = []
    for folder, made in _shift(folders, task, jobs, tell, begun):
        if made is None:
            suspects.append(folder)
        else:
            yield made
    for suspect in suspects:
        for folder, made in _shift([suspect], task, 1, tell, begun):
            yield made or Broken(folder.name, "dead", (DIED,))


def _shift(
    folders: Sequence[Path], task: Task, jobs: int, tell: Tell, begun: Begun
) -> Iterator[tuple[Path, Made | Broken | None]]:
    """Yield each case with what came of it, None where the worker died."""
    left = deque(folders)
    with _crew() as (crew, leaving):
        while left or any(each.folder for each in crew):
            _hand_out(left, crew, task, jobs, begun)
            _see_off(leaving)  # only now, so that nobody waits for their end
            for worker, folder in _next_done(crew):
                told = worker.hear()
                if isinstance(told, Step):
                    tell(told)
                elif not isinstance(told, Kernel):
                    if worker.folder is not None or worker.worn:
                        crew.remove(worker)
                        leaving.append(worker)
                        worker.dismiss()
                        if worker.folder is not None:  # it still takes what the next one needs
                            _see_off(leaving)
                    yield folder, told


def _hand_out(left: deque[Path], crew: list[Worker], task: Task, jobs: int, begun: Begun) -> None:
    """Give a case to every idle worker, hiring while there are fewer than `jobs`."""
    idle = [each for each in crew if each.folder is None]
    while left and (idle or len(crew) < jobs):
        if idle:
            worker = idle.pop()
        else:
            worker = Worker(task)
            crew.append(worker)
        folder = left.popleft()
        begun(folder)
        worker.begin(folder)


def _next_done(crew: list[Worker]) -> list[tuple[Worker, Path]]:
    """Wait until a worker tells something, has died or is out of time; return all such."""
    while True:
        busy = [(each, each.folder) for each in crew if each.folder is not None]
        pipes = [worker.results for worker, _ in busy]
        ready = wait(pipes, timeout=LOOK)
        for worker, _ in busy:
            worker.watch_memory()
        now = time.monotonic()
        found = [each for each in busy if each[0].results in ready or each[0].deadline <= now]
        if found:
            return found


@contextmanager
def _crew() -> Iterator[tuple[list[Worker], list[Worker]]]:
    """Give lists for workers and for those that were dismissed; none of them is left at the end."""
    crew: list[Worker] = []
    leaving: list[Worker] = []
    try:
        yield crew, leaving
    finally:
        for worker in crew:
            worker.dismiss()
        _see_off([*leaving, *crew])


def _see_off(leaving: list[Worker]) -> None:
    """Wait until the dismissed are gone, which takes a moment."""
    while leaving:
        leaving[-1].await_end()
        leaving.pop()
