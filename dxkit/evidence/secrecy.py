"""Whether something may leave the case, in a report, an export or a pack; decided only here.

What is not stated never leaves: silence is no permission.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import column_fields
from dxkit.evidence.kept import Item, items, naming_files
from dxkit.models.annex import Annex, Field

SECRECY, OPEN = "secrecy", ("general", "internal")
CONSENT, CONSENTED = "consent", ("yes", "masked")
HANDLING, WITHHELD = "secrecy_handling", "withheld"
RESTRICTED = "restricted"
HIDDEN = "（涉密，不随本件提供）"
"""What a form for others shows instead of a text that stays."""


def annex_stays(annex: Annex) -> str | None:
    """Return why a whole annex stays unless it is asked for by name, None if it may leave."""
    return f"{annex.mark}限制知悉范围" if annex.restricted else None


def row_stays(table: Field, row: Mapping[str, Any]) -> str | None:
    """Return why a row, and the file it names, stays; None if it may leave.

    A table without columns for secrecy and consent holds nothing that must stay.
    """
    columns = column_fields(table)
    if SECRECY in columns and row.get(SECRECY) not in OPEN:
        return _said(columns[SECRECY], row.get(SECRECY))
    if CONSENT in columns and row.get(CONSENT) not in CONSENTED:
        return _said(columns[CONSENT], row.get(CONSENT))
    if HANDLING in columns and row.get(HANDLING) == WITHHELD:
        return _said(columns[HANDLING], WITHHELD)
    return None


def field_stays(field: Field) -> bool:
    """Tell whether what a field holds stays in the case, whatever it says."""
    return field.kept_back


def may_keep_back(table: Field) -> bool:
    """Tell whether a table has a column by which one of its rows may have to stay."""
    return bool({SECRECY, CONSENT, HANDLING} & column_fields(table).keys())


def item_stays(item: Item) -> str | None:
    """Return why a row that lists a file stays; None if it may leave."""
    return annex_stays(item.annex) or row_stays(item.table, item.row)


def file_stays(case: Case, file: str) -> str | None:
    """Return why a file of the case, by its place in the folder, stays; None if it may leave.

    One row that keeps it back is enough, whatever other rows say of the same file or of another
    file with the same bytes.
    """
    place = PurePosixPath(file)
    if place.parts[:1] == (RESTRICTED,):
        return "存放于限制知悉的文件夹"
    rows = list(naming_files(case))
    bytes_ = {item.sha256 for item in rows if _same(item.file, place)} - {None}
    named = (item for item in rows if _same(item.file, place) or item.sha256 in bytes_)
    return next((reason for item in named if (reason := item_stays(item))), None)


def leaving(case: Case) -> list[Item]:
    """Return the rows of evidence and photographs that may leave, with their files."""
    return [item for item in items(case) if stays(case, item) is None]


def staying(case: Case) -> list[tuple[Item, str]]:
    """Return the rows of evidence and photographs that stay, each with the reason."""
    return [(item, reason) for item in items(case) if (reason := stays(case, item))]


def stays(case: Case, item: Item) -> str | None:
    """Return why a row or its file stays; None if both may leave."""
    return item_stays(item) or (file_stays(case, item.file) if item.file else None)


def _same(file: str | None, place: PurePosixPath) -> bool:
    return file is not None and PurePosixPath(file) == place


def _said(field: Field, code: object) -> str:
    return f"{field.label}：{field.label_of(code)}" if code else f"{field.label}未填"
