"""A file that is made beside its place and gets its name only when everything else is done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from dxkit.errors import ConflictError, HandoverError, Problem, os_problem


@contextmanager
def half_done(target: Path, whose: str, write: Callable[[BinaryIO], None]) -> Iterator[Path]:
    """Give a file beside the target, safely on the disk, that only needs its name.

    One program at a time makes one for the same owner there, so that what a killed one left is
    written over.

    Raises:
        HandoverError: if another program is making one, or the system refuses.
    """
    half = target.with_name(f".{whose}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HandoverError(os_problem(error)) from error
    try:
        with _alone(target.with_name(f".{whose}.packing")):
            try:
                _write(half, write)
                yield half
            finally:
                half.unlink(missing_ok=True)
    except OSError as error:
        raise HandoverError(replace(os_problem(error), where=str(target))) from error


def give_name(half: Path, target: Path) -> None:
    """Give a finished file its name, which must still be free.

    Raises:
        ConflictError: if something else took the name meanwhile.
    """
    if target.exists():
        raise ConflictError(Problem(str(target), "--out", "刚刚有了同名的文件", "另一个文件名"))
    half.replace(target)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    lock = FileLock(place, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        found = "另一个程序正在把这家企业的材料打包到这里"
        raise HandoverError(Problem(str(place.parent), "", found, "等它结束再打包")) from None
    try:
        yield
    finally:
        with suppress(OSError):  # where an open file cannot be removed, the lock file stays
            place.unlink()
        lock.release()


def _write(half: Path, write: Callable[[BinaryIO], None]) -> None:
    with half.open("w+b") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())
