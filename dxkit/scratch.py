"""Temporary folders that a kill does not keep: a lock in each tells whether its program lives."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

LOCK = ".lock"
"""The file that a program keeps locked as long as it lives, which the system sees to."""
UNHELD = 3600.0
"""The seconds after which a folder without such a file was left by a program that died at once."""


class Held:
    """A folder of this program's own; what killed programs left of theirs goes first."""

    def __init__(self, prefix: str) -> None:
        sweep(prefix)
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self._lock = FileLock(self.folder / LOCK, thread_local=False)
        self._lock.acquire()

    def let_go(self) -> None:
        """Remove the folder."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def scratch(purpose: str, case: str) -> Iterator[Path]:
    """Give an empty folder for copies of a case, which goes afterwards.

    What lies there is as confidential as the case, so that it must not stay for ever.
    """
    held = Held(f"dxkit-{purpose}-{case}-")
    try:
        (held.folder / "work").mkdir()
        yield held.folder / "work"
    finally:
        held.let_go()


def sweep(prefix: str) -> None:
    """Remove the folders of a prefix that no running program holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{glob.escape(prefix)}*"):
        with suppress(OSError, Timeout):
            if _is_own(folder) and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    """Tell whether a folder is this user's; a link laid out by another leads nowhere."""
    found = folder.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return mine and not folder.is_symlink() and folder.is_dir()


def _is_left(folder: Path) -> bool:
    """Tell whether nobody holds a folder's lock.

    Raises:
        Timeout: if somebody does.
    """
    if not (folder / LOCK).exists():
        return folder.stat().st_mtime < time.time() - UNHELD
    with FileLock(folder / LOCK, timeout=0, thread_local=False):
        return True
