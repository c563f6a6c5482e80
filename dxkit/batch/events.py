"""Where the lines of a ledger are kept: a file that grows, or the numbered objects of a store."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from dxkit.batch import places

NAME = "ledger.jsonl"
OBJECTS = "ledger"
PAUSE = 2.0
"""Seconds between two objects; what is lost with them is made again, with the same bytes."""


class Events(Protocol):
    """Lines that are only ever added, until all are written anew."""

    def read(self) -> Iterator[bytes]:
        """Yield every line that was written, the last perhaps torn."""

    def add(self, lines: Iterable[bytes]) -> None:
        """Add lines, each with its end."""

    def rewrite(self, lines: Iterable[bytes]) -> None:
        """Put other lines in the place of all; readers find the old or the new ones."""

    def close(self) -> None:
        """See to it that everything is where it belongs."""


def events_in(out: Path) -> Events:
    """Return what keeps the lines of a folder of results."""
    return Objects(out / OBJECTS) if places.is_store(out) else File(out / NAME)


class File:
    """One file, to which lines are appended."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Iterator[bytes]:
        """Yield every line."""
        if self._path.is_file():
            with self._path.open("rb") as stream:
                yield from stream

    def add(self, lines: Iterable[bytes]) -> None:
        """Add lines; a torn one before them is ended first."""
        with self._path.open("ab") as stream:
            if stream.tell() and not self._ends_whole():
                stream.write(b"\n")
            stream.write(b"".join(lines))

    def rewrite(self, lines: Iterable[bytes]) -> None:
        """Write a file beside it and rename that."""
        places.write_whole(self._path, b"".join(lines))

    def close(self) -> None:
        """Do nothing: every line is in the file already."""

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as stream:
            stream.seek(-1, 2)
            return stream.read() == b"\n"


class Objects:
    """Objects of a store, which can only be written whole: one for some seconds' lines."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: list[bytes] = []
        self._last = time.monotonic()
        self._next = 0

    def read(self) -> Iterator[bytes]:
        """Yield every line, object by object."""
        for each in self._objects():
            self._next = int(each.stem) + 1
            yield from each.read_bytes().splitlines(keepends=True)

    def add(self, lines: Iterable[bytes]) -> None:
        """Keep lines for the next object, or write it."""
        self._waiting += lines
        if time.monotonic() > self._last + PAUSE:
            self.close()

    def rewrite(self, lines: Iterable[bytes]) -> None:
        """Write one object with all lines, then remove those before it."""
        before = self._objects()
        self._waiting = list(lines)
        self.close()
        for each in before:
            each.unlink()

    def close(self) -> None:
        """Write what waits."""
        if self._waiting:
            (self._folder / f"{self._next:08}.jsonl").write_bytes(b"".join(self._waiting))
            self._next += 1
        self._waiting, self._last = [], time.monotonic()

    def _objects(self) -> list[Path]:
        found = self._folder.iterdir() if self._folder.is_dir() else ()
        return sorted((each for each in found if each.stem.isdigit()), key=lambda each: each.name)
