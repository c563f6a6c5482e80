"""Read one table of a form from a CSV file, in whichever coding a spreadsheet wrote it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from dxkit.errors import FormError, Problem
from dxkit.forms.merging.totals import WHY as TOTAL
from dxkit.forms.merging.totals import sums_up
from dxkit.forms.returned import Returned, Row, Table, Unmatched
from dxkit.forms.written.choices import loosened
from dxkit.forms.written.sameness import is_empty
from dxkit.models.annex import Annex, Field, FieldType

_CODINGS = ("utf-8-sig", "gb18030")
_SEPARATORS = ",\t;，"
_MOST_ROWS = 20_000
_KEPT = re.compile(r'\s*="([^"]*)"\s*')
_WHY = "表头中没有对应的栏目，没有读入"


def read_csv(content: bytes, annex: Annex, table: str, where: str) -> Returned:
    """Return the rows of a CSV file whose head names a table's columns by label or key.

    Raises:
        FormError: if the text cannot be decoded, the annex has no such table, or the head names
            none of its columns.
    """
    field = _table_of(annex, table, where)
    lines = _lines(_decoded(content, where), where)
    columns = _columns(lines[0] if lines else [], field)
    if not columns:
        found = "、".join(lines[0]) if lines else "空文件"
        expected = "第一行为栏目：" + "、".join(column.label for column in field.columns)
        raise FormError(Problem(where, field.label, found[:100], expected))
    numbered = list(enumerate(lines[1:], start=2))
    totals = [number for number, line in numbered if sums_up(line)]
    rows = [_row(line, number, columns) for number, line in numbered if number not in totals]
    kept = tuple(row for row in rows if any(not is_empty(raw) for raw, _ in row.cells.values()))
    known = tuple(dict.fromkeys(columns.values()))
    strays = [*_totals(lines, totals), *_strays(lines, totals, columns)]
    return Returned("csv", annex.id, None, (), (Table(field.key, known, kept),), tuple(strays))


def _table_of(annex: Annex, table: str, where: str) -> Field:
    tables = [field for field in annex.fields if field.type is FieldType.TABLE]
    for field in tables:
        if table == field.key or loosened(table) == loosened(field.label):
            return field
    expected = "、".join(f"{field.key}（{field.label}）" for field in tables) + " 之一"
    raise FormError(Problem(where, "--table", table or "没有指明", expected))


def _decoded(content: bytes, where: str) -> str:
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for coding in ("utf-16",) if marked else _CODINGS:
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    raise FormError(
        Problem(where, "", "文字编码无法识别", "UTF-8、UTF-16 或 GBK/GB18030 编码的 CSV 文件")
    )


def _lines(text: str, where: str) -> list[list[str]]:
    first = text.splitlines()[0] if text else ""
    separator = max(_SEPARATORS, key=first.count)
    stream = io.StringIO(text.replace("\0", ""), newline="")
    reader = csv.reader(stream, delimiter=separator, strict=True)
    try:
        lines = list(reader)
    except csv.Error as exc:
        expected = "成对的引号；一格不超过 13 万字"
        problem = Problem(where, f"第 {reader.line_num} 行", "不是完好的 CSV", expected)
        raise FormError(problem) from exc
    if len(lines) > _MOST_ROWS:
        raise FormError(Problem(where, "", f"{len(lines)} 行", f"不超过 {_MOST_ROWS} 行"))
    return lines


def _columns(head: Sequence[str], field: Field) -> dict[int, str]:
    """Return the column keys by position; of two of a name only the first is one."""
    names = {loosened(name): each.key for each in field.columns for name in _names(each)}
    found = {place: names.get(loosened(word), "") for place, word in enumerate(head)}
    first = {key: place for place, key in reversed(found.items())}
    return {place: key for place, key in found.items() if key and first[key] == place}


def _names(column: Field) -> list[str]:
    return [column.key, column.label, f"{column.label}（{column.unit}）"]


def _row(line: Sequence[str], number: int, columns: Mapping[int, str]) -> Row:
    cells = {
        key: (_meant(line[place]) if place < len(line) else None, f"第{number}行第{place + 1}列")
        for place, key in columns.items()
    }
    return Row(None, cells, f"第{number}行")


def _meant(word: str) -> str:
    """Return what ="007" means, as systems write a text that a spreadsheet shall not change."""
    kept = _KEPT.fullmatch(word)
    return word if kept is None else kept[1]


def _totals(lines: Sequence[Sequence[str]], totals: Sequence[int]) -> Iterator[Unmatched]:
    for number in totals:
        words = " ".join(word for word in lines[number - 1] if not is_empty(word))
        yield Unmatched(f"第{number}行", words, TOTAL)


def _strays(
    lines: Sequence[Sequence[str]], totals: Sequence[int], columns: Mapping[int, str]
) -> Iterator[Unmatched]:
    """Yield the columns that belong to none of the table's, each once with all it holds."""
    width = max(map(len, lines), default=0)
    for place in (each for each in range(width) if each not in columns):
        told = [
            (number, line[place].strip())
            for number, line in enumerate(lines, start=1)
            if number not in totals and place < len(line) and line[place].strip()
        ]
        if told:
            why = f"{_WHY}，共 {len(told)} 格" if len(told) > 1 else _WHY
            yield Unmatched(f"第{told[0][0]}行第{place + 1}列", "、".join(w for _, w in told), why)
