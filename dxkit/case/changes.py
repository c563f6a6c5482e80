"""What several changes make of a case's content: each from what was seen, all or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.case.answers import PARTS
from dxkit.case.paths_in_data import get, put
from dxkit.definitions import Definitions
from dxkit.errors import CaseError, ConflictError, Problem
from dxkit.models.annex import FieldType

ANYTHING = object()
"""Stands for the value a change was made from where that does not matter."""
BEHIND_THE_LAST = "+"


@dataclass(frozen=True)
class Change:
    """A value to put at a path such as `annex_6.equipment`; None clears the field.

    A row of a table is `annex_7.evidence.2`, counted from 1; None removes it, and
    `annex_7.evidence.+` adds one behind the last. `based_on` is the value the change was made
    from: if another stands there when its turn comes, all changes are refused.
    """

    path: str
    value: Any
    based_on: Any = ANYTHING


@dataclass(frozen=True)
class Changed:
    """The content after some changes, and each of them as the journal tells it."""

    data: dict[str, Any]
    steps: list[dict[str, Any]]


def made(
    data: Mapping[str, Any], changes: Iterable[Change], definitions: Definitions, where: str
) -> Changed:
    """Return what changes, made one after the other, lead to.

    Raises:
        ConflictError: with every field that no longer holds what its change was based on.
        CaseError: with every path that leads nowhere.
    """
    result = Changed(dict(data), [])
    conflicts, lost = [], []
    for change in changes:
        if problem := _conflict(result.data, change, where):
            conflicts.append(problem)
            continue
        try:
            result = _one_more(result, change, definitions)
        except LookupError:
            expected = "附件.字段，明细表再加从 1 起的行号"
            lost.append(Problem(where, change.path, "表中没有这个位置", expected))
    if lost:
        raise CaseError(lost)
    if conflicts:
        raise ConflictError(conflicts)
    return result


def _conflict(data: Mapping[str, Any], change: Change, where: str) -> Problem | None:
    now = get(data, change.path)
    if change.based_on is ANYTHING or now == change.based_on:
        return None
    found = f"现为 {now!r}，您所依据的是 {change.based_on!r}，想改为 {change.value!r}"
    return Problem(where, change.path, found, "看过现值后再决定")


def _one_more(so_far: Changed, change: Change, definitions: Definitions) -> Changed:
    path, value = _aimed(so_far.data, *_lifted(so_far.data, change.path, change.value), definitions)
    if "." not in path:
        raise LookupError(path)
    data = put(so_far.data, path, value)
    if data == so_far.data:
        return so_far
    step = {"path": path, "from": get(so_far.data, path), "to": value}
    return Changed(data, [*so_far.steps, step])


def _lifted(data: Mapping[str, Any], path: str, value: Any) -> tuple[str, Any]:
    """Turn a change to a part of a bare answer into one that writes the answer out."""
    answer, _, part = path.rpartition(".")
    bare = get(data, answer) if answer and part in PARTS else None
    if bare is None or isinstance(bare, Mapping):
        return path, value
    return answer, {"onsite": bare, part: value}


def _aimed(
    data: Mapping[str, Any], path: str, value: Any, definitions: Definitions
) -> tuple[str, Any]:
    """Give a new row its number; the first row of all makes its table."""
    table, _, row = path.rpartition(".")
    if row not in {BEHIND_THE_LAST, "1"} or not _is_table(table, definitions):
        return path, value
    rows = get(data, table)
    if rows is None:
        return table, None if value is None else [value]
    return (f"{table}.{len(rows) + 1}" if row == BEHIND_THE_LAST else path), value


def _is_table(path: str, definitions: Definitions) -> bool:
    annex_id, _, key = path.partition(".")
    annex = definitions.annexes.get(annex_id)
    return annex is not None and any(
        field.key == key and field.type is FieldType.TABLE for field in annex.fields
    )
