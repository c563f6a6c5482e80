"""Which files of a case a pack holds, what is left out and why, and what is unfit to leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dxkit.case import Case, journal
from dxkit.case.incoming import leads_inside
from dxkit.case.paths_in_data import get
from dxkit.errors import Problem
from dxkit.evidence.kept import Item, naming_files
from dxkit.evidence.secrecy import file_stays, item_stays, stays
from dxkit.handover.case_copy import case_copy, journal_digest
from dxkit.handover.entries import Entry, LeftOut, Position, fit_name
from dxkit.handover.exposed import exposed
from dxkit.handover.filing import filing_table
from dxkit.handover.forms_sent import FormsSent
from dxkit.handover.records import Named, Records, is_file, names_file
from dxkit.models.handover import Folder, HandoverPlan, Pack

FILING = "线上填报24项指标.csv"
FILING_TITLE = "线上填报用的24项指标值"
SUPPLEMENT = "归档补充页"
_CORRECT = "先更正报告（dxkit advance --correct 理由），重新发布后再制作报送包"
_UNTIL_ISSUED = {
    "report": "诊断报告：尚未定稿发布",
    "filing": f"{FILING_TITLE}：报告定稿发布后生成",
}


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
                case "records":
                    yield from self._records(folder)
                case "supplement":
                    yield from self._supplement(folder)
                case "filing":
                    yield from self._filing(folder)
                case "case":
                    yield from self._case(folder)

    @cached_property
    def forms(self) -> FormsSent:
        """Return what knows the forms of the pack."""
        return FormsSent(self.case, self.plan, self.pack, self.position, self.records)

    @cached_property
    def records(self) -> Records:
        """Return what knows to which rows of the ledger things belong."""
        return Records(self.case, self.plan)

    @property
    def is_issued(self) -> bool:
        """Tell whether there is a report that may leave."""
        return bool(self._issued())

    def absent(self) -> list[str]:
        """Return what would be in the pack if the report were issued."""
        takes = {folder.takes for folder in self.pack.folders}
        wanted = [words for what, words in _UNTIL_ISSUED.items() if what in takes]
        return [] if self.is_issued else wanted

    def left_out(self) -> list[LeftOut]:
        """Return the rows that stay, each once, in the order of the annexes, and what else does."""
        rows = [
            LeftOut(item.table.label, item.number, reason, self._record_of(item))
            for item in naming_files(self.case)
            if item.path.rpartition(".")[0] in self._tables and (reason := self._stays(item))
        ]
        return [*rows, *self._named_staying(), *self.forms.withheld()]

    @property
    def _tables(self) -> set[str]:
        """Return the tables whose files the pack takes."""
        tables = {folder.table for folder in self.pack.folders if folder.table is not None}
        return {*tables, self.plan.ledger.table} if self.pack.shows_records else tables

    def _record_of(self, item: Item) -> int | None:
        table = item.path.rpartition(".")[0]
        if table == self.plan.ledger.table:
            return int(item.number) if item.number.isdecimal() else None
        rows = self.records.of_place(item.file or "") or self.records.of_row(table, item.row)
        return next(iter(rows), None)

    def _named_staying(self) -> Iterator[LeftOut]:
        for number, each in self._named():
            if reason := self.records.file_stays(each.place):
                yield LeftOut(each.what, each.owner or f"附件7-2 第{number}项", reason, number)

    def _named(self) -> Iterator[tuple[int, Named]]:
        """Yield each file that only records name, once, with the row it is listed under."""
        if not self.pack.shows_records:
            return
        elsewhere = {i.file for i in naming_files(self.case) if self._is_of_table(i)}
        for number, files in self.records.named.items():
            for each in files:
                own = self.records.of_place(each.place)
                listed = number == own[0] if own else True
                if listed and each.place not in elsewhere:
                    elsewhere.add(each.place)
                    yield number, each

    def _is_of_table(self, item: Item) -> bool:
        """Tell whether a row is one of those that the pack takes by their table, or that stay."""
        table = item.path.rpartition(".")[0]
        own = table == self.plan.ledger.table
        return (table in self._tables and not own) or (own and self._stays(item) is not None)

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
        hashed = bool(place) and item.sha256 is not None
        return hashed or names_file(self.case.folder, place)

    def unfit(self) -> Iterator[Problem]:
        """Yield the files that ought to be packed and are not there, or may not be."""
        yield from self._exposed()
        places = [(place, file_stays(self.case, place)) for place, _ in self._issued()]
        for folder in self.pack.folders:
            rows = self.leaving(folder) if folder.takes == "files" else ()
            places += [(str(item.file), None) for item in rows]
        places += [(each.place, None) for each in self._leaving_records()]
        for place, reason in places:
            path = self.case.folder / place
            if reason is not None:
                yield Problem(self.case.id, place, f"不得外传（{reason}）", "可以外传的文件")
            elif ".." in path.parts or path.is_symlink() or not self._inside(place):
                found = "在企业文件夹之外，或是符号链接"
                yield Problem(self.case.id, place, found, "企业文件夹内的文件")
            elif not is_file(path):
                yield Problem(self.case.id, place, "文件不在", "登记时放入的文件")

    def _exposed(self) -> Iterator[Problem]:
        """Yield what the versions that the pack takes show although it may no longer leave."""
        for row in self._versions:
            for number, why in exposed(self.case, row):
                found = f"报告 {row.get('version')} 发布之后，{number} 不得外传（{why}）"
                yield Problem(self.case.id, number, found, _CORRECT)

    def _inside(self, place: str) -> bool:
        return leads_inside(self.case.folder, place)

    def _issued(self) -> list[tuple[str, str]]:
        """Return the places of the files of the versions that the pack takes, with the version."""
        issues = self.plan.issues
        return [
            (str(each), str(row.get(issues.version) or ""))
            for row in self._versions
            for each in row.get(issues.files) or []
        ]

    @property
    def _versions(self) -> list[Mapping[str, Any]]:
        """Return the rows of the issued versions that the pack takes."""
        rows = get(self.case.data, self.plan.issues.table) or []
        return list(rows if any(folder.every for folder in self.pack.folders) else rows[-1:])

    def _report(self, folder: Folder) -> Iterator[Entry]:
        for place, version in self._issued():
            path = self.case.folder / place
            title = f"诊断报告 {version}（{path.suffix.lstrip('.')}）"
            name = fit_name(path.stem, path.suffix)
            inside = f"{fit_name(version, '')}/{name}" if folder.every else name
            known, rows = self._brought_in.get(place), self.records.of_report
            where = f"{folder.name}/{inside}"
            yield Entry(where, title, version, path, known, place=place, records=rows)

    def _filing(self, folder: Folder) -> Iterator[Entry]:
        """Yield the values to file: none before the report that they are of is issued."""
        if self.is_issued:
            path, content = f"{folder.name}/{FILING}", filing_table(self.case)
            yield Entry(path, FILING_TITLE, "", content, records=self.records.of_filing)

    def _case(self, folder: Folder) -> Iterator[Entry]:
        """Yield the case as others may read it, and which entries its journal has."""
        copy = case_copy(self.case, self.plan)
        yield Entry(f"{folder.name}/case.yaml", "案卷内容（隐去涉密内容）", "", copy)
        digest = journal_digest(self.case, self.position)
        yield Entry(f"{folder.name}/流水摘要.csv", "操作日志摘要（不含内容）", "", digest)

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
            yield Entry(
                path=path,
                title=title,
                number=item.number,
                content=place,
                sha256=item.sha256,
                row=item.row,
                table=str(folder.table),
                place=str(item.file),
                records=self.records.of_place(str(item.file)),
            )

    def _records(self, folder: Folder) -> Iterator[Entry]:
        ledger = self.plan.ledger
        for number, each in ((n, f) for n, f in self._named() if f in self._leaving_records()):
            path = self.case.folder / each.place
            title = f"{each.what}（{each.owner}）" if each.owner else each.what
            own = self.records.rows.get(number, {})
            yield Entry(
                path=f"{folder.name}/{fit_name(f'{number:02d}_{title}', path.suffix)}",
                title=title,
                number=str(number),
                content=path,
                sha256=self._brought_in.get(each.place),
                row=own if own.get("file") == each.place else {},
                table=ledger.table,
                place=each.place,
                records=self.records.of_place(each.place),
            )

    def _leaving_records(self) -> list[Named]:
        return [each for _, each in self._named() if not self.records.file_stays(each.place)]

    def leaving(self, folder: Folder) -> Iterator[Item]:
        """Yield the rows of a folder's table that may leave and name a file of the case."""
        for item in naming_files(self.case):
            counts = all(item.row.get(key) in codes for key, codes in folder.where.items())
            of_table = item.path.rpartition(".")[0] == folder.table
            if of_table and counts and self._names_file(item) and not self._stays(item):
                yield item
