"""What annex fields must satisfy: unique keys, choices where one chooses, known references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dxkit.definitions.conditions_fit import Scope, tree_problems
from dxkit.definitions.files import Files
from dxkit.definitions.tables_fit import Tables, columns_of, tally_problems
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import (
    CHOOSING,
    COUNTABLE,
    NUMERIC,
    OFFERING,
    TEXTS,
    Annex,
    Field,
    FieldType,
)

MOST_CHOICES = 62
"""The engine keeps the choices of a question as the bits of one 64-bit integer."""

_COMPARABLE = (NUMERIC, {FieldType.DATE, FieldType.DATETIME}, {FieldType.TIME})


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every problem inside and between the annexes."""
    seen: dict[str, str] = {}
    for file, annex in files.of(Annex).items():
        if annex.id in seen:
            yield Problem(file, "id", f"{annex.id}，与 {seen[annex.id]} 相同", "每张表各不相同")
        seen.setdefault(annex.id, file)
        if not file.endswith(f"/{annex.id}.yaml"):
            yield Problem(file, "id", annex.id, f"文件名与标识一致：annexes/{annex.id}.yaml")
        yield from _annex(file, annex)


def _annex(file: str, annex: Annex) -> Iterator[Problem]:
    questions = dict(annex.questions())
    tables = {field.key: field for field in annex.fields if field.columns}
    yield from repeated(file, "sections.id", (section.id for section in annex.sections))
    yield from repeated(file, "key", (key for key, _ in annex.questions()))
    for field in annex.fields:
        yield from _field(file, field.key, field, Scope(questions, f"{annex.mark}中的字段"))
        yield from _tally(file, field, tables)
        yield from _columns(file, field)


def _columns(file: str, table: Field) -> Iterator[Problem]:
    yield from repeated(file, f"{table.key}.columns.key", (each.key for each in table.columns))
    scope = Scope(columns_of(table), f"{table.key} 自己的列")
    for column in table.columns:
        yield from _field(file, f"{table.key}.{column.key}", column, scope)
        if column.tally is not None or column.columns:
            found = "列有 tally" if column.tally else "列又是一张表"
            yield Problem(file, f"{table.key}.{column.key}", found, "只填写一个值的列")


def _field(file: str, place: str, field: Field, scope: Scope) -> Iterator[Problem]:
    yield from _shape(file, place, field)
    yield from _bounds(file, place, field, scope.questions)
    for name in ("required_if", "shown_if"):
        condition = getattr(field, name)
        if condition is not None:
            yield from tree_problems(file, f"{place}.{name}", condition, scope)


def _shape(file: str, place: str, field: Field) -> Iterator[Problem]:
    if field.type in CHOOSING and not field.choices:
        yield Problem(file, place, "没有 choices", "选择类字段须列出选项")
    if field.choices and field.type not in OFFERING:
        yield Problem(file, place, f"{field.type} 类字段有 choices", "只有选择类字段有选项")
    if len(field.choices) > MOST_CHOICES:
        yield Problem(file, place, f"{len(field.choices)} 个选项", f"至多 {MOST_CHOICES} 个选项")
    for name in ("choices", "rows"):
        yield from repeated(
            file, f"{place}.{name}.code", (each.code for each in getattr(field, name))
        )
    if field.kept_back and ("." in place or field.type not in TEXTS):
        yield Problem(file, f"{place}.kept_back", f"{field.type} 类", "单独一栏的文字，不是列")
    if (field.type in (FieldType.TABLE, FieldType.GRID)) != bool(field.columns):
        yield Problem(file, place, f"{field.type}", "table 和 grid 须有 columns，其他类型不能有")
    if (field.type is FieldType.GRID) != bool(field.rows):
        yield Problem(file, place, f"{field.type}", "grid 须有 rows，其他类型不能有")


def _bounds(file: str, place: str, field: Field, known: Mapping[str, Field]) -> Iterator[Problem]:
    for name, key in (("at_most", field.at_most), ("at_least", field.at_least)):
        if key and key not in known:
            yield Problem(file, f"{place}.{name}", key, "同一张表中已有的字段")
        elif key and not _comparable(field, known[key]):
            yield Problem(file, f"{place}.{name}", key, "同类的字段：数字比数字，日期比日期")
    if field.dated_by and getattr(known.get(field.dated_by), "type", None) is not FieldType.DATE:
        yield Problem(file, f"{place}.dated_by", field.dated_by, "同一张表中已有的日期字段")
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        found = f"minimum {field.minimum:g}，maximum {field.maximum:g}"
        yield Problem(file, place, found, "minimum 不大于 maximum")


def _comparable(field: Field, other: Field) -> bool:
    return any({field.type, other.type} <= kinds for kinds in _COMPARABLE)


def _tally(file: str, field: Field, tables: Tables) -> Iterator[Problem]:
    if field.tally is None:
        return
    yield from tally_problems(file, f"{field.key}.tally", field.tally, tables)
    if field.type not in COUNTABLE:
        yield Problem(file, f"{field.key}.tally", f"{field.type} 类字段", "由明细得出的是数字字段")
