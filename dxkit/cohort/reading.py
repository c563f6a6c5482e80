"""How many cases are read, by several processes where that pays; one that is broken stops none."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dxkit.case import look_at, open_case
from dxkit.case.storage import PART
from dxkit.cohort.building import Row, row_of
from dxkit.definitions import Definitions, load
from dxkit.errors import DxkitError, os_problem

PAYS_FROM = 150
"""Cases to read from which further processes are worth their start, some seconds in all."""
_AT_ONCE = 8

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Read:
    """What reading one case gave; where it could not be read, why, and a row that says nothing."""

    row: Row
    problems: tuple[str, ...] = ()


def read_one(folder: Path, definitions: Definitions) -> Read:
    """Read a case as it lies there, writing nothing; only what a kill left half done is finished.

    Whatever is wrong with one case is told of that case alone, a fault of this program too: a
    table of thousands must not fail for one.
    """
    try:
        unfinished = (folder / PART).exists()
        case = (open_case if unfinished else look_at)(folder, definitions)
        return Read(row_of(case))
    except DxkitError as exc:
        problems = tuple(str(each) for each in exc.problems)
    except OSError as exc:
        problems = (str(os_problem(exc)),)
    except Exception as exc:
        problems = (f"程序读取时出错：{type(exc).__name__}：{exc}",)
    return Read(Row(folder.name, read=False), problems)


def read_all(
    folders: Sequence[Path],
    definitions: Definitions,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[Read]:
    """Read cases in their order, by as many processes as there are cores if they are many.

    Args:
        folders: the folders of the cases.
        definitions: what they are read by; other processes read them again from their folder.
        jobs: how many processes; one reads here and starts none.
        progress: called after each case with how many are done and how many there are.
    """
    done: list[Read] = []
    if jobs is None:
        jobs = _cores() if len(folders) >= PAYS_FROM else 1
    if jobs > 1:
        try:
            with closing(_by_processes(folders, definitions, jobs)) as coming:
                for each in coming:
                    done.append(each)
                    _tell(progress, len(done), len(folders))
        except BrokenProcessPool:
            pass  # what they did not come to is read here
    for folder in folders[len(done) :]:
        done.append(read_one(folder, definitions))
        _tell(progress, len(done), len(folders))
    return done


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _by_processes(
    folders: Sequence[Path], definitions: Definitions, jobs: int
) -> Generator[Read, None, None]:
    """Yield what new processes read; they are started afresh, which is alike on every system.

    Closed early it waits for what is being read just then, and for no more.
    """
    afresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, afresh, _begin, (definitions.folder,)) as pool:
        tasks = ((folder, definitions.folder) for folder in folders)
        yield from pool.map(_read, tasks, chunksize=_AT_ONCE)


def _begin(folder: Path) -> None:
    """Read the definitions once; those of a folder are kept. Ctrl-C is for who started this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load(folder)


def _read(task: tuple[Path, Path]) -> Read:
    folder, definitions = task
    return read_one(folder, load(definitions))
