"""What annex fields must satisfy: unique keys, choices where one chooses, known references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dxkit.definitions.conditions_fit import tree_problems
from dxkit.definitions.files import Files
from dxkit.errors import Problem
from dxkit.models.annex import (
    CHOOSING,
    NUMERIC,
    Annex,
    Field,
    FieldType,
    GridTally,
    Tally,
)


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every problem inside and between the annexes."""
    seen: dict[str, str] = {}
    for file, annex in files.annexes.items():
        if annex.id in seen:
            yield Problem(file, "id", f"{annex.id}，与 {seen[annex.id]} 相同", "每张表各不相同")
        seen.setdefault(annex.id, file)
        if not file.endswith(f"/{annex.id}.yaml"):
            yield Problem(file, "id", annex.id, f"文件名与标识一致：annexes/{annex.id}.yaml")
        yield from _fields(file, annex)


def _fields(file: str, annex: Annex) -> Iterator[Problem]:
    yield from _same_key(file, "", [key for key, _ in annex.questions()])
    known = {key: field.type for key, field in annex.questions()}
    tables = {field.key: field for field in annex.fields if field.columns}
    for field in annex.fields:
        yield from _shape(file, field.key, field)
        for column in field.columns:
            yield from _shape(file, f"{field.key}.{column.key}", column)
        yield from _same_key(file, field.key, [column.key for column in field.columns])
        yield from _references(file, field, known)
        yield from _tally(file, field, tables)
        yield from _conditions(file, annex, field)


def _same_key(file: str, place: str, keys: Sequence[str]) -> Iterator[Problem]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Problem(file, f"{place}.{key}".strip("."), "键重复出现", "每个字段的键各不相同")


def _shape(file: str, place: str, field: Field) -> Iterator[Problem]:
    codes = [choice.code for choice in (*field.choices, *field.rows)]
    if field.type in CHOOSING and not field.choices:
        yield Problem(file, place, "没有 choices", "选择类字段须列出选项")
    if field.choices and field.type not in CHOOSING:
        yield Problem(file, place, f"{field.type} 类字段有 choices", "只有选择类字段有选项")
    if len(set(codes)) < len(codes):
        yield Problem(file, place, "选项代码重复", "每个选项的代码各不相同")
    if (field.type in (FieldType.TABLE, FieldType.GRID)) != bool(field.columns):
        yield Problem(file, place, f"{field.type}", "table 和 grid 须有 columns，其他类型不能有")
    if (field.type is FieldType.GRID) != bool(field.rows):
        yield Problem(file, place, f"{field.type}", "grid 须有 rows，其他类型不能有")


def _references(file: str, field: Field, known: dict[str, FieldType]) -> Iterator[Problem]:
    for name, key in (("at_most", field.at_most), ("at_least", field.at_least)):
        if key and key not in known:
            yield Problem(file, f"{field.key}.{name}", key, "本表中已有的字段")
        elif key and (known[key] not in NUMERIC) != (field.type not in NUMERIC):
            yield Problem(file, f"{field.key}.{name}", key, "同类的字段：数字比数字，日期比日期")


def _tally(file: str, field: Field, tables: dict[str, Field]) -> Iterator[Problem]:
    if field.tally is not None:
        yield from tally_problems(file, f"{field.key}.tally", field.tally, tables)


def tally_problems(
    file: str, place: str, tally: Tally | GridTally, tables: dict[str, Field]
) -> Iterator[Problem]:
    """Yield what a tally names that the repeating tables or grids do not have."""
    if isinstance(tally, GridTally):
        if not any(_has_column(each, tally.grid) for each in tables.values()):
            yield Problem(file, f"{place}.grid", tally.grid, "本表中 grid 的一列")
        return
    if tally.table not in tables:
        yield Problem(file, f"{place}.table", tally.table, "本表中的一张明细表")
        return
    columns = {column.key for column in tables[tally.table].columns}
    for key in {*tally.where, *([tally.sum] if tally.sum else [])} - columns:
        yield Problem(file, place, key, f"{tally.table} 的一列")


def _has_column(field: Field, key: str) -> bool:
    return field.type is FieldType.GRID and any(column.key == key for column in field.columns)


def _conditions(file: str, annex: Annex, field: Field) -> Iterator[Problem]:
    questions = dict(annex.questions())
    for name in ("required_if", "shown_if"):
        condition = getattr(field, name)
        if condition is not None:
            yield from tree_problems(file, f"{field.key}.{name}", condition, questions, {}, annex)
