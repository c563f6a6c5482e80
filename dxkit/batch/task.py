"""What a batch asks for each case, and what came of it; light, for every process reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FORMATS = ("html", "docx", "pdf")
REPORT, ARCHIVE = "report", "archive"
"""The notebooks that are run for a case: its report, and what only the archive copy tells."""


@dataclass(frozen=True)
class Wanted:
    """What is to be made of a case: which notebooks are run, in which formats they come out."""

    formats: tuple[str, ...] = FORMATS
    notebooks: tuple[str, ...] = (REPORT,)
    """The results of the computation go with the report."""


@dataclass(frozen=True)
class Task:
    """What is to be made of every case of a batch, and within how many seconds."""

    out: Path
    wanted: Wanted
    seconds: int
    log: Path
    scratch: Path
    """A folder with a short path for sockets; it vanishes with the batch."""


@dataclass(frozen=True)
class Step:
    """How far a case has come: how many of its steps are done, and what is being done now."""

    case: str
    done: int
    total: int
    words: str


@dataclass(frozen=True)
class Outcome:
    """How one case went: its files, or every reason why there are none."""

    case: str
    name: str
    status: Literal["ok", "failed"]
    seconds: float
    files: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    """Files that were set aside: of an earlier run, so that they do not pass for current, or not
    made by a batch as they were, so that they are not written over."""


def failed(folder: Path, problems: Iterable[str], seconds: float = 0.0) -> Outcome:
    """Return the outcome of a case that did not come out."""
    return Outcome(folder.name, folder.name, "failed", round(seconds, 2), problems=tuple(problems))


def too_slow(seconds: int) -> str:
    """Say that a case took longer than allowed."""
    return f"超过 {seconds} 秒仍未完成，已经停止；确需更久的，可用 --timeout 放宽"
