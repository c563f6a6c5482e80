"""How `dxkit advance` issues a report: made from a copy as the case will be, then kept for good."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dxkit.errors import BlockedError, Problem
from dxkit.scratch import scratch

if TYPE_CHECKING:
    from dxkit.case import Case
    from dxkit.lifecycle import Asked, Moved

_NOT_NEEDED = shutil.ignore_patterns("issued", "*.lock", ".lock", ".incoming")


def issue(case: Case, to: str, asked: Asked) -> Moved:
    """Take the step that issues a report, with the files of the report as it then is.

    Raises:
        BlockedError: if a rule blocks the step, or the report cannot be made.
    """
    from dxkit.lifecycle import advance, foresee

    foreseen = foresee(case, to, asked)
    with scratch("issue", case.id) as room:
        copy = room / "cases" / case.id
        shutil.copytree(case.folder, copy, symlinks=True, ignore=_NOT_NEEDED)
        _write(copy, foreseen, asked)
        files = _made(copy, room / "made")
        return advance(case.folder, to, asked, files, case.digest)


def _write(copy: Path, foreseen: Moved, asked: Asked) -> None:
    from dxkit.case import writing

    with writing(copy, asked.who) as writer:
        writer.apply(foreseen.changes)


def _made(copy: Path, out: Path) -> list[Path]:
    """Return the report in every format and its results, made from the copy of a case."""
    from dxkit.batch import Means, run

    (outcome,) = run([copy], out, means=Means(1)).outcomes
    if outcome.problems:
        raise BlockedError(Problem(each) for each in outcome.problems)
    return [out / copy.name / name for name in outcome.files if not name.endswith(".ipynb")]
