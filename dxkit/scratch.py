"""Folders for copies of a case that are only needed for a while; a kill does not keep them."""

from __future__ import annotations

import glob
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK = ".lock"


@contextmanager
def scratch(purpose: str, case: str) -> Iterator[Path]:
    """Give an empty folder that goes afterwards; what killed programs left of theirs goes first.

    What lies there is as confidential as the case, so that it must not stay for ever.
    """
    prefix = f"dxkit-{purpose}-{case}-"
    for left in Path(tempfile.gettempdir()).glob(f"{glob.escape(prefix)}*"):
        _remove_if_left(left)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        with FileLock(folder / _LOCK):
            (folder / "work").mkdir()
            yield folder / "work"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_if_left(folder: Path) -> None:
    """Remove a folder that no running program holds."""
    with suppress(OSError, Timeout):
        if (folder / _LOCK).exists():
            with FileLock(folder / _LOCK, timeout=0):
                pass
            shutil.rmtree(folder, ignore_errors=True)
