"""Opening a pack: judged before anything is written, every file checked, all of it or nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dxkit import archives
from dxkit.case import case_around
from dxkit.errors import HandoverError, Problem, os_problem
from dxkit.handover import manifest
from dxkit.handover.manifest import Listed
from dxkit.handover.sealing import Unlock, decrypt, is_encrypted, wants_passphrase
from dxkit.handover.zipping import LIMITS

_BEGINS, _END_SIZE = 200, 22
_SHORT = 40
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Unpacked:
    """What came out of a pack."""

    folder: Path
    files: int
    bytes: int


def unpack(file: Path, out: Path, unlock: Unlock | None = None) -> Unpacked:
    """Unpack a pack into a new folder, which appears only when every file was found whole.

    Raises:
        HandoverError: with every reason why the pack cannot be opened or trusted.
    """
    place = Path(os.path.abspath(out))  # noqa: PTH100 - `.` and `x/..` need a name of their own
    try:
        _refuse_taken(out, place)
        with opened(file, unlock) as package, _made_beside(place) as half:
            files = _extract(package, half, str(file))
            if place.exists():
                place.rmdir()
            half.rename(place)
    except OSError as error:
        raise HandoverError(os_problem(error)) from error
    return Unpacked(out, len(files), sum(each.bytes for each in files))


def _refuse_taken(out: Path, place: Path) -> None:
    taken = place.exists() and (not place.is_dir() or any(place.iterdir()))
    inside = case_around(place.parent) is not None
    if taken or inside or place == Path.cwd():
        found = "已经存在" if taken else "在企业文件夹之内" if inside else "是当前文件夹"
        raise HandoverError(Problem(str(out), "--out", found, "一个新的或空的文件夹"))


@contextmanager
def _made_beside(place: Path) -> Iterator[Path]:
    """Give a new folder beside a place, under a name that nobody has; what is left of it goes."""
    place.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(".part", f".{place.name[:_SHORT]}.", place.parent))
    half.chmod(0o755)
    try:
        yield half
    finally:
        shutil.rmtree(half, ignore_errors=True)


def check_pack(file: Path, unlock: Unlock | None = None) -> tuple[int, list[Problem]]:
    """Return how many files a pack lists and everything that is wrong with them."""
    with opened(file, unlock) as package:
        told, problems = _told(package, str(file))
        for each in told.values():
            problems += _copied(package, each, None, str(file))
        return len(told), problems


def needs(file: Path) -> str:
    """Return what it takes to open a file: `passphrase`, `identity`, or nothing."""
    with file.open("rb") as source:
        begins = source.read(_BEGINS)
    if not is_encrypted(begins):
        return ""
    return "passphrase" if wants_passphrase(begins) else "identity"


@contextmanager
def opened(file: Path, unlock: Unlock | None) -> Iterator[zipfile.ZipFile]:
    """Open a pack, decrypted if need be, whose list of entries was found harmless.

    Raises:
        HandoverError: with every reason not to.
    """
    with (
        file.open("rb") as source,
        _plain(source, file, unlock) as plain,
        archives.opened(plain, str(file), LIMITS, HandoverError) as package,
    ):
        _refuse_more(plain, package, str(file))
        yield package


def _refuse_more(plain: BinaryIO, package: zipfile.ZipFile, where: str) -> None:
    """Refuse a pack with bytes before or behind the zip, which no list tells of."""
    plain.seek(-_END_SIZE, os.SEEK_END)
    ends = plain.read().startswith(b"PK\x05\x06")
    begins = min(entry.header_offset for entry in package.infolist()) == 0
    if not (begins and ends):
        found = "材料包的前面或后面有清单之外的数据"
        raise HandoverError(Problem(where, "", found, "打包时的文件"))


@contextmanager
def _plain(source: BinaryIO, file: Path, unlock: Unlock | None) -> Iterator[BinaryIO]:
    wanted = needs(file)
    if not wanted:
        yield source
        return
    if unlock is None or not (unlock.passphrase or unlock.identities):
        expected = "打包时的口令" if wanted == "passphrase" else "收件人的私钥文件（--identity）"
        raise HandoverError(Problem(str(file), "", "已加密", expected))
    with tempfile.TemporaryFile() as plain:
        decrypt(source, plain, unlock, str(file))
        plain.seek(0)
        yield plain


def _extract(package: zipfile.ZipFile, folder: Path, where: str) -> Sequence[Listed]:
    told, problems = _told(package, where)
    if problems:
        raise HandoverError(problems)
    for each in told.values():
        problems += _copied(package, each, folder / each.path, where)
    if problems:
        raise HandoverError(problems)
    (folder / manifest.NAME).write_bytes(package.read(manifest.NAME))
    return list(told.values())


def _told(package: zipfile.ZipFile, where: str) -> tuple[dict[str, Listed], list[Problem]]:
    """Return the files of the manifest, and what it and the zip do not both have."""
    sizes = {entry.filename: entry.file_size for entry in package.infolist()}
    if not 0 < sizes.get(manifest.NAME, 0) <= manifest.MOST_BYTES:
        expected = f"不超过 {manifest.MOST_BYTES >> 20} MB 的清单"
        raise HandoverError(Problem(where, manifest.NAME, "没有清单，或清单过大", expected))
    try:
        content = package.read(manifest.NAME)
    except archives.BROKEN:
        raise HandoverError(Problem(where, manifest.NAME, "已损坏", "完好的清单")) from None
    told = manifest.read_manifest(content, where)
    extra = [Problem(where, name, "清单中没有", "") for name in sizes.keys() - told.keys()]
    lost = [Problem(where, name, "包中没有", "") for name in told.keys() - sizes.keys()]
    named = [each for each in extra if each.key != manifest.NAME]
    return {name: told[name] for name in told if name in sizes}, [*named, *lost]


def _copied(
    package: zipfile.ZipFile, told: Listed, to: Path | None, where: str
) -> Iterator[Problem]:
    """Read one file through, write it where asked, and yield it if it is not what was packed."""
    digest, size = hashlib.sha256(), 0
    try:
        with package.open(told.path) as source, _target(to) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += target.write(chunk)
    except archives.BROKEN:
        yield Problem(where, told.path, "已损坏", "打包时的文件")
        return
    if (digest.hexdigest(), size) != (told.sha256, told.bytes):
        yield Problem(where, told.path, "与清单的校验值不符", "打包时的文件")


def _target(to: Path | None) -> BinaryIO:
    if to is None:
        return Path(os.devnull).open("wb")
    to.parent.mkdir(parents=True, exist_ok=True)
    return to.open("xb")
