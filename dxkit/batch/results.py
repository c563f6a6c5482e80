"""The folder of results: who may write there, and that files in it are whole and current."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dxkit import paths
from dxkit.batch.task import ARCHIVE, FORMATS, REPORT
from dxkit.case import list_folders
from dxkit.errors import ParameterError, Problem

ASSESSMENT = "assessment.json"
SOURCE = "ipynb"
PREVIOUS = "previous"
RECORD = "batch.json"
LOG = "batch.log"
_MADE = (
    ASSESSMENT,
    *(f"{name}.{suffix}" for name in (REPORT, ARCHIVE) for suffix in (SOURCE, *FORMATS)),
)
_UNFINISHED = ".unfinished"
_LOCK = ".batch.lock"


def refuse_among_cases(out: Path, folders: Sequence[Path]) -> None:
    """Keep results out of what people have filled in.

    Raises:
        ParameterError: if `out` is, or lies in, a case folder, or is a folder of cases.
    """
    place = out.resolve()
    cases = {each.resolve() for each in (*folders, *list_folders(paths.parameters()))}
    parents = {paths.parameters().resolve(), *(each.parent for each in cases)}
    if place in parents or cases & {place, *place.parents} or list_folders(place):
        found = "这里存放的是企业的填写内容"
        raise ParameterError(Problem(str(out), "--out", found, "另一个文件夹，如 outputs"))


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """Let one batch at a time write to a folder; what killed ones left half-done goes.

    Raises:
        ParameterError: if another batch is writing there now.
    """
    out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        found = "另一批报告正在写入这个文件夹"
        raise ParameterError(Problem(str(out), "--out", found, "等它结束，或另选文件夹")) from None
    try:
        _sweep(out)
        (out / LOG).write_bytes(b"")
        yield
    finally:
        _sweep(out)
        lock.release()


@contextmanager
def half_done(target: Path) -> Iterator[Path]:
    """Give a folder on the same disk in which a case's files can be made unseen."""
    shelf = target.parent / _UNFINISHED
    shelf.mkdir(exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=shelf))
    try:
        yield half
    finally:
        shutil.rmtree(half, ignore_errors=True)


def publish(half: Path, target: Path) -> list[str]:
    """Move finished files to their final names and return these; nothing older stays with them."""
    target.mkdir(exist_ok=True)
    names = sorted(path.name for path in half.iterdir())
    for name in names:
        (half / name).replace(target / name)
    for path in _made(target):
        if path.name not in names:
            path.unlink()
    _drop_previous(target)
    return names


def set_aside(target: Path) -> tuple[str, ...]:
    """Move the files of an earlier run into `previous/` and return where they are now."""
    files = _made(target)
    if files:
        _drop_previous(target)
        (target / PREVIOUS).mkdir(exist_ok=True)
    for path in files:
        path.replace(target / PREVIOUS / path.name)
    return tuple(f"{target.name}/{PREVIOUS}/{path.name}" for path in files)


def write_record(out: Path, record: Mapping[str, Any]) -> None:
    """Write how a batch went; readers see the old or the new file, never a part."""
    half = out / f".{RECORD}.part"
    half.write_bytes(json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8"))
    half.replace(out / RECORD)


def _made(folder: Path) -> list[Path]:
    """Return the files in a folder that a batch made; others are somebody's own."""
    return [folder / name for name in _MADE if (folder / name).is_file()]


def _drop_previous(target: Path) -> None:
    for path in _made(target / PREVIOUS):
        path.unlink()
    with suppress(OSError):  # somebody keeps a file of their own there, or it never was
        (target / PREVIOUS).rmdir()


def _sweep(out: Path) -> None:
    shutil.rmtree(out / _UNFINISHED, ignore_errors=True)
