"""How a pack is noted in its case: the list of what was packed, and the entry in the exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dxkit.case import Case
from dxkit.case.paths_in_data import get
from dxkit.evidence.kept import table_at
from dxkit.evidence.secrecy import row_stays
from dxkit.forms.stamping import contains
from dxkit.handover.entries import Entry, LeftOut
from dxkit.handover.manifest import Listed
from dxkit.handover.zipping import File
from dxkit.models.handover import HandoverPlan, Ledger, Pack

FACES = "faces"
_LONGEST = 200


def items_of(
    case: Case, plan: HandoverPlan, pack: Pack, files: Sequence[File], left_out: Sequence[LeftOut]
) -> list[dict[str, Any]]:
    """Return the list that goes with a pack: what is in it, what goes on paper, what stays.

    It follows the rows of the ledger; what belongs to none comes last.
    """
    packed = [_packed(entry, listed, plan) for entry, listed in files]
    beside = [_on_paper(row, plan.ledger) for row in _papers(case, plan.ledger, pack, files)]
    kept_back = [_kept_back(each) for each in left_out]
    rows = sorted([*packed, *beside, *kept_back], key=_place)
    return [{"seq": seq, **row} for seq, row in enumerate(rows, start=1)]


def _place(row: Mapping[str, Any]) -> tuple[bool, int]:
    number = row.get("ledger_seq")
    return number is None, int(number or 0)


def _kept_back(each: LeftOut) -> dict[str, Any]:
    told = {
        "title": f"{each.table} {each.number}"[:_LONGEST],
        "ledger_seq": each.record,
        "excluded": True,
        "exclusion_reason": each.reason[:_LONGEST],
    }
    return {key: value for key, value in told.items() if value is not None}


def _papers(
    case: Case, ledger: Ledger, pack: Pack, files: Sequence[File]
) -> Iterator[Mapping[str, Any]]:
    """Yield the records that are handed in on paper: those whose own file is not in the pack."""
    table = table_at(case.definitions, ledger.table)
    packed = {entry.place for entry, _ in files if entry.place}
    for row in get(case.data, ledger.table) or []:
        listed = row.get("file") in packed or row_stays(table, row)
        if not listed and goes_on_paper(row, ledger, pack):
            yield row


def goes_on_paper(row: Mapping[str, Any], ledger: Ledger, pack: Pack) -> bool:
    """Tell whether a record was made and is noted as handed to the recipient of a pack."""
    return is_formed(row, ledger) and pack.recipient in (row.get(ledger.sent_to) or [])


def is_formed(row: Mapping[str, Any], ledger: Ledger) -> bool:
    """Tell whether the ledger says that a record was made."""
    return row.get(ledger.state) not in (None, *ledger.unformed)


def _on_paper(row: Mapping[str, Any], ledger: Ledger) -> dict[str, Any]:
    told = {
        "title": str(row.get(ledger.title))[:_LONGEST],
        "ledger_seq": row.get(ledger.number),
        "copies": row.get(ledger.copies),
        "medium": ["paper"],
        "excluded": False,
    }
    return {key: value for key, value in told.items() if value is not None}


def _packed(entry: Entry, listed: Listed, plan: HandoverPlan) -> dict[str, Any]:
    suffix = entry.path.rpartition(".")[2]
    told = {
        "title": f"{entry.title}（{suffix}）"[:_LONGEST] if entry.annex else entry.title[:_LONGEST],
        "medium": ["electronic"],
        "excluded": False,
        "sha256": listed.sha256,
    }
    told["ledger_seq"] = next(iter(entry.records), None)
    if entry.table == plan.ledger.table:
        told["copies"] = entry.row.get(plan.ledger.copies)
    return {key: value for key, value in told.items() if value is not None}


def export_of(
    case: Case, pack: Pack, entries: Sequence[Entry], journal_n: int, kind: str, who: str
) -> dict[str, Any]:
    """Return the row that says that a pack was made, by whom, what for and what it holds."""
    told = {
        "at": datetime.now().isoformat(sep=" ", timespec="minutes"),
        "who": who,
        "annex": pack.title,
        "format": kind,
        "purpose": pack.label,
        "journal_n": journal_n,
    }
    held = list(_held(case, entries))
    return {**told, "contains": held} if held else told


def _held(case: Case, entries: Sequence[Entry]) -> Iterator[str]:
    annexes = {entry.annex for entry in entries if entry.annex}
    if any("phones" in contains(case, case.definitions.annexes[each], False) for each in annexes):
        yield "phones"
    if any(entry.row.get(FACES) for entry in entries):
        yield "faces"
