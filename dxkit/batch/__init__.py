"""Many enterprises at once: each case in a worker process, one ledger of how all of them stand.

`basis` and `plan` say what must be made; `workers`, `worker` and `births` have it made by processes
of this machine, `cluster` and `afar` by those of others; `work` makes one case there; `results` is
the folder it comes to, `ledger` remembers, `books` keeps the two in step, `summary` tells people.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dxkit.batch.afar import Order
from dxkit.batch.basis import Ground, ground_of, name_problem
from dxkit.batch.births import imported_for
from dxkit.batch.books import Books
from dxkit.batch.cluster import make_on
from dxkit.batch.ledger import Ledger
from dxkit.batch.places import absolute, is_store
from dxkit.batch.plan import Plan, plan_for
from dxkit.batch.results import LOG, claimed, refuse_among_cases
from dxkit.batch.summary import write_summary
from dxkit.batch.task import (
    ARCHIVE,
    FORMATS,
    REPORT,
    Broken,
    Limits,
    Made,
    Means,
    Outcome,
    Step,
    Task,
    Wanted,
)
from dxkit.batch.workers import make_all
from dxkit.definitions import load
from dxkit.errors import Problem
from dxkit.scratch import Held

__all__ = [
    "ARCHIVE",
    "FORMATS",
    "REPORT",
    "Begun",
    "Limits",
    "Means",
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
Make = Callable[
    [Sequence[Path], Callable[[Step], None], Callable[[Path], None]],
    Generator[Made | Broken, None, None],
]
"""What makes cases, telling of steps that are wanted and of every case that it begins."""


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
    means: Means = Means(),  # noqa: B008 - frozen
    listener: Listener = lambda _told: None,
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
        means: processes at once, or a cluster; the time and memory that one case may take.
        listener: told how much there is to do, of every outcome, and, where `means.steps`, how far
            every case has come; a cluster does not tell that.

    Raises:
        DefinitionError: if the definitions are not fit, before any case is begun.
        ParameterError: if `out` holds cases, another batch is writing there now, or there is no
            such cluster.
        OSError: if `out` cannot be written to.
    """
    refuse_among_cases(out, folders)
    definitions = load()
    nameless = [_nameless(found) for each in folders if (found := name_problem(each.name))]
    fit = [absolute(each) for each in folders if name_problem(each.name) is None]
    with claimed(out):
        ledger, ground = Ledger(out), ground_of(wanted, definitions)
        plan = plan_for(fit, out, ledger, ground, wanted.again)
        listener(Begun(len(plan.folders) + len(nameless), len(plan.standing)))
        books = Books(out, ledger, ground)
        outcomes = {each.case: each for each in (*plan.standing, *nameless)}
        ledger.write_all((each.name for each in plan.folders), "queued")
        for each in nameless:
            listener(each)
        try:
            with (
                _makers(len(plan.folders), out, wanted, means, ground) as make,
                closing(make(plan.folders, listener, books.begin)) as coming,
            ):
                for came in coming:
                    outcomes[came.case] = books.close(came)
                    listener(outcomes[came.case])
        except BaseException:
            with suppress(OSError):  # which would hide what ended the batch
                _finish(out, outcomes, ledger, plan)
            raise
        return _finish(out, outcomes, ledger, plan)


def _finish(out: Path, outcomes: dict[str, Outcome], ledger: Ledger, plan: Plan) -> Run:
    """Tell how all cases stand, those too that were not reached."""
    left = (each.name for each in plan.folders if each.name not in outcomes)
    every = [*outcomes.values(), *map(_not_done, left)]
    finished = Run(out, tuple(sorted(every, key=lambda each: each.case)))
    write_summary(out, finished.outcomes, ledger, plan)
    ledger.close()
    return finished


@contextmanager
def _makers(cases: int, out: Path, wanted: Wanted, means: Means, ground: Ground) -> Iterator[Make]:
    """Give what makes so many cases: processes of this machine, or the workers of a cluster."""
    place = absolute(out)
    if means.scheduler is not None:
        order = partial(
            Order, out=str(place), wanted=wanted, limits=means.limits, ground=dict(ground)
        )
        yield lambda folders, _tell, begun: make_on(
            str(means.scheduler), [(each, order(str(absolute(each)))) for each in folders], begun
        )
        return
    held = Held("dxkit-batch-")
    try:
        log = held.folder / LOG if is_store(out) else place / LOG
        modules = imported_for(cases)
        task = Task(place, wanted, means.limits, log, held.folder, modules, means.steps)
        jobs = means.jobs or os.cpu_count() or 1
        yield lambda folders, tell, begun: make_all(folders, task, jobs, tell, begun)
    finally:
        held.let_go()


def _nameless(problem: Problem) -> Outcome:
    """Return the outcome of a case whose results could be kept under no name."""
    return Outcome(problem.where, problem.where, "failed", 0.0, problems=(str(problem),))


def _not_done(case: str) -> Outcome:
    return Outcome(case, case, "stopped", 0.0, problems=(NOT_DONE,))
