"""The bytes of a pack: what each file hashes to, and one zip of them, the same every time."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from dxkit.archives import Limits
from dxkit.errors import ConflictError, HandoverError, Problem
from dxkit.handover.entries import Entry
from dxkit.handover.manifest import Listed

CHUNK = 1 << 20
# What is bigger than `ratio_from` is stored as it is, so that no pack can look like a bomb.
LIMITS = Limits(entries=20_000, unpacked=20 * 2**30, ratio=100)
_PACKED = {".jpg", ".jpeg", ".png", ".webp", ".zip", ".docx", ".xlsx", ".pptx", ".pdf", ".ofd"}
"""What is compressed already."""

File = tuple[Entry, Listed]


def listed(entry: Entry) -> Listed:
    """Return an entry as a manifest tells it, read piece by piece."""
    digest, size = hashlib.sha256(), 0
    for chunk in _pieces(entry.content):
        digest.update(chunk)
        size += len(chunk)
    return Listed(entry.path, digest.hexdigest(), size)


def refuse_too_much(files: Sequence[Listed], where: str) -> None:
    """Refuse to make a pack that nobody could unpack.

    Raises:
        HandoverError: if there are too many files or bytes.
    """
    total = sum(each.bytes for each in files)
    if len(files) >= LIMITS.entries or total > LIMITS.unpacked:
        found = f"{len(files)} 个文件，{total >> 20} MB"
        expected = f"少于 {LIMITS.entries} 个文件，不超过 {LIMITS.unpacked >> 20} MB"
        raise HandoverError(Problem(where, "材料包", found, expected))


def zip_into(stream: BinaryIO, files: Sequence[File], moment: str) -> None:
    """Write a zip of files in their order, each dated with a moment (ISO).

    Raises:
        ConflictError: if a file was changed since it was hashed.
    """
    date_time = datetime.fromisoformat(moment).timetuple()[:6]
    with zipfile.ZipFile(stream, "w") as package:
        for entry, told in files:
            _write(package, entry, told, zipfile.ZipInfo(entry.path, date_time))


def _write(package: zipfile.ZipFile, entry: Entry, told: Listed, info: zipfile.ZipInfo) -> None:
    packed = PurePosixPath(entry.path).suffix.lower() in _PACKED
    stored = packed or told.bytes > LIMITS.ratio_from
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3  # the same on every system
    digest = hashlib.sha256()
    with package.open(info, "w", force_zip64=True) as target:
        for chunk in _pieces(entry.content):
            digest.update(chunk)
            target.write(chunk)
    if digest.hexdigest() != told.sha256:
        raise ConflictError(Problem(str(entry.content), "", "打包期间文件有改动", "再打包一次"))


def _pieces(content: bytes | Path) -> Iterator[bytes]:
    source = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    with source:
        while chunk := source.read(CHUNK):
            yield chunk
