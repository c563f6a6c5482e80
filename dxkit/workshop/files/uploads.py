"""Files on their way from a browser: in pieces beside every case, whole into it, or nowhere."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dxkit import paths
from dxkit.errors import CaseError
from dxkit.evidence.files import clean_name, hash_of

MOST = 60 * 2**20
"""The most bytes a file from a browser may have."""
CHUNK = 2**20
TOGETHER = 10 * MOST
"""The most bytes that may be on their way at once, of all pages of a workspace."""
SPARE = 500 * 2**20
"""The bytes of the disk that no file may take, so that what is typed can always be saved."""
AT_ONCE = 4
"""The most files one visitor may send at once."""
FORGOTTEN = 3600.0
"""The seconds after which a file that nobody sends on is thrown away."""
FOLDER = ".uploads"
_ID = re.compile(r"[0-9a-f]{32}")
_ABOUT, _BYTES = "about.json", "bytes"


@dataclass(frozen=True)
class Upload:
    """A file that is coming in: whose, for which case, how it is called and how long it will be."""

    id: str
    visitor: str
    case: str
    name: str
    size: int

    @property
    def folder(self) -> Path:
        """Return the folder of its own in which it arrives."""
        return place() / self.id

    @property
    def received(self) -> int:
        """Return how many bytes have arrived."""
        file = self.folder / _BYTES
        return file.stat().st_size if file.is_file() else 0


def place() -> Path:
    """Return the folder in which files arrive."""
    return paths.outputs() / FOLDER


def begin(visitor: str, case: str, name: Any, size: Any) -> Upload:
    """Make room for a file.

    Raises:
        CaseError: if it is empty, too large, or too much is on its way already.
    """
    called = _called(name)
    if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
        raise CaseError(f"{called}：空文件，不能上传")
    if size > MOST:
        raise CaseError(
            f"{called}：{size / 2**20:.1f} MB，超过 {MOST >> 20} MB；请压缩后上传，"
            "或请组长用投递文件夹收取"
        )
    sweep()
    coming = _all()
    if sum(each.visitor == visitor for each in coming) >= AT_ONCE:
        raise CaseError(f"同时最多上传 {AT_ONCE} 个文件，请等前面的传完")
    if sum(each.size for each in coming) + size > TOGETHER:
        raise CaseError("正在上传的文件太多，请稍后再试")
    paths.outputs().mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(paths.outputs()).free
    if free - 2 * size < SPARE:  # it arrives beside the case and is copied into it
        raise CaseError(f"{called}：磁盘只剩 {free >> 20} MB，不能再收文件；请组长腾出空间后再传")
    upload = Upload(secrets.token_hex(16), visitor, case, called, size)
    place().mkdir(mode=0o700, exist_ok=True)
    upload.folder.mkdir()
    about = json.dumps(asdict(upload), ensure_ascii=False)
    (upload.folder / _ABOUT).write_text(about, encoding="utf-8")
    (upload.folder / _BYTES).touch()
    return upload


def found(visitor: str, case: str, name: Any) -> Upload:
    """Return a file that this visitor is sending to this case.

    Raises:
        CaseError: if there is none, or none of theirs.
    """
    upload = _read(place() / name) if isinstance(name, str) and _ID.fullmatch(name) else None
    if upload is None or (upload.visitor, upload.case) != (visitor, case):
        raise CaseError("没有这个上传，或已过期，请重新上传")
    return upload


def receive(upload: Upload, number: Any, content: bytes) -> int:
    """Add a piece, counted from 0, and return how many bytes have arrived; a known one is passed.

    Raises:
        CaseError: if a piece was left out, or more comes than was told.
    """
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise CaseError(f"{upload.name}：没有说明是第几段")
    at, have = number * CHUNK, upload.received
    if at + len(content) <= have:
        return have
    if at > have or len(content) > CHUNK or at + len(content) > upload.size:
        raise CaseError(f"{upload.name}：传来的内容与说明的不符，请重新上传")
    with (upload.folder / _BYTES).open("r+b") as stream:
        stream.seek(at)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.utime(upload.folder)
    return upload.received


def finished(upload: Upload, sha256: Any = None) -> Path:
    """Return a whole file under its own name.

    Raises:
        CaseError: if something is missing, or it is not what was sent.
    """
    if upload.received != upload.size:
        missing = f"{upload.received} / {upload.size} 字节"
        raise CaseError(f"{upload.name}：还没有传完（{missing}）")
    whole = upload.folder / upload.name
    file = upload.folder / _BYTES
    if isinstance(sha256, str) and sha256 and sha256.lower() != hash_of(file):
        raise CaseError(f"{upload.name}：收到的内容与发出的不同，请重新上传")
    file.replace(whole)
    return whole


def drop(upload: Upload) -> None:
    """Throw a file away that came in or will not."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def sweep(now: float | None = None) -> None:
    """Throw away what nobody sends on."""
    oldest = (now or time.time()) - FORGOTTEN
    for folder in place().iterdir() if place().is_dir() else ():
        with suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)


def _all() -> list[Upload]:
    return [found for folder in place().glob("*") if (found := _read(folder)) is not None]


def _read(folder: Path) -> Upload | None:
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        return Upload(**told) if isinstance(told, Mapping) else None
    except (OSError, ValueError, TypeError):
        return None


def _called(name: Any) -> str:
    """Return a name that is a file's on every system, keeping what kind it says it is."""
    said = name if isinstance(name, str) else ""
    last = re.split(r"[/\\]", said)[-1]
    if "." not in last:
        raise CaseError(f"{last[:40] or '文件'}：文件名没有扩展名，无法判断类型")
    return clean_name(last)
