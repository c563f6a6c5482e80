"""What kind of file a returned form is, whatever it is called, and who reads it."""

from __future__ import annotations

from pathlib import Path

from dxkit import archives
from dxkit.definitions import Definitions
from dxkit.errors import FormError, Problem, os_problem
from dxkit.forms.csv_table import read_csv
from dxkit.forms.excel import read_form
from dxkit.forms.package_guard import LIMITS, MOST_BYTES, safe_bytes
from dxkit.forms.returned import Format, Returned
from dxkit.forms.word import read_word
from dxkit.models.annex import Annex

_PARTS: dict[str, Format] = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_KINDS: dict[str, Format] = {
    ".docx": "docx",
    ".doc": "docx",
    ".wps": "docx",
    ".xlsx": "xlsx",
    ".xls": "xlsx",
    ".et": "xlsx",
    ".csv": "csv",
    ".txt": "csv",
}


def open_returned(
    path: Path, definitions: Definitions, annex: Annex | None = None, table: str = ""
) -> Returned:
    """Read a returned file; a CSV file does not say itself of which annex and table it is.

    Raises:
        FormError: if the file cannot be read, is dangerous, or is no form.
    """
    kind = kind_of(path)
    where = path.name
    if kind == "docx":
        return read_word(path, definitions)
    if kind == "xlsx":
        return read_form(safe_bytes(path, kind), definitions, where)
    if annex is None:
        found = "CSV 文件没有说明是哪一张表"
        raise FormError(Problem(where, "--annex", found, "加上 --annex 和 --table"))
    return read_csv(_plain_bytes(path), annex, table, where)


def kind_of(path: Path) -> Format:
    """Tell a file's kind by what is in it, by its name only where that does not tell.

    Raises:
        FormError: if it is none of the three kinds, or cannot be opened.
    """
    try:
        inside = _parts_of(path)
    except OSError as exc:
        raise FormError(os_problem(exc)) from exc
    told = next((kind for part, kind in _PARTS.items() if part in inside), None)
    kind = told or _KINDS.get(path.suffix.lower())
    if kind is None:
        found = f"无法辨认的文件{path.suffix and '（' + path.suffix + '）'}"
        raise FormError(Problem(path.name, "", found, "退回的 .docx、.xlsx 或 .csv 文件"))
    return kind


def _parts_of(path: Path) -> set[str]:
    with path.open("rb") as stream:
        if stream.read(4) != b"PK\x03\x04":
            return set()
    with archives.opened(path, path.name, LIMITS, FormError) as package:
        return set(package.namelist())


def _plain_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            found = f"超过 {MOST_BYTES >> 20} MB"
            raise FormError(Problem(path.name, "", found, "较小的文件"))
        return path.read_bytes()
    except OSError as exc:
        raise FormError(os_problem(exc)) from exc
