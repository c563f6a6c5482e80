"""How a report goes out: its version, the files that are kept of it for good, and their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxkit.case import Case, NewFile
from dxkit.errors import BlockedError, Problem
from dxkit.lifecycle.history import rows_of

FOLDER = "issued"


@dataclass(frozen=True)
class Issue:
    """A version of the report with the files that hold it, ready to enter the case."""

    version: str
    files: tuple[NewFile, ...]
    digest: str

    @property
    def told(self) -> dict[str, Any]:
        """Return what the record of the course says of the files."""
        return {
            "version": self.version,
            "files": [file.path for file in self.files],
            "digest": self.digest,
        }


def next_version(case: Case) -> str:
    """Return the version the next issue bears: V1.0, then V1.1 and so on; none is ever reused."""
    return f"V1.{len(rows_of(case, 'issues'))}"


def issue_of(case: Case, files: Sequence[Path]) -> Issue:
    """Return the next version made of some files.

    Raises:
        BlockedError: if there is no file to issue.
    """
    if not files:
        raise BlockedError(Problem(case.id, "", "没有报告文件", "发布的报告至少一个文件"))
    version = next_version(case)
    new = tuple(_kept(path, version) for path in sorted(files))
    lines = "".join(f"{file.sha256}  {file.path}\n" for file in new)
    return Issue(version, new, hashlib.sha256(lines.encode("utf-8")).hexdigest())


def _kept(path: Path, version: str) -> NewFile:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return NewFile(f"{FOLDER}/{version}/{path.name}", path, digest)
