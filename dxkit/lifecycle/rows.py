"""Whether a table has the rows that a rule asks for, naming those that fall short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import is_blank, rows_matching
from dxkit.case.prefill import completed
from dxkit.lifecycle.terms import (
    Circumstances,
    answers_of,
    field_at,
    is_filled,
    plain,
    value_of,
)
from dxkit.models.annex import Field, FieldType
from dxkit.models.requirements import Every, Rows

Row = Mapping[str, Any]

MOST_NAMED = 8
_BOUNDS = {"at_least": "须不少于", "at_most": "须不多于", "exactly": "须恰好为"}
_NAMING = {FieldType.TEXT, FieldType.REFERENCES}


def table_at(path: str, case: Case) -> tuple[Field, Sequence[Row]]:
    """Return a table's field and its rows; a blank cell shows what it is prefilled with."""
    annex, table = field_at(path, case)
    known = case.definitions

    def answers(form: str) -> Mapping[str, Any]:
        return answers_of(case, known.annexes[form])

    rows = answers(annex.id).get(table.key) or []
    return table, [completed(row, table, known, answers) for row in rows]


def outcome_of_rows(leaf: Rows, seen: Circumstances) -> tuple[str, ...]:
    """Return why a table does not have as many rows as asked; nothing if it has."""
    table, rows = table_at(leaf.rows, seen.case)
    columns = _columns(table)
    whole = [
        row for row in rows_matching(_begun(rows), leaf.where) if not _gaps(row, leaf, columns)
    ]
    return tuple(
        f"{_which(leaf, table, seen)}现有{len(whole)}行，{_BOUNDS[name]}{plain(bound)}行"
        for name, term in leaf.bounds.items()
        if _breaks(name, len(whole), bound := value_of(term, seen))
    )


def _begun(rows: Sequence[Row]) -> list[Row]:
    """Leave out the rows in which nothing is filled in."""
    return [row for row in rows if not all(map(is_blank, row.values()))]


def _breaks(name: str, count: int, bound: Any) -> bool:
    if not isinstance(bound, (int, float)):
        return True
    low, high = name in ("at_least", "exactly"), name in ("at_most", "exactly")
    return (low and count < bound) or (high and count > bound)


def outcome_of_every(leaf: Every, seen: Circumstances) -> tuple[str, ...]:
    """Return which rows lack what every row shall have; nothing if none does."""
    table, rows = table_at(leaf.every, seen.case)
    columns = _columns(table)
    culprits = [
        f"{named(number, row, table)}{fault}"
        for number, row in enumerate(rows, start=1)
        if rows_matching([row], leaf.where)
        for fault in _faults(row, leaf, columns)
    ]
    if not culprits:
        return ()
    more = f"；共{len(culprits)}处" if len(culprits) > MOST_NAMED else ""
    mark = seen.case.definitions.annexes[leaf.every.partition(".")[0]].mark
    return (f"{mark}·{table.label}：{'；'.join(culprits[:MOST_NAMED])}{more}",)


def _faults(row: Row, leaf: Every, columns: Mapping[str, Field]) -> list[str]:
    gaps = _gaps(row, leaf, columns)
    faults = [f"未填写{'、'.join(gaps)}"] if gaps else []
    for key, codes in leaf.has.items():
        if is_blank(row.get(key)):
            faults.append(f"未填写{columns[key].label}")
        elif not rows_matching([row], {key: codes}):
            faults.append(f"的{columns[key].label}须为{_labels(columns[key], codes)}")
    return faults


def _gaps(row: Row, leaf: Rows | Every, columns: Mapping[str, Field]) -> list[str]:
    return [columns[key].label for key in leaf.filled if not is_filled(row.get(key), columns[key])]


def _which(leaf: Rows, table: Field, seen: Circumstances) -> str:
    """Say which rows are counted: 附件4·工作组成员表中角色为“组长”的行."""
    mark = seen.case.definitions.annexes[leaf.rows.partition(".")[0]].mark
    columns = _columns(table)
    kinds = [f"{columns[key].label}为{_labels(columns[key], to)}" for key, to in leaf.where.items()]
    if leaf.filled:
        kinds.append("填有" + "、".join(columns[key].label for key in leaf.filled))
    return f"{mark}·{table.label}" + (f"（{'，'.join(kinds)}的）：" if kinds else "：")


def _labels(column: Field, codes: Sequence[str]) -> str:
    truths = {"true": "是", "false": "否"} if column.type is FieldType.YES_NO else {}
    return "或".join(f"“{truths.get(code) or column.label_of(code)}”" for code in codes)


def named(number: int, row: Row, table: Field) -> str:
    """Name a row by its number and by the first text in it that tells it apart."""
    names = (row.get(each.key) for each in table.columns if each.type in _NAMING)
    name = next((plain(each) for each in names if not is_blank(each)), "")
    return f"第{number}行（{name}）" if name else f"第{number}行"


def _columns(table: Field) -> dict[str, Field]:
    return {column.key: column for column in table.columns}
