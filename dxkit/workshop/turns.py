"""A few at once on a whole machine: whoever comes later waits for a turn, on every system."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from dxkit import paths

try:
    import fcntl
except ImportError:  # Windows keeps no line; its locks are asked for in no order
    fcntl = None  # type: ignore[assignment]

FOLDER = "dxkit-turns"
LOOK_EVERY = 0.3


@contextmanager
def in_line(name: str) -> Iterator[None]:
    """Wait behind whoever came before for the same thing, where the system keeps such a line.

    A lock that is asked for again and again favours whoever happens to ask next; where many write
    at once, somebody would wait too long.
    """
    with ExitStack() as held:
        with suppress(OSError):
            line = held.enter_context((_folder() / f"{name}.line").open("a", encoding="ascii"))
            if fcntl is not None:
                fcntl.flock(line, fcntl.LOCK_EX)
        yield


@contextmanager
def turn(at_once: int, given_up: Callable[[], bool]) -> Iterator[bool]:
    """Hold one of a few places; give False where somebody gave up while it was waited for.

    A place is a locked file, which the system frees however its holder ends.
    """
    lock = _wait(_folder(), at_once, given_up)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            lock.release()


def _folder() -> Path:
    """Return this user's folder for locks.

    Where somebody else laid it out beforehand, to keep the turns or to lead elsewhere, it is one in
    the workspace.
    """
    user = os.getuid() if hasattr(os, "getuid") else ""  # where it lacks, the folder is one's own
    folder = Path(tempfile.gettempdir()) / f"{FOLDER}-{user}"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and user in ("", found.st_uid):
            return folder
    own = paths.outputs() / ".turns"
    own.mkdir(parents=True, exist_ok=True)
    return own


def _wait(folder: Path, at_once: int, given_up: Callable[[], bool]) -> FileLock | None:
    while not given_up():
        for number in range(at_once):
            lock = FileLock(folder / f"{number}.lock", timeout=0, thread_local=False)
            with suppress(Timeout):
                lock.acquire()
                return lock
        time.sleep(LOOK_EVERY)
    return None
