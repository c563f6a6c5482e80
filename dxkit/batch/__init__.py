"""Many enterprises at once: each case in a worker process, one ledger of how all of them stand.

`basis` and `plan` say what must be made, `workers`, `worker` and `births` have it made in other
processes, `work` makes one case there, `results` is the folder it comes to, `ledger` remembers, and
`summary` tells people.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dxkit.batch.basis import Ground, ground_of
from dxkit.batch.births import make_ready
from dxkit.batch.ledger import Ledger
from dxkit.batch.plan import plan_for
from dxkit.batch.results import LOG, claimed, publish, refuse_among_cases, set_aside
from dxkit.batch.summary import write_summary
from dxkit.batch.task import (
    ARCHIVE,
    FORMATS,
    REPORT,
    Broken,
    Limits,
    Made,
    Outcome,
    Step,
    Task,
    Wanted,
)
from dxkit.batch.workers import make_all
from dxkit.definitions import load
from dxkit.errors import os_problem
from dxkit.scratch import Held

__all__ = [
    "ARCHIVE",
    "FORMATS",
    "REPORT",
    "Begun",
    "Limits",
    "Outcome",
    "Run",
    "Step",
    "Wanted",
    "run",
]

NOT_DONE = "中断时尚未完成；文件夹中如有报告，是以前的。再运行一次即可接着做"


@dataclass(frozen=True)
class Begun:
    """How many cases a batch will make, and how many stand as they are."""

    making: int
    standing: int


Listener = Callable[[Outcome | Step | Begun], None]


@dataclass(frozen=True)
class Run:
    """A finished batch."""

    out: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Return the cases of which there are no current results."""
        return tuple(each for each in self.outcomes if not each.stands)


def run(
    folders: Sequence[Path],
    out: Path,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
    jobs: int | None = None,
    listener: Listener = lambda _told: None,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Run:
    """Report on every case; one bad case never stops the others.

    Results that stand, as the ledger of an earlier run says and the files confirm, are not made
    again. So a batch that was ended anywhere is taken up by running it once more.

    Args:
        folders: the case folders.
        out: where `<case>/report.*`, `<case>/assessment.json`, the ledger and the summaries go;
            `archive.*` where the archive's supplement is asked for. The files of an
            earlier run of a case that fails are moved to `<case>/previous/`.
        wanted: which notebooks, in which formats, and whether also those that stand.
        jobs: processes at once; by default as many as cores.
        listener: told how much there is to do, of every outcome, and how far every case has come.
        limits: the longest time and the largest memory that one case may take.

    Raises:
        DefinitionError: if the definitions are not fit, before any case is begun.
        ParameterError: if `out` holds cases, or another batch is writing there now.
        OSError: if `out` cannot be written to.
    """
    refuse_among_cases(out, folders)
    definitions = load()
    make_ready()
    with claimed(out), _task(out, wanted, limits) as task:
        ledger, ground = Ledger(out), ground_of(wanted, definitions)
        plan = plan_for(folders, out, ledger, ground, wanted.again)
        listener(Begun(len(plan.folders), len(plan.standing)))
        books = _Books(out, ledger, ground)
        outcomes = {each.case: each for each in plan.standing}
        try:
            ledger.write_all((each.name for each in plan.folders), "queued")
            made = make_all(plan.folders, task, jobs or os.cpu_count() or 1, listener, books.begin)
            with closing(made) as coming:
                for each in coming:
                    outcomes[each.case] = books.close(each)
                    listener(outcomes[each.case])
        finally:
            left = (each.name for each in plan.folders if each.name not in outcomes)
            every = [*outcomes.values(), *map(_not_done, left)]
            finished = Run(out, tuple(sorted(every, key=lambda each: each.case)))
            write_summary(out, finished.outcomes, ledger, plan)
    return finished


class _Books:
    """Keeps the ledger and the folder of results in step."""

    def __init__(self, out: Path, ledger: Ledger, ground: Ground) -> None:
        self._out, self._ledger, self._ground = out, ledger, ground

    def begin(self, folder: Path) -> None:
        """Note that a case is being made."""
        self._ledger.write(folder.name, "started")

    def close(self, came: Made | Broken) -> Outcome:
        """Put what came of a case where it belongs."""
        if isinstance(came, Broken):
            return self._fail(came)
        try:
            return self._publish(came)
        except OSError as exc:
            said = str(os_problem(exc))
            return self._fail(Broken(came.case, "failed", (said,), came.seconds))

    def _publish(self, made: Made) -> Outcome:
        """Note the hashes of new files first: whatever comes then, they are known as made here."""
        told = {"name": made.name, "seconds": made.seconds, "files": made.digests}
        own = self._ledger.own(made.case)
        self._ledger.write(made.case, "made", **told)
        moved = publish(made.half, self._out / made.case, own | {*made.digests.values()})
        self._ledger.write(made.case, "ok", inputs=asdict(made.inputs), ground=self._ground, **told)
        names = tuple(sorted(made.digests))
        return Outcome(made.case, made.name, "ok", made.seconds, names, previous=moved)

    def _fail(self, broken: Broken) -> Outcome:
        """Set aside what an earlier run left of a case that failed now."""
        outcome = Outcome(
            broken.case,
            broken.case,
            broken.status,
            broken.seconds,
            problems=broken.problems,
            lines=broken.lines,
        )
        try:
            aside = set_aside(self._out / broken.case, self._ledger.own(broken.case))
            outcome = replace(outcome, previous=aside)
        except OSError as exc:
            left = f"以前的报告没有移开，不要当作本次结果：{os_problem(exc)}"
            outcome = replace(outcome, problems=(*broken.problems, left))
        self._ledger.write(
            broken.case,
            broken.status,
            seconds=broken.seconds,
            problems=outcome.problems,
            lines=broken.lines,
        )
        return outcome


@contextmanager
def _task(out: Path, wanted: Wanted, limits: Limits) -> Iterator[Task]:
    held = Held("dxkit-batch-")
    try:
        yield Task(out.absolute(), wanted, limits, (out / LOG).absolute(), held.folder)
    finally:
        held.let_go()


def _not_done(case: str) -> Outcome:
    return Outcome(case, case, "stopped", 0.0, problems=(NOT_DONE,))
