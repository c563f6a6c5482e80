"""The worker processes of a batch: who makes which case, and whose fault it is when one dies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path

from dxkit.batch.task import Outcome, Step, Task, failed
from dxkit.batch.worker import Worker

DIED = "处理它的进程意外终止（可能是内存不足）；单独重做一次，仍然如此"


def work(
    folders: Sequence[Path],
    task: Task,
    jobs: int,
    tell: Callable[[Step], None] = lambda _step: None,
) -> Generator[Outcome, None, None]:
    """Keep `jobs` workers busy and yield each outcome as it comes; steps are told meanwhile.

    A case over which its worker died is made once more when nothing else runs: what many took
    together is not its fault, and only a case that dies alone has failed.
    """
    suspects = []
    for folder, outcome in _shift(folders, task, jobs, tell):
        if outcome is None:
            suspects.append(folder)
        else:
            yield outcome
    for suspect in suspects:
        for folder, outcome in _shift([suspect], task, 1, tell):
            yield outcome or failed(folder, [DIED])


def _shift(
    folders: Sequence[Path], task: Task, jobs: int, tell: Callable[[Step], None]
) -> Iterator[tuple[Path, Outcome | None]]:
    """Yield each case with its outcome, None where the worker died."""
    left = deque(folders)
    with _crew() as crew:
        while left or any(each.folder for each in crew):
            _hand_out(left, crew, task, jobs)
            for worker, folder in _next_done(crew):
                told = worker.hear()
                if isinstance(told, Step):
                    tell(told)
                    continue
                if worker.folder is not None:
                    crew.remove(worker)
                    _end([worker])
                yield folder, told


def _hand_out(left: deque[Path], crew: list[Worker], task: Task, jobs: int) -> None:
    """Give a case to every idle worker, hiring while there are fewer than `jobs`."""
    idle = [each for each in crew if each.folder is None]
    while left and (idle or len(crew) < jobs):
        if idle:
            worker = idle.pop()
        else:
            worker = Worker(task)
            crew.append(worker)
        worker.begin(left.popleft())


def _next_done(crew: list[Worker]) -> list[tuple[Worker, Path]]:
    """Wait until a worker has a result, has died or is out of time; return all such."""
    first = min(each.deadline for each in crew)
    busy = [(each, each.folder) for each in crew if each.folder is not None]
    pipes = [worker.results for worker, _ in busy]
    ready = wait(pipes, timeout=max(0.0, first - time.monotonic()))
    now = time.monotonic()
    return [each for each in busy if each[0].results in ready or each[0].deadline <= now]


@contextmanager
def _crew() -> Iterator[list[Worker]]:
    """Give a list for workers and see to it that none of them is left at the end."""
    crew: list[Worker] = []
    try:
        yield crew
    finally:
        _end(crew)


def _end(workers: list[Worker]) -> None:
    for worker in workers:
        worker.dismiss()
    for worker in workers:
        worker.await_end()
