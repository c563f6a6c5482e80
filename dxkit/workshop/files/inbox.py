"""The folder into which files are dropped without a browser: what waits there, and taking it in."""

from __future__ import annotations

import stat
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dxkit import paths
from dxkit.errors import CaseError
from dxkit.evidence.files import hash_of

FOLDER, DONE = "inbox", "done"
SETTLED = 2.0
"""The seconds a file must have stayed as it is before it is offered; it may still be copied."""
MOST_LISTED = 200
_Mark = tuple[int, int]


@dataclass
class Inbox:
    """The drop folder of one case, watched by looking at sizes and times."""

    folder: Path
    seen: dict[str, tuple[_Mark, float]] = field(default_factory=dict)
    told: list[dict[str, Any]] | None = None
    looked: float = 0.0

    @classmethod
    def of(cls, case_id: str) -> Inbox:
        """Return the drop folder of a case, making it so that people find it."""
        folder = paths.workspace() / FOLDER / case_id
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        return cls(folder)

    def listed(self, now: float | None = None) -> list[dict[str, Any]]:
        """Return what lies there, and whether it has stayed as it is long enough to be taken."""
        now = time.monotonic() if now is None else now
        found: dict[str, tuple[_Mark, float]] = {}
        for file in _files(self.folder):
            with suppress(OSError):
                state = file.lstat()
                mark = (state.st_size, state.st_mtime_ns)
                before = self.seen.get(file.name)
                found[file.name] = before if before and before[0] == mark else (mark, now)
        self.seen = found
        return [
            {"name": name, "size": mark[0], "ready": now - since >= SETTLED}
            for name, (mark, since) in sorted(found.items())
        ]

    def news(self, every: float = 1.0) -> list[dict[str, Any]] | None:
        """Return what lies there if it differs from what was told last."""
        now = time.monotonic()
        if now - self.looked < every:
            return None
        self.looked = now
        files = self.listed(now)
        if files == (self.told or []) and self.told is not None:
            return None
        self.told = files
        return files

    def ready(self, name: Any) -> Path:
        """Return a file that can be taken in, by its name in the list.

        Raises:
            CaseError: if it is not there or still being written.
        """
        known = next((each for each in self.listed() if each["name"] == name), None)
        if known is None:
            raise CaseError("投递文件夹中没有这个文件")
        if not known["ready"]:
            raise CaseError(f"{known['name']}：还在写入，请稍候")
        return self.folder / str(known["name"])

    def done(self, file: Path, sha256: str) -> bool:
        """Move a file away that was taken in; one that changed since stays, and that is told."""
        if sha256 and hash_of(file) != sha256:
            return False
        place = self.folder / DONE
        place.mkdir(exist_ok=True)
        target, number = place / file.name, 1
        while target.exists():
            number += 1
            target = place / f"{file.stem}_{number}{file.suffix}"
        file.rename(target)
        return True


def _files(folder: Path) -> list[Path]:
    """Return the plain files in a folder: no link, nothing hidden, no folder."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    return [entry for entry in entries if _is_plain(entry)][:MOST_LISTED]


def _is_plain(entry: Path) -> bool:
    try:
        return not entry.name.startswith((".", "~$")) and stat.S_ISREG(entry.lstat().st_mode)
    except OSError:
        return False
