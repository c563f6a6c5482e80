"""A folder for the sockets of a server: only its user can enter it, and it does not stay behind.

It goes with the server, or with a zygote if the server could not see to it; and if both were
killed, with the start of the next server, which finds its lock free.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "dxkit-kernels-"
OWNER = "owner.lock"
"""The file that a server keeps locked as long as it lives, which the system sees to."""
UNOWNED = 3600.0
"""The seconds after which a folder without such a file was left by a server that died at once."""


@lru_cache(maxsize=1)
def private_folder() -> Path:
    """Return the folder for the sockets of this server's kernels, after a look for what is left."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    owned = FileLock(folder / OWNER, thread_local=False)
    owned.acquire()
    atexit.register(_leave, folder, owned)
    return folder


def sweep() -> None:
    """Throw away the folders whose servers are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
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
    if not (folder / OWNER).exists():
        return folder.stat().st_mtime < time.time() - UNOWNED
    with FileLock(folder / OWNER, timeout=0, thread_local=False):
        return True


def _leave(folder: Path, owned: FileLock) -> None:
    owned.release()
    shutil.rmtree(folder, ignore_errors=True)
