"""Which cases of a batch must be made, and why; what stands as it is stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dxkit.batch.basis import Ground, changed_parts, still_holds
from dxkit.batch.ledger import Entry, Ledger
from dxkit.batch.results import is_there, retouched
from dxkit.batch.task import Again, Outcome
from dxkit.errors import CaseError

NEW, MISSING, EDITED, ASKED = "还没有生成过", "结果文件不见了", "填写内容或材料变了", "要求重新生成"
RETOUCHED = "{} 生成后有人改过，或已损坏，没有动它；要重新生成，用 --only 写明企业并加 --force"
UNDONE = {
    "queued": "上次没有轮到",
    "started": "上次中断时正在生成",
    "made": "上次中断时正在存放",
    "failed": "上次出错",
    "dead": "上次意外终止",
    "timeout": "上次超时",
    "memory": "上次超出内存",
}


@dataclass(frozen=True)
class Plan:
    """The cases to make, each with the reasons, and the outcomes of those that stand."""

    reasons: dict[Path, tuple[str, ...]]
    standing: tuple[Outcome, ...]

    @property
    def folders(self) -> list[Path]:
        """Return the folders of the cases to make."""
        return list(self.reasons)


def plan_for(
    folders: Sequence[Path], out: Path, ledger: Ledger, ground: Ground, again: Again
) -> Plan:
    """Look at every case once."""
    reasons: dict[Path, tuple[str, ...]] = {}
    standing: list[Outcome] = []
    for folder in folders:
        entry = ledger.last(folder.name)
        if again == "failed" and (entry is None or entry.state == "ok"):
            continue
        found = tuple(_reasons(folder, out / folder.name, entry, ground))
        if not found and again != "all" and entry is not None:
            standing.append(_standing(entry, out / folder.name))
        else:
            reasons[folder] = found or (ASKED,)
    return Plan(reasons, tuple(standing))


def _reasons(folder: Path, target: Path, entry: Entry | None, ground: Ground) -> list[str]:
    """Return why a case must be made; nothing if its results are there and current."""
    if entry is None:
        return [NEW]
    if entry.state != "ok":
        return [UNDONE[entry.state]]
    changed = changed_parts(entry.ground, ground)
    if not all(is_there(target / name) for name in entry.files):
        changed.append(MISSING)
    try:
        edited = not still_holds(folder, entry.held)
    except (OSError, CaseError):
        edited = True  # whoever makes it says what is wrong with it
    return [*changed, *([EDITED] if edited else [])]


def _standing(entry: Entry, target: Path) -> Outcome:
    """Return what there is of a case; that somebody changed a file is told, but it stays."""
    files = tuple(sorted(entry.files))
    doubts = [*entry.doubts, *map(RETOUCHED.format, retouched(target, entry.files, entry.at))]
    return Outcome(entry.case, entry.name, "unchanged", entry.seconds, files, doubts=tuple(doubts))
