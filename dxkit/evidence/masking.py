"""Whether a picture said to be masked can be: it has other bytes than any picture that is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case import Case
from dxkit.evidence.kept import HASH, Item, own_items
from dxkit.evidence.over_time import rows_over_time
from dxkit.evidence.rows import PHOTOS
from dxkit.evidence.secrecy import CONSENT

MASKED = "masked"
_NUMBER = "photo_no"


def originals(case: Case) -> dict[str, str]:
    """Return the hashes of pictures that are not masked, each with the number of its row.

    A row that once told of another consent tells of the same file as it was: to call it masked
    later does not mask it. A row that told nothing until then may have been masked all along.
    """
    known: dict[str, str] = {}
    for _entry, rows in rows_over_time(case.folder, PHOTOS):
        known |= _originals(row for row in rows if row.get(CONSENT))
    return known | _originals(item.row for item in _photos(case))


def not_masked(case: Case) -> list[tuple[Item, str]]:
    """Return the rows said to be masked whose bytes are an original's, with its number."""
    said = [item for item in _photos(case) if item.row.get(CONSENT) == MASKED and item.sha256]
    known = originals(case) if said else {}
    return [(item, known[str(item.sha256)]) for item in said if item.sha256 in known]


def _photos(case: Case) -> list[Item]:
    return [item for item in own_items(case) if item.path.startswith(f"{PHOTOS}.")]


def _originals(rows: Any) -> dict[str, str]:
    return {row[HASH]: _number(row) for row in rows if row.get(HASH) and not _is_masked(row)}


def _is_masked(row: Mapping[str, Any]) -> bool:
    return bool(row.get(CONSENT) == MASKED)


def _number(row: Mapping[str, Any]) -> str:
    return str(row.get(_NUMBER) or "")
