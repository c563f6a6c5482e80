"""What differs between two issued versions of a report: every field, in words, from the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import PARTS
from dxkit.case.past import content_at
from dxkit.case.paths_in_data import differences
from dxkit.case.words import shown
from dxkit.definitions import COURSE, Definitions
from dxkit.errors import CaseError, Problem
from dxkit.lifecycle.history import rows_of
from dxkit.models.annex import Field, FieldType

NOTHING = "空"
_PART_WORDS = {"onsite": "现场值", "verified": "核实值", "self_reported": "自报值"}


@dataclass(frozen=True)
class Difference:
    """A field that two versions tell differently."""

    path: str
    label: str
    before: str
    after: str


def differences_between(case: Case, version: str, later: str) -> list[Difference]:
    """Return the fields that differ between what two issued versions were made from.

    Raises:
        CaseError: if one of the versions was never issued, or the journal no longer tells of it.
    """
    return _between(_content_of(case, version), _content_of(case, later), case)


def differences_since(case: Case, version: str) -> list[Difference]:
    """Return the fields that differ now from what an issued version was made from.

    Raises:
        CaseError: if the version was never issued, or the journal no longer tells of it.
    """
    return _between(_content_of(case, version), case.data, case)


def _content_of(case: Case, version: str) -> Mapping[str, Any]:
    """Rebuild what an issued version was made from."""
    return content_at(case, _position(case, version), version)


def _between(before: Mapping[str, Any], after: Mapping[str, Any], case: Case) -> list[Difference]:
    return [
        each
        for found in differences(before, after)
        if found["path"].partition(".")[0] in case.definitions.annexes.keys() - {COURSE}
        for each in _told(found["path"], found["from"], found["to"], case.definitions)
    ]


def _position(case: Case, version: str) -> int:
    row = next((row for row in rows_of(case, "issues") if row.get("version") == version), None)
    if row is None:
        issued = "、".join(str(each.get("version")) for each in rows_of(case, "issues"))
        raise CaseError(Problem(case.id, version, "没有发布过这一版", issued or "还没有发布"))
    return int(row.get("journal_n") or 0)


def _told(path: str, before: Any, after: Any, definitions: Definitions) -> Iterator[Difference]:
    annex_id, _, key = path.partition(".")
    if not key:
        for name in dict.fromkeys([*(before or {}), *(after or {})]):
            one, other = ((side or {}).get(name) for side in (before, after))
            yield from _told(f"{path}.{name}", one, other, definitions)
        return
    annex, question, rest = definitions.annexes[annex_id], *_question(path, definitions)
    label = f"{annex.mark}·{question.label if question else key}"
    if question is not None and question.type is FieldType.TABLE:
        yield from _rows(path, label, question, (before or [], after or []), definitions)
    else:
        words = (_value(question, rest, side, definitions) for side in (before, after))
        yield Difference(path, label + _part(rest), *words)


def _question(path: str, definitions: Definitions) -> tuple[Field | None, str]:
    """Return the field that the longest beginning of a path names, and what follows it."""
    rest: list[str] = []
    while path and path not in definitions.fields:
        path, _, step = path.rpartition(".")
        rest.insert(0, step)
    return definitions.fields.get(path), ".".join(rest)


def _part(rest: str) -> str:
    return f"（{_PART_WORDS.get(rest, rest)}）" if rest else ""


def _rows(
    path: str,
    label: str,
    table: Field,
    sides: tuple[list[Any], list[Any]],
    definitions: Definitions,
) -> Iterator[Difference]:
    before, after = sides
    for number in range(1, max(len(before), len(after)) + 1):
        one, other = (side[number - 1] if number <= len(side) else None for side in sides)
        if one != other:
            words = (_row(table, row, definitions) for row in (one, other))
            yield Difference(f"{path}.{number}", f"{label}第{number}行", *words)


def _row(table: Field, row: Mapping[str, Any] | None, definitions: Definitions) -> str:
    cells = (
        f"{column.label}：{shown(column, row[column.key], definitions)}"
        for column in table.columns
        if row and row.get(column.key) not in (None, "")
    )
    return "；".join(cells) or NOTHING


def _value(question: Field | None, rest: str, value: Any, definitions: Definitions) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, Mapping):
        parts = (
            f"{_PART_WORDS.get(key, key)}{_value(question, key, each, definitions)}"
            for key, each in value.items()
            if key in PARTS
        )
        return "，".join(parts)
    is_value = question is not None and rest in ("", *_PART_WORDS)
    return (shown(question, value, definitions) if question and is_value else str(value)) or NOTHING
