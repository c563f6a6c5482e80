"""What a pack of a case holds: its files, what is left out and why, and what is still missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dxkit.case import Case, journal
from dxkit.case.incoming import leads_inside
from dxkit.case.paths_in_data import get
from dxkit.errors import Problem
from dxkit.evidence.kept import Item, naming_files
from dxkit.evidence.secrecy import item_stays, stays
from dxkit.forms.returned import Stamp
from dxkit.handover.documents import form_file
from dxkit.handover.filing import filing_table
from dxkit.handover.masking import masked
from dxkit.models.handover import Folder, HandoverPlan, Pack

_UNFIT = re.compile(r'[<>:"|?*\\/\x00-\x1f\s]+')
_LONGEST = 60
FILING = "线上填报24项指标.csv"
SUPPLEMENT = "归档补充页"


@dataclass(frozen=True)
class Entry:
    """One file of a pack: its place there, what it is, and its bytes or where they are."""

    path: str
    title: str
    number: str
    content: bytes | Path
    sha256: str | None = None
    """The hash that the file had when it was taken into the case."""
    row: Mapping[str, Any] = field(default_factory=dict)
    """The row of the case that names it; empty for a form."""
    table: str = ""
    annex: str = ""


@dataclass(frozen=True)
class LeftOut:
    """Something that stays with the case: its number and the reason, never what it is called."""

    table: str
    number: str
    reason: str


@dataclass(frozen=True)
class Position:
    """The place in the journal that a pack shows."""

    n: int
    hash: str
    at: str


@dataclass(frozen=True)
class Gatherer:
    """Gathers the contents of one pack."""

    case: Case
    plan: HandoverPlan
    pack: Pack
    position: Position
    supplement: Sequence[Path] = ()
    """The files with what only the archive copy of the report tells."""

    def entries(self) -> Iterator[Entry]:
        """Yield the files folder by folder, without the form that lists what was packed."""
        for folder in self.pack.folders:
            match folder.takes:
                case "report":
                    yield from self._report(folder)
                case "forms":
                    yield from self._forms(folder)
                case "files":
                    yield from self._files(folder)
                case "supplement":
                    yield from self._supplement(folder)
                case "filing":
                    path = f"{folder.name}/{FILING}"
                    yield Entry(path, "线上填报用的24项指标值", "", filing_table(self.case))

    def left_out(self) -> list[LeftOut]:
        """Return the rows that stay, each once, in the order of the annexes."""
        tables = {folder.table for folder in self.pack.folders}
        return [
            LeftOut(item.table.label, item.number, reason)
            for item in naming_files(self.case)
            if item.path.rpartition(".")[0] in tables and (reason := self._stays(item))
        ]

    def listing(self, items: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
        """Yield the form that lists what was packed, with the list that is about to be kept."""
        if self.pack.items is None:
            return
        annex_id, _, key = self.pack.items.partition(".")
        answers = {**self.case.annex(annex_id), key: list(items)}
        listed = Case(
            self.case.folder,
            {**self.case.data, annex_id: answers},
            self.case.definitions,
            self.case.digest,
        )
        for folder in self.pack.folders:
            if annex_id in folder.forms:
                yield from self._form(folder, annex_id, listed)

    def _stays(self, item: Item) -> str | None:
        """Return why a row stays; words about where the paper is kept are no file of the case."""
        kept = item.file is not None and (self.case.folder / item.file).is_file()
        return stays(self.case, item) if kept else item_stays(item)

    def lost(self) -> Iterator[Problem]:
        """Yield the files that ought to be packed and are not where the case says."""
        places = [place for place, _ in self._issued()]
        for folder in self.pack.folders:
            rows = self.leaving(folder) if folder.takes == "files" else ()
            # Without a hash a row may say where the paper is kept.
            places += [str(item.file) for item in rows if item.sha256]
        for place in places:
            if not (self.case.folder / place).is_file():
                yield Problem(self.case.id, place, "文件不在", "登记时放入的文件")

    def _issued(self) -> list[tuple[str, str]]:
        """Return the places of the files of the report issued last, each with its version."""
        issues = self.plan.issues
        rows = get(self.case.data, issues.table) or [{}]
        version = str(rows[-1].get(issues.version) or "")
        places = map(str, rows[-1].get(issues.files) or [])
        return [(each, version) for each in places if leads_inside(self.case.folder, each)]

    def _report(self, folder: Folder) -> Iterator[Entry]:
        for place, version in self._issued():
            path = self.case.folder / place
            title = f"诊断报告 {version}（{path.suffix.lstrip('.')}）"
            if path.is_file():
                was = self._brought_in.get(place)
                yield Entry(f"{folder.name}/{path.name}", title, version, path, was)

    def _supplement(self, folder: Folder) -> Iterator[Entry]:
        for path in self.supplement:
            title = f"{SUPPLEMENT}（{path.suffix.lstrip('.')}）"
            yield Entry(f"{folder.name}/{SUPPLEMENT}{path.suffix}", title, "", path)

    @cached_property
    def _brought_in(self) -> dict[str, str]:
        """Return what files hashed to when they entered the case, as its journal tells."""
        entries = journal.read(self.case.folder)
        return {file["path"]: file["sha256"] for entry in entries for file in entry.files}

    def _forms(self, folder: Folder) -> Iterator[Entry]:
        listing = (self.pack.items or "").partition(".")[0]
        for annex_id in folder.forms:
            if annex_id != listing and self.case.annex(annex_id):
                yield from self._form(folder, annex_id, self.case)

    def _form(self, folder: Folder, annex_id: str, case: Case) -> Iterator[Entry]:
        annex = case.definitions.annexes[annex_id]
        seen, at = masked(case, self.plan), self.position
        for kind in folder.formats:
            stamp = Stamp(case.id, annex.id, "", at.n, at.hash[:12], annex.edition, False)
            name = fit_name(f"{annex.mark}_{annex.title}", f".{kind}")
            content = form_file(seen, annex, kind, stamp, at.at)
            title = f"{annex.mark} {annex.title}"
            yield Entry(f"{folder.name}/{name}", title, annex.mark, content, annex=annex.id)

    def _files(self, folder: Folder) -> Iterator[Entry]:
        for item in self.leaving(folder):
            place = self.case.folder / str(item.file)
            if not place.is_file():
                continue
            title = str(item.row.get(str(folder.title)) or item.number)
            number = f"{int(item.number):02d}" if item.number.isdigit() else item.number
            path = f"{folder.name}/{fit_name(f'{number}_{title}', place.suffix)}"
            table = str(folder.table)
            yield Entry(path, title, item.number, place, item.sha256, item.row, table)

    def leaving(self, folder: Folder) -> Iterator[Item]:
        """Yield the rows of a folder's table that may leave and name a file of the case."""
        for item in naming_files(self.case):
            counts = all(item.row.get(key) in codes for key, codes in folder.where.items())
            of_table = item.path.rpartition(".")[0] == folder.table
            if not (of_table and counts and item.file) or self._stays(item):
                continue
            if leads_inside(self.case.folder, item.file):
                yield item


def fit_name(stem: str, suffix: str) -> str:
    """Return a file name that every system takes."""
    tidy = _UNFIT.sub("_", stem).strip("._")[:_LONGEST].rstrip("._")
    return (tidy or "文件") + suffix.lower()
