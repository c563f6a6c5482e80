"""The bytes of a pack: what each file hashes to, and one zip of them, the same every time."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from dxkit.errors import ConflictError, Problem
from dxkit.handover.contents import Entry
from dxkit.handover.manifest import Listed

CHUNK = 1 << 20
_STORED = {".jpg", ".jpeg", ".png", ".webp", ".zip", ".docx", ".xlsx", ".pptx", ".pdf", ".ofd"}
"""What is compressed already."""

File = tuple[Entry, Listed]


def listed(entry: Entry) -> Listed:
    """Return an entry as a manifest tells it, read piece by piece."""
    digest, size = hashlib.sha256(), 0
    for chunk in _pieces(entry.content):
        digest.update(chunk)
        size += len(chunk)
    return Listed(entry.path, digest.hexdigest(), size)


def zipped(files: Sequence[File], moment: str) -> BinaryIO:
    """Return a zip of files in their order, each dated with a moment (ISO).

    It stands in a file without a name, which goes away when it is closed or the program ends.

    Raises:
        ConflictError: if a file was changed since it was hashed.
    """
    date_time = datetime.fromisoformat(moment).timetuple()[:6]
    stream = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    try:
        with zipfile.ZipFile(stream, "w") as package:
            for entry, told in files:
                _write(package, entry, told, zipfile.ZipInfo(entry.path, date_time))
        stream.seek(0)
    except BaseException:
        stream.close()
        raise
    return stream


def _write(package: zipfile.ZipFile, entry: Entry, told: Listed, info: zipfile.ZipInfo) -> None:
    known = PurePosixPath(entry.path).suffix.lower() in _STORED
    info.compress_type = zipfile.ZIP_STORED if known else zipfile.ZIP_DEFLATED
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
