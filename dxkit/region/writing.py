"""How the files of a region get to their folder: whole, counted, and never over another's work."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dxkit.errors import ParameterError, Problem
from dxkit.spreadsheets import csv_of

CHECKSUMS = "checksums.csv"
PREVIOUS = "previous"
"""The folder for files of an earlier run that the last one did not make anew."""
_HEADS = ("文件", "内容", "数据行数", "SHA-256")


@dataclass(frozen=True)
class Output:
    """A file to write: what it holds in words, how many rows of data, and its bytes."""

    about: str
    rows: int
    content: bytes


@dataclass(frozen=True)
class Before:
    """The files of last time that this time has none of: moved apart, or changed and left."""

    moved: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def write(folder: Path, outputs: Mapping[str, Output], force: bool = False) -> Before:
    """Write files and the list of their counts and checksums, which comes last.

    What lies there under these names is replaced only if the list of last time has its checksum.
    What else that list has is moved into `PREVIOUS`, so that no file of last time is taken for one
    of this time; one that somebody changed stays where it is.

    Raises:
        ParameterError: with every file that somebody else made or changed, unless forced.
        OSError: if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not force and (strange := list(_strange(folder, outputs))):
        raise ParameterError(
            Problem(str(path), "", "不是本命令生成，或生成后改过", "移开它，或加 --force 覆盖")
            for path in strange
        )
    listed = [
        (name, each.about, each.rows, hashlib.sha256(each.content).hexdigest())
        for name, each in outputs.items()
    ]
    before = _set_aside(folder, outputs)
    for name, each in outputs.items():
        _put(folder / name, each.content)
    _put(folder / CHECKSUMS, csv_of(_HEADS, listed))
    return before


def _set_aside(folder: Path, outputs: Mapping[str, Output]) -> Before:
    moved, changed = [], []
    for name, each in listed_in(folder).items():
        path = folder / name
        if name in outputs or not path.is_file():
            continue
        if digest_of(path) != each.digest:
            changed.append(name)
            continue
        (folder / PREVIOUS).mkdir(exist_ok=True)
        path.replace(folder / PREVIOUS / name)
        moved.append(name)
    return Before(tuple(moved), tuple(changed))


def _strange(folder: Path, outputs: Mapping[str, Output]) -> Iterator[Path]:
    known = listed_in(folder)
    for name, each in outputs.items():
        path = folder / name
        if not path.exists():
            continue
        digest = digest_of(path) if path.is_file() else ""
        own = hashlib.sha256(each.content).hexdigest()
        if digest != own and (name not in known or digest != known[name].digest):
            yield path


@dataclass(frozen=True)
class Listed:
    """What the list says of a file: what it holds in words, how many rows, and its checksum."""

    about: str
    rows: int
    digest: str


def listed_in(folder: Path) -> dict[str, Listed]:
    """Return what the list of last time says by file; nothing if it cannot be read."""
    with suppress(OSError, ValueError, csv.Error):
        text = (folder / CHECKSUMS).read_text(encoding="utf-8-sig")
        _, *rows = csv.reader(io.StringIO(text))
        return {
            Path(row[0]).name: Listed(row[1], int(row[2]), row[3])
            for row in rows
            if len(row) == len(_HEADS)
        }
    return {}


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _put(path: Path, content: bytes) -> None:
    """Give a file its final name only when it is whole."""
    handle, half = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(half).chmod(0o644)
        Path(half).replace(path)
    finally:
        with suppress(OSError):
            Path(half).unlink(missing_ok=True)
