"""Whether the regional view groups by fields that the forms have, and crosses what it groups by."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.files import Files
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import Field, FieldType
from dxkit.models.regional import Dimension, Mark, Regional

_TYPES = {
    "region": (FieldType.REGION,),
    "section": (FieldType.INDUSTRY,),
    "division": (FieldType.INDUSTRY,),
    "size": (FieldType.CHOICE,),
    "choice": (FieldType.CHOICE,),
}
_MARKS = (FieldType.YES_NO, FieldType.CHOICES)
_YEARS = (FieldType.YEAR, FieldType.TABLE)


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every field that is not there or of another type, and every crossing of nothing."""
    for file, regional in files.of(Regional).items():
        yield from repeated(file, "dimensions.id", (each.id for each in regional.dimensions))
        yield from _own_fields(file, regional, files)
        for each in regional.dimensions:
            yield from _dimension(file, each, files)
        known = {each.id for each in regional.dimensions}
        for pair in regional.crossings:
            for dangling in sorted({*pair} - known):
                yield Problem(file, "crossings", dangling, "、".join(sorted(known)) + " 之一")


def _own_fields(file: str, regional: Regional, files: Files) -> Iterator[Problem]:
    credit_code = (FieldType.CREDIT_CODE,)
    yield from _field(file, "credit_code", regional.credit_code, credit_code, files)
    yield from _field(file, "figures", regional.figures, (FieldType.TABLE,), files)
    yield from _field(file, "causes", regional.causes, (FieldType.TABLE,), files)
    yield from _causes(file, regional.causes, files)
    for path in regional.years:
        yield from _field(file, "years", path, _YEARS, files)


def _causes(file: str, path: str, files: Files) -> Iterator[Problem]:
    found = _found(path, files)
    columns = {each.key: each.type for each in found.columns} if found is not None else {}
    wanted = {"indicator": FieldType.INDICATORS, "cause": FieldType.CHOICE}
    if columns and not wanted.items() <= columns.items():
        expected = "含 indicator（指标）、cause（选项）两列的明细表"
        yield Problem(file, "causes", path, expected)


def _dimension(file: str, dimension: Dimension, files: Files) -> Iterator[Problem]:
    place = f"dimensions“{dimension.name}”"
    if dimension.field is not None:
        types = _TYPES.get(dimension.by, ())
        yield from _field(file, f"{place}.field", dimension.field, types, files)
    yield from repeated(file, f"{place}.marks.code", (each.code for each in dimension.marks))
    for mark in dimension.marks:
        yield from _mark(file, f"{place}.marks“{mark.name}”", mark, files)


def _mark(file: str, place: str, mark: Mark, files: Files) -> Iterator[Problem]:
    yield from _field(file, f"{place}.field", mark.field, _MARKS, files)
    found = _found(mark.field, files)
    if found is None or found.type not in _MARKS:
        return
    codes = [choice.code for choice in found.choices]
    if found.type is FieldType.CHOICES and mark.has not in codes:
        yield Problem(file, f"{place}.has", str(mark.has or "没有写"), "、".join(codes) + " 之一")
    if found.type is FieldType.YES_NO and mark.has is not None:
        yield Problem(file, f"{place}.has", mark.has, "是非题不写 has")


def _field(
    file: str, place: str, path: str, types: tuple[FieldType, ...], files: Files
) -> Iterator[Problem]:
    annex_id = path.partition(".")[0]
    if files.annex(annex_id) is None and f"annexes/{annex_id}.yaml" in files.unread:
        return
    found = _found(path, files)
    if found is None or found.type not in types:
        expected = "、".join(each.value for each in types)
        yield Problem(file, place, path, f"表单中类型为 {expected} 的字段")


def _found(path: str, files: Files) -> Field | None:
    annex_id, _, key = path.partition(".")
    annex = files.annex(annex_id)
    fields = annex.fields if annex is not None else ()
    return next((each for each in fields if each.key == key), None)
