"""Where cases and results lie: a folder, or by its address whatever fsspec knows, as `s3://…`."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, cast

from filelock import FileLock, Timeout

from dxkit.case import journal, list_folders
from dxkit.errors import DxkitError, ParameterError, Problem

LOCK = ".batch.lock"
BEAT = 10.0
"""Seconds between two signs of life of a batch that holds a store."""
SILENT = 60.0
"""Seconds without a sign of life after which a batch is taken to be gone."""
CASE_FILES = ("case.yaml", journal.NAME)
"""Of which a case has at least one."""


def place(address: str) -> Path:
    """Return what leads to a folder; an address of a store behaves like a path.

    Raises:
        ParameterError: if nothing is installed that knows such addresses.
    """
    if "://" not in address:
        return Path(address)
    try:
        from upath import UPath  # noqa: PLC0415 - of the extra `cluster`, seldom needed

        found = UPath(address.rstrip("/"))
        _ = found.fs
    except (ImportError, ValueError) as exc:
        expected = "本机文件夹；s3:// 等地址要先安装 dxkit[cluster]"
        raise ParameterError(Problem(address, "", _reason(exc), expected)) from None
    return cast(Path, found)


def _reason(exc: Exception) -> str:
    return "没有安装能读写它的程序" if isinstance(exc, ImportError) else "不认识的地址"


def is_store(folder: Path) -> bool:
    """Return whether a place is no folder of this system."""
    return not isinstance(folder, Path)


def absolute(folder: Path) -> Path:
    """Return a place by an address that does not depend on where one is."""
    return folder if is_store(folder) else folder.absolute()


def store_of(folder: Path) -> Any:
    """Return the file system of fsspec that a store belongs to."""
    return cast(Any, folder).fs


def moved(source: Path, target: Path) -> None:
    """Give a file its final name; over what is there already."""
    if is_store(source):
        store = store_of(source)
        store.copy(cast(Any, source).path, cast(Any, target).path)
        store.rm_file(cast(Any, source).path)
    else:
        source.replace(target)


def copy_files(here: Path, there: Path) -> None:
    """Copy the files of a folder of this machine into another place."""
    for path in sorted(here.iterdir()):
        with path.open("rb") as source, (there / path.name).open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file of which readers see the old or the new content, never a part."""
    if is_store(path):
        path.write_bytes(content)
        return
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(content)
    half.replace(path)


def remove(folder: Path) -> None:
    """Remove a folder with what is in it, as far as that can be done."""
    if is_store(folder):
        with suppress(OSError):
            store_of(folder).rm(cast(Any, folder).path, recursive=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def case_folders(parent: Path) -> list[Path]:
    """Return the folders of the cases in a folder or a store."""
    if not is_store(parent):
        return list_folders(parent)
    root = cast(Any, parent).path.rstrip("/")
    with suppress(FileNotFoundError):
        store = store_of(parent)
        found = [each for name in CASE_FILES for each in store.glob(f"{root}/*/{name}")]
        return [parent / name for name in sorted({each.split("/")[-2] for each in found})]
    return []


def is_gone(folder: Path) -> bool:
    """Tell whether nothing of a case is left where one was."""
    try:
        return not any((folder / name).exists() for name in CASE_FILES)
    except OSError:
        return False


def fetched(folder: Path, into: Path) -> Path:
    """Copy a case from a store and return where it is now."""
    store, root = store_of(folder), cast(Any, folder).path.rstrip("/")
    target = into / folder.name
    for name in store.find(root):
        where = target / name[len(root) + 1 :]
        if not where.resolve().is_relative_to(target.resolve()):
            raise DxkitError(Problem(folder.name, "", f"文件名 {name}", "案卷文件夹之内的文件"))
        where.parent.mkdir(parents=True, exist_ok=True)
        store.get_file(name, str(where))
    return target


def stamp_of_case(folder: Path) -> str:
    """Return a hash of what a store says of a case's files."""
    root = cast(Any, folder).path.rstrip("/")
    found = store_of(folder).find(root, detail=True)
    told = [
        (name[len(root) :], each.get("size"), str(_version(each)))
        for name, each in sorted(found.items())
        if not Path(name).name.startswith(".")
    ]
    return hashlib.sha256(json.dumps(told).encode("utf-8")).hexdigest()


def _version(told: dict[str, Any]) -> Any:
    keys = ("ETag", "etag", "version_id", "LastModified", "mtime", "created")
    return next((told[key] for key in keys if told.get(key)), "")


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Let one batch at a time write to a place.

    Raises:
        ParameterError: if another batch is writing there now.
    """
    if is_store(out):
        with _store_held(out):
            yield
        return
    lock = FileLock(out / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise _taken(out) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _store_held(out: Path) -> Iterator[None]:
    """Hold a store by an object that says again and again that its batch lives.

    A store knows no locks: two batches that begin within the same moment see each other only at
    the next sign of life. What both make is the same, byte by byte.
    """
    lock, mine = out / LOCK, f"{socket.gethostname()} {secrets.token_hex(8)}"
    with suppress(FileNotFoundError, ValueError, KeyError):
        told = json.loads(lock.read_text(encoding="utf-8"))
        if time.time() - float(told["at"]) < SILENT:
            raise _taken(out)
    over = Event()

    def beat() -> None:
        told = {"by": mine, "at": time.time()}
        lock.write_text(json.dumps(told), encoding="utf-8")

    def live() -> None:
        while not over.wait(BEAT):
            with suppress(OSError):
                beat()

    beat()
    thread = Thread(target=live, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        with suppress(OSError):
            lock.unlink()


def _taken(out: Path) -> ParameterError:
    found = "另一批报告正在写入这个文件夹"
    return ParameterError(Problem(str(out), "--out", found, "等它结束，或另选文件夹"))
