"""Many enterprises at once: each case in a worker process, one record of how all of them went."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from dxkit.batch.work import FORMATS, Outcome
from dxkit.batch.workers import work
from dxkit.definitions import Definitions, load

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
    outcomes: dict[str, Outcome] = {}
    try:
        for outcome in work(folders, out, formats, jobs or os.cpu_count() or 1, out / LOG):
            outcomes[outcome.case] = outcome
            listener(outcome)
    finally:
        every = tuple(outcomes.get(each.name) or _not_done(each) for each in folders)
        finished = Run(out, tuple(sorted(every, key=lambda each: each.case)))
        _record(finished, definitions, formats, began)
    return finished


def _not_done(folder: Path) -> Outcome:
    return Outcome(folder.name, folder.name, "failed", 0.0, problems=("中断时尚未完成",))


def _record(finished: Run, definitions: Definitions, formats: Sequence[str], began: str) -> None:
    """Write how the batch went, also if it was interrupted; readers see the old or the new file."""
    record = {
        "edition": definitions.edition,
        "definitions": definitions.digest,
        "began": began,
        "ended": _now(),
        "formats": list(formats),
        "cases": [asdict(each) for each in finished.outcomes],
    }
    half = finished.out / f".{RECORD}.part"
    half.write_bytes(json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8"))
    half.replace(finished.out / RECORD)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
