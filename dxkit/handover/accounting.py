"""How each row of the service ledger stands in a pack: its files, its paper, or what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dxkit.handover.contents import Gatherer
from dxkit.handover.entries import Entry
from dxkit.handover.listing import goes_on_paper, is_formed
from dxkit.models.handover import Record

MISSING = "缺"


@dataclass(frozen=True)
class Account:
    """A row of the ledger as a pack has it."""

    number: int
    title: str
    needed: bool
    paths: tuple[str, ...]
    """The files of the pack that belong to it."""
    on_paper: bool
    """Whether it is handed over on paper as well."""
    lacking: tuple[str, ...]
    """What belongs to it and is neither in the pack nor handed over on paper."""
    withheld: str = ""
    kept: str = ""
    """What the ledger says of the paper that is not handed over."""

    @property
    def words(self) -> str:
        """Return how it stands, without the files."""
        if self.withheld:
            return f"不列入：{self.withheld}"
        lacking = f"未附：{'、'.join(self.lacking)}" if self.lacking else ""
        if not self.paths and not self.on_paper:
            lacking = MISSING
        kept = f"案卷登记：{self.kept}" if self.kept else ""
        paper = "纸质件随同移交" if self.on_paper else ""
        return "；".join(each for each in (paper, lacking, kept) if each)

    @property
    def is_short(self) -> bool:
        """Tell whether a needed record is missing, in whole or in part."""
        nothing = not self.paths and not self.on_paper
        return self.needed and not self.withheld and (nothing or bool(self.lacking))


def accounts(gatherer: Gatherer, entries: Sequence[Entry]) -> list[Account]:
    """Return every row of the ledger as it stands in a pack; none where the pack shows none."""
    if not gatherer.pack.shows_records:
        return []
    rows = dict(gatherer.records.rows)
    seeds = {each.seq: each for each in gatherer.case.definitions.seeds.service_records}
    ledger = gatherer.plan.ledger
    for number, seed in seeds.items():
        rows.setdefault(number, {ledger.title: seed.title, ledger.needed: seed.needed})
    return [_account(gatherer, entries, number, rows[number]) for number in sorted(rows)]


def _account(
    gatherer: Gatherer, entries: Sequence[Entry], number: int, row: Mapping[str, Any]
) -> Account:
    ledger, records = gatherer.plan.ledger, gatherer.records
    own = [entry for entry in entries if number in entry.records]
    on_paper = goes_on_paper(row, ledger, gatherer.pack)
    here = {entry.place for entry in own}
    said = str(row.get("file") or "")
    kept = said if is_formed(row, ledger) and not on_paper and said not in here else ""
    is_file = any(each.place == said for each in records.named.get(number, ()))
    record = next((each for each in gatherer.plan.records if each.number == number), None)
    lacking = tuple(_lacking(gatherer, record, own)) if record and not on_paper else ()
    return Account(
        number=number,
        title=str(row.get(ledger.title) or ""),
        needed=bool(row.get(ledger.needed)),
        paths=tuple(entry.path for entry in own),
        on_paper=on_paper,
        lacking=lacking,
        withheld=records.withheld(number) or "",
        kept="" if is_file else kept,
    )


def _lacking(gatherer: Gatherer, record: Record, own: Sequence[Entry]) -> Iterator[str]:
    """Yield what the record is made of and the pack has nothing of."""
    places = {entry.place for entry in own}
    if record.report and not gatherer.is_issued:
        yield "诊断报告"
    for annex_id in record.forms:
        if all(entry.annex != annex_id for entry in own):
            yield gatherer.case.definitions.annexes[annex_id].mark
    for naming in record.files:
        found = {each.place for each in gatherer.records.files_at(naming)}
        if not naming.optional and not found & places:
            yield naming.what
