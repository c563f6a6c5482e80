"""Papers that a row of a form names, such as the signed sheet of a meeting: kept and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxkit.case import Case, Change, NewFile, writing
from dxkit.definitions import Definitions, load
from dxkit.errors import EvidenceError, Problem
from dxkit.evidence.files import Progress, clean_name, examine
from dxkit.evidence.kept import FOLDER, items
from dxkit.models.annex import Annex, Field


@dataclass(frozen=True)
class Kind:
    """A kind of paper: what it is called, and the column in which a row names its file."""

    name: str
    annex: Annex
    table: Field
    column: Field

    @property
    def rows(self) -> str:
        """Return where the rows stand that may name such a paper."""
        return f"{self.annex.id}.{self.table.key}"

    @property
    def called_by(self) -> Field:
        """Return the column by which a row is called."""
        return self.table.columns[0]


def kinds(definitions: Definitions) -> dict[str, Kind]:
    """Return the kinds of papers by name, in the order of the annexes."""
    found = (
        Kind(column.filed_as, annex, table, column)
        for annex in definitions.annexes.values()
        for table in annex.fields
        for column in table.columns
        if column.filed_as
    )
    return {kind.name: kind for kind in found}


def kind_called(name: str, definitions: Definitions) -> Kind:
    """Return a kind of paper by its name.

    Raises:
        EvidenceError: there is none, naming those there are.
    """
    known = kinds(definitions)
    if name not in known:
        raise EvidenceError(Problem(name, "", "没有这种材料", f"{'、'.join(known)} 之一"))
    return known[name]


def keep(
    folder: Path | str,
    paper: tuple[str, str, Path],
    who: str,
    again: bool = False,
    progress: Progress | None = None,
) -> str:
    """Keep a paper as a file of the case and name it in its row; return its place.

    Args:
        folder: the case, by id or path.
        paper: its kind, how its row is called, and the file.
        who: whom the journal names.
        again: keep it although a registered file has the same bytes.
        progress: called with the number of bytes read since the last call.

    Raises:
        EvidenceError: the file may not come in, there is no such row, or it names a file already.
        CaseError: if the form takes no such file; nothing is written.
    """
    definitions = load()
    name, number, path = paper
    kind = kind_called(name, definitions)
    (examined,) = examine([path], progress)
    with writing(folder, who, definitions) as writer:
        case = Case(writer.folder, writer.data, definitions, writer.content.digest)
        position, row = _found(case, kind, number)
        _refuse_second(case, kind, row, number)
        same = next((each.number for each in items(case) if each.sha256 == examined.sha256), None)
        if same and not again:
            expected = "另一份文件；确需再放一次的加 --again"
            raise EvidenceError(Problem(str(path), "", f"内容与已登记的 {same} 相同", expected))
        place = f"{FOLDER}/{clean_name(f'{number}_{name}_{path.name}')}"
        target = f"{kind.rows}.{position}.{kind.column.key}"
        change = Change(target, place, row.get(kind.column.key))
        writer.apply([change], [NewFile(place, path, examined.sha256)])
    return place


def _found(case: Case, kind: Kind, number: str) -> tuple[int, Mapping[str, Any]]:
    """Return the only row that is called so."""
    rows = case.annex(kind.annex.id).get(kind.table.key) or []
    key = kind.called_by.key
    found = [(n, row) for n, row in enumerate(rows, start=1) if str(row.get(key) or "") == number]
    if len(found) == 1:
        return found[0]
    where = f"{kind.annex.mark} {kind.table.label}"
    known = "、".join(str(row.get(key) or "") for row in rows) or "先在表中登记这一行"
    said = f"有 {len(found)} 行的{kind.called_by.label}是这一个" if found else "没有这一行"
    raise EvidenceError(Problem(where, number, said, known))


def _refuse_second(case: Case, kind: Kind, row: Mapping[str, Any], number: str) -> None:
    """Refuse to lose sight of a file that a row names; words about paper may be written over."""
    told = str(row.get(kind.column.key) or "")
    if told.startswith(f"{FOLDER}/") and (case.folder / told).is_file():
        where = f"{kind.annex.mark} {kind.table.label} {number}"
        expected = f"一行一份，几页合成一个文件；确需替换的，先清空“{kind.column.label}”一栏"
        raise EvidenceError(Problem(where, kind.column.label, f"已有 {told}", expected))
