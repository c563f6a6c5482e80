"""One submission from a phone: who filled it in when, what it answers, and its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dxkit.forms.returned import Stamp, Unmatched, Unreadable
from dxkit.forms.xlsform.exports import Found, Sheet
from dxkit.forms.xlsform.heads import SEVERAL, Column, Heads
from dxkit.forms.xlsform.layout import ENDED, RECORDER, STAMP, Asked
from dxkit.models.annex import FieldType

_JOINTS = {"PARENT_KEY": "KEY", "_parent_index": "_index", "_submission__id": "_id"}
"""By which column a row names its submission, and by which the submission names itself."""
_TIMES = ("_submission_time", "SubmissionDate")
_CHOSEN = {"1", "1.0", "true", "TRUE", "True", "yes"}


@dataclass(frozen=True)
class Given:
    """What was answered to one question."""

    asked: Asked
    raw: Any
    place: str


@dataclass(frozen=True)
class Submission:
    """What one person sent from a phone."""

    stamp: Stamp | None
    recorder: str
    at: str
    place: str
    given: tuple[tuple[str, Given], ...]
    """What was answered outside the repeats, with the block it stands in."""
    rows: Mapping[str, tuple[tuple[Given, ...], ...]]
    """The rows of each repeating table."""


def submissions_in(
    sheets: Sequence[Sheet], heads: Heads
) -> tuple[list[Submission], list[Unmatched]]:
    """Return the submissions of an export in the order of time, and what belongs to none."""
    main = [sheet for sheet in sheets if any(map(heads.own, sheet.heads))]
    rest = [sheet for sheet in sheets if sheet not in main]
    repeats = [(sheet, table) for sheet in rest if (table := _table_of(sheet, heads))]
    lost = [each for sheet in main for each in _lost(sheet, None, heads)]
    lost += [each for sheet, table in repeats for each in _lost(sheet, table, heads)]
    found = [_submission(row, repeats, heads) for sheet in main for row in sheet.rows]
    lost += _orphans(main, rest, repeats)
    return sorted(found, key=lambda each: each.at), lost


def _table_of(sheet: Sheet, heads: Heads) -> str | None:
    """Return the table whose rows a sheet holds: the one that explains most of its columns."""
    if _JOINTS.keys().isdisjoint(sheet.heads):
        return None
    tables = [block.table.key for block in heads.layout.blocks() if block.table is not None]

    def explained(table: str) -> int:
        columns = (heads.find(head, table) for head in sheet.heads)
        return sum(column is not None and column.block.name == table for column in columns)

    best = max(tables, key=explained, default=None)
    return best if best is not None and explained(best) else None


def _submission(
    row: Mapping[str, Found], repeats: Sequence[tuple[Sheet, str]], heads: Heads
) -> Submission:
    own = {name: found for head, found in row.items() if (name := heads.own(head))}
    stamp = Stamp.from_text(str(own[STAMP].raw)) if STAMP in own else None
    sent = next((row[key] for key in _TIMES if key in row), own.get(ENDED))
    keys = _keys(row)
    rows: dict[str, tuple[tuple[Given, ...], ...]] = {}
    for sheet, table in repeats:
        mine = (each for each in sheet.rows if _parent(each) in keys)
        given = (tuple(each for _, each in _given(line, table, heads)) for line in mine)
        rows[table] = (*rows.get(table, ()), *(each for each in given if each))
    return Submission(
        stamp=stamp,
        recorder=str(own[RECORDER].raw).strip() if RECORDER in own else "",
        at=_minute(own.get(ENDED) or sent),
        place=next(iter(row.values())).place,
        given=tuple(_given(row, None, heads)),
        rows=rows,
    )


def _keys(row: Mapping[str, Found]) -> set[tuple[str, str]]:
    """Return by which names a submission's rows may call it."""
    return {(key, str(row[key].raw)) for key in _JOINTS.values() if key in row}


def _parent(row: Mapping[str, Found]) -> tuple[str, str]:
    joint = next((each for each in _JOINTS if each in row), "")
    return (_JOINTS[joint], str(row[joint].raw)) if joint else ("", "")


