"""Whether a file on somebody's disk may become evidence: named, sized, shaped and hashed."""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dxkit.errors import EvidenceError, Problem, os_problem
from dxkit.evidence import kinds

MOST_BYTES = 200 * 2**20
LONGEST_NAME = 60
_CHUNK = 1 << 20
_SEPARATORS = re.compile(r"[/\\:\x00-\x1f\x7f]")
_UNFIT = re.compile(r"[^\w.()（）-]+")

Progress = Callable[[int], None]
"""Called with the number of bytes read since the last call."""


@dataclass(frozen=True)
class Examined:
    """A file that may become evidence, as it was when it was looked at."""

    path: Path
    extension: str
    size: int
    sha256: str

    @property
    def is_picture(self) -> bool:
        """Tell whether the picture library can open it."""
        return self.extension in kinds.PICTURES


def examine(paths: list[Path], progress: Progress | None = None) -> list[Examined]:
    """Look at files one after the other.

    Raises:
        EvidenceError: with every file that may not become evidence, and why.
    """
    refuse_unfit(paths)
    return [_examined(path, progress) for path in paths]


def refuse_unfit(paths: Sequence[Path]) -> None:
    """Refuse files that may not become evidence.

    Raises:
        EvidenceError: with every one of them, and why.
    """
    if problems := [problem for path in paths for problem in _problems(path)]:
        raise EvidenceError(problems)


def clean_name(name: str) -> str:
    """Return a file name that every system takes: letters, digits, Chinese, a few signs."""
    stem, _, extension = unicodedata.normalize("NFC", name).rpartition(".")
    tidy = _UNFIT.sub("_", stem).strip("._ ")[:LONGEST_NAME].rstrip("._ ")
    return f"{tidy or '文件'}.{extension.lower()}"


def hash_of(path: Path, progress: Progress | None = None) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if progress:
                progress(len(chunk))
    return digest.hexdigest()


def _examined(path: Path, progress: Progress | None) -> Examined:
    return Examined(path, _extension(path), path.stat().st_size, hash_of(path, progress))


def _extension(path: Path) -> str:
    return path.suffix.lstrip(".").lower()


def _problems(path: Path) -> Iterator[Problem]:
    try:
        found, expected = _wrong_with(path) or ("", "")
    except OSError as exc:
        yield os_problem(exc)
        return
    if found:
        yield Problem(str(path), "", found, expected)


def _wrong_with(path: Path) -> tuple[str, str] | None:
    if _SEPARATORS.search(path.name):
        return "文件名含有路径分隔符或控制字符", "一般的文件名"
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return "是符号链接", "文件本身"
    if not stat.S_ISREG(status.st_mode):
        return "不是文件", "一个文件"
    if status.st_size == 0:
        return "空文件", "有内容的文件"
    if status.st_size > MOST_BYTES:
        limit = f"不超过 {MOST_BYTES // 2**20} MB；过大的音像请截取有关部分"
        return f"{status.st_size / 2**20:.0f} MB", limit
    return kinds.wrong_with(path, _extension(path))
