"""What lies in a zip package that is kept, judged from its list; nothing is unpacked here."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

MOST_ENTRIES = 10_000
MOST_UNPACKED = 2 * 2**30
RATIO_FROM, MOST_RATIO = 16 * 2**20, 200
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65535
_MACROS = ("vbaproject.bin", "vbadata.xml", "/macrosheets/", "/activex/")
_PROGRAM_PARTS = {"meta-inf/manifest.mf", "androidmanifest.xml", "classes.dex"}

_PROGRAM_WORDS = """
    exe dll com scr cpl sys msi msp bat cmd ps1 psm1 sh bash zsh csh run js jse mjs vbs vbe wsf wsh
    hta jar class apk lnk pif reg app elf so dylib py pyc pl rb php scf url desktop appimage deb rpm
    dmg pkg iso inf gadget
"""
_MACRO_WORDS = "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam sldm"
PROGRAMS = frozenset(_PROGRAM_WORDS.split())
MACRO_KINDS = frozenset(_MACRO_WORDS.split())
# What must lie in a package for it to be what its name says.
_PARTS = {
    "docx": ("[content_types].xml", "word/"),
    "xlsx": ("[content_types].xml", "xl/"),
    "pptx": ("[content_types].xml", "ppt/"),
    "ofd": ("ofd.xml",),
}


def wrong_with(path: Path, extension: str) -> str | None:
    """Return in Chinese why a zip package must be refused; None if nothing is wrong with it."""
    try:
        if _entries_told(path) > MOST_ENTRIES:
            return f"压缩包内的文件超过 {MOST_ENTRIES} 个"
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return "压缩包损坏，打不开"
    return next(_reasons(entries, extension), None)


def _reasons(entries: list[zipfile.ZipInfo], extension: str) -> Iterator[str]:
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    if any(mark in f"/{name}" for name in names for mark in _MACROS):
        yield "含有宏"
    if _PROGRAM_PARTS & set(names) or any(_suffix(name) in PROGRAMS for name in names):
        yield "压缩包内有可执行程序或脚本"
    if any(_suffix(name) in MACRO_KINDS for name in names):
        yield "压缩包内有带宏的文件"
    if any(_leads_out(entry) for entry in entries):
        yield "压缩包内有指向包外的路径或链接"
    if _is_bomb(entries):
        yield "压缩包展开后过大"
    if not all(any(name.startswith(part) for name in names) for part in _PARTS.get(extension, ())):
        yield f"内容不是 {extension.upper()} 文件"


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".")


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    parts = {*PurePosixPath(name).parts, *PureWindowsPath(name).parts}
    anchored = PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).anchor)
    return ".." in parts or anchored or stat.S_ISLNK(entry.external_attr >> 16)


def _is_bomb(entries: list[zipfile.ZipInfo]) -> bool:
    total = sum(entry.file_size for entry in entries)
    return total > MOST_UNPACKED or any(
        entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )


def _entries_told(path: Path) -> int:
    """Return how many entries the package's end says it has, before its list is read."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        tail = stream.read()
    place = tail.rfind(_END)
    if place < 0 or place + _END_SIZE > len(tail):
        raise zipfile.BadZipFile
    return int(struct.unpack_from("<H", tail, place + 10)[0])
