"""The folder of results: who may write there, and that files in it are whole and current."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from dxkit import paths
from dxkit.batch import places
from dxkit.batch.task import ARCHIVE, FORMATS, REPORT
from dxkit.case import list_folders
from dxkit.errors import ParameterError, Problem

ASSESSMENT = "assessment.json"
SOURCE = "ipynb"
PREVIOUS = "previous"
LOG = "batch.log"
MADE = (
    ASSESSMENT,
    *(f"{name}.{suffix}" for name in (REPORT, ARCHIVE) for suffix in (SOURCE, *FORMATS)),
)
UNFINISHED = ".unfinished"
TICK = 2.0
"""Seconds by which a file system and the ledger may be apart over one moment."""

Own = Collection[str]
"""The hashes of files that batches made for a case: what differs is somebody's own."""


def refuse_among_cases(out: Path, folders: Sequence[Path]) -> None:
    """Keep results out of what people have filled in.

    Raises:
        ParameterError: if `out` is, or lies in, a case folder, or is a folder of cases.
    """
    if places.is_store(out):
        if places.case_folders(out):
            raise _among(out)
        return
    place = out.resolve()
    near = [each for each in folders if not places.is_store(each)]
    cases = {each.resolve() for each in (*near, *list_folders(paths.parameters()))}
    parents = {paths.parameters().resolve(), *(each.parent for each in cases)}
    if place in parents or cases & {place, *place.parents} or list_folders(place):
        raise _among(out)


def _among(out: Path) -> ParameterError:
    found = "这里存放的是企业的填写内容"
    return ParameterError(Problem(str(out), "--out", found, "另一个文件夹，如 outputs"))


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """Let one batch at a time write to a folder; what killed ones left half-done goes.

    Raises:
        ParameterError: if another batch is writing there now.
        OSError: if nothing can be written there.
    """
    out.mkdir(parents=True, exist_ok=True)
    with places.held(out):
        places.remove(out / UNFINISHED)
        if not places.is_store(out):
            (out / LOG).write_bytes(b"")
        try:
            yield
        finally:
            places.remove(out / UNFINISHED)


def room_for(target: Path) -> Path:
    """Return a new folder beside a case's results in which its files wait unseen."""
    room = target.parent / UNFINISHED / f"{target.name}-{secrets.token_hex(8)}"
    room.mkdir(parents=True)
    return room


def digests_in(half: Path) -> dict[str, str]:
    """Return the hashes of the files in a folder by name."""
    return {path.name: digest_of(path) for path in sorted(half.iterdir())}


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_there(path: Path) -> bool:
    """Tell whether a result is there; an empty one is what is left where a machine lost power."""
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


def retouched(target: Path, made: Mapping[str, str], at: str) -> list[str]:
    """Return which of a case's files were written since and are no longer as they were made.

    A store keeps no times of its own that could tell.

    Args:
        target: the folder of a case's results.
        made: the hashes of its files by name.
        at: when they were put there, in ISO form.
    """
    if places.is_store(target):
        return []
    with suppress(ValueError, OSError):
        then = datetime.fromisoformat(at).timestamp() + TICK
        late = [name for name in made if (target / name).stat().st_mtime > then]
        return sorted(name for name in late if digest_of(target / name) != made[name])
    return []


def publish(half: Path, target: Path, own: Own) -> tuple[str, ...]:
    """Move finished files to their final names; nothing older stays with them.

    Return where files went that would have been written over but that no batch made as they are
    now: somebody's own, or reports somebody worked on.
    """
    target.mkdir(exist_ok=True)
    names = {path.name for path in half.iterdir()}
    made = [path for path in _made(target) if digest_of(path) in own]
    _drop_previous(target, own)
    moved = _moved([path for path in _made(target) if path not in made], target)
    for name in sorted(names):
        places.moved(half / name, target / name)
    for path in made:
        if path.name not in names:
            path.unlink()
    places.remove(half)
    return moved


def set_aside(target: Path, own: Own) -> tuple[str, ...]:
    """Move the files of an earlier run into `previous/` and return where they are now."""
    files = _made(target)
    if not files:
        return ()
    _drop_previous(target, own)
    return _moved(files, target)


def _made(folder: Path) -> list[Path]:
    """Return the files in a folder that bear the names of what a batch makes."""
    return [folder / name for name in MADE if (folder / name).is_file()]


def _moved(files: Sequence[Path], target: Path) -> tuple[str, ...]:
    """Move files into `previous/`, over none that is there, and return where they are now."""
    now = []
    for path in files:
        (target / PREVIOUS).mkdir(exist_ok=True)
        place = target / PREVIOUS / path.name
        times = 1
        while place.exists():
            times += 1
            place = place.with_name(f"{path.stem}（{times}）{path.suffix}")
        places.moved(path, place)
        now.append(f"{target.name}/{PREVIOUS}/{place.name}")
    return tuple(now)


def _drop_previous(target: Path, own: Own) -> None:
    """Remove what batches set aside before; a file of somebody's own stays there."""
    for path in _made(target / PREVIOUS):
        if digest_of(path) in own:
            path.unlink()
    with suppress(OSError):  # somebody keeps a file of their own there, or it never was
        (target / PREVIOUS).rmdir()
