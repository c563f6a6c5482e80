"""Whether a pack, an unpacked folder or a case is still what it was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dxkit.case import Case, look_at
from dxkit.case.stores import is_begun
from dxkit.errors import HandoverError, Problem
from dxkit.evidence.verification import verify as verify_case
from dxkit.handover import manifest
from dxkit.handover.entries import Entry
from dxkit.handover.manifest import Listed
from dxkit.handover.sealing import Unlock
from dxkit.handover.unpacking import check_pack
from dxkit.handover.zipping import listed
from dxkit.lifecycle import edits_by_hand


@dataclass(frozen=True)
class Checked:
    """What a check found: of which kind of thing, how many files, and what is wrong."""

    kind: str
    files: int
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    """What is no fault and should be looked at all the same."""
    absent: tuple[str, ...] = ()
    """Files of a case that are kept elsewhere, of which nothing is proved."""


def verify(place: Path, unlock: Unlock | None = None) -> Checked:
    """Check a pack, a folder that one was unpacked into, or a case, by folder or id.

    Raises:
        HandoverError: if it is none of these, or a pack that cannot be opened.
    """
    expected = "材料包、解开的文件夹，或企业文件夹"
    if place.is_file():
        count, problems = check_pack(place, unlock)
        return Checked("材料包", count, tuple(problems))
    if not place.exists() and (place.suffix or len(place.parts) > 1):
        raise HandoverError(Problem(str(place), "", "没有这个文件或文件夹", expected))
    if is_begun(place) or not place.exists():
        return _case(look_at(place))
    if (place / manifest.NAME).is_file():
        return _unpacked(place)
    raise HandoverError(Problem(str(place), "", "没有可以核对的内容", expected))


def _case(case: Case) -> Checked:
    """Check a case as it lies there; whatever was edited by hand must not be taken in before."""
    found, edits = verify_case(case), edits_by_hand(case)
    wrong = [each.as_problem(case) for each in edits if each.closed]
    told = [each.as_problem(case) for each in edits if not each.closed]
    problems = (*found.problems, *wrong)
    return Checked("案卷", found.files, problems, tuple(told), tuple(found.absent))


def _unpacked(folder: Path) -> Checked:
    told = manifest.read_manifest((folder / manifest.NAME).read_bytes(), str(folder))
    problems = [problem for each in told.values() if (problem := _wrong(folder, each))]
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    extra = sorted(present - told.keys() - {manifest.NAME})
    problems += [Problem(str(folder), name, "清单中没有这个文件", "") for name in extra]
    return Checked("解开的材料包", len(told), tuple(problems))


def _wrong(folder: Path, told: Listed) -> Problem | None:
    path = folder / told.path
    if path.is_symlink() or not path.is_file():
        return Problem(str(folder), told.path, "文件不在", "打包时的文件")
    now = listed(Entry(told.path, "", "", path))
    return (
        None if now == told else Problem(str(folder), told.path, "内容与清单不符", "打包时的文件")
    )
