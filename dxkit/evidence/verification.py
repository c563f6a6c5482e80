"""Whether everything that was taken in is still there and unaltered."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxkit.case import Case, journal
from dxkit.case.continuity import cut_off
from dxkit.case.incoming import leads_inside
from dxkit.case.storage import PART
from dxkit.case.stores import FILE as CASE_FILE
from dxkit.case.stores import RESTRICTED
from dxkit.errors import Problem
from dxkit.evidence.apart import exposures
from dxkit.evidence.duplicates import thumbnail_of
from dxkit.evidence.files import hash_of
from dxkit.evidence.kept import FOLDER, SECRET_FOLDER, items


@dataclass(frozen=True)
class Verification:
    """What a check found: problems that must be looked into, notes, and how much was checked.

    `absent` are the files of a restricted folder that is not there as a whole: somebody keeps it
    elsewhere, so that nothing is wrong with them and nothing is proved of them.
    """

    problems: list[Problem]
    notes: list[Problem]
    absent: list[str]
    files: int
    entries: int

    @property
    def whole(self) -> bool:
        """Tell whether everything is here and nothing was altered."""
        return not (self.problems or self.absent)


@dataclass(frozen=True)
class _Expected:
    """A file that should be there, what names it, and the hash it had."""

    file: str
    by: str
    sha256: str


def verify(case: Case, progress: Callable[[], None] | None = None) -> Verification:
    """Check every file of the ledger, the photo log and the journal, and the journal itself.

    A case that was only looked at is compared with its journal too; opening one would have taken
    an edit by hand into the journal before. `progress` is called once for each file.
    """
    problems = [each for folder in _stores(case) for each in journal.verify(folder)]
    problems += [*_unlike_journal(case), *cut_off(case), *exposures(case)]
    notes, absent = [*_without_hash(case)], []
    named, expected, elsewhere = _named(case), _expected(case), kept_elsewhere(case)
    proved = {each.sha256 for each in expected if each.file in named}
    for each in expected:
        if each.file in named and elsewhere and _is_apart(each.file):
            absent.append(each.file)
        elif each.file in named or (case.folder / each.file).is_file():
            problems += _problems(case.folder, each)
        elif each.sha256 not in proved:
            notes.append(Problem(each.file, each.by, "登记后已移出，案卷中不再提到", ""))
        if progress:
            progress()
    notes += _unknown(case, named | {each.file for each in expected})
    entries = sum(len(journal.read(folder)) for folder in _stores(case))
    lost = _lost_without_hash(case)
    problems += [each for each in lost if not (elsewhere and _is_apart(each.key))]
    return Verification(problems, notes, sorted(absent), len(expected) - len(absent), entries)


def kept_elsewhere(case: Case) -> bool:
    """Tell whether the restricted folder as a whole is not with the case."""
    place = case.folder / RESTRICTED
    return not os.path.lexists(place) or (place.is_dir() and not any(place.iterdir()))


def _is_apart(file: str) -> bool:
    return file.startswith(f"{RESTRICTED}/")


def _stores(case: Case) -> list[Path]:
    return [case.folder, *([case.restricted.folder] if case.restricted else [])]


def _expected(case: Case) -> list[_Expected]:
    """Collect the files that a row lists or that came in with an entry, each once and as told."""
    rows = (_Expected(i.file, i.number, i.sha256) for i in items(case) if i.file and i.sha256)
    came = (
        _Expected(f"{_within(case, store)}{file['path']}", f"流水第 {entry.n} 条", file["sha256"])
        for store in _stores(case)
        for entry in journal.read(store)
        for file in entry.files
    )
    return list({(each.file, each.sha256): each for each in [*came, *rows]}.values())


def _within(case: Case, store: Path) -> str:
    return "" if store == case.folder else f"{store.name}/"


def _named(case: Case) -> set[str]:
    """Return everything in the case that may be the name of a file, and the small copies."""
    contents = [case.data, *([case.restricted.data] if case.restricted else [])]
    texts = {text for content in contents for text in _texts(content)}
    return texts | {small for item in items(case) if (small := thumbnail_of(item))}


def _problems(folder: Path, each: _Expected) -> Iterator[Problem]:
    path, where = folder / each.file, f"{folder.name}/{each.file}"
    if not leads_inside(folder, each.file) or path.is_symlink():
        yield Problem(where, each.by, "指向企业文件夹之外", "企业文件夹内的文件")
    elif not path.is_file():
        yield Problem(where, each.by, "文件不在", "登记时放入的文件")
    elif hash_of(path) != each.sha256:
        yield Problem(where, each.by, "内容与登记时不同", f"SHA-256 为 {each.sha256} 的文件")


def _unlike_journal(case: Case) -> Iterator[Problem]:
    """Yield the stores whose case file is not the one that the journal tells of last."""
    for store in (case, case.restricted):
        if store is None:
            continue
        last, where = journal.last(store.folder), f"{store.id}/{CASE_FILE}"
        if last is None:
            yield Problem(where, "", "没有流水，不能证明未被改动", journal.NAME)
        elif last.file != store.digest and (store.folder / PART).exists():
            found = "上一次写入没有完成"
            yield Problem(where, "", found, "先打开案卷（dxkit status）补完写入，再核对")
        elif last.file != store.digest:
            yield Problem(where, "", "内容与流水最后一条的校验值不符", f"SHA-256 为 {last.file}")


def _lost_without_hash(case: Case) -> Iterator[Problem]:
    for item in items(case):
        if item.file and not item.sha256 and not (case.folder / item.file).is_file():
            yield Problem(item.number, item.file, "文件不在，也没有校验值", "登记过的文件")


def _without_hash(case: Case) -> Iterator[Problem]:
    for item in items(case):
        if item.file and not item.sha256 and (case.folder / item.file).is_file():
            yield Problem(
                item.number, item.file, "没有校验值，不能证明未被改动", "重新登记这个文件"
            )


def _unknown(case: Case, named: set[str]) -> Iterator[Problem]:
    """Yield the files in the evidence folders that nothing in the case names."""
    for folder in (FOLDER, SECRET_FOLDER):
        for path in sorted((case.folder / folder).rglob("*")):
            place = path.relative_to(case.folder).as_posix()
            if not path.is_dir() and place not in named:
                where = f"{case.folder.name}/{place}"
                yield Problem(where, "", "没有登记的文件", "登记，或移出证据文件夹")


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
