"""Whether a returned Office file may be opened: what its parts are, before any library reads it."""

from __future__ import annotations

import stat
import zipfile
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

from dxkit import archives
from dxkit.errors import FormError, Problem, os_problem

MOST_BYTES = 50 * 2**20
MOST_XML = 60 * 2**20
MOST_DEPTH = 250
LIMITS = archives.Limits(
    entries=4000,
    unpacked=400 * 2**20,
    ratio=150,
    without=frozenset({"macros", "objects"}),
)

_MAIN_TYPE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTENT_TYPES = "[Content_Types].xml"
_XML = (".xml", ".rels", ".vml")


class _RefusedError(Exception):
    """What was found, and what would be right."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.expected = expected


def safe_bytes(path: Path, kind: str) -> bytes:
    """Return the bytes of a Word or Excel file that is safe to hand to a library.

    The bytes are read once and judged, so what is opened later is what was judged. Links to
    outside the file are not refused; nothing follows them.

    Args:
        path: the returned file, whatever its name.
        kind: `docx` or `xlsx`.

    Raises:
        FormError: the file cannot be read, is too big, encrypted, no such package, built to
            exhaust the reader, or carries macros, embedded objects or XML entities.
    """
    try:
        content = _read(path)
        _judge(content, kind, str(path))
    except _RefusedError as refused:
        raise FormError(Problem(str(path), "", str(refused), refused.expected)) from refused
    except OSError as error:
        raise FormError(os_problem(error)) from error
    return content


def _read(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise _RefusedError("不是普通文件", "返回的表单文件")
    with path.open("rb") as source:
        content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _RefusedError(f"超过 {MOST_BYTES >> 20} MB", "较小的文件；照片请作为证据另行登记")
    return content


def _judge(content: bytes, kind: str, where: str) -> None:
    if content.startswith(_OLE):
        _refuse_ole(content, kind)
    broken = _RefusedError(f"不是完好的 {kind} 文件", f"用 Word、WPS 等另存的 .{kind} 文件")
    if not content.startswith(b"PK"):
        raise broken
    try:
        with archives.opened(BytesIO(content), where, LIMITS, FormError) as package:
            _judge_xml(package)
            _judge_kind(package, kind)
    except archives.BROKEN as error:
        raise broken from error


def _refuse_ole(content: bytes, kind: str) -> None:
    if _ENCRYPTED in content:
        raise _RefusedError("文件设有打开密码", "去掉密码后另存的文件")
    raise _RefusedError("是旧版格式（.doc、.xls 或 WPS 的 .wps、.et）", f"另存为 .{kind} 的文件")


def _judge_xml(package: zipfile.ZipFile) -> None:
    for entry in package.infolist():
        if entry.filename.lower().endswith(_XML):
            if entry.file_size > MOST_XML:
                expected = f"各部分不超过 {MOST_XML >> 20} MB 的文件"
                raise _RefusedError(f"{entry.filename} 过大", expected)
            _judge_part(entry.filename, package.read(entry))


def _judge_part(name: str, content: bytes) -> None:
    """Read a part through, whatever its encoding; nothing of it is kept."""
    parser = expat.ParserCreate()
    depth = 0

    def begin(_tag: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise _RefusedError(f"{name} 的嵌套过深", "正常的表单文件")

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse_type(*_declared: object) -> None:
        raise _RefusedError(f"{name} 含有文档类型或实体声明", "正常的表单文件")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse_type
    parser.EntityDeclHandler = refuse_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise _RefusedError(f"{name} 已损坏", "用 Word、WPS 等重新另存的文件") from error


def _judge_kind(package: zipfile.ZipFile, kind: str) -> None:
    declared = _declared_types(package)
    if any("macroenabled" in each.lower() for each in declared):
        raise _RefusedError("是启用宏的文件", f"不含宏的文件：另存为 .{kind}")
    if _MAIN_TYPE[kind] not in declared:
        raise _RefusedError(f"不是 {kind} 文件", f"用 Word、WPS 等另存的 .{kind} 文件")


def _declared_types(package: zipfile.ZipFile) -> set[str]:
    found: set[str] = set()

    def begin(_tag: str, attributes: dict[str, str]) -> None:
        found.add(attributes.get("ContentType", ""))

    if _CONTENT_TYPES in package.namelist():
        parser = expat.ParserCreate()
        parser.StartElementHandler = begin
        parser.Parse(package.read(_CONTENT_TYPES), True)
    return found