def _given(
    row: Mapping[str, Found], table: str | None, heads: Heads
) -> Iterator[tuple[str, Given]]:
    """Yield the answers in a row; ticks in columns of their own make one answer."""
    columns = {head: column for head in row if (column := heads.find(head, table))}
    split = _ticked(row, columns)
    for column, codes, place in split.values():
        if codes:
            yield column.block.name, Given(column.asked, "\n".join(codes), place)
    for head, column in columns.items():
        if column.option is None and column.asked.name not in split:
            raw = _plain(row[head].raw, column.asked, heads)
            yield column.block.name, Given(column.asked, raw, row[head].place)


def _ticked(
    row: Mapping[str, Found], columns: Mapping[str, Column]
) -> dict[str, tuple[Column, list[str], str]]:
    split: dict[str, tuple[Column, list[str], str]] = {}
    for head, column in columns.items():
        if column.option is None:
            continue
        _, codes, _ = split.setdefault(column.asked.name, (column, [], row[head].place))
        if str(row[head].raw) in _CHOSEN:
            codes.append(column.option)
    return split


def _plain(raw: Any, asked: Asked, heads: Heads) -> Any:
    """Return a raw content as a form on paper would hold it: codes one a line, moments as such."""
    if isinstance(raw, Unreadable):
        return raw
    if asked.field.type in SEVERAL:
        return "\n".join(_several(str(raw), heads.codes(asked))) or raw
    if asked.field.type in (FieldType.DATETIME, FieldType.TIME) and isinstance(raw, str):
        return _moment(raw, asked.field.type)
    return raw


def _several(text: str, codes: Mapping[str, str]) -> list[str]:
    """Return the codes named one after the other with blanks between; none if one is unknown."""
    if all(word in codes for word in text.split()):
        return [codes[word] for word in text.split()]
    found, rest = [], text.strip()
    longest = sorted(codes, key=len, reverse=True)
    while rest:
        word = next((each for each in longest if rest.startswith(each)), None)
        if word is None:
            return []
        found.append(codes[word])
        rest = rest[len(word) :].lstrip(" ,;、")
    return found


def _moment(text: str, kind: FieldType) -> Any:
    """Return the wall clock of the phone; which zone it was set to does not matter here."""
    try:
        moment = datetime.fromisoformat(
            text if kind is FieldType.DATETIME else f"2000-01-01T{text}"
        )
    except ValueError:
        return text
    plain = moment.replace(tzinfo=None, microsecond=0)
    return plain if kind is FieldType.DATETIME else plain.time()


def _minute(found: Found | None) -> str:
    if found is None:
        return ""
    if isinstance(found.raw, datetime):
        return found.raw.isoformat(sep=" ", timespec="minutes")
    moment = _moment(str(found.raw), FieldType.DATETIME)
    return moment.isoformat(sep=" ", timespec="minutes") if isinstance(moment, datetime) else ""


def _lost(sheet: Sheet, table: str | None, heads: Heads) -> Iterator[Unmatched]:
    """Yield what stands in columns that belong to no question, once a column."""
    for head in sheet.heads:
        first = next((row[head] for row in sheet.rows if head in row), None)
        if first is None or heads.find(head, table) or heads.is_known(head):
            continue
        yield Unmatched(first.place, str(first.raw), f"没有名为“{head}”的题目")


def _orphans(
    main: Sequence[Sheet], rest: Sequence[Sheet], repeats: Sequence[tuple[Sheet, str]]
) -> Iterator[Unmatched]:
    """Yield sheets that are no table of the form, and rows that belong to no submission.

    Rows of a repeat were filled in by somebody, so they must not be left out unseen.
    """
    known = [sheet for sheet, _ in repeats]
    for sheet in rest:
        if sheet.rows and sheet not in known:
            place = next(iter(sheet.rows[0].values())).place
            is_repeat = not _JOINTS.keys().isdisjoint(sheet.heads)
            yield Unmatched(place, sheet.name, "不是这张表的明细", answer=is_repeat)
    keys = set().union(*(_keys(row) for sheet in main for row in sheet.rows))
    for sheet in known:
        for row in sheet.rows:
            if _parent(row) not in keys:
                place = next(iter(row.values())).place
                said = "，".join(f"{head} {found.raw}" for head, found in row.items())
                why = "找不到这一行所属的填报记录"
                yield Unmatched(place, f"{sheet.name}：{said}", why, answer=True)
