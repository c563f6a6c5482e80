"""The folder of results: who may write there, and that files in it are whole and current."""

from __future__ import annotations

import hashlib
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
_NOTE = ".made.json"


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


def publish(half: Path, target: Path) -> tuple[list[str], tuple[str, ...]]:
    """Move finished files to their final names; nothing older stays with them.

    Returns their names, and where files went that would have been written over but that no batch
    made as they are now: somebody's own, or reports somebody worked on.
    """
    target.mkdir(exist_ok=True)
    names = sorted(path.name for path in half.iterdir())
    own = _own(target)
    _drop_previous(target)
    moved = _moved([path for path in _made(target) if path not in own], target)
    digests = {name: _digest(half / name) for name in names}
    for name in names:
        (half / name).replace(target / name)
    for path in own:
        if path.name not in names:
            path.unlink()
    _note(target, digests)
    return names, moved


def set_aside(target: Path) -> tuple[str, ...]:
    """Move the files of an earlier run into `previous/` and return where they are now."""
    files = _made(target)
    if not files:
        return ()
    digests = {path.name: _digest(path) for path in _own(target)}
    _drop_previous(target)
    moved = _moved(files, target)
    _note(target / PREVIOUS, digests)
    (target / _NOTE).unlink(missing_ok=True)
    return moved


def write_record(out: Path, record: Mapping[str, Any]) -> None:
    """Write how a batch went; readers see the old or the new file, never a part."""
    half = out / f".{RECORD}.part"
    half.write_bytes(json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8"))
    half.replace(out / RECORD)


def _made(folder: Path) -> list[Path]:
    """Return the files in a folder that bear the names of what a batch makes."""
    return [folder / name for name in _MADE if (folder / name).is_file()]


def _own(folder: Path) -> list[Path]:
    """Return the files in a folder that are still as a batch made them."""
    try:
        noted = json.loads((folder / _NOTE).read_bytes())
    except (OSError, ValueError):
        return []
    digests = noted if isinstance(noted, dict) else {}
    return [path for path in _made(folder) if digests.get(path.name) == _digest(path)]


def _note(folder: Path, digests: Mapping[str, str]) -> None:
    """Note which files a batch made, so that the next one knows them from others."""
    (folder / _NOTE).write_text(json.dumps(digests), encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _moved(files: Sequence[Path], target: Path) -> tuple[str, ...]:
    """Move files into `previous/`, over none that is there, and return where they are now."""
    places = []
    for path in files:
        (target / PREVIOUS).mkdir(exist_ok=True)
        place = target / PREVIOUS / path.name
        times = 1
        while place.exists():
            times += 1
            place = place.with_name(f"{path.stem}（{times}）{path.suffix}")
        path.replace(place)
        places.append(place.relative_to(target.parent).as_posix())
    return tuple(places)


def _drop_previous(target: Path) -> None:
    """Remove what batches set aside before; a file of somebody's own stays there."""
    for path in _own(target / PREVIOUS):
        path.unlink()
    if not _made(target / PREVIOUS):
        (target / PREVIOUS / _NOTE).unlink(missing_ok=True)
    with suppress(OSError):  # somebody keeps a file of their own there, or it never was
        (target / PREVIOUS).rmdir()


def _sweep(out: Path) -> None:
    shutil.rmtree(out / _UNFINISHED, ignore_errors=True)
