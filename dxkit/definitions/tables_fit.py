"""Whether what is looked for or counted in a repeating table or grid can stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dxkit.errors import Problem
from dxkit.models.annex import COUNTABLE, AnyTally, Field, FieldType, GridTally, Tally

Tables = Mapping[str, Field]

_TRUTHS = ("true", "false")


def tally_problems(file: str, place: str, tally: AnyTally, tables: Tables) -> Iterator[Problem]:
    """Yield what a tally names that the repeating tables or grids do not have.

    Args:
        file: the definition file that says the tally.
        place: the key of the tally in it.
        tally: what is counted or summed.
        tables: the repeating tables and grids of the annex by key.
    """
    if isinstance(tally, GridTally):
        yield from _grid(file, place, tally, tables)
        return
    yield from where_problems(file, place, tally.table, tally.where, tables)
    table = tables.get(tally.table)
    if tally.sum is not None and table is not None:
        yield from _summed(file, f"{place}.sum", tally, columns_of(table))


def where_problems(
    file: str, place: str, table: str, where: Mapping[str, Sequence[str]], tables: Tables
) -> Iterator[Problem]:
    """Yield why rows of a repeating table cannot be picked by the codes of some columns."""
    if table not in tables or tables[table].type is not FieldType.TABLE:
        yield Problem(file, f"{place}.table", table, "表中已有的一张明细表")
        return
    columns = columns_of(tables[table])
    for key, codes in where.items():
        if key not in columns:
            yield Problem(file, f"{place}.where", key, f"{table} 的一列")
        else:
            yield from codes_problems(file, f"{place}.where.{key}", codes, columns[key])


def columns_of(table: Field) -> dict[str, Field]:
    """Return the columns of a repeating table or grid by key."""
    return {column.key: column for column in table.columns}


def _grid(file: str, place: str, tally: GridTally, tables: Tables) -> Iterator[Problem]:
    grids = [each for each in tables.values() if each.type is FieldType.GRID]
    columns = {key: column for grid in grids for key, column in columns_of(grid).items()}
    if tally.grid not in columns:
        yield Problem(file, f"{place}.grid", tally.grid, "表中 grid 的一列")
    else:
        yield from codes_problems(file, f"{place}.codes", tally.codes, columns[tally.grid])


def _summed(file: str, place: str, tally: Tally, columns: Tables) -> Iterator[Problem]:
    column = columns.get(tally.sum or "")
    if column is None:
        yield Problem(file, place, tally.sum or "", f"{tally.table} 的一列")
    elif column.type not in COUNTABLE:
        yield Problem(file, place, f"{tally.sum}（{column.type}）", "可以相加的数字列")


def codes_problems(file: str, place: str, codes: Sequence[str], column: Field) -> Iterator[Problem]:
    """Yield each code that is not one of a choosing column's, or that the column takes none."""
    known = [choice.code for choice in column.choices]
    if column.type is FieldType.YES_NO:
        known = [*_TRUTHS]
    if not known:
        yield Problem(file, place, f"{column.key}（{column.type}）", "选择列或是否列")
        return
    for code in codes:
        if code not in known:
            yield Problem(file, place, code, "、".join(known) + " 之一")
