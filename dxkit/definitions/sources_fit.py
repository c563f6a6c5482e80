"""Whether what a form shows by itself can be taken from where it says: other forms and facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from dxkit.definitions.files import Files
from dxkit.errors import Problem
from dxkit.models.annex import CHOOSING, NUMERIC, TEXTS, Annex, Field, FieldType

Known = Mapping[str, Field]

_TABULAR = {FieldType.TABLE, FieldType.GRID}


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every prefilled or computed field that could show nothing, or nothing that fits."""
    annexes = {annex.id: annex for annex in files.of(Annex).values()}
    known = {path: field for annex in annexes.values() for path, field in _paths(annex)}
    for file, annex in files.of(Annex).items():
        for place, field, table in _shown(annex):
            yield from _source(file, place, field)
            if field.prefill is not None:
                source = annexes.get(field.prefill.partition(".")[0])
                yield from _kept_apart(file, place, annex, source)
                if source is not None or not _unread(files, field.prefill):
                    yield from _prefill(file, place, field, table, known)
    yield from _circles(files)


def _paths(annex: Annex) -> Iterator[tuple[str, Field]]:
    """Yield what a prefill may name: questions, grid cells and the columns of tables."""
    for key, field in annex.questions():
        yield f"{annex.id}.{key}", field
        for column in field.columns:
            yield f"{annex.id}.{key}.{column.key}", column


def _shown(annex: Annex) -> Iterator[tuple[str, Field, Field | None]]:
    """Yield every field and column with its place and the table it is a column of."""
    for field in annex.fields:
        yield field.key, field, None
        for column in field.columns:
            yield f"{field.key}.{column.key}", column, field


def _unread(files: Files, path: str) -> bool:
    return f"annexes/{path.partition('.')[0]}.yaml" in files.unread


def _source(file: str, place: str, field: Field) -> Iterator[Problem]:
    computed = field.type is FieldType.COMPUTED
    if field.fact is not None and not computed:
        yield Problem(
            file, f"{place}.fact", f"{field.type} 类字段", "只有 computed 类字段取自 fact"
        )
    if computed and (field.fact is None) == (field.prefill is None):
        found = "既无 fact 也无 prefill" if field.fact is None else "fact 和 prefill 都有"
        yield Problem(file, place, found, "自动得出的字段写明一个出处：fact 或 prefill")


def _kept_apart(file: str, place: str, annex: Annex, source: Annex | None) -> Iterator[Problem]:
    if source is not None and source.restricted and not annex.restricted:
        found = f"取自限制知悉的{source.mark}"
        yield Problem(file, f"{place}.prefill", found, "不取自限制知悉的表")


def _prefill(
    file: str, place: str, field: Field, table: Field | None, known: Known
) -> Iterator[Problem]:
    path = field.prefill or ""
    source = known.get(path)
    if source is None:
        yield Problem(file, f"{place}.prefill", path, "另一张表的字段，如 annex_3.enterprise_name")
    elif not _takes(field, source):
        yield Problem(file, f"{place}.prefill", f"{path}（{source.type}）", _expected(field))
    elif table is not None and table.rows:
        yield Problem(file, f"{place}.prefill", "grid 的列", "字段，或 table 的列")
    elif (other := known.get(path.rpartition(".")[0])) is not None:
        yield from _joined(file, place, table, other)


def _joined(file: str, place: str, table: Field | None, other: Field) -> Iterator[Problem]:
    """A column of another table can only be found by that table's first column."""
    first = other.columns[0].key
    if table is None or first not in {column.key for column in table.columns}:
        yield Problem(file, f"{place}.prefill", f"没有 {first} 列", f"有 {first} 列，据以对应各行")


def _takes(field: Field, source: Field) -> bool:
    if source.type in _TABULAR:
        return False
    if FieldType.COMPUTED in (field.type, source.type):
        return field.type not in CHOOSING
    if field.type in CHOOSING:
        codes = {choice.code for choice in field.choices}
        several = field.type is FieldType.CHOICES or source.type is not FieldType.CHOICES
        return source.type in CHOOSING and several and {c.code for c in source.choices} <= codes
    kinds = next((kinds for kinds in _ALIKE if field.type in kinds), {field.type})
    return source.type in kinds


_ALIKE = (TEXTS, NUMERIC)


def _expected(field: Field) -> str:
    return "选项相同的选择类字段" if field.type in CHOOSING else f"能填入 {field.type} 类字段的字段"


def _circles(files: Files) -> Iterator[Problem]:
    """Name the first circle of fields that show each other."""
    graph = {
        f"{annex.id}.{place}": {field.prefill}
        for annex in files.of(Annex).values()
        for place, field, _ in _shown(annex)
        if field.prefill is not None
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        circle: list[str] = exc.args[1]
        file = f"annexes/{circle[0].partition('.')[0]}.yaml"
        yield Problem(file, "prefill", "循环引用：" + " → ".join(circle), "字段不能由自己带入")
