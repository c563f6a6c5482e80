"""What a file that comes in proves: a row of the ledger or photo log, and an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dxkit.case import Case, Change
from dxkit.case.paths_in_data import get
from dxkit.definitions import QUESTIONS
from dxkit.errors import CaseError, DxkitError, Problem
from dxkit.evidence import Intake, Taken, add
from dxkit.evidence.kept import SECRET_FOLDER, table_at
from dxkit.evidence.papers import keep, kinds
from dxkit.evidence.rows import LEDGER, PHOTOS
from dxkit.models.annex import FieldType
from dxkit.workshop.changing import typed
from dxkit.workshop.changing.edits import refuse, value_at, with_part
from dxkit.workshop.seeing.desk import Desk
from dxkit.workshop.seeing.places import Place, find
from dxkit.workshop.seeing.receipts import APART
from dxkit.workshop.showing.concerns import indicators_of

SECRET = "secret"
_LONGEST = 200
Told = Mapping[str, Any]


def take_in(desk: Desk, path: Path, told: Told) -> dict[str, Any]:
    """Take a file into the case as what it was said to prove.

    `told` may hold `path`, an answer or a table's row with `column`, which the file proves; `item`,
    a material such as C001 or a category such as C; `photo`, cells of the photo log; `cells` of the
    ledger; `secret`; and `again` for bytes that are there already.

    Raises:
        DxkitError: if the file may not come in, in words that name it as its sender does.
    """
    try:
        place = find(told["path"], desk.access) if told.get("path") else None
        if place is not None and place.is_table and place.row is not None:
            return _paper(desk, path, place, told)
        return _evidence(desk, path, place, told)
    except DxkitError as exc:
        raise type(exc)(_as_seen(each, path) for each in exc.problems) from exc


def _evidence(desk: Desk, path: Path, place: Place | None, told: Told) -> dict[str, Any]:
    if place is not None and not place.is_table:
        refuse(desk, place)
    intake = Intake(_item(desk, place, told), _ledger(desk, place, told), _photo(desk, told))

    def beside(case: Case, taken: list[Taken]) -> list[Change]:
        return _named(desk, case, place, taken[0])

    again = told.get("again") is True
    (taken,) = add(desk.folder, [(path, intake)], desk.visitor.name, again, further=beside)
    return {
        "number": taken.numbers[0],
        "numbers": list(taken.numbers),
        "name": path.name,
        "sha256": taken.sha256,
        "notes": [*taken.notes, *([APART] if taken.file.startswith(SECRET_FOLDER) else [])],
    }


def _item(desk: Desk, place: Place | None, told: Told) -> str | None:
    """Return the material or category; of a question the first that its indicators want."""
    if told.get("item"):
        return str(told["item"])
    if isinstance(told.get("photo"), Mapping):
        return None
    if place is not None and place.annex.id == QUESTIONS:
        for indicator in indicators_of(place.field, place.path, desk.definitions):
            if indicator.evidence_categories:
                return indicator.evidence_categories[0]
    raise CaseError("请选择材料类别")


def _ledger(desk: Desk, place: Place | None, told: Told) -> dict[str, Any]:
    cells = _cells(desk, LEDGER, told.get("cells"))
    cells.setdefault("provider", desk.visitor.name if _is_of_enterprise(desk) else None)
    if told.get("secret"):
        cells["secrecy"] = SECRET
    if place is not None and place.annex.id == QUESTIONS:
        indicators = indicators_of(place.field, place.path, desk.definitions)
        cells.setdefault("indicators", [each.id for each in indicators] or None)
        cells.setdefault("questions", [place.field.no] if place.field.no else None)
    return {key: value for key, value in cells.items() if value is not None}


def _is_of_enterprise(desk: Desk) -> bool:
    return desk.visitor.role.writes == "self_reported"


def _photo(desk: Desk, told: Told) -> dict[str, Any] | None:
    if not isinstance(told.get("photo"), Mapping):
        return None
    cells = {"photographer": desk.visitor.name, **_cells(desk, PHOTOS, told["photo"])}
    return {**cells, "secrecy": SECRET} if told.get("secret") else cells


def _cells(desk: Desk, table: str, given: Any) -> dict[str, Any]:
    """Return cells of a register that a page may tell, refusing what does not fit."""
    columns = {each.key: each for each in table_at(desk.definitions, table).columns}
    cells: dict[str, Any] = {}
    for key, raw in (given if isinstance(given, Mapping) else {}).items():
        column = columns.get(key)
        if column is None or column.registered or column.required == "auto":
            raise CaseError(Problem(str(key)[:40], "", "登记时不填这一栏", ""))
        parsed = typed.read(column, raw, desk.definitions)
        if not parsed.readable:
            raise CaseError(Problem(column.label, "", parsed.found, parsed.expected))
        cells[key] = parsed.value
    return cells


def _named(desk: Desk, case: Case, place: Place | None, taken: Taken) -> list[Change]:
    """Return the change by which an answer names its proof."""
    if place is None or place.is_table:
        return []
    raw, number = get(case.data, place.path), taken.numbers[0]
    if place.is_record:
        known = value_at(raw, "evidence") or []
        after = with_part(raw, "evidence", [*known, number], desk.visitor.name)
        return [Change(place.path, after, raw)]
    if place.field.type is FieldType.EVIDENCE:
        return [Change(place.path, [*(raw or []), number], raw)]
    return []


def _paper(desk: Desk, path: Path, place: Place, told: Told) -> dict[str, Any]:
    """Keep a paper that a row names, such as the signed sheet of a meeting."""
    refuse(desk, place)
    table = f"{place.annex.id}.{place.field.key}"
    kind = next(
        (
            each
            for each in kinds(desk.definitions).values()
            if each.rows == table and told.get("column") in (None, each.column.key)
        ),
        None,
    )
    rows = desk.case.annex(place.annex.id).get(place.field.key) or []
    if kind is None or place.row is None or not 0 < place.row <= len(rows):
        raise CaseError(f"{place.field.label}：这一行没有存放文件的栏")
    name = str(rows[place.row - 1].get(kind.called_by.key) or "")
    if not name:
        raise CaseError(f"{place.field.label}：先填写这一行的{kind.called_by.label}")
    kept = keep(desk.folder, (kind.name, name, path), desk.visitor.name, told.get("again") is True)
    return {"number": name, "numbers": [name], "name": Path(kept).name, "sha256": "", "notes": []}


def _as_seen(problem: Problem, path: Path) -> Problem:
    """Leave out of a refusal where the server keeps the file, and options of the command line."""
    where = path.name if problem.where == str(path) else problem.where
    parts = [each for each in problem.expected.split("；") if "--" not in each]
    found = problem.found.replace(str(path), path.name)
    return replace(problem, where=where[:_LONGEST], found=found, expected="；".join(parts))
