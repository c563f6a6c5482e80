"""Which files of a case a pack holds, what is left out and why, and what is unfit to leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dxkit.case import Case, journal
from dxkit.case.incoming import leads_inside
from dxkit.case.paths_in_data import get
from dxkit.errors import Problem
from dxkit.evidence.kept import FOLDER, Item, naming_files
from dxkit.evidence.secrecy import RESTRICTED, file_stays, item_stays, stays
from dxkit.handover.entries import Entry, LeftOut, Position, fit_name
from dxkit.handover.filing import filing_table
from dxkit.handover.forms_sent import FormsSent
from dxkit.models.handover import Folder, HandoverPlan, Pack

FILING = "线上填报24项指标.csv"
SUPPLEMENT = "归档补充页"


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
                    yield from self.forms.entries(folder)
                case "files":
                    yield from self._files(folder)
                case "supplement":
                    yield from self._supplement(folder)
                case "filing":
                    path = f"{folder.name}/{FILING}"
                    yield Entry(path, "线上填报用的24项指标值", "", filing_table(self.case))

    @cached_property
    def forms(self) -> FormsSent:
        """Return what knows the forms of the pack."""
        return FormsSent(self.case, self.plan, self.pack, self.position)

    def left_out(self) -> list[LeftOut]:
        """Return the rows that stay, each once, in the order of the annexes."""
        tables = {folder.table for folder in self.pack.folders}
        return [
            LeftOut(item.table.label, item.number, reason)
            for item in naming_files(self.case)
            if item.path.rpartition(".")[0] in tables and (reason := self._stays(item))
        ]

    def staying_hashes(self) -> dict[str, str]:
        """Return the hashes of the files that stay with the case, each with its row's number."""
        rows = ((item, item.sha256) for item in naming_files(self.case) if self._stays(item))
        return {sha256: item.number for item, sha256 in rows if sha256}

    def _stays(self, item: Item) -> str | None:
        """Return why a row stays; words about where the paper is kept are no file of the case."""
        return stays(self.case, item) if self._names_file(item) else item_stays(item)

    def _names_file(self, item: Item) -> bool:
        """Tell a file of the case from words: it is there, was hashed, or lies where files do."""
        place = item.file or ""
        ours = item.sha256 is not None or place.startswith((f"{FOLDER}/", f"{RESTRICTED}/"))
        return bool(place) and (ours or is_file(self.case.folder / place))

    def unfit(self) -> Iterator[Problem]:
        """Yield the files that ought to be packed and are not there, or may not be."""
        places = [(place, file_stays(self.case, place)) for place, _ in self._issued()]
        for folder in self.pack.folders:
            rows = self.leaving(folder) if folder.takes == "files" else ()
            places += [(str(item.file), None) for item in rows]
        for place, reason in places:
            path = self.case.folder / place
            if reason is not None:
                yield Problem(self.case.id, place, f"不得外传（{reason}）", "可以外传的文件")
            elif ".." in path.parts or path.is_symlink() or not self._inside(place):
                found = "在企业文件夹之外，或是符号链接"
                yield Problem(self.case.id, place, found, "企业文件夹内的文件")
            elif not is_file(path):
                yield Problem(self.case.id, place, "文件不在", "登记时放入的文件")

    def _inside(self, place: str) -> bool:
        return leads_inside(self.case.folder, place)

    def _issued(self) -> list[tuple[str, str]]:
        """Return the places of the files of the report issued last, each with its version."""
        issues = self.plan.issues
        rows = get(self.case.data, issues.table) or [{}]
        version = str(rows[-1].get(issues.version) or "")
        return [(str(each), version) for each in rows[-1].get(issues.files) or []]

    def _report(self, folder: Folder) -> Iterator[Entry]:
        for place, version in self._issued():
            path = self.case.folder / place
            title = f"诊断报告 {version}（{path.suffix.lstrip('.')}）"
            name = fit_name(path.stem, path.suffix)
            yield Entry(f"{folder.name}/{name}", title, version, path, self._brought_in.get(place))

    def _supplement(self, folder: Folder) -> Iterator[Entry]:
        for path in self.supplement:
            title = f"{SUPPLEMENT}（{path.suffix.lstrip('.')}）"
            yield Entry(f"{folder.name}/{SUPPLEMENT}{path.suffix}", title, "", path)

    @cached_property
    def _brought_in(self) -> dict[str, str]:
        """Return what files hashed to when they entered the case, as its journal tells."""
        entries = journal.read(self.case.folder)
        return {file["path"]: file["sha256"] for entry in entries for file in entry.files}

    def _files(self, folder: Folder) -> Iterator[Entry]:
        for item in self.leaving(folder):
            place = self.case.folder / str(item.file)
            title = str(item.row.get(str(folder.title)) or item.number)
            number = f"{int(item.number):02d}" if item.number.isdecimal() else item.number
            path = f"{folder.name}/{fit_name(f'{number}_{title}', place.suffix)}"
            table = str(folder.table)
            yield Entry(path, title, item.number, place, item.sha256, item.row, table)

    def leaving(self, folder: Folder) -> Iterator[Item]:
        """Yield the rows of a folder's table that may leave and name a file of the case."""
        for item in naming_files(self.case):
            counts = all(item.row.get(key) in codes for key, codes in folder.where.items())
            of_table = item.path.rpartition(".")[0] == folder.table
            if of_table and counts and self._names_file(item) and not self._stays(item):
                yield item


def is_file(path: Path) -> bool:
    """Tell whether there is a file; words that no system takes as a path name none."""
    try:
        return path.is_file() or path.is_symlink()
    except (OSError, ValueError):
        return False
