"""Which zips from outside are hostile: judged by their list alone, before anything is read."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO, Literal

from dxkit.errors import DxkitError, Problem

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error)
"""In which ways opening or reading a damaged zip fails."""

_PROGRAM_WORDS = """
    exe dll com scr cpl sys msi msp bat cmd ps1 psm1 sh bash zsh csh run js jse mjs vbs vbe wsf wsh
    hta jar class apk lnk pif reg app elf so dylib py pyc pl rb php scf url desktop appimage deb rpm
    dmg pkg iso inf gadget
"""
_ARCHIVE_WORDS = "zip rar 7z tar gz tgz bz2 xz zst cab arj lzh ace z"
_MACRO_WORDS = "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam sldm"
PROGRAMS = frozenset(_PROGRAM_WORDS.split())
MACRO_KINDS = frozenset(_MACRO_WORDS.split())

Content = Literal["macros", "objects", "programs", "archives"]
_PROGRAM_PARTS = r"/meta-inf/manifest\.mf$|/androidmanifest\.xml$|/classes\.dex$"
_CONTENTS: dict[Content, tuple[re.Pattern[str], str, str]] = {
    "macros": (
        re.compile(rf"/vbaproject|/vbadata|/macrosheets/|/activex/|\.({'|'.join(MACRO_KINDS)})$"),
        "含有宏或控件",
        "不含宏的文件：另存为 .docx 或 .xlsx",
    ),
    "objects": (
        re.compile(r"/embeddings/|/oleobject"),
        "是嵌入的对象",
        "不含嵌入对象的文件；附件请作为证据另行登记",
    ),
    "programs": (
        re.compile(rf"{_PROGRAM_PARTS}|\.({'|'.join(PROGRAMS)})$"),
        "是可执行程序或脚本",
        "不含程序的压缩包",
    ),
    "archives": (
        re.compile(rf"\.({'|'.join(_ARCHIVE_WORDS.split())})$"),
        "是压缩包中的压缩包，无法核对其中的内容",
        "解开之后再放入的文件",
    ),
}

_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE, _END_64_SIZE, _LONGEST_COMMENT = 22, 20 + 56, 65535
_MOST_LISTED = 400
"""How many bytes of the list one entry takes at most, on the average."""
_NO_NAMES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
_FORBIDDEN = set('<>:"|?*\\')
_LONGEST = 255


@dataclass(frozen=True)
class Limits:
    """What a zip of some kind never exceeds, and what may not lie in it."""

    entries: int
    unpacked: int
    """The bytes of all entries together."""
    ratio: int
    """How many times smaller than itself an entry may be packed."""
    ratio_from: int = 4 * 2**20
    """The bytes up to which an entry may be packed as small as it likes."""
    without: frozenset[Content] = field(default=frozenset())
    kept_closed: bool = False
    """Whether nothing is ever read or unpacked: then locks and odd names do no harm."""


def opened(
    source: BinaryIO | Path, where: str, limits: Limits, refusal: type[DxkitError]
) -> zipfile.ZipFile:
    """Return a zip, to be closed by the caller, in whose list there is nothing hostile.

    Raises:
        DxkitError: of the class `refusal`, with every reason not to touch it.
    """
    try:
        if _list_told(source) > limits.entries * _MOST_LISTED:
            raise refusal(_too_many(where, limits))
        package = zipfile.ZipFile(source)
    except BROKEN:
        raise refusal(Problem(where, "", "压缩包已损坏", "完好的文件")) from None
    if problems := problems_in(package.infolist(), where, limits):
        package.close()
        raise refusal(problems)
    return package


def problems_in(entries: Sequence[zipfile.ZipInfo], where: str, limits: Limits) -> list[Problem]:
    """Return every reason not to touch a zip, too many entries alone being reason enough."""
    if not 0 < len(entries) <= limits.entries:
        return [_too_many(where, limits)]
    found = [*_too_big(entries, limits)]
    found += () if limits.kept_closed else _repeated(entries)
    found += [(entry.filename, *wrong) for entry in entries if (wrong := _wrong(entry, limits))]
    return [Problem(where, name, *said) for name, *said in found]


def leads_out(name: str) -> bool:
    """Tell whether a name in a zip could name a place outside the folder it is unpacked into."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    anchored = name.startswith(("/", "\\")) or bool(PureWindowsPath(name).anchor)
    return not parts or "\0" in name or ".." in parts or anchored


def _list_told(source: BinaryIO | Path) -> int:
    """Return how many bytes long the list of a zip says it is, before the list is read."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return _list_told(stream)
    size = source.seek(0, 2)
    source.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _END_64_SIZE))
    tail = source.read()
    end = tail.rfind(_END)
    if end < 0 or end + _END_SIZE > len(tail):
        raise zipfile.BadZipFile
    if end >= _END_64_SIZE and tail[end - 20 : end - 16] == _END_64:
        return int(struct.unpack_from("<Q", tail, end - _END_64_SIZE + 40)[0])
    return int(struct.unpack_from("<L", tail, end + 12)[0])


def _too_many(where: str, limits: Limits) -> Problem:
    return Problem(where, "", "压缩包是空的，或条目过多", f"1 至 {limits.entries} 个条目")


def _too_big(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> Iterator[tuple[str, str, str]]:
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked:
        expected = f"展开后不超过 {limits.unpacked >> 20} MB"
        yield "", f"展开后过大（{total >> 20} MB），疑为压缩炸弹", expected


def _repeated(entries: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[str, str, str]]:
    """Yield names that mean the same file on one system or another."""
    alike = Counter(folded(entry.filename) for entry in entries)
    names = {folded(entry.filename): entry.filename for entry in entries}
    for name, times in alike.items():
        if times > 1:
            yield names[name], f"有 {times} 个同名条目", "每个名称只有一个条目"


def folded(name: str) -> str:
    """Return what names have in common that mean the same file on one system or another."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).rstrip("/")


def _wrong(entry: zipfile.ZipInfo, limits: Limits) -> tuple[str, str] | None:
    if leads_out(entry.filename):
        return "路径越界，指向包外", "包内的相对路径"
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "是指向包外的链接，或特殊文件", "普通文件"
    if entry.file_size > max(limits.ratio_from, entry.compress_size * limits.ratio):
        expected = f"展开后不超过压缩数据的 {limits.ratio} 倍"
        return "展开后过大，压缩比异常，疑为压缩炸弹", expected
    unreadable = None if limits.kept_closed else _unreadable(entry)
    return unreadable or _unwelcome(entry.filename, limits)


def _unreadable(entry: zipfile.ZipInfo) -> tuple[str, str] | None:
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        return "已加密，或用了少见的压缩方式", "不加密、按通常方式压缩的条目"
    if not fits_everywhere(entry.filename):
        return "名称在有的系统上不能使用", "不含特殊字符的名称"
    return None


def _unwelcome(name: str, limits: Limits) -> tuple[str, str] | None:
    place = f"/{name}".replace("\\", "/").lower()
    for content in sorted(limits.without):
        known, found, expected = _CONTENTS[content]
        if known.search(place):
            return found, expected
    return None


def fits_everywhere(name: str) -> bool:
    """Tell whether every system takes a name, with `/` between its parts."""
    return not any(
        _FORBIDDEN & set(part)
        or any(ord(character) < 32 for character in part)
        or part.partition(".")[0].rstrip().lower() in _NO_NAMES
        or part != part.rstrip(" .")
        or len(part.encode("utf-8", "surrogatepass")) > _LONGEST
        for part in PurePosixPath(name).parts
    )
