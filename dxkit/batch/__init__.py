"""Many enterprises at once: each case in a worker process, one record of how all of them went."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from dxkit.batch.work import FORMATS, Outcome, report_on, write_noise_to
from dxkit.definitions import load

__all__ = ["FORMATS", "Outcome", "Run", "run"]

RECORD = "batch.json"
LOG = "batch.log"
Listener = Callable[[Outcome], None]


@dataclass(frozen=True)
class Run:
    """A finished batch."""

    out: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Return the cases that did not come out."""
        return tuple(each for each in self.outcomes if each.status == "failed")


def run(
    folders: Sequence[Path],
    out: Path,
    formats: Sequence[str] = FORMATS,
    jobs: int | None = None,
    listener: Listener = lambda _outcome: None,
) -> Run:
    """Report on every case; one bad case never stops the others.

    Args:
        folders: the case folders.
        out: where `<case>/report.*`, `<case>/assessment.json` and `batch.json` go.
        formats: some of html, docx, pdf.
        jobs: processes at once; by default as many as cores.
        listener: told of every outcome as it comes.

    Raises:
        DefinitionError: if the definitions are not fit, before any case is begun.
    """
    definitions = load()
    out.mkdir(parents=True, exist_ok=True)
    began = _now()
    outcomes = list(_work(folders, out, formats, jobs or os.cpu_count() or 1, listener))
    finished = Run(out, tuple(sorted(outcomes, key=lambda each: each.case)))
    record = {
        "edition": definitions.edition,
        "definitions": definitions.digest,
        "began": began,
        "ended": _now(),
        "formats": list(formats),
        "cases": [asdict(each) for each in finished.outcomes],
    }
    half = out / f".{RECORD}.part"
    half.write_bytes(json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8"))
    half.replace(out / RECORD)
    return finished


def _work(
    folders: Sequence[Path], out: Path, formats: Sequence[str], jobs: int, listener: Listener
) -> list[Outcome]:
    """Hand cases to worker processes; spawn, since it behaves alike on every system."""
    outcomes = []
    with ProcessPoolExecutor(
        min(jobs, len(folders)) or 1,
        get_context("spawn"),
        initializer=write_noise_to,
        initargs=(str(out / LOG),),
    ) as pool:
        waiting = {pool.submit(report_on, each, out, formats): each for each in folders}
        for future in as_completed(waiting):
            outcome = _outcome(future, waiting[future])
            listener(outcome)
            outcomes.append(outcome)
    return outcomes


def _outcome(future: Future[Outcome], folder: Path) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        problem = "处理它的进程被系统终止（常因内存不足）；可减少 --jobs 后重试"
        return Outcome(folder.name, folder.name, "failed", 0.0, problems=(problem,))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
