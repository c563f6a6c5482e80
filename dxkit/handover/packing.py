"""Making a pack: gathered, listed, noted in the case, and only then given its name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from dxkit import paths
from dxkit.archives import folded
from dxkit.case import Case, Change, Writer, case_around, journal, open_case, writing
from dxkit.case.continuity import journal_problems
from dxkit.case.paths_in_data import get
from dxkit.errors import ConflictError, HandoverError, Problem, os_problem
from dxkit.forms.stamping import next_number
from dxkit.handover import index, manifest
from dxkit.handover.accounting import Account, accounts
from dxkit.handover.contents import Gatherer
from dxkit.handover.entries import Entry, LeftOut, Position
from dxkit.handover.finishing import give_name, half_done
from dxkit.handover.listing import export_of, items_of
from dxkit.handover.missing import missing
from dxkit.handover.plan import pack_for
from dxkit.handover.renewing import refuse_closed_list, renewal
from dxkit.handover.sealing import SUFFIX, Lock, encrypt
from dxkit.handover.zipping import File, listed, refuse_too_much, zip_into

CHECKER = "verify_evidence.py"


@dataclass(frozen=True)
class Wish:
    """What a pack is asked to hold or to be, besides what the plan says."""

    supplement: Sequence[Path] = ()
    """The pages that only the archive copy of the report has, where the pack takes them."""
    again: bool = False
    """Whether it is a further submission after the recipient signed for the last one."""


PLAIN = Wish()


@dataclass(frozen=True)
class Packed:
    """A finished pack: where it is, how much is in it, and what stayed behind."""

    path: Path
    files: int
    """How many files its manifest lists, the index and the program to check them among them."""
    bytes: int
    sha256: str
    left_out: tuple[LeftOut, ...]
    unfilled: tuple[str, ...]
    """The forms in which nothing stands yet."""
    absent: tuple[str, ...] = ()
    """What the pack would hold if the report were issued."""
    short: tuple[str, ...] = ()
    """The needed records of the ledger that are missing or lack something, with what it is."""


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
    wish: Wish = PLAIN,
) -> Packed:
    """Pack what a recipient gets of a case, and note in the case that it was packed.

    The same content of a case gives the same bytes, unless they are encrypted.

    Args:
        folder: the case, by id or path.
        purpose: the id of a pack in the plan.
        who: who packs, for the journal.
        out: the file to make; by default below the outputs.
        lock: to whom it is encrypted; None leaves it open. Only with recipients is the memory
            bounded; with a passphrase the whole pack has to fit into it.
        wish: the pages of the archive copy, and whether it is a further submission.

    Raises:
        HandoverError: with everything that is missing; nothing is written then.
    """
    case = open_case(folder)
    plan = case.definitions.handover
    pack = pack_for(plan, purpose)
    kind = f"zip{SUFFIX}" if lock else "zip"
    target = out or paths.outputs() / case.id / f"{case.id}-{purpose}.{kind}"
    _refuse_place(target, kind)
    renewed = renewal(case, pack, wish.again)
    gatherer = Gatherer(renewed.case, plan, pack, _position(case), wish.supplement)
    problems = [*journal_problems(case), *(missing(case, plan) if pack.complete else ())]
    problems += gatherer.unfit()
    if problems:
        raise HandoverError(problems)
    try:
        contents = _contents(gatherer)
        refuse_closed_list(case, pack, contents.items)
        files = _with_lists(gatherer, contents)
    except OSError as error:
        raise HandoverError(os_problem(error)) from error

    def write(stream: BinaryIO) -> None:
        _write(files, gatherer.position.at, stream, lock)

    # The big file is made while others may still write; the case is held only to note it.
    with (
        half_done(target, case.id, write) as half,
        writing(case.folder, who, case.definitions) as writer,
    ):
        _refuse_if_changed(writer, gatherer)
        notes = [*renewed.changes, *_notes(gatherer, contents, kind, who)]
        writer.apply(notes, renewed.files)
        give_name(half, target)
    return _told(target, gatherer, contents, files)


def _write(files: Sequence[File], moment: str, stream: BinaryIO, lock: Lock | None) -> None:
    if lock is None:
        zip_into(stream, files, moment)
        return
    with tempfile.TemporaryFile() as plain:
        zip_into(plain, files, moment)
        plain.seek(0)
        encrypt(plain, stream, lock)


def _refuse_place(target: Path, kind: str) -> None:
    try:
        found = _wrong_place(target, kind)
    except OSError as error:
        raise HandoverError(os_problem(error)) from error
    if found:
        expected = f"企业文件夹之外的新文件名，以 .{kind} 结尾"
        raise HandoverError(Problem(str(target), "--out", found, expected))


def _wrong_place(target: Path, kind: str) -> str | None:
    if case_around(target) is not None:
        return "在企业文件夹之内"
    if target.exists() or target.is_symlink():
        return "是文件夹" if target.is_dir() else "已有同名的文件"
    return None if target.name.endswith(f".{kind}") else "不是材料包的文件名"


def _position(case: Case) -> Position:
    last = journal.last(case.folder)
    if last is None:
        raise HandoverError(Problem(case.id, "", "没有流水记录", "可以写入的企业文件夹"))
    return Position(last.n, last.hash, last.at)


def _contents(gatherer: Gatherer) -> _Contents:
    entries = _named_apart(gatherer.entries())
    files = [(each, listed(each)) for each in entries]
    if wrong := list(_wrong_bytes(files, gatherer)):
        raise HandoverError(wrong)
    left_out = gatherer.left_out()
    items = items_of(gatherer.case, gatherer.plan, gatherer.pack, files, left_out)
    files += [(each, listed(each)) for each in gatherer.forms.listing(items)]
    return _Contents(sorted(files, key=lambda file: file[0].path), left_out, items)


def _wrong_bytes(files: Sequence[File], gatherer: Gatherer) -> Iterator[Problem]:
    """Yield the files that were altered, and those that are the same as one that must stay."""
    case, staying = gatherer.case, gatherer.staying_hashes()
    for each, now in files:
        if each.sha256 and each.sha256 != now.sha256:
            yield Problem(case.id, each.number, "文件内容与登记时不同", f"SHA-256 为 {each.sha256}")
        elif now.sha256 in staying:
            found = f"与不得外传的 {staying[now.sha256]} 内容相同"
            yield Problem(case.id, each.number, found, "可以外传的文件，或改正涉密程度")


def _named_apart(entries: Iterator[Entry]) -> list[Entry]:
    """Sort entries and number those of one name, for systems that take no notice of case too."""
    taken: set[str] = set()
    named = []
    for entry in sorted(entries, key=lambda each: each.path):
        path = _free(entry.path, taken)
        taken.add(folded(path))
        named.append(replace(entry, path=path))
    return named


def _free(path: str, taken: set[str]) -> str:
    """Return a path, with a number where another file has it already."""
    place, free, times = PurePosixPath(path), path, 1
    while folded(free) in taken:
        times += 1
        free = str(place.with_stem(f"{place.stem}（{times}）"))
    return free


def _with_lists(gatherer: Gatherer, contents: _Contents) -> Sequence[File]:
    """Return the files of a pack behind its manifest, its index and the program to check them."""
    case, pack, position = gatherer.case, gatherer.pack, gatherer.position
    head = {"企业": case.name, "用途": pack.label, "案卷": f"{case.id}，流水至第 {position.n} 条"}
    absent, unfilled = gatherer.absent(), [f"{each}：未填写" for each in gatherer.forms.unfilled()]
    title = f"{pack.title}（草稿，不完整）" if absent else pack.title
    beside = index.Beside(contents.left_out, absent, unfilled, _accounts(gatherer, contents))
    page = index.index_of(title, head, contents.files, beside)
    checker = paths.templates() / CHECKER
    lists = [Entry(index.NAME, "目录", "", page), Entry(CHECKER, "核对程序", "", checker)]
    files = [*((each, listed(each)) for each in lists), *contents.files]
    refuse_too_much([each for _, each in files], case.id)
    told = manifest.manifest_of(_head(gatherer, contents), [each for _, each in files])
    own = Entry(manifest.NAME, "清单", "", told)
    return [(own, listed(own)), *files]


def _accounts(gatherer: Gatherer, contents: _Contents) -> list[Account]:
    return accounts(gatherer, [entry for entry, _ in contents.files])


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
        "absent": gatherer.absent(),
        "unfilled": gatherer.forms.unfilled(),
    }


def _refuse_if_changed(writer: Writer, gatherer: Gatherer) -> None:
    last = journal.last(writer.folder)
    if last is None or last.hash != gatherer.position.hash:
        raise ConflictError(Problem(gatherer.case.id, "", "打包期间案卷有改动", "再打包一次"))


def _notes(gatherer: Gatherer, contents: _Contents, kind: str, who: str) -> list[Change]:
    """Return what the case keeps of a pack: an entry in its exports, and the list."""
    case, pack, exports = gatherer.case, gatherer.pack, gatherer.plan.exports
    entries = [entry for entry, _ in contents.files]
    given = [str(row.get("form_no", "")) for row in get(case.data, exports) or []]
    told = export_of(case, pack, entries, gatherer.position.n, kind, who)
    rows = [*gatherer.forms.exports(who), {"form_no": next_number(f"{pack.id}-", given), **told}]
    notes = [Change(f"{exports}.+", row) for row in rows]
    if pack.items is not None:
        notes.append(Change(pack.items, contents.items, get(case.data, pack.items)))
    return notes


def _told(target: Path, gatherer: Gatherer, contents: _Contents, files: Sequence[File]) -> Packed:
    told = listed(Entry("", "", "", target))
    return Packed(
        path=target,
        files=len(files) - 1,
        bytes=told.bytes,
        sha256=told.sha256,
        left_out=tuple(contents.left_out),
        unfilled=tuple(gatherer.forms.unfilled()),
        absent=tuple(gatherer.absent()),
        short=tuple(
            f"{each.number} {each.title}（{each.words}）"
            for each in _accounts(gatherer, contents)
            if each.is_short
        ),
    )
