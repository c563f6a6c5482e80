"""Where a case says that it belongs: its enterprise, year, groups and marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case import Case
from dxkit.cohort.groups import causes_in, groups_of
from dxkit.cohort.table import NO_YEAR, NOT_TOLD
from dxkit.diagnosis.records import size_of
from dxkit.models.regional import Dimension, Mark


def key_of(case: Case) -> str:
    """Return what names the enterprise over the years: its credit code, else nothing."""
    return str(_told(case, case.definitions.regional.credit_code) or "").strip().upper()


def year_of(case: Case) -> int:
    """Return the year that a case tells of; `NO_YEAR` if it does not say."""
    for path in case.definitions.regional.years:
        told = _told(case, path)
        years = [row.get("year") for row in told] if isinstance(told, list) else [told]
        if known := [int(year) for year in years if year]:
            return max(known)
    return NO_YEAR


def places_of(case: Case) -> dict[str, int]:
    """Return the place of the case's group in every dimension of one group a row."""
    return {
        each.id: _place(each, case)
        for each in case.definitions.regional.dimensions
        if each.by not in ("marks", "year")
    }


def marks_of(case: Case) -> dict[str, int]:
    """Return for every mark whether the case bears it: 1, 0 or `NOT_TOLD`."""
    return {
        mark.code: _bears(mark, _told(case, mark.field))
        for each in case.definitions.regional.dimensions
        for mark in each.marks
    }


def causes_of(case: Case) -> dict[str, int]:
    """Return by indicator why it is not as the year before; the first that is told of each."""
    codes = [each.code for each in causes_in(case.definitions)]
    told: dict[str, int] = {}
    for row in _told(case, case.definitions.regional.causes) or []:
        named = row.get("indicator")
        for indicator in named if isinstance(named, list) else [named]:
            if row.get("cause") in codes:
                told.setdefault(str(indicator), codes.index(row["cause"]))
    return told


def _place(each: Dimension, case: Case) -> int:
    codes = [group.code for group in groups_of(each, case.definitions)]
    told = _told(case, str(each.field))
    if each.by == "size":
        told = _size(case) or told
    if each.by == "section":
        divisions = case.definitions.industries.divisions
        told = next((one.section for one in divisions if one.code == told), None)
    return codes.index(told) if told in codes else NOT_TOLD


def _size(case: Case) -> str | None:
    """Return the size class that staff and revenue of the last year give; None if one lacks."""
    rows = _told(case, case.definitions.regional.figures) or []
    last: Mapping[str, Any] = max(
        (row for row in rows if row.get("year")), key=lambda row: int(row["year"]), default={}
    )
    staff, revenue = last.get("staff"), last.get("revenue")
    if staff is None or revenue is None:
        return None
    return size_of(int(staff), float(revenue), case.definitions).code


def _bears(mark: Mark, told: Any) -> int:
    if told is None or told == []:
        return NOT_TOLD
    return int(bool(told)) if mark.has is None else int(mark.has in told)


def _told(case: Case, path: str) -> Any:
    annex, _, key = path.partition(".")
    return case.annex(annex).get(key)
