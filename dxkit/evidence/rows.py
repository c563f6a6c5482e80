"""What a new row of the ledger or of the photo log says, from what was told and what is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.errors import EvidenceError, Problem
from dxkit.evidence.kept import table_at
from dxkit.evidence.photographs import Picture
from dxkit.evidence.places import forbidden_places
from dxkit.models.annex import Field
from dxkit.models.seeds import Material

LEDGER, PHOTOS = "annex_7.evidence", "aux_4.photos"
AWAITING_REVIEW = "pending"
ELECTRONIC, PHOTOGRAPH = "electronic", "photo"

Cells = dict[str, Any]


def ledger_cells(definitions: Definitions, item: str, told: Mapping[str, Any]) -> Cells:
    """Return a ledger row for a material such as C001, or a category such as C, without its file.

    Raises:
        EvidenceError: there is no such material and no such category.
    """
    table = table_at(definitions, LEDGER)
    known = {material.item: material for material in definitions.seeds.materials}
    categories = [choice.code for choice in _column(table, "category").choices]
    if item in known:
        cells = _of_material(known[item])
    elif item in categories:
        cells = {"category": item}
    else:
        near = [code for code in known if code[:1] == item[:1]] or list(known)
        expected = f"材料清单号 {'、'.join(near)}，或清单外材料的类别 {'、'.join(categories)}"
        raise EvidenceError(Problem(table.label, item, "没有这项材料", expected))
    given = {"form": ELECTRONIC, "received_on": date.today().isoformat(), **_given(told)}
    return {**cells, **in_codes(table, given), "outcome": AWAITING_REVIEW}


def photo_cells(case: Case, told: Mapping[str, Any], picture: Picture | None) -> Cells:
    """Return a row of the photo log; consent and secrecy that were not told stay unknown.

    Raises:
        EvidenceError: the place may not be photographed, by the enterprise's own list.
    """
    table = table_at(case.definitions, PHOTOS)
    cells = in_codes(table, {**_seen(picture), **_given(told)})
    _refuse_forbidden(case, cells)
    caption = [
        _column(table, "node").label_of(cells["node"]) if "node" in cells else "",
        str(cells.get("place") or ""),
        str(cells.get("taken_at") or "")[:16],
    ]
    return {**cells, "caption": "-".join(part for part in caption if part) or None}


def in_codes(table: Field, told: Mapping[str, Any]) -> Cells:
    """Return cells with the codes of choices that were told by their labels."""
    columns = {column.key: column for column in table.columns}
    return {
        key: _coded(columns[key], value) if key in columns else value for key, value in told.items()
    }


def without_gaps(cells: Mapping[str, Any]) -> Cells:
    """Leave out the cells that hold nothing."""
    return {key: value for key, value in cells.items() if value is not None and value != ""}


def _given(told: Mapping[str, Any]) -> Cells:
    return without_gaps(told)


def _coded(column: Field, value: Any) -> Any:
    if isinstance(value, list):
        return [_coded(column, each) for each in value]
    return next((each.code for each in column.choices if each.label == value), value)


def _of_material(material: Material) -> Cells:
    return {
        "item": material.item,
        "category": material.category,
        "title": material.title,
        "indicators": list(material.indicators) or None,
        "supports_basics": material.supports_basics or None,
        "check_points": material.check_points,
    }


def _seen(picture: Picture | None) -> Cells:
    if picture is None:
        return {}
    keys = ("taken_at", "latitude", "longitude")
    return without_gaps({key: getattr(picture, key) for key in keys})


def _refuse_forbidden(case: Case, cells: Mapping[str, Any]) -> None:
    """Refuse a picture of a place the enterprise keeps cameras out of, unless it consented."""
    if areas := forbidden_places(case, cells):
        place = str(cells.get("place") or cells.get("subject") or "")
        found = f"企业申请表列为不可拍摄的区域：{'、'.join(areas)}"
        raise EvidenceError(Problem(place, "", found, "企业书面同意（--consent yes 或 masked）"))


def _column(table: Field, key: str) -> Field:
    return next(column for column in table.columns if column.key == key)
