"""Zips built to harm are told by their list, whatever they pretend to be."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from dxkit.archives import Limits, fits_everywhere, folded, leads_out, opened
from dxkit.errors import FormError

LIMITS = Limits(entries=50, unpacked=2**20, ratio=100, ratio_from=1000)
EVERYTHING = frozenset({"macros", "objects", "programs", "archives"})


def packed(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries:
            package.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def refusal(content: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(FormError) as refused:
        opened(io.BytesIO(content), "甲.zip", limits, FormError)
    return str(refused.value)


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def test_a_harmless_zip_opens_from_a_stream_and_from_a_path(tmp_path):
    content = packed(("文件夹/", b""), ("文件夹/甲.txt", b"1"), (entry("乙", 0o100600), b"2"))
    with opened(io.BytesIO(content), "甲.zip", LIMITS, FormError) as package:
        assert package.read("文件夹/甲.txt") == b"1"
    (tmp_path / "a.zip").write_bytes(content)
    with opened(tmp_path / "a.zip", "甲.zip", LIMITS, FormError) as package:
        assert len(package.namelist()) == 3


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([("../a", b"")], "越界"),
        ([("a/../../b", b"")], "越界"),
        ([("/a", b"")], "越界"),
        ([("C:a", b"")], "越界"),
        ([("\\\\host\\share\\a", b"")], "越界"),
        ([("a\\..\\..\\b", b"")], "越界"),
        ([(entry("a", 0o120777), b"/etc/passwd")], "链接"),
        ([(entry("a", 0o010666), b"")], "特殊文件"),
        ([("a", bytes(200_000))], "压缩炸弹"),
        ([(str(n), bytes(range(256)) * 128) for n in range(40)], "展开后过大"),
        ([(str(n), b"") for n in range(51)], "条目过多"),
        ([], "空的"),
        ([("A.txt", b""), ("a.TXT", b"")], "2 个同名条目"),
        ([("caf\u00e9", b""), ("cafe\u0301", b"")], "2 个同名条目"),
        ([("a/NUL.txt", b"")], "不能使用"),
        ([("a. /b", b"")], "不能使用"),
        ([("a\\b", b"")], "不能使用"),
        ([("长" * 86, b"")], "不能使用"),
    ],
)
def test_what_is_hostile_is_refused_and_named(entries, words):
    assert words in refusal(packed(*entries))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("word/vbaProject.bin", "宏"),
        ("台账.XLSM", "宏"),
        ("word/embeddings/x.bin", "嵌入"),
        ("工具/setup.EXE", "可执行"),
        ("META-INF/MANIFEST.MF", "可执行"),
        ("里面.ZIP", "压缩包中的压缩包"),
        ("里面.tar.gz", "压缩包中的压缩包"),
    ],
)
def test_what_is_unwelcome_is_refused_only_where_it_is(name, words):
    content = packed((name, b""))
    limits = Limits(entries=9, unpacked=9, ratio=9, without=EVERYTHING)
    assert words in refusal(content, limits)
    opened(io.BytesIO(content), "甲.zip", LIMITS, FormError).close()


def test_all_reasons_are_told_at_once():
    said = refusal(packed(("../a", b""), ("a|b", b""), ("c", bytes(200_000))))
    assert all(words in said for words in ("越界", "不能使用", "压缩炸弹"))


def test_a_zip_that_is_only_kept_may_be_locked_and_oddly_named():
    kept = Limits(entries=9, unpacked=9, ratio=9, kept_closed=True)
    content = bytearray(packed(("a|b", b""), ("A|b", b"")))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    opened(io.BytesIO(content), "甲.zip", kept, FormError).close()
    assert "已加密" in refusal(bytes(content))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_list_too_long_is_not_even_read(monkeypatch):
    content = bytearray(packed(*((f"{n:0200d}", b"") for n in range(200))))
    end = content.rfind(b"PK\x05\x06")
    struct.pack_into("<HH", content, end + 8, 1, 1)  # it pretends to have one entry
    far = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 2**40, 0)
    far += struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    small = packed(("a", b""))
    end = small.rfind(b"PK\x05\x06")
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "条目过多" in refusal(bytes(content))
    assert "条目过多" in refusal(small[:end] + far + small[end:])


def test_what_is_no_zip_is_damaged():
    whole = packed(("a", b"x" * 99))
    for content in (b"", b"PK", whole[:40], whole[:-5], b"PK\x05\x06" + bytes(3)):
        assert "损坏" in refusal(content)


def test_names_are_judged_alike_for_every_system(tmp_path: Path):
    assert leads_out("")
    assert not leads_out("01_报告/甲.docx")
    assert fits_everywhere("01_报告/甲.docx")
    assert not any(map(fits_everywhere, ("a|b", "aux", "com1.txt", "con .txt", "a.", "a\x01")))
    assert folded("A/é") == folded("a/e\u0301")
