"""Making a pack: gathered, listed, noted in the case, and only then given its name."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from dxkit import paths
from dxkit.case import Case, Change, Writer, journal, open_case, writing
from dxkit.case.paths_in_data import get
from dxkit.errors import ConflictError, HandoverError, Problem, os_problem
from dxkit.handover import index, manifest
from dxkit.handover.contents import Entry, Gatherer, LeftOut, Position
from dxkit.handover.listing import export_of, items_of
from dxkit.handover.missing import missing
from dxkit.handover.plan import load_plan, pack_for
from dxkit.handover.sealing import SUFFIX, Lock, encrypt
from dxkit.handover.zipping import CHUNK, File, listed, zipped

CHECKER = "verify_evidence.py"


@dataclass(frozen=True)
class Packed:
    """A finished pack: where it is, how much is in it, and what stayed behind."""

    path: Path
    files: int
    bytes: int
    sha256: str
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class _Contents:
    """Everything a pack holds, in the order of its paths, and the list that the case keeps."""

    files: list[File]
    left_out: list[LeftOut]
    items: list[dict[str, Any]]


def make_pack(
    folder: Path | str,
    purpose: str,
    who: str,
    out: Path | None = None,
    lock: Lock | None = None,
    supplement: Sequence[Path] = (),
) -> Packed:
    """Pack what a recipient gets of a case, and note in the case that it was packed.

    The same content of a case gives the same bytes, unless they are encrypted.

    Args:
        folder: the case, by id or path.
        purpose: the id of a pack in the plan.
        who: who packs, for the journal.
        out: the file to make; by default below the outputs.
        lock: to whom it is encrypted; None leaves it open.
        supplement: the pages that only the archive copy of the report has, where the pack takes
            them.

    Raises:
        HandoverError: with everything that is missing; nothing is written then.
    """
    case = open_case(folder)
    plan = load_plan(case.definitions)
    pack = pack_for(plan, purpose)
    kind = f"zip{SUFFIX}" if lock else "zip"
    target = out or paths.outputs() / case.id / f"{case.id}-{purpose}.{kind}"
    _refuse_place(target, case)
    gatherer = Gatherer(case, plan, pack, _position(case), supplement)
    problems = [*(missing(case, plan) if pack.complete else ()), *gatherer.lost()]
    if problems:
        raise HandoverError(problems)
    contents = _contents(gatherer)
    package = zipped(_with_lists(gatherer, contents), gatherer.position.at)
    with package, writing(case.folder, who, case.definitions) as writer:
        _refuse_if_changed(writer, gatherer)
        with _finished(target, package, case, lock) as half:
            writer.apply(_notes(gatherer, contents, kind, who))
            half.replace(target)
    return _told(target, contents)


def _refuse_place(target: Path, case: Case) -> None:
    inside = case.folder.resolve() in target.resolve().parents
    if inside or target.exists():
        found = "在企业文件夹之内" if inside else "已有同名的文件"
        raise HandoverError(Problem(str(target), "--out", found, "企业文件夹之外的新文件名"))


def _position(case: Case) -> Position:
    last = journal.last(case.folder)
    if last is None:
        raise HandoverError(Problem(case.id, "", "没有流水记录", "可以写入的企业文件夹"))
    return Position(last.n, last.hash, last.at)


def _contents(gatherer: Gatherer) -> _Contents:
    entries = _named_apart(gatherer.entries())
    files = [(each, listed(each)) for each in entries]
    altered = [
        Problem(gatherer.case.id, each.number, "文件内容与登记时不同", f"SHA-256 为 {each.sha256}")
        for each, now in files
        if each.sha256 and each.sha256 != now.sha256
    ]
    if altered:
        raise HandoverError(altered)
    left_out = gatherer.left_out()
    items = items_of(gatherer.case, gatherer.plan, gatherer.pack, files, left_out)
    files += [(each, listed(each)) for each in gatherer.listing(items)]
    return _Contents(sorted(files, key=lambda file: file[0].path), left_out, items)


def _named_apart(entries: Iterator[Entry]) -> list[Entry]:
    """Sort entries and number those of one name, for systems that take no notice of case too."""
    seen: Counter[str] = Counter()
    named = []
    for entry in sorted(entries, key=lambda each: each.path):
        seen[entry.path.casefold()] += 1
        times, path = seen[entry.path.casefold()], PurePosixPath(entry.path)
        apart = entry.path if times == 1 else str(path.with_stem(f"{path.stem}（{times}）"))
        named.append(replace(entry, path=apart))
    return named


def _with_lists(gatherer: Gatherer, contents: _Contents) -> Sequence[File]:
    """Return the files of a pack behind its manifest, its index and the program to check them."""
    case, pack, position = gatherer.case, gatherer.pack, gatherer.position
    head = {"企业": case.name, "用途": pack.label, "案卷": f"{case.id}，流水至第 {position.n} 条"}
    page = index.index_of(pack.title, head, contents.files, contents.left_out)
    checker = paths.templates() / CHECKER
    beside = [Entry(index.NAME, "目录", "", page), Entry(CHECKER, "核对程序", "", checker)]
    files = [*((each, listed(each)) for each in beside), *contents.files]
    told = manifest.manifest_of(_head(gatherer, contents), [each for _, each in files])
    own = Entry(manifest.NAME, "清单", "", told)
    return [(own, listed(own)), *files]


def _head(gatherer: Gatherer, contents: _Contents) -> Mapping[str, Any]:
    case, pack, position = gatherer.case, gatherer.pack, gatherer.position
    return {
        "case": case.id,
        "enterprise": case.name,
        "purpose": pack.id,
        "title": pack.title,
        "edition": case.definitions.edition,
        "journal": {"n": position.n, "hash": position.hash, "at": position.at},
        "counts": {"files": len(contents.files), "left_out": len(contents.left_out)},
        "left_out": [vars(each) for each in contents.left_out],
    }


def _refuse_if_changed(writer: Writer, gatherer: Gatherer) -> None:
    last = journal.last(writer.folder)
    if last is None or last.hash != gatherer.position.hash:
        raise ConflictError(Problem(gatherer.case.id, "", "打包期间案卷有改动", "再打包一次"))


@contextmanager
def _finished(target: Path, package: BinaryIO, case: Case, lock: Lock | None) -> Iterator[Path]:
    """Give a file beside the target, safely on the disk, that only needs its name.

    The caller holds the case's lock, so another such file of this case is what a killed program
    left there.
    """
    mark = f".{case.id}.part"
    half = target.with_name(f".{target.name}{mark}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f".*{mark}"):
            left.unlink()
        with half.open("wb") as stream:
            if lock is None:
                shutil.copyfileobj(package, stream, CHUNK)
            else:
                encrypt(package, stream, lock)
            stream.flush()
            os.fsync(stream.fileno())
        yield half
    except OSError as error:
        raise HandoverError(os_problem(error)) from error
    finally:
        half.unlink(missing_ok=True)


def _notes(gatherer: Gatherer, contents: _Contents, kind: str, who: str) -> list[Change]:
    """Return what the case keeps of a pack: an entry in its exports, and the list."""
    case, pack, exports = gatherer.case, gatherer.pack, gatherer.plan.exports
    entries = [entry for entry, _ in contents.files]
    number = 1 + len(get(case.data, exports) or [])
    told = export_of(case, pack, entries, gatherer.position.n, kind, who)
    notes = [Change(f"{exports}.+", {"form_no": f"{pack.id}-{number:03d}", **told})]
    if pack.items is not None:
        notes.append(Change(pack.items, contents.items, get(case.data, pack.items)))
    return notes


def _told(target: Path, contents: _Contents) -> Packed:
    told = listed(Entry("", "", "", target))
    return Packed(target, len(contents.files), told.bytes, told.sha256, tuple(contents.left_out))
