"""A list that its recipient signed for is never touched: a further one begins a new record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dxkit.case import Case, Change, NewFile, journal
from dxkit.case.course import closed_forms
from dxkit.case.paths_in_data import get
from dxkit.case.storage import sha256
from dxkit.errors import HandoverError, Problem
from dxkit.evidence.kept import FILE, HASH, table_at
from dxkit.forms.returned import Stamp
from dxkit.handover.documents import form_file
from dxkit.models.handover import Pack, Receipt

FOLDER = "submissions"
MOST_NAMED = 5
AS_IT_WAS = (
    "原来的包原样再交一次；内容确须更正的，先办理更正（dxkit advance --correct 理由），再重新报送"
)


@dataclass(frozen=True)
class Renewal:
    """What a further list changes in the case before it is written, and the file it keeps."""

    case: Case
    """The case as the further list finds it."""
    changes: tuple[Change, ...] = ()
    files: tuple[NewFile, ...] = ()


def renewal(case: Case, pack: Pack, again: bool) -> Renewal:
    """Return what a further pack for a recipient needs; nothing while nobody signed for the last.

    Raises:
        HandoverError: if the list was signed for and nobody said that it is a further one, or the
            case is closed.
    """
    receipt = pack.receipt
    if receipt is None or get(case.data, receipt.received) is None:
        return Renewal(case)
    found = f"已于{get(case.data, receipt.received)}收到回执，原清单不再改动"
    if closed := closed_forms(case.data, case.definitions).get(_form(receipt.received)):
        raise HandoverError(Problem(case.id, pack.label, f"{found}（{closed}）", AS_IT_WAS))
    if not again:
        raise HandoverError(Problem(case.id, pack.label, found, "确需再次报送的，加 --again"))
    return _renewed(case, receipt)


def refuse_closed_list(case: Case, pack: Pack, items: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a pack whose list would have to be written where the course has closed it.

    Raises:
        HandoverError: naming what the list that stands there does not hold, or holds otherwise.
    """
    if pack.items is None:
        return
    closed = closed_forms(case.data, case.definitions).get(_form(pack.items))
    stands = get(case.data, pack.items) or []
    if closed is None or stands == items:
        return
    mark = case.definitions.annexes[_form(pack.items)].mark
    others = [str(row.get("title")) for row in items if row not in stands]
    gone = [str(row.get("title")) for row in stands if row not in items]
    names = list(dict.fromkeys([*others, *gone]))
    more = f"等{len(names)}项" if len(names) > MOST_NAMED else ""
    found = f"{closed}，{mark}的清单与这次的内容不同：{'、'.join(names[:MOST_NAMED])}{more}"
    raise HandoverError(Problem(case.id, pack.label, found, AS_IT_WAS))


def _form(path: str) -> str:
    return path.partition(".")[0]


def _renewed(case: Case, receipt: Receipt) -> Renewal:
    annex_id = _form(receipt.earlier)
    rows = get(case.data, receipt.earlier) or []
    number = len(rows) + 1
    content = _as_signed(case, annex_id)
    annex = case.definitions.annexes[annex_id]
    place = f"{FOLDER}/{annex.mark}_{number:02d}.docx"
    kept = _kept(case, receipt, annex_id) | {FILE: place, HASH: sha256(content)}
    first = table_at(case.definitions, receipt.earlier).columns[0].key
    changes = [Change(f"{receipt.earlier}.+", {first: f"第{number}次", **kept})]
    answers = case.annex(annex_id)
    cleared = [each for each in receipt.renewed if answers.get(each) is not None]
    changes += [Change(f"{annex_id}.{each}", None) for each in cleared]
    left = {key: value for key, value in answers.items() if key not in cleared}
    after = replace(case, data={**case.data, annex_id: left})
    return Renewal(after, tuple(changes), (NewFile(place, content, sha256(content)),))


def _kept(case: Case, receipt: Receipt, annex_id: str) -> dict[str, Any]:
    columns = {column.key for column in table_at(case.definitions, receipt.earlier).columns}
    answers = case.annex(annex_id).items()
    return {key: value for key, value in answers if key in columns and value is not None}


def _as_signed(case: Case, annex_id: str) -> bytes:
    """Return the form as it stands, stamped with where the journal now ends."""
    annex, last = case.definitions.annexes[annex_id], journal.last(case.folder)
    n, hash_, at = (last.n, last.hash, last.at) if last else (0, "", "")
    stamp = Stamp(case.id, annex_id, "", n, hash_[:12], annex.edition, False)
    return form_file(case, annex, "docx", stamp, at)
