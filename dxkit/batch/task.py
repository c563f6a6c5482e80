"""What a batch asks for each case, and what came of it; light, for every process reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FORMATS = ("html", "docx", "pdf")
REPORT, ARCHIVE = "report", "archive"
"""The notebooks that are run for a case: its report, and what only the archive copy tells."""

Failure = Literal["failed", "dead", "timeout", "memory"]
"""Why a case did not come out: a fault that was told, a process that ended, too long, too large."""
Again = Literal["changed", "all", "failed"]
"""Make what is missing or changed; everything; or only what did not come out."""
Status = Literal["ok", "unchanged", "stopped"] | Failure


@dataclass(frozen=True)
class Wanted:
    """What is to be made of a case: which notebooks are run, in which formats they come out."""

    formats: tuple[str, ...] = FORMATS
    notebooks: tuple[str, ...] = (REPORT,)
    """The results of the computation go with the report."""
    again: Again = "changed"


@dataclass(frozen=True)
class Limits:
    """What one case may take: seconds, and MB of memory for all its processes; None is no limit."""

    seconds: int = 600
    memory: int | None = None


@dataclass(frozen=True)
class Means:
    """By what a batch is made: so many processes here, or a cluster, within limits for each case.

    `jobs` is the number of processes, as many as cores where it is None; `scheduler` the address
    of a Dask cluster. Only where `steps` are wanted are they told, for telling takes its time.
    """

    jobs: int | None = None
    limits: Limits = Limits()
    scheduler: str | None = None
    steps: bool = False


@dataclass(frozen=True)
class Task:
    """What is to be made of every case of a batch, within which limits."""

    out: Path
    wanted: Wanted
    limits: Limits
    log: Path
    scratch: Path
    """A folder with a short path for sockets; it vanishes with the batch."""
    imported: Sequence[str] = ()
    """The modules that forked processes find imported."""
    steps: bool = False
    """Whether every step is told."""


@dataclass(frozen=True)
class Step:
    """How far a case has come: how many of its steps are done, and what is being done now."""

    case: str
    done: int
    total: int
    words: str


@dataclass(frozen=True)
class Kernel:
    """The process in which a notebook is run now; its parent may not be the worker."""

    pid: int


@dataclass(frozen=True)
class Inputs:
    """What a case held when its results were made from it.

    `digest` is told by the bytes of all its files; `stamp` by their sizes and times, so that it is
    cheap to see that nothing changed; it is empty where times are too young to be told apart.
    """

    digest: str
    stamp: str = ""


@dataclass(frozen=True)
class Made:
    """The files of a case, whole but not yet under their final names."""

    case: str
    name: str
    seconds: float
    half: Path
    digests: Mapping[str, str]
    inputs: Inputs
    doubts: tuple[str, ...] = ()
    """What is wrong with the case's evidence or its journal, though the report came out."""


@dataclass(frozen=True)
class Broken:
    """Why a case did not come out: every reason, and what its notebook last printed."""

    case: str
    status: Failure
    problems: tuple[str, ...]
    seconds: float = 0.0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case went: its files, or every reason why there are none."""

    case: str
    name: str
    status: Status
    seconds: float
    files: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    """Files that were set aside: of an earlier run, so that they do not pass for current, or not
    made by a batch as they were, so that they are not written over."""
    lines: tuple[str, ...] = ()
    """What the notebook printed last before it failed."""
    doubts: tuple[str, ...] = ()
    """What is wrong with the case's evidence or its journal, though its results are there."""

    @property
    def stands(self) -> bool:
        """Return whether there are results of the case as it is."""
        return self.status in ("ok", "unchanged")


def too_slow(seconds: int) -> str:
    """Say that a case took longer than allowed."""
    return f"超过 {seconds} 秒仍未完成，已经停止；确需更久的，可用 --timeout 放宽"


def too_large(allowed: int) -> str:
    """Say that a case took more memory than allowed."""
    return f"内存超过 {allowed} MB，已经停止；确需更多的，可用 --memory 放宽"
