"""What a block copied from Excel holds for a table: rows by its headings, or by their order."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from dxkit.case.words import label_with_unit
from dxkit.errors import CaseError
from dxkit.forms.written.choices import loosened
from dxkit.models.annex import Field
from dxkit.workshop.changing import typed
from dxkit.workshop.seeing.desk import Desk
from dxkit.workshop.showing.tables import why_not_written

Unfit = dict[str, Any]
MOST_TEXT = 2_000_000
_NUMBER = "序号"


def pasted(desk: Desk, table: Field, text: str) -> tuple[list[dict[str, Any]], list[Unfit]]:
    """Return the rows of a pasted block that fit as a whole, and every cell that does not.

    Raises:
        CaseError: if nothing, or too much, was pasted.
    """
    lines = _lines(text)
    columns = [each for each in table.columns if desk.access.shows(each)]
    heads = _headed(columns, lines[0])
    body = lines[1:] if heads is not None else lines
    if heads is None:
        writable: list[Field | None] = [each for each in columns if not why_not_written(each)]
        heads = _beside_numbers(writable, body)
        strange: list[Unfit] = []
    else:
        strange = [*_strange(lines[0], heads, body)]
    rows, wrong = [], strange
    for number, line in enumerate(body, start=1):
        row, unfit = _row(desk, heads, line, number)
        wrong += unfit
        if row and not unfit:
            rows.append(row)
    if not rows and not wrong:
        raise CaseError("粘贴的内容中没有可用的行")
    return rows, wrong


def _lines(text: str) -> list[list[str]]:
    if len(text) > MOST_TEXT:
        raise CaseError(f"粘贴的内容太长（{len(text)} 字），请分几次粘贴")
    try:
        read = [*csv.reader(io.StringIO(text, newline=""), delimiter="\t")]
    except csv.Error:
        read = [line.split("\t") for line in text.splitlines()]
    lines = [line for line in read if any(cell.strip() for cell in line)]
    if not lines:
        raise CaseError("粘贴的内容是空的")
    return lines


def _headed(columns: list[Field], line: list[str]) -> list[Field | None] | None:
    """Return the column under each heading; None if the line holds no headings."""
    names = {
        loosened(name): column
        for column in columns
        for name in (column.label, label_with_unit(column), f"{column.no}{column.label}")
    }
    heads = [names.get(loosened(cell)) for cell in line]
    said = [cell for cell in line if cell.strip()]
    return heads if sum(head is not None for head in heads) * 2 > len(said) else None


def _strange(line: list[str], heads: list[Field | None], body: list[list[str]]) -> Iterator[Unfit]:
    """Yield every heading of no column under which something stands."""
    for place, (said, head) in enumerate(zip(line, heads, strict=True)):
        filled = any(row[place : place + 1] and row[place].strip() for row in body)
        if head is None and said.strip() and said.strip() != _NUMBER and filled:
            yield _unfit(0, said, "", "本表没有这一列；删去这一列后再粘贴")


def _beside_numbers(columns: list[Field | None], lines: list[list[str]]) -> list[Field | None]:
    """Pass over a first column that only counts the rows, where the block has one more."""
    counted = [line[0].strip() for line in lines] == [str(n) for n in range(1, len(lines) + 1)]
    wider = all(len(line) == len(columns) + 1 for line in lines)
    return [None, *columns] if counted and wider else columns


def _row(
    desk: Desk, heads: list[Field | None], line: list[str], number: int
) -> tuple[dict[str, Any], list[Unfit]]:
    row: dict[str, Any] = {}
    wrong: list[Unfit] = []
    for place, raw in enumerate(line):
        column = heads[place] if place < len(heads) else None
        if column is None:
            if place >= len(heads) and raw.strip():
                wrong.append(_unfit(number, f"第{place + 1}列", raw, "本表没有这一列"))
            continue
        if not raw.strip() or why_not_written(column):
            continue
        parsed = typed.read(column, raw, desk.definitions)
        if parsed.readable:
            row |= {} if parsed.value is None else {column.key: parsed.value}
        else:
            wrong.append(_unfit(number, column.label, parsed.found, typed.wanted(parsed.expected)))
    return row, wrong


def _unfit(row: int, column: str, found: str, expected: str) -> Unfit:
    return {"row": row, "column": column, "found": found[:60], "expected": expected}
