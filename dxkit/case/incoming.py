"""How files enter a case with a journal entry: set aside first, named once acknowledged."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from dxkit.case import journal
from dxkit.case.stores import FILE
from dxkit.errors import CaseError, Problem

FOLDER = ".incoming"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class NewFile:
    """A file that enters the case folder together with a change."""

    path: str
    """Where it will stand, relative to the case folder, with `/` between the parts."""
    content: Path | bytes
    """The file to copy, or the bytes to write."""
    sha256: str | None = None
    """What the content must hash to; the copy is refused if it does not."""


def refuse_places(folder: Path, files: Sequence[NewFile]) -> None:
    """Raise a CaseError for every file that would overwrite another or lead out of the case."""
    problems = [
        Problem(folder.name, file.path, found, expected)
        for number, file in enumerate(files)
        for found, expected in _wrong_with(folder, file.path, files[:number])
    ]
    if problems:
        raise CaseError(problems)


def _wrong_with(folder: Path, path: str, before: Sequence[NewFile]) -> Iterator[tuple[str, str]]:
    if not leads_inside(folder, path):
        yield "不能作为企业文件夹中的位置", "企业文件夹内的相对路径"
    elif os.path.lexists(folder / path) or path in {each.path for each in before}:
        yield "已有同名文件", "一个没有用过的名称；已有的文件不会被覆盖"


def leads_inside(folder: Path, path: str) -> bool:
    """Tell whether a relative path stays in a case folder and is not one of its own records."""
    pure = PurePosixPath(path)
    if not pure.parts or pure.is_absolute() or PureWindowsPath(path).anchor or "\\" in path:
        return False
    if any(part.startswith(".") for part in pure.parts) or pure.name.lower() in {
        FILE,
        journal.NAME,
    }:
        return False
    return (folder / path).parent.resolve().is_relative_to(folder.resolve())


def set_aside(folder: Path, files: Sequence[NewFile]) -> list[dict[str, str]]:
    """Write files safely under names of the moment; return what the journal says of them."""
    if not files:
        return []
    (folder / FOLDER).mkdir(exist_ok=True)
    return [
        {"path": file.path, "sha256": _copied(file, folder / FOLDER / str(number))}
        for number, file in enumerate(files)
    ]


def bring_in(folder: Path, files: Sequence[dict[str, str]]) -> None:
    """Give acknowledged files their names, as far as that is still to do."""
    for number, file in enumerate(files):
        waiting, place = folder / FOLDER / _name(number, file["sha256"]), folder / file["path"]
        if not waiting.is_file() or os.path.lexists(place):
            continue
        if leads_inside(folder, file["path"]):
            place.parent.mkdir(parents=True, exist_ok=True)
            waiting.replace(place)


def clear(folder: Path) -> None:
    """Remove what was set aside and never acknowledged."""
    if (folder / FOLDER).is_dir():
        shutil.rmtree(folder / FOLDER)


def _name(number: int, sha256: str) -> str:
    return f"{number}-{sha256}"


def _copied(file: NewFile, to: Path) -> str:
    """Copy a file and give the copy the name under which only its own entry will find it."""
    digest = hashlib.sha256()
    with _opened(file.content) as source, to.open("wb") as copy:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if file.sha256 is not None and digest.hexdigest() != file.sha256:
        raise CaseError(Problem(file.path, "", "文件在登记过程中被改动", "不再变动的文件"))
    to.rename(to.with_name(_name(int(to.name), digest.hexdigest())))
    return digest.hexdigest()


def _opened(content: Path | bytes) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
