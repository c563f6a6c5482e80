"""Which files the imported modules came from, and whether one of them is different by now.

Packages installed beside the interpreter stay as they are while a server runs. A package that is
worked on does not, and a kernel that is started anew must see it as it is now.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

Stamp = tuple[str, int, int]


class Sources:
    """The files of the packages that are worked on, as they were when they were imported."""

    def __init__(self) -> None:
        self._folders = _worked_on()
        self._seen = self._look()

    def changed(self) -> bool:
        """Return whether a file has come, gone or changed since."""
        return self._look() != self._seen

    def _look(self) -> frozenset[Stamp]:
        return frozenset(stamp for folder in self._folders for stamp in _stamps(folder))


def _worked_on() -> list[Path]:
    """Return the folders of the imported packages that lie outside the interpreter's own."""
    own = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    found = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and "." not in name and Path(file).name == "__init__.py":
            folder = Path(file).parent
            if not any(folder.is_relative_to(each) for each in own):
                found.add(folder)
    return sorted(found)


def _stamps(folder: Path) -> list[Stamp]:
    stamps = []
    for path, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if each != "__pycache__"]
        for name in files:
            file = os.path.join(path, name)  # noqa: PTH118 - a thousand of them in milliseconds
            with suppress(OSError):
                told = os.stat(file)  # noqa: PTH116
                stamps.append((file, told.st_mtime_ns, told.st_size))
    return stamps
