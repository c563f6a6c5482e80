"""Which kinds of files are taken as evidence, and whether bytes are what a name promises."""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Callable
from pathlib import Path

import puremagic

from dxkit import archives
from dxkit.archives import MACRO_KINDS, PROGRAMS
from dxkit.errors import EvidenceError

HEAD_BYTES = 4096
PHONE_PICTURES = frozenset({"heic", "heif"})
PICTURES = frozenset({"jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", *PHONE_PICTURES})
_ZIPPED = frozenset({"docx", "xlsx", "pptx", "zip", "ofd"})
_COMPOUND = frozenset({"doc", "xls", "ppt", "wps", "et", "dps"})
# What must lie in a package for it to be what its name says.
_PARTS = {
    "docx": ("[content_types].xml", "word/"),
    "xlsx": ("[content_types].xml", "xl/"),
    "pptx": ("[content_types].xml", "ppt/"),
    "ofd": ("ofd.xml",),
}
_LIMITS = archives.Limits(
    entries=10_000,
    unpacked=2 * 2**30,
    ratio=200,
    ratio_from=16 * 2**20,
    without=frozenset({"macros", "programs", "archives"}),
    kept_closed=True,
)
_TEXTS = frozenset({"txt", "csv"})
_BOXED = frozenset({"mp4", "mov", "m4a", *PHONE_PICTURES})
_JPEG = frozenset({".jpg", ".jpeg", ".jpe", ".jfif"})
_SIGNED = {
    "pdf": frozenset({".pdf"}),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": frozenset({".png"}),
    "webp": frozenset({".webp"}),
    "bmp": frozenset({".bmp", ".dib"}),
    "tif": frozenset({".tif", ".tiff"}),
    "tiff": frozenset({".tif", ".tiff"}),
    "mp3": frozenset({".mp3", ".mpga"}),
}
KINDS = frozenset({*_SIGNED, *_ZIPPED, *_COMPOUND, *_TEXTS, *_BOXED})
IN_WORDS = (
    "PDF、OFD、Word、Excel、PowerPoint、WPS 文档，JPG、PNG、WEBP、HEIC、BMP、TIFF 图片，"
    "TXT、CSV 文本，MP4、MOV、MP3、M4A 音像，或 ZIP 压缩包"
)
_NO_PROGRAM = "不是程序的文件；要证明程序的功能，请用截图或说明文档"
_NO_MACROS = "不含宏的文件：另存为 .docx、.xlsx、.pptx 或 .pdf"

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP = b"PK\x03\x04"
_PROGRAM_HEADS = (
    b"\x7fELF",
    *(bytes.fromhex(head) for head in ("FEEDFACE", "FEEDFACF", "CEFAEDFE", "CFFAEDFE", "CAFEBABE")),
    bytes.fromhex("4C0000000114020000000000C0000000"),
    b"dex\n",
    b"#!",
)
_VBA = "_VBA_PROJECT".encode("utf-16-le")
# The class id in the root of a Windows Installer package, as it is stored.
_INSTALLER = bytes.fromhex("84100C0000000000C000000000000046")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHUNK = 1 << 20


def wrong_with(path: Path, extension: str) -> tuple[str, str] | None:
    """Return in Chinese why a file may not be evidence and what would do; None if it may be."""
    if extension in PROGRAMS:
        return "可执行程序或脚本", _NO_PROGRAM
    if extension in MACRO_KINDS:
        return "可以带宏的文件", _NO_MACROS
    if extension not in KINDS:
        return (f"扩展名为 .{extension} 的文件" if extension else "没有扩展名的文件"), IN_WORDS
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if _is_program(head):
        return "内容是可执行程序或脚本", _NO_PROGRAM
    found = _judge_of(extension)(path, extension, head)
    return (found, IN_WORDS) if isinstance(found, str) else found


def _is_program(head: bytes) -> bool:
    """Tell a program by its first bytes; a text that happens to begin with MZ has no zero byte."""
    return head.startswith(_PROGRAM_HEADS) or (head.startswith(b"MZ") and b"\0" in head[:64])


Wrong = str | tuple[str, str] | None
"""What is wrong with a file and, where that tells more than the list of kinds, what would do."""
Judge = Callable[[Path, str, bytes], Wrong]


def _judge_of(extension: str) -> Judge:
    families: tuple[tuple[frozenset[str], Judge], ...] = (
        (_ZIPPED, _zipped),
        (_COMPOUND, _compound),
        (_TEXTS, _text),
        (_BOXED, _boxed),
    )
    return next((judge for family, judge in families if extension in family), _signed)


def _signed(_path: Path, extension: str, head: bytes) -> str | None:
    return None if _seen(head) & _SIGNED[extension] else _differs(extension)


def _zipped(path: Path, extension: str, head: bytes) -> Wrong:
    return _wrong_inside(path, extension) if head.startswith(_ZIP) else _differs(extension)


def _compound(path: Path, extension: str, head: bytes) -> Wrong:
    """Judge a document of the older office programs; newer WPS writes zip packages."""
    if head.startswith(_ZIP):
        return _wrong_inside(path, extension)
    if not head.startswith(_OLE):
        return _differs(extension)
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as all_:
        if all_.find(_VBA) >= 0:
            return "含有宏", _NO_MACROS
        installer = all_.find(_INSTALLER) >= 0
        return ("内容是可执行程序或脚本", _NO_PROGRAM) if installer else None


def _wrong_inside(path: Path, extension: str) -> Wrong:
    """Judge a package by its list; nothing is unpacked here."""
    try:
        with archives.opened(path, str(path), _LIMITS, EvidenceError) as package:
            names = [name.replace("\\", "/").lower() for name in package.namelist()]
    except EvidenceError as refused:
        first = refused.problems[0]
        found = f"压缩包内的“{first.key}”{first.found}" if first.key else first.found
        return found, first.expected
    whole = all(any(name.startswith(part) for name in names) for part in _PARTS.get(extension, ()))
    return None if whole else f"内容不是 {extension.upper()} 文件"


def _boxed(_path: Path, extension: str, head: bytes) -> str | None:
    """Judge sound, film and phone pictures, which name their brands in the first box."""
    if head[4:8] != b"ftyp":
        film = extension == "mov" and ".mov" in _seen(head)
        return None if film else _differs(extension)
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[place : place + 4] for place in range(16, size, 4))}
    pictured = bool(brands & _HEIC_BRANDS)
    return None if pictured is (extension in PHONE_PICTURES) else _differs(extension)


def _text(path: Path, extension: str, head: bytes) -> str | None:
    codings = ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    return None if any(_reads_as(path, coding) for coding in codings) else _differs(extension)


def _reads_as(path: Path, coding: str) -> bool:
    decoder = codecs.getincrementaldecoder(coding)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                if _CONTROL.search(decoder.decode(chunk)):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _seen(head: bytes) -> set[str]:
    """Return the extensions that the first bytes are usual for."""
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _differs(extension: str) -> str:
    return f"内容与扩展名 .{extension} 不符"
