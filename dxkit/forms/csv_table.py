"""Read one table of a form from a CSV file, in whichever coding a spreadsheet wrote it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence

from dxkit.errors import FormError, Problem
from dxkit.forms.returned import Returned, Row, Table, Unmatched
from dxkit.forms.written.choices import loosened
from dxkit.forms.written.sameness import is_empty
from dxkit.models.annex import Annex, Field, FieldType

_CODINGS = ("utf-8-sig", "gb18030")
_SEPARATORS = ",\t;，"
_MOST_ROWS = 20_000
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
    rows = [_row(line, number, columns) for number, line in enumerate(lines[1:], start=2)]
    kept = tuple(row for row in rows if any(not is_empty(raw) for raw, _ in row.cells.values()))
    known = tuple(dict.fromkeys(columns.values()))
    strays = tuple(_strays(lines, columns))
    return Returned("csv", annex.id, None, (), (Table(field.key, known, kept),), strays)


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
    try:
        lines = list(
            csv.reader(
                io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator, strict=True
            )
        )
    except csv.Error as exc:
        raise FormError(Problem(where, "", f"不是完好的 CSV 文件（{exc}）", "CSV 文件")) from exc
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
        key: (line[place] if place < len(line) else None, f"第{number}行第{place + 1}列")
        for place, key in columns.items()
    }
    return Row(None, cells, f"第{number}行")


def _strays(lines: Sequence[Sequence[str]], columns: Mapping[int, str]) -> list[Unmatched]:
    return [
        Unmatched(f"第{number}行第{place + 1}列", word.strip(), _WHY)
        for number, line in enumerate(lines, start=1)
        for place, word in enumerate(line)
        if place not in columns and word.strip()
    ]
