"""What a pack is made of: files with their places in it, and what stays behind and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_UNFIT = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
_LONGEST, _LONGEST_SUFFIX = 60, 8
_FIT_SUFFIX = re.compile(rf"\.[0-9a-z]{{1,{_LONGEST_SUFFIX}}}")


@dataclass(frozen=True)
class Entry:
    """One file of a pack: its place there, what it is, and its bytes or where they are."""

    path: str
    title: str
    number: str
    content: bytes | Path
    sha256: str | None = None
    """The hash that the file had when it was taken into the case."""
    row: Mapping[str, Any] = field(default_factory=dict)
    """The row of the case that names it; empty for a form."""
    table: str = ""
    annex: str = ""
    place: str = ""
    """Where the file lies in the case."""
    records: tuple[int, ...] = ()
    """The rows of the ledger that it belongs to, the one it is listed under first."""


@dataclass(frozen=True)
class LeftOut:
    """Something that stays with the case: its number and the reason, never what it is called."""

    table: str
    number: str
    reason: str
    record: int | None = None
    """The row of the ledger that it belongs to."""


@dataclass(frozen=True)
class Position:
    """The place in the journal that a pack shows."""

    n: int
    hash: str
    at: str


def fit_name(stem: str, suffix: str) -> str:
    """Return a file name that every system takes; an odd suffix becomes part of the stem."""
    if suffix and not _FIT_SUFFIX.fullmatch(suffix.lower()):
        stem, suffix = f"{stem}{suffix}", ""
    whole = unicodedata.normalize("NFC", stem)
    tidy = _UNFIT.sub("_", whole).strip("._")[:_LONGEST].rstrip("._")
    return (tidy or "文件") + suffix.lower()
