"""Many enterprises at once: each case in a worker process, one record of how all of them went."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dxkit.batch.results import LOG, claimed, refuse_among_cases, set_aside, write_record
from dxkit.batch.task import ARCHIVE, FORMATS, REPORT, Outcome, Step, Task, Wanted, failed
from dxkit.batch.workers import work
from dxkit.definitions import Definitions, load
from dxkit.errors import os_problem
from dxkit.scratch import Held

__all__ = ["ARCHIVE", "FORMATS", "REPORT", "SECONDS", "Outcome", "Run", "Step", "Wanted", "run"]

SECONDS = 600
NOT_DONE = "中断时尚未完成；文件夹中如有报告，是以前的"
Listener = Callable[[Outcome | Step], None]


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
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
    jobs: int | None = None,
    listener: Listener = lambda _told: None,
    *,
    seconds: int = SECONDS,
) -> Run:
    """Report on every case; one bad case never stops the others.

    Args:
        folders: the case folders.
        out: where `<case>/report.*`, `<case>/assessment.json` and `batch.json` go; `archive.*`
            where the archive's supplement is asked for. The files of an
            earlier run of a case that fails are moved to `<case>/previous/`.
        wanted: which notebooks, in which formats.
        jobs: processes at once; by default as many as cores.
        listener: told of every outcome, and how far every case has come, as it comes.
        seconds: the longest time one case may take.

    Raises:
        DefinitionError: if the definitions are not fit, before any case is begun.
        ParameterError: if `out` holds cases, or another batch is writing there now.
    """
    refuse_among_cases(out, folders)
    definitions = load()
    with claimed(out), _task(out, wanted, seconds) as task:
        outcomes: dict[str, Outcome] = {}
        began = _now()
        try:
            with closing(work(folders, task, jobs or os.cpu_count() or 1, listener)) as coming:
                for outcome in coming:
                    outcomes[outcome.case] = _settled(outcome, out)
                    listener(outcomes[outcome.case])
        finally:
            every = (outcomes.get(each.name) or failed(each, [NOT_DONE]) for each in folders)
            finished = Run(out, tuple(sorted(every, key=lambda each: each.case)))
            write_record(out, _record(finished, definitions, task, began))
    return finished


@contextmanager
def _task(out: Path, wanted: Wanted, seconds: int) -> Iterator[Task]:
    held = Held("dxkit-batch-")
    try:
        yield Task(out.absolute(), wanted, seconds, (out / LOG).absolute(), held.folder)
    finally:
        held.let_go()


def _settled(outcome: Outcome, out: Path) -> Outcome:
    """Set aside what an earlier run left of a case that failed now."""
    if outcome.status == "ok":
        return outcome
    try:
        return replace(outcome, previous=set_aside(out / outcome.case))
    except OSError as exc:
        left = f"以前的报告没有移开，不要当作本次结果：{os_problem(exc)}"
        return replace(outcome, problems=(*outcome.problems, left))


def _record(finished: Run, definitions: Definitions, task: Task, began: str) -> dict[str, object]:
    """Return how the batch went, also if it was interrupted."""
    return {
        "edition": definitions.edition,
        "definitions": definitions.digest,
        "began": began,
        "ended": _now(),
        "formats": list(task.wanted.formats),
        "seconds_allowed": task.seconds,
        "cases": [asdict(each) for each in finished.outcomes],
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
