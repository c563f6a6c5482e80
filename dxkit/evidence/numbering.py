"""The next number of a kind; a number once used in the case is never given again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dxkit.case import journal

_DIGITS = 3


class Numbers:
    """Hands out numbers of several kinds for one case, each only once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, Iterator[str]] = {}

    def next(self, column: str, prefix: str) -> str:
        """Return the next number with a prefix, of those that stand in a column."""
        if prefix not in self._running:
            self._running[prefix] = numbers_from(self._folder, column, prefix)
        return next(self._running[prefix])


def numbers_from(folder: Path, column: str, prefix: str) -> Iterator[str]:
    """Yield unused numbers such as E-C004 or PH-012, in order.

    Every number that ever stood in the column counts as used: the journal remembers rows that
    were removed.
    """
    shape = re.compile(re.escape(prefix) + r"(\d+)")
    matches = (shape.fullmatch(number) for number in _ever(folder, column))
    number = max((int(match[1]) for match in matches if match), default=0)
    while True:
        number += 1
        yield f"{prefix}{number:0{_DIGITS}d}"


def _ever(folder: Path, column: str) -> Iterator[str]:
    for entry in journal.read(folder):
        for change in entry.changes:
            key = change["path"].rpartition(".")[2]
            for side in ("from", "to"):
                yield from _values({key: change[side]}, column)


def _values(content: Any, column: str) -> Iterator[str]:
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key == column and isinstance(value, str):
                yield value
            yield from _values(value, column)
    elif isinstance(content, list):
        for value in content:
            yield from _values(value, column)
