"""The ledger and the folder of results, kept in step: what is noted before what is moved."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

from dxkit.batch.basis import Ground
from dxkit.batch.ledger import Ledger
from dxkit.batch.results import publish, set_aside
from dxkit.batch.task import Broken, Made, Outcome
from dxkit.errors import os_problem


class Books:
    """What a batch does with each case besides making it."""

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
        files = {sys.intern(name): digest for name, digest in made.digests.items()}
        told = {
            "name": made.name,
            "seconds": made.seconds,
            "files": files,
            "doubts": made.doubts,
        }
        own = self._ledger.own(made.case)
        self._ledger.write(made.case, "made", **told)
        moved = publish(made.half, self._out / made.case, own | {*files.values()})
        self._ledger.write(made.case, "ok", inputs=asdict(made.inputs), ground=self._ground, **told)
        names = tuple(sorted(files))
        return Outcome(
            made.case, made.name, "ok", made.seconds, names, previous=moved, doubts=made.doubts
        )

    def _fail(self, broken: Broken) -> Outcome:
        """Set aside what an earlier run left of a case that failed now."""
        told = {"seconds": broken.seconds, "problems": broken.problems, "lines": broken.lines}
        outcome = Outcome(broken.case, broken.case, broken.status, **told)  # type: ignore[arg-type]
        try:
            aside = set_aside(self._out / broken.case, self._ledger.own(broken.case))
            outcome = replace(outcome, previous=aside)
        except OSError as exc:
            left = f"以前的报告没有移开，不要当作本次结果：{os_problem(exc)}"
            outcome = replace(outcome, problems=(*broken.problems, left))
        self._ledger.write(broken.case, broken.status, **{**told, "problems": outcome.problems})
        return outcome
