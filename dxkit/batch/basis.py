"""What the results of a case rest on: change any of it and they must be made again."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import dxkit
from dxkit import paths
from dxkit.batch import places
from dxkit.batch.task import Inputs, Wanted
from dxkit.definitions import Definitions
from dxkit.errors import CaseError, Problem

Ground = Mapping[str, str]
"""What all cases of a batch share, by its part."""

PARTS = {
    "definitions": "指标和表单定义变了",
    "notebook": "笔记本变了",
    "templates": "版式变了",
    "peers": "同类企业对照包变了",
    "program": "程序更新了",
}
MORE = "要的格式或内容比上次多"
_NO_TEXT = "名称不是 UTF-8，可能是在 Windows 上压缩、在这里解开的"
YOUNG = 3.0
"""Seconds in which a file can change twice on a disk that counts time in twos, as USB sticks do."""
_DRAWING = ("matplotlib", "mplfonts", "numpy", "python-docx", "lxml", "typst", "papermill")
"""The libraries whose versions show in a document."""


def ground_of(wanted: Wanted, definitions: Definitions) -> Ground:
    """Return what all cases share, each part as a hash or in words."""
    notebooks = {name: paths.notebooks() / f"{name}.ipynb" for name in wanted.notebooks}
    return {
        "definitions": definitions.digest,
        **{f"notebook {name}": _hash_of([path], path.parent) for name, path in notebooks.items()},
        "templates": _hash_of(_files(paths.templates()), paths.templates()),
        "peers": _hash_of(_files(paths.peers()), paths.peers()),
        "program": _program(),
        "wanted": " ".join((*wanted.notebooks, *wanted.formats)),
    }


def inputs_of(folder: Path) -> Inputs:
    """Return what a case holds now.

    Raises:
        CaseError: if the name of one of its files is not text.
        OSError: if one of its files cannot be read.
    """
    stamp = stamp_of(folder)
    return Inputs(_hash_of(_files(folder), folder), stamp)


def stamp_of(folder: Path) -> str:
    """Return a hash of names, sizes and times of a case's files; empty while one is too young.

    Raises:
        CaseError: if the name of one of them is not text.
    """
    total, newest = hashlib.sha256(), 0.0
    for path in _files(folder):
        seen = path.stat()
        newest = max(newest, seen.st_mtime)
        total.update(_named(path, folder) + f"\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    return total.hexdigest() if newest < time.time() - YOUNG else ""


def still_holds(folder: Path, before: Inputs) -> bool:
    """Tell whether a case holds what it held; of one in a store, whether that says so."""
    if places.is_store(folder):
        return places.stamp_of_case(folder) == before.stamp
    if before.stamp and stamp_of(folder) == before.stamp:
        return True
    return inputs_of(folder).digest == before.digest


def name_problem(name: str) -> Problem | None:
    """Say what is wrong with a name that no file could tell; its strange bytes become numbers."""
    if not any("\ud800" <= sign <= "\udfff" for sign in name):
        return None
    legible = os.fsencode(name).decode("utf-8", "backslashreplace")
    return Problem(legible, "", _NO_TEXT, "改成通常的名称")


def changed_parts(before: Ground, now: Ground) -> list[str]:
    """Say in words which of what all cases share is different, or that more is wanted of them.

    Where less is wanted than there is, what there is stands.
    """
    asked, had = (set(each.get("wanted", "").split()) for each in (now, before))
    more = asked - had
    new = {f"notebook {name}" for name in more}
    changed = {part.split()[0] for part in now.keys() - new if before.get(part) != now[part]}
    said = [words for part, words in PARTS.items() if part in changed]
    return [*said, *([MORE] if more else [])]


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder and the folders in it; locks and halves begin with a dot."""
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _walk(Path(entry.path))
            elif entry.is_file():
                yield Path(entry.path)


def _hash_of(files: Iterable[Path], root: Path) -> str:
    total = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(_named(path, root) + f"\0{content}\n".encode())
    return total.hexdigest()


def _named(path: Path, root: Path) -> bytes:
    name = path.relative_to(root).as_posix()
    if problem := name_problem(f"{root.name}/{name}"):
        raise CaseError(problem)
    return name.encode()


def _program() -> str:
    """Return a hash of the program's code and of the versions that show in a document."""
    package = Path(dxkit.__file__).parent
    code = _hash_of((each for each in _files(package) if each.suffix == ".py"), package)
    versions = [f"{name} {version(name)}" for name in _DRAWING]
    return hashlib.sha256("\n".join([code, sys.version, *versions]).encode()).hexdigest()
