"""The filled forms that go into a pack, each under a number of its own, and those left empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from dxkit.case import Case
from dxkit.forms.returned import Stamp
from dxkit.forms.secret_masks import masked
from dxkit.forms.stamping import Sending, export_row, numbers_for
from dxkit.handover.documents import form_file
from dxkit.handover.entries import Entry, LeftOut, Position, fit_name
from dxkit.handover.records import Records
from dxkit.models.annex import Annex
from dxkit.models.handover import Folder, FormFormat, HandoverPlan, Pack


@dataclass(frozen=True)
class Sent:
    """A form as one file of the pack."""

    folder: str
    annex: Annex
    format: FormFormat
    number: str


@dataclass(frozen=True)
class FormsSent:
    """Knows which forms of a case a pack holds, and writes them."""

    case: Case
    plan: HandoverPlan
    pack: Pack
    position: Position
    records: Records

    @cached_property
    def all(self) -> list[Sent]:
        """Return every form that goes out, in the order of the folders, with its number."""
        kinds = [
            (folder.name, self.case.definitions.annexes[annex_id], kind)
            for folder, annex_id in self._named()
            if self._is_filled(annex_id) and not self.records.form_stays(annex_id)
            for kind in folder.formats
        ]
        numbers = numbers_for(self.case, self.case.data, [annex for _, annex, _ in kinds])
        return [Sent(*each, number) for each, number in zip(kinds, numbers, strict=True)]

    def unfilled(self) -> list[str]:
        """Return the forms that would go out if anything stood in them, each by mark and title."""
        empty = (annex_id for _, annex_id in self._named() if not self._is_filled(annex_id))
        annexes = (self.case.definitions.annexes[annex_id] for annex_id in dict.fromkeys(empty))
        return [f"{annex.mark} {annex.title}" for annex in annexes]

    def withheld(self) -> list[LeftOut]:
        """Return the forms whose rows in the ledger say that they are not handed in."""
        annexes = self.case.definitions.annexes
        named = dict.fromkeys(annex_id for _, annex_id in self._named())
        return [
            LeftOut("附件7-2", annexes[each].mark, reason)
            for each in named
            if self._is_filled(each) and (reason := self.records.form_stays(each))
        ]

    def entries(self, folder: Folder) -> Iterator[Entry]:
        """Yield the forms of a folder without the one that lists what was packed."""
        for sent in self.all:
            if sent.folder == folder.name and sent.annex.id != self._lister:
                yield self._entry(sent, self.case)

    def listing(self, items: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
        """Yield the form that lists what was packed, with the list that is about to be kept."""
        key = (self.pack.items or "").partition(".")[2]
        answers = {**self.case.annex(self._lister), key: list(items)}
        listed = replace(self.case, data={**self.case.data, self._lister: answers})
        yield from (self._entry(sent, listed) for sent in self.all if sent.annex.id == self._lister)

    def exports(self, who: str) -> list[dict[str, Any]]:
        """Return what the case's record of exports says of these forms."""
        return [
            export_row(
                self.case,
                sent.annex,
                sent.number,
                Sending([sent.annex], sent.format, False, self.pack.label, who),
                self.position.n,
            )
            for sent in self.all
        ]

    @property
    def _lister(self) -> str:
        return (self.pack.items or "").partition(".")[0]

    def _named(self) -> Iterator[tuple[Folder, str]]:
        for folder in self.pack.folders:
            yield from ((folder, annex_id) for annex_id in folder.forms)

    def _is_filled(self, annex_id: str) -> bool:
        return annex_id == self._lister or bool(self.case.annex(annex_id))

    def _entry(self, sent: Sent, case: Case) -> Entry:
        annex, at = sent.annex, self.position
        stamp = Stamp(case.id, annex.id, sent.number, at.n, at.hash[:12], annex.edition, False)
        content = form_file(masked(case), annex, sent.format, stamp, at.at)
        name = fit_name(f"{annex.mark}_{annex.title}", f".{sent.format}")
        title = f"{annex.mark} {annex.title}"
        path, rows = f"{sent.folder}/{name}", self.records.of_form(annex.id)
        return Entry(path, title, sent.number, content, annex=annex.id, records=rows)
