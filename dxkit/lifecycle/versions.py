"""What differs between versions of a report: fields and results, in words, from the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from dxkit.case import Case, journal
from dxkit.case.answers import PARTS
from dxkit.case.past import content_at
from dxkit.case.paths_in_data import differences
from dxkit.case.words import METHODS, shown
from dxkit.definitions import COURSE, Definitions
from dxkit.diagnosis import diagnose
from dxkit.errors import CaseError, Problem
from dxkit.lifecycle.history import rows_of
from dxkit.models.annex import Field, FieldType

NOTHING = "空"
_PART_WORDS = {
    "onsite": "现场值",
    "verified": "核实值",
    "self_reported": "自报值",
    "not_applicable": "不适用的理由",
    "disputed": "争议",
    "methods": "采集方式",
    "informant": "提供人",
    "evidence": "证据",
    "strength": "证据强度",
    "diff_reason": "差异原因",
    "recorder": "记录人",
    "recorded_at": "记录时间",
    "remark": "备注",
}
_VALUES = ("", "onsite", "verified", "self_reported")


Kind = Literal["result", "content", "record"]
"""A result; what results and report rest on; or a record that is kept on while a report is out."""


@dataclass(frozen=True)
class Difference:
    """A field, or an indicator's result, that two versions tell differently."""

    path: str
    label: str
    before: str
    after: str
    kind: Kind = "content"


def differences_between(case: Case, version: str, later: str) -> list[Difference]:
    """Return the fields that differ between what two issued versions were made from.

    What is only written once a report is out, such as when it was received, is left out.

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


def results_between(case: Case, version: str, later: str | None = None) -> list[Difference]:
    """Return the indicators that two versions give other results for; the present one if unsaid.

    Raises:
        CaseError: if a version was never issued, or the journal no longer tells of it.
    """
    contents = (_content_of(case, version), _content_of(case, later) if later else case.data)
    before, after = (diagnose(replace(case, data=content)).by_id for content in contents)
    return [
        Difference(
            f"indicator.{key}",
            f"指标{found.indicator.no} {found.indicator.name}",
            before[key].words,
            found.words,
            "result",
        )
        for key, found in after.items()
        if before[key].words != found.words
    ]


def is_corrected(case: Case) -> bool:
    """Tell whether anything differs from the last issued version that is a reason for another.

    Records that are kept on while a report is out are one only if they changed since the
    correction was begun.

    Raises:
        CaseError: if the journal no longer tells what was issued.
    """
    issued = rows_of(case, "issues")
    since = differences_since(case, str(issued[-1].get("version")))
    if any(each.kind != "record" for each in since):
        return True
    known = case.definitions.transitions
    begun = [
        row
        for row in rows_of(case, "history")
        if known.get(str(row.get("transition"))) and known[str(row["transition"])].clears
    ]
    if not begun:
        return False
    held = content_at(case, int(begun[-1].get("journal_n") or 0), "更正")
    return bool(_between(held, case.data, case))


def changed_since_issue(case: Case) -> str | None:
    """Return the version in force if the case is no longer as it went out; None if it is.

    Any change counts, since a report made now would print it; only exports do not.
    """
    issued = rows_of(case, "issues")
    if not issued:
        return None
    told = int(issued[-1].get("journal_n") or 0) + 1
    held = journal.replay(journal.read(case.folder)[:told])
    changed = (each["path"] for each in differences(held, case.data))
    own = {f"{COURSE}.exports", f"{COURSE}.issues"}
    return str(issued[-1].get("version")) if any(each not in own for each in changed) else None


def _content_of(case: Case, version: str) -> Mapping[str, Any]:
    """Rebuild what an issued version was made from."""
    return content_at(case, _position(case, version), version)


def _between(before: Mapping[str, Any], after: Mapping[str, Any], case: Case) -> list[Difference]:
    kept_apart, going_on = _bookkeeping(case.definitions), case.definitions.lifecycle.goes_on
    return [
        replace(each, kind="record") if _is_in(each.path, going_on) else each
        for found in differences(before, after)
        if found["path"].partition(".")[0] in case.definitions.annexes.keys() - {COURSE}
        for each in _told(found["path"], found["from"], found["to"], case.definitions)
        if not _is_in(each.path, kept_apart)
    ]


def _bookkeeping(definitions: Definitions) -> tuple[str, ...]:
    """Return what the steps set and empty, and what is only written once a report is out."""
    steps = definitions.transitions.values()
    own = (path for step in steps for path in (*step.sets, *step.clears))
    return (*own, *definitions.lifecycle.after_issue)


def _is_in(path: str, places: Iterable[str]) -> bool:
    return any(f"{path}.".startswith(f"{place}.") for place in places)


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
            if one != other:
                yield from _told(f"{path}.{name}", one, other, definitions)
        return
    question, rest = _question(path, definitions)
    if question is None and isinstance(before or after, Mapping):
        for row in dict.fromkeys([*(before or {}), *(after or {})]):
            one, other = ((side or {}).get(row) for side in (before, after))
            if one != other:
                yield from _told(f"{path}.{row}", one, other, definitions)
        return
    annex = definitions.annexes[annex_id]
    label = f"{annex.mark}·{question.label if question else key}"
    if question is not None and question.type is FieldType.TABLE:
        yield from _rows(path, label, question, (before or [], after or []), definitions)
    else:
        one, other = (_value(question, rest, side, definitions) for side in (before, after))
        yield Difference(path, label + _part(rest), one, other)


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
            then, now = (_row(table, row, definitions) for row in (one, other))
            yield Difference(f"{path}.{number}", f"{label}第{number}行", then, now)


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
        return "，".join(parts) or NOTHING
    if question is not None and rest in _VALUES:
        return shown(question, value, definitions) or NOTHING
    told = map(str, value) if isinstance(value, list) else (str(value),)
    return "、".join(METHODS.get(each, each) for each in told) or NOTHING
