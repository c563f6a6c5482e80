"""Evidence: what may come in, what is noted of it, what never leaves, and that nothing changes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from dxkit import paths
from dxkit.case import create, journal, open_case, writing
from dxkit.cli import commands
from dxkit.cli.evidence import evidence as command
from dxkit.definitions import load
from dxkit.errors import CaseError, DxkitError, EvidenceError, HandoverError
from dxkit.evidence import Intake, add, duplicates, items, review, review_log, verify
from dxkit.evidence.apart import release, restrict
from dxkit.evidence.files import MOST_BYTES, clean_name, examine
from dxkit.evidence.likeness import alike, apart
from dxkit.evidence.masking import not_masked
from dxkit.evidence.photographs import look
from dxkit.evidence.secrecy import annex_stays, file_stays, leaving, staying
from dxkit.evidence.self_assessment import keep
from dxkit.handover.verification import verify as verify_place

DEFINITIONS = load()
CHECKER = paths.templates() / "verify_evidence.py"
LIST = Intake("C001", ledger={"secrecy": "general", "provider": "设备部"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create(tmp_path / "cases" / "trial", {}, DEFINITIONS, "测试").folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A device list as an enterprise hands it over."""
    path = tmp_path / "设备 台账（2025）.csv"
    path.write_text("设备,数量\n熔炼炉,4\n", encoding="gbk")
    return path


def picture(
    path: Path, seed: int = 1, size: tuple[int, int] = (800, 600), **options: object
) -> Path:
    """Draw some boxes that differ by seed."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        colour = tuple(chance.randrange(200) for _ in range(3))
        pen.rectangle((x, y, x + size[0] // 4, y + size[1] // 5), fill=colour)
    image.save(path, **options)
    return path


def with_camera_notes(path: Path, **more: object) -> Path:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:10:13 14:05:09"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 39.0, 30.0), 3: "E", 4: (109.0, 50.0, 24.0)})
    return picture(path, exif=exif, comment=b"camera owner", **more)


def packed(path: Path, *names: str, content: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, content)
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def names_in(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix() for path in files}


# -- what may come in ---------------------------------------------------------------------------


def test_a_file_that_came_in_is_in_folder_ledger_and_journal(folder: Path, table: Path) -> None:
    (taken,) = add(folder, [(table, LIST)], "张示例")
    assert taken.numbers == ("E-C001",)
    assert taken.file == "evidence/E-C001_设备_台账（2025）.csv"
    assert (folder / taken.file).read_bytes() == table.read_bytes()
    (row,) = open_case(folder).annex("annex_7")["evidence"]
    assert row["sha256"] == hashlib.sha256(table.read_bytes()).hexdigest()
    assert (row["item"], row["category"], row["outcome"]) == ("C001", "C", "pending")
    assert row["title"] == "生产设备台账或固定资产清单"
    assert "equipment_digital_rate" in row["indicators"]
    entry = journal.read(folder)[-1]
    assert (entry.n, entry.who, len(entry.files)) == (2, "张示例", 1)


def test_several_files_come_in_together_or_not_at_all(folder: Path, table: Path) -> None:
    wrong = written(table.with_name("x.exe"), b"MZ")
    with pytest.raises(EvidenceError):
        add(folder, [(table, LIST), (wrong, LIST)], "甲")
    assert names_in(folder) == {"case.yaml", "journal.jsonl"}
    assert len(journal.read(folder)) == 1


def test_numbers_are_never_given_again(folder: Path, tmp_path: Path) -> None:
    for content in (b"1", b"2"):
        add(folder, [(written(tmp_path / "a.txt", content), LIST)], "甲")
    with writing(folder, "甲") as writer:
        writer.set("annex_7.evidence.2", None)
    (taken,) = add(folder, [(written(tmp_path / "a.txt", b"3"), LIST)], "甲")
    assert taken.numbers == ("E-C003",)
    with writing(folder, "甲") as writer:
        writer.set("annex_7.evidence", None)
    (taken,) = add(folder, [(written(tmp_path / "a.txt", b"4"), LIST)], "甲")
    assert taken.numbers == ("E-C004",)


def test_the_same_bytes_are_refused_with_their_number(folder: Path, table: Path) -> None:
    add(folder, [(table, LIST)], "甲")
    copy = table.with_name("copy.csv")
    shutil.copy(table, copy)
    with pytest.raises(EvidenceError, match="E-C001"):
        add(folder, [(copy, Intake("K001"))], "甲")
    (taken,) = add(folder, [(copy, Intake("K001"))], "甲", again=True)
    assert taken.numbers == ("E-K001",)


def test_a_material_outside_the_list_needs_its_category(folder: Path, table: Path) -> None:
    (taken,) = add(folder, [(table, Intake("J", ledger={"secrecy": "一般"}))], "甲")
    (row,) = open_case(folder).annex("annex_7")["evidence"]
    assert (taken.numbers, row["title"], row["secrecy"]) == (
        ("E-J001",),
        "设备 台账（2025）",
        "general",
    )
    with pytest.raises(EvidenceError, match="C001"):
        add(folder, [(table, Intake("C999"))], "甲", again=True)
    with pytest.raises(CaseError, match="secrecy"):
        add(folder, [(table, Intake("C001", ledger={"secrecy": "hush"}))], "甲", again=True)
    assert len(journal.read(folder)) == 2


GOOD = {
    "a.pdf": b"%PDF-1.7\n%\xe2\xe3\n",
    "a.txt": "设备台账".encode(),
    "b.txt": "设备台账".encode("gb18030"),
    "c.txt": "设备台账".encode("utf-16"),
    "mz.txt": "MZ 系列设备说明".encode(),
    "a.doc": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "a.wps": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "a.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(50),
    "b.heic": b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(50),
    "a.mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(50),
    "a.mov": b"\0\0\0\x14ftypqt  \0\0\2\0qt  " + bytes(50),
    "a.m4a": b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + bytes(50),
    "a.mp3": b"ID3\x03\0\0\0\0\0\0" + bytes(50),
}


@pytest.mark.parametrize("name", GOOD)
def test_usual_files_are_taken(tmp_path: Path, name: str) -> None:
    (found,) = examine([written(tmp_path / name, GOOD[name])])
    assert found.sha256 == hashlib.sha256(GOOD[name]).hexdigest()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.docx", ("[Content_Types].xml", "word/document.xml")),
        ("a.xlsx", ("[Content_Types].xml", "xl/workbook.xml")),
        ("a.pptx", ("[Content_Types].xml", "ppt/presentation.xml")),
        ("a.ofd", ("OFD.xml", "Doc_0/Document.xml")),
        ("a.zip", ("设备/台账.csv",)),
    ],
)
def test_usual_packages_are_taken(tmp_path: Path, name: str, parts: tuple[str, ...]) -> None:
    assert examine([packed(tmp_path / name, *parts)])


PROGRAM = b"MZ\x90\0\3\0\0\0" + bytes(52) + struct.pack("<I", 64) + b"PE\0\0" + bytes(100)
BAD = {
    "a.exe": (PROGRAM, "可执行"),
    "a.pdf": (PROGRAM, "可执行"),
    "b.jpg": (PROGRAM, "可执行"),
    "c.txt": (PROGRAM, "可执行"),
    "elf.docx": (b"\x7fELF\2\1\1" + bytes(100), "可执行"),
    "macho.png": (bytes.fromhex("cffaedfe") + bytes(100), "可执行"),
    "link.pdf": (bytes.fromhex("4c0000000114020000000000c000000000000046"), "可执行"),
    "script.txt": (b"#!/bin/sh\nrm -rf /\n", "可执行"),
    "a.bat": (b"@echo off", "可执行"),
    "a.vbs": (b"x", "可执行"),
    "a.jar": (b"PK\3\4", "可执行"),
    "a.docm": (b"PK\3\4", "宏"),
    "old.doc": (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "_VBA_PROJECT".encode("utf-16-le"),
        "宏",
    ),
    "setup.doc": (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(600)
        + bytes.fromhex("84100c0000000000c000000000000046"),
        "可执行",
    ),
    "picture.pdf": (b"\x89PNG\r\n\x1a\n" + bytes(30), "不符"),
    "binary.csv": (b"a,b\0\1\2", "不符"),
    "film.heic": (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(50), "不符"),
    "torn.docx": (b"PK\3\4" + bytes(60), "损坏"),
    "empty.pdf": (b"", "空文件"),
    "page.html": (b"<script>", ".html"),
    "noname": (b"x", "没有扩展名"),
    "a\\b.txt": (b"x", "路径分隔符"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_must_not_come_in_is_refused_with_a_reason(tmp_path: Path, name: str) -> None:
    content, reason = BAD[name]
    if "\\" in name and os.name == "nt":
        pytest.skip("a backslash separates folders there")
    with pytest.raises(EvidenceError) as refused:
        examine([written(tmp_path / name, content)])
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("name", "parts", "reason"),
    [
        ("a.docx", ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "宏"),
        ("b.docx", ("[Content_Types].xml", "xl/workbook.xml"), "不是 DOCX"),
        ("c.xlsx", ("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/s.xml"), "宏"),
        ("a.zip", ("工具/setup.EXE",), "可执行"),
        ("jar.zip", ("META-INF/MANIFEST.MF", "a.txt"), "可执行"),
        ("b.zip", ("../../etc/x.txt",), "包外"),
        ("c.zip", ("C:\\x.txt",), "包外"),
        ("d.zip", ("台账.xlsm",), "宏"),
    ],
)
def test_packages_with_what_must_not_come_in_are_refused(
    tmp_path: Path, name: str, parts: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(EvidenceError) as refused:
        examine([packed(tmp_path / name, *parts)])
    assert reason in str(refused.value)


def test_a_zip_bomb_is_refused_without_unpacking(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "a.zip", "a.txt", content=bytes(64 * 2**20))
    assert bomb.stat().st_size < 2**20
    with pytest.raises(EvidenceError, match="展开后过大"):
        examine([bomb])


def test_links_folders_and_missing_files_are_refused_together(tmp_path: Path, table: Path) -> None:
    link, inner = tmp_path / "link.csv", tmp_path / "inner.txt"
    link.symlink_to(table)
    inner.mkdir()
    with pytest.raises(EvidenceError) as refused:
        examine([link, inner, tmp_path / "gone.txt"])
    assert [p.found for p in refused.value.problems] == [
        "是符号链接",
        "不是文件",
        "没有这个文件或文件夹",
    ]


def test_a_file_over_the_limit_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    with pytest.raises(EvidenceError, match="200 MB"):
        examine([path])


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("设备 台账.XLSX", "设备_台账.xlsx"),
        ("a<b>|?*c.pdf", "a_b_c.pdf"),
        ("….pdf", "文件.pdf"),
        ("长" * 100 + ".pdf", "长" * 60 + ".pdf"),
        ("a . .pdf", "a.pdf"),
    ],
)
def test_names_become_names_that_every_system_takes(name: str, clean: str) -> None:
    assert clean_name(name) == clean


# -- pictures -----------------------------------------------------------------------------------


def test_a_photograph_tells_when_and_where(folder: Path, tmp_path: Path) -> None:
    photo = with_camera_notes(tmp_path / "熔炼.jpg")
    told = {"place": "熔炼车间", "node": "site", "consent": "yes", "secrecy": "general"}
    (taken,) = add(folder, [(photo, Intake(photo=told))], "甲")
    assert (taken.numbers, taken.notes) == (("PH-001",), ())
    (row,) = open_case(folder).annex("aux_4")["photos"]
    # 40° 39' 30" and 109° 50' 24"
    assert (row["latitude"], row["longitude"]) == (40.658333, 109.84)
    assert row["taken_at"] == "2026-10-13 14:05:09"
    assert row["caption"].endswith("-熔炼车间-2026-10-13 14:05")


def test_the_small_copy_is_upright_and_tells_only_the_view(folder: Path, tmp_path: Path) -> None:
    photo = with_camera_notes(tmp_path / "a.jpg")
    add(folder, [(photo, Intake(photo={"consent": "yes", "secrecy": "general"}))], "甲")
    small = folder / "evidence/thumbnails/PH-001_a.jpg"
    with Image.open(small) as image:
        assert image.size == (360, 480)
        assert (image.format, dict(image.getexif()), "comment" in image.info) == ("JPEG", {}, False)
    assert b"camera owner" in photo.read_bytes()
    assert b"camera owner" not in small.read_bytes()


def _damaged_exif() -> dict[str, bytes]:
    whole = Image.Exif()
    whole.get_ifd(0x8769)[0x9003] = "2026:13:45 99:99:99"
    whole.get_ifd(0x8825).update({1: "N", 2: (400.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)})
    loop = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8, 8)
    return {
        "garbage": b"Exif\0\0" + bytes(range(256)),
        "cut": b"Exif\0\0II*\0",
        "far": b"Exif\0\0II*\0\xff\xff\xff\x7f",
        "loop": loop,
        "many": b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x05\0\xff\xff\xff\xff" * 40,
        "nonsense": whole.tobytes(),
    }


@pytest.mark.parametrize("kind", _damaged_exif())
def test_damaged_camera_notes_give_a_remark_and_no_error(tmp_path: Path, kind: str) -> None:
    plain = picture(tmp_path / "plain.jpg").read_bytes()
    notes = _damaged_exif()[kind]
    segment = b"\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes
    found = look(written(tmp_path / "a.jpg", plain[:2] + segment + plain[2:]))
    assert (found.taken_at, found.latitude) == (None, None)
    assert found.notes
    assert found.thumbnail


def _png_saying(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("width", "height"), [(20_000, 15_000), (10_001, 10_000), (60_000, 60_000)]
)
def test_a_picture_of_absurd_size_is_refused_before_it_is_opened(
    folder: Path, tmp_path: Path, width: int, height: int
) -> None:
    bomb = written(tmp_path / "a.png", _png_saying(width, height))
    with pytest.raises(EvidenceError, match="像素过多"):
        add(folder, [(bomb, Intake("F001"))], "甲")
    assert names_in(folder) == {"case.yaml", "journal.jsonl"}


def _jpeg_saying(width: int, height: int, **options: object) -> bytes:
    """Return a JPEG of a few pixels whose head says another size."""
    stream = io.BytesIO()
    Image.new("L", (64, 64)).save(stream, "JPEG", **options)
    content = stream.getvalue()
    size = struct.pack(">HH", 64, 64)
    return content.replace(size, struct.pack(">HH", height, width), 1)


@pytest.mark.parametrize(
    ("width", "height", "options"),
    [
        (20_000, 15_000, {}),
        (65_500, 3_200, {}),
        (16_320, 12_240, {"progressive": True}),
        (1_900, 65_500, {}),
    ],
)
def test_a_jpeg_of_absurd_size_is_refused_before_it_is_decoded(
    tmp_path: Path, width: int, height: int, options: dict[str, object]
) -> None:
    bomb = written(tmp_path / "a.jpg", _jpeg_saying(width, height, **options))
    with pytest.raises(EvidenceError, match="像素过多"):
        look(bomb)


LOOK = """
import resource, sys
from pathlib import Path
from dxkit.evidence.photographs import look
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = look(Path(sys.argv[1]))
print(len(found.thumbnail), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
@pytest.mark.parametrize("size", [(12_000, 9_000), (16_320, 12_240)])
def test_the_largest_photographs_of_phones_are_taken_in_little_memory(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    photo = tmp_path / "a.jpg"
    Image.linear_gradient("L").resize(size).save(photo)
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(photo)], capture_output=True, check=True, text=True
    )
    small, kibibytes = map(int, done.stdout.split())
    assert small > 0
    assert kibibytes < 100 * 1024


HEIC = Path(__file__).with_name("photo.heic")


def test_a_photograph_of_a_phone_gets_a_small_copy_and_tells_when_and_where(
    folder: Path, tmp_path: Path
) -> None:
    told = {"place": "熔炼车间", "node": "site", "consent": "yes", "secrecy": "general"}
    (taken,) = add(folder, [(HEIC, Intake(photo=told))], "甲")
    assert taken.notes == ()
    (row,) = open_case(folder).annex("aux_4")["photos"]
    assert (row["latitude"], row["longitude"]) == (40.658333, 109.84)
    assert row["taken_at"] == "2026-10-13 14:05:09"
    with Image.open(folder / "evidence/thumbnails/PH-001_photo.jpg") as small:
        assert (small.format, small.size, dict(small.getexif())) == ("JPEG", (480, 360), {})
    (taken,) = add(folder, [(picture(tmp_path / "a.png", seed=1), Intake("F003"))], "甲")
    assert any("PH-001" in note for note in taken.notes)


def test_a_phone_picture_that_cannot_be_seen_is_taken_with_a_remark(
    folder: Path, tmp_path: Path
) -> None:
    torn = written(tmp_path / "a.heic", HEIC.read_bytes()[:-100])
    (taken,) = add(folder, [(torn, Intake("F003", ledger={"secrecy": "general"}))], "甲")
    assert any("打不开" in note for note in taken.notes)
    assert names_in(folder) == {"case.yaml", "journal.jsonl", taken.file}
    assert verify(open_case(folder)).whole


def test_a_torn_picture_is_refused(tmp_path: Path) -> None:
    whole = picture(tmp_path / "a.png").read_bytes()
    with pytest.raises(EvidenceError, match="打不开"):
        look(written(tmp_path / "b.png", whole[: len(whole) // 2]))


def test_a_picture_with_nothing_to_see_in_it_is_refused(tmp_path: Path) -> None:
    """Its head is whole, what it shows is not; asked twice, the library shows black."""
    with pytest.raises(EvidenceError, match="打不开"):
        look(written(tmp_path / "b.png", _png_saying(400, 300)))


def test_only_a_picture_is_a_photograph(folder: Path, tmp_path: Path, table: Path) -> None:
    told = Intake("F003", photo={"consent": "yes", "secrecy": "general"})
    document = written(tmp_path / "a.pdf", b"%PDF-1.7\n")
    files = [(picture(tmp_path / "a.png"), told), (document, told), (table, told)]
    with pytest.raises(EvidenceError, match="不是照片") as refused:
        add(folder, files, "甲")
    assert [problem.where for problem in refused.value.problems] == [str(document), str(table)]
    assert names_in(folder) == {"case.yaml", "journal.jsonl"}


def runs_a_script(writer: PdfWriter) -> None:
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)


def test_what_a_pdf_carries_besides_its_pages_is_pointed_out(folder: Path, tmp_path: Path) -> None:
    def pdf(name: str, fill: Callable[[PdfWriter], Any]) -> Path:
        writer = PdfWriter()
        writer.add_blank_page(200, 200)
        fill(writer)
        writer.write(tmp_path / name)
        return tmp_path / name

    files = [
        pdf("plain.pdf", lambda each: each.add_metadata({"/Title": "JavaScript"})),
        pdf("script.pdf", runs_a_script),
        pdf("invoice.pdf", lambda each: each.add_attachment("invoice.xml", b"<a/>")),
    ]
    taken = add(folder, [(each, LIST) for each in files], "甲")
    told = [[each for each in one.notes if "PDF" in each] for one in taken]
    assert told == [[], ["PDF 内含脚本，打开时请留意"], ["PDF 内含附件，打开时请留意"]]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_pictures_of_every_mode_get_a_small_copy(tmp_path: Path, mode: str) -> None:
    image = Image.linear_gradient("L").resize((640, 640))
    if mode in {"LA", "P", "RGBA", "CMYK"}:
        image = image.convert("RGBA" if mode == "LA" else "RGB")
    path = tmp_path / "a.tiff"
    image.convert("I").convert("I;16").save(path) if mode == "I;16" else image.convert(mode).save(
        path
    )
    with Image.open(io.BytesIO(look(path).thumbnail)) as small:
        assert (small.mode, max(small.size)) == ("RGB", 480)


def test_consent_and_secrecy_that_were_not_told_stay_unknown(folder: Path, tmp_path: Path) -> None:
    (taken,) = add(folder, [(picture(tmp_path / "a.png"), Intake(photo={"place": "厂区"}))], "甲")
    (row,) = open_case(folder).annex("aux_4")["photos"]
    assert not {"consent", "secrecy"} & set(row)
    assert len([note for note in taken.notes if "补填之前不进入" in note]) == 2
    assert leaving(open_case(folder)) == []


def test_a_forbidden_place_is_not_photographed_without_consent(tmp_path: Path) -> None:
    answers = {"annex_3": {"restricted_areas": "电解车间、中控室；配方库"}}
    folder = create(tmp_path / "t", answers, DEFINITIONS, "测试").folder
    photo = picture(tmp_path / "a.png")
    told = {"place": "二厂中控室", "secrecy": "general"}
    with pytest.raises(EvidenceError, match="中控室"):
        add(folder, [(photo, Intake(photo=told))], "甲")
    assert add(folder, [(photo, Intake(photo={**told, "consent": "masked"}))], "甲")


@pytest.mark.parametrize(
    "told",
    [
        {"place": "贵金属车间"},
        {"place": "贵金属车间二层"},
        {"subject": "贵金属车间的浇铸机"},
        {"place": "综合厂房", "subject": "贵金属车间入口", "consent": "no"},
    ],
)
def test_a_ban_told_in_a_sentence_is_understood(tmp_path: Path, told: dict[str, str]) -> None:
    ban = "贵金属车间全部区域不得拍照，进入须由两名企业人员陪同"
    folder = create(
        tmp_path / "t", {"annex_3": {"restricted_areas": ban}}, DEFINITIONS, "测试"
    ).folder
    photo = picture(tmp_path / "a.png")
    with pytest.raises(EvidenceError, match="贵金属车间"):
        add(folder, [(photo, Intake(photo=told))], "甲")
    assert add(folder, [(photo, Intake(photo={**told, "consent": "yes"}))], "甲")
    other = picture(tmp_path / "b.png", seed=2)
    assert add(folder, [(other, Intake(photo={"place": "电解车间"}))], "甲")


# -- likeness -----------------------------------------------------------------------------------


def test_a_picture_saved_again_looks_alike_and_another_does_not(tmp_path: Path) -> None:
    first = look(picture(tmp_path / "a.png", seed=1)).fingerprint
    again = look(picture(tmp_path / "b.jpg", seed=1, quality=40)).fingerprint
    other = look(picture(tmp_path / "c.png", seed=2)).fingerprint
    assert None not in (first, again, other)
    assert apart(first, again) <= 6
    assert apart(first, other) > 6


def test_blank_pictures_are_not_called_alike(tmp_path: Path) -> None:
    Image.new("RGB", (500, 500), "white").save(tmp_path / "a.png")
    assert look(tmp_path / "a.png").fingerprint is None


def test_shelves_find_every_pair_that_comparing_all_finds() -> None:
    chance = random.Random(7)
    base = [chance.getrandbits(64) for _ in range(40)]
    prints = dict(enumerate(base))
    for n, value in enumerate(base):
        for bit in chance.sample(range(64), n % 9):
            value ^= 1 << bit  # noqa: PLW2901  # the flipped copy is what is wanted
        prints[100 + n] = value
    found = {frozenset(pair[:2]) for pair in alike(prints)}
    every = {
        frozenset((a, b))
        for a in prints
        for b in prints
        if a < b and (prints[a] ^ prints[b]).bit_count() <= 6
    }
    assert found == every
    assert len(every) >= 30


def test_duplicates_are_found_within_and_across_cases(folder: Path, tmp_path: Path) -> None:
    other = create(folder.parent / "second", {}, DEFINITIONS, "测试").folder
    photo, again = picture(tmp_path / "a.png"), picture(tmp_path / "b.jpg", quality=50)
    table = written(tmp_path / "a.csv", b"1,2")
    add(folder, [(photo, Intake("F003")), (table, LIST)], "甲")
    add(other, [(again, Intake("F003")), (table, LIST)], "甲")
    search = duplicates([folder, other])
    assert [(found.apart is None, [s.number for s in found.spots]) for found in search.found] == [
        (True, ["E-C001", "E-C001"]),
        (False, ["E-F001", "E-F001"]),
    ]
    (taken,) = add(folder, [(again, Intake("F003"))], "甲")
    assert any("E-F001" in note for note in taken.notes)


def test_a_file_that_another_case_has_too_is_taken_in_with_a_warning(
    folder: Path, tmp_path: Path
) -> None:
    other = create(folder.parent / "second", {}, DEFINITIONS, "测试").folder
    broken = create(folder.parent / "third", {}, DEFINITIONS, "测试").folder
    table = written(tmp_path / "a.csv", b"1,2")
    (first,) = add(other, [(table, LIST)], "甲")
    assert not any("其他企业" in note for note in first.notes)
    (broken / "case.yaml").write_text("annex_99: {}", encoding="utf-8")
    (second,) = add(folder, [(table, LIST)], "甲")
    assert any("其他企业的 second E-C001 相同" in note for note in second.notes)
    code, said = _run("duplicates", folder)
    assert (code, "1 家读不出，没有比对" in said) == (1, True)
    assert f"{folder.name} E-C001" in said


def test_a_case_that_cannot_be_read_does_not_stop_the_search(folder: Path) -> None:
    (folder / "case.yaml").write_text("annex_99: {}", encoding="utf-8")
    search = duplicates([folder])
    assert (search.found, len(search.unread)) == ([], 1)


# -- secrecy ------------------------------------------------------------------------------------


@pytest.mark.parametrize("secrecy", ["general", "internal", "secret", "no_copy"])
@pytest.mark.parametrize("consent", ["yes", "no", "masked"])
def test_only_what_is_open_and_consented_leaves(
    folder: Path, tmp_path: Path, secrecy: str, consent: str
) -> None:
    told = {"consent": consent, "secrecy": secrecy}
    (taken,) = add(folder, [(picture(tmp_path / "a.png"), Intake(photo=told))], "甲")
    case = open_case(folder)
    may = secrecy in ("general", "internal") and consent in ("yes", "masked")
    assert [item.number for item in leaving(case)] == (["PH-001"] if may else [])
    assert [item.number for item, _ in staying(case)] == ([] if may else ["PH-001"])
    assert (file_stays(case, taken.file) is None) is may
    apart = secrecy in ("secret", "no_copy")
    assert taken.file.startswith("restricted/evidence/" if apart else "evidence/")
    assert verify(case).whole
    assert case.restricted is None


def test_one_row_that_keeps_a_file_back_is_enough(folder: Path, tmp_path: Path) -> None:
    intake = Intake("F003", ledger={"secrecy": "secret"}, photo={"secrecy": "general"})
    (taken,) = add(folder, [(picture(tmp_path / "a.png"), intake)], "甲")
    assert taken.numbers == ("E-F001", "PH-001")
    assert taken.file.startswith("restricted/evidence/E-F001_")
    assert leaving(open_case(folder)) == []


def test_the_same_bytes_stay_wherever_one_row_calls_them_secret(
    folder: Path, tmp_path: Path
) -> None:
    proof = written(tmp_path / "a.pdf", b"%PDF-1.4\n1")
    add(folder, [(proof, Intake("C001", ledger={"secrecy": "general"}))], "甲")
    add(folder, [(proof, Intake("C001", ledger={"secrecy": "secret"}))], "甲", again=True)
    case = open_case(folder)
    assert leaving(case) == []
    assert file_stays(case, str(items(case)[0].file)) == "涉密程度：企业秘密"


def _called(folder: Path, secrecy: str, number: int = 1, table: str = "annex_7.evidence") -> None:
    with writing(folder, "甲") as writer:
        writer.set(f"{table}.{number}.secrecy", secrecy)


def test_a_file_that_is_called_secret_later_is_moved_apart(folder: Path, tmp_path: Path) -> None:
    intake = Intake("F003", ledger={"secrecy": "general"}, photo={"secrecy": "general"})
    (taken,) = add(folder, [(picture(tmp_path / "a.png"), intake)], "甲")
    with writing(folder, "甲") as writer:
        writer.set("annex_5.meetings.+", {"meeting_no": "M01", "scan": f"{taken.file}；别处"})
    _called(folder, "secret")
    (told,) = [each for each in verify(open_case(folder)).problems if each.key == "E-F001"]
    assert "dxkit evidence restrict" in told.expected
    assert restrict(folder, "乙") == [
        ("E-F001", f"restricted/{taken.file}"),
        ("PH-001", f"restricted/{taken.file}"),
    ]
    assert names_in(folder) == {
        "case.yaml",
        "journal.jsonl",
        "restricted/evidence/E-F001_a.png",
        "restricted/evidence/thumbnails/E-F001_a.jpg",
    }
    case = open_case(folder)
    assert [item.file for item in items(case)] == [f"restricted/{taken.file}"] * 2
    assert case.annex("annex_5")["meetings"][0]["scan"] == f"restricted/{taken.file}；别处"
    found = verify(case)
    assert (found.problems, found.notes, found.whole) == ([], [], True)
    assert _checker(folder)[0] == 0
    entries = len(journal.read(folder))
    assert restrict(folder, "乙") == []
    assert len(journal.read(folder)) == entries


def test_the_same_bytes_taken_in_twice_are_moved_together(folder: Path, table: Path) -> None:
    add(folder, [(table, LIST)], "甲")
    add(folder, [(table, LIST)], "甲", again=True)
    _called(folder, "no_copy", 2)
    assert [number for number, _ in restrict(folder, "乙")] == ["E-C001", "E-C002"]
    assert {name for name in names_in(folder) if name.startswith("evidence/")} == set()


def test_bytes_that_are_secret_already_come_in_apart(folder: Path, table: Path) -> None:
    secret = Intake("C001", ledger={"secrecy": "secret"})
    add(folder, [(table, secret)], "甲")
    (taken,) = add(folder, [(table, LIST)], "甲", again=True)
    assert taken.file.startswith("restricted/evidence/")
    assert verify(open_case(folder)).whole


def test_an_open_copy_of_what_comes_in_secret_is_pointed_out(folder: Path, table: Path) -> None:
    add(folder, [(table, LIST)], "甲")
    (taken,) = add(
        folder, [(table, Intake("C001", ledger={"secrecy": "secret"}))], "甲", again=True
    )
    assert any("E-C001 仍与一般材料放在一起" in note for note in taken.notes)
    assert [number for number, _ in restrict(folder, "乙")] == ["E-C001"]


def test_a_copy_that_a_kill_left_in_the_open_is_told_and_goes(folder: Path, table: Path) -> None:
    (taken,) = add(folder, [(table, LIST)], "甲")
    _called(folder, "secret")
    restrict(folder, "乙")
    shutil.copy(table, folder / taken.file)
    (told,) = verify(open_case(folder)).problems
    assert "原处还留有一份" in told.found
    assert restrict(folder, "乙") == []
    assert not (folder / taken.file).exists()
    assert verify(open_case(folder)).whole


def test_an_altered_or_lost_file_is_not_moved(folder: Path, table: Path) -> None:
    (taken,) = add(folder, [(table, LIST)], "甲")
    _called(folder, "secret")
    (folder / taken.file).write_bytes(b"other")
    before = names_in(folder)
    with pytest.raises(EvidenceError, match="内容与登记时不同"):
        restrict(folder, "乙")
    assert names_in(folder) == before


def test_a_file_goes_back_only_when_it_is_released_by_its_number(
    folder: Path, tmp_path: Path
) -> None:
    photo = picture(tmp_path / "a.png")
    (taken,) = add(folder, [(photo, Intake("F003", ledger={"secrecy": "secret"}))], "甲")
    with pytest.raises(EvidenceError, match="仍为涉密"):
        release(folder, "E-F001", "乙")
    _called(folder, "general")
    assert restrict(folder, "乙") == []
    assert file_stays(open_case(folder), taken.file) == "存放于限制知悉的文件夹"
    assert release(folder, "E-F001", "乙") == [("E-F001", "evidence/E-F001_a.png")]
    assert names_in(folder) == {
        "case.yaml",
        "journal.jsonl",
        "evidence/E-F001_a.png",
        "evidence/thumbnails/E-F001_a.jpg",
    }
    assert verify(open_case(folder)).whole
    assert _checker(folder)[0] == 0
    for number, said in (("E-F001", "没有存放在"), ("E-F009", "没有登记")):
        with pytest.raises(EvidenceError, match=said):
            release(folder, number, "乙")
    _called(folder, "secret")
    restrict(folder, "乙")
    assert (verify(open_case(folder)).whole, _checker(folder)[0]) == (True, 0)


def test_no_step_before_a_secret_file_is_moved(tmp_path: Path) -> None:
    folder = tmp_path / "demo-machinery"
    shutil.copytree(paths.parameters() / "demo-machinery", folder)
    photo = open_case(folder).annex("aux_4")["photos"][0]
    text = (folder / "case.yaml").read_text("utf-8")
    head, tail = text.split(f"photo_no: {photo['photo_no']}", 1)
    tail = tail.replace(f"secrecy: {photo['secrecy']}", "secrecy: secret", 1)
    (folder / "case.yaml").write_text(
        f"{head}photo_no: {photo['photo_no']}{tail}", encoding="utf-8"
    )
    assert open_case(folder).annex("aux_4")["photos"][0]["secrecy"] == "secret"
    said = CliRunner().invoke(commands, ["status", str(folder)]).output
    assert "dxkit evidence restrict" in said
    advance = ["advance", str(folder), "--who", "甲", "--dry-run"]
    refused = CliRunner().invoke(commands, advance)
    assert "dxkit evidence restrict" in f"{refused.output}{refused.exception}"
    assert _run("restrict", folder, "--who", "甲")[0] == 0
    refused = CliRunner().invoke(commands, advance)
    assert "dxkit evidence restrict" not in f"{refused.output}{refused.exception}"
    assert verify(open_case(folder)).whole


def _masked_photo(**told: str) -> Intake:
    return Intake(photo={"secrecy": "general", **told})


@pytest.mark.parametrize("told", [{"consent": "no"}, {"consent": "yes"}, {}])
@pytest.mark.parametrize("masked", ["masked", "遮盖后同意"])
def test_a_masked_picture_has_not_the_bytes_of_one_that_is_not(
    folder: Path, tmp_path: Path, told: dict[str, str], masked: str
) -> None:
    photo = picture(tmp_path / "a.png")
    add(folder, [(photo, _masked_photo(**told))], "甲")
    before = names_in(folder)
    for again in (False, True):
        with pytest.raises(EvidenceError, match="PH-001"):
            add(folder, [(photo, _masked_photo(consent=masked))], "甲", again=again)
    assert names_in(folder) == before
    other = picture(tmp_path / "b.png", seed=2)
    assert add(folder, [(other, _masked_photo(consent=masked))], "甲")
    assert add(folder, [(other, _masked_photo(consent=masked))], "甲", again=True)


def test_to_call_a_picture_masked_later_does_not_mask_it(folder: Path, tmp_path: Path) -> None:
    add(folder, [(picture(tmp_path / "a.png"), _masked_photo(consent="no"))], "甲")
    add(folder, [(picture(tmp_path / "b.png", seed=2), _masked_photo())], "甲")
    with writing(folder, "甲") as writer:
        for number in (1, 2):
            writer.set(f"aux_4.photos.{number}.consent", "masked")
    told = [(item.number, original) for item, original in not_masked(open_case(folder))]
    assert told == [("PH-001", "PH-001")]


def test_a_masked_picture_that_still_tells_its_place_is_pointed_out(
    folder: Path, tmp_path: Path
) -> None:
    photo = with_camera_notes(tmp_path / "a.jpg")
    (taken,) = add(folder, [(photo, _masked_photo(consent="masked"))], "甲")
    assert any("仍带有拍摄位置" in note for note in taken.notes)
    (taken,) = add(folder, [(picture(tmp_path / "b.png"), _masked_photo(consent="masked"))], "甲")
    assert not any("仍带有拍摄位置" in note for note in taken.notes)


def test_a_restricted_annex_stays() -> None:
    restricted = [annex for annex in DEFINITIONS.annexes.values() if annex.restricted]
    assert all(annex_stays(annex) for annex in restricted)
    assert annex_stays(DEFINITIONS.annexes["annex_3"]) is None


# -- review -------------------------------------------------------------------------------------


def test_a_review_is_in_the_ledger_and_its_course_in_the_log(folder: Path, table: Path) -> None:
    add(folder, [(table, LIST)], "收件人")
    told = {"outcome": "需补正", "finding": "缺购置年份", "review_method": ["核对原件"]}
    told |= {"fix_request": "补购置年份", "fix_due": "2026-11-30"}
    review(folder, "E-C001", told, "唐示例")
    passed = {"outcome": "accepted_after_fix", "finding": "已补", "fixed_on": "2026-11-20"}
    row = review(folder, "E-C001", passed, "梁示例")
    assert (row["outcome"], row["reviewer"]) == ("accepted_after_fix", "梁示例")
    log = review_log(open_case(folder), "E-C001")
    assert [(step.who, step.before, step.after, step.note) for step in log] == [
        ("收件人", None, "pending", None),
        ("唐示例", "pending", "fix_needed", "缺购置年份"),
        ("梁示例", "fix_needed", "accepted_after_fix", "已补"),
    ]


def test_an_outcome_without_what_it_asks_for_is_refused(folder: Path, table: Path) -> None:
    add(folder, [(table, LIST)], "甲")
    with pytest.raises(EvidenceError) as refused:
        review(folder, "E-C001", {"outcome": "rejected"}, "乙")
    assert {p.key for p in refused.value.problems} == {"审核方式", "问题描述"}
    with pytest.raises(EvidenceError, match="E-C001"):
        review(folder, "E-C009", {"outcome": "accepted"}, "乙")
    assert len(journal.read(folder)) == 2


@pytest.mark.parametrize("key", ["reviewed_on", "fixed_on"])
def test_a_review_of_a_day_still_to_come_is_refused(folder: Path, table: Path, key: str) -> None:
    add(folder, [(table, LIST)], "甲")
    told = {"outcome": "accepted", "review_method": ["询问"], key: "2999-01-01"}
    with pytest.raises(EvidenceError, match="不晚于今天"):
        review(folder, "E-C001", told, "乙")
    assert len(journal.read(folder)) == 2


def test_a_review_before_the_paper_came_in_is_pointed_out(folder: Path, table: Path) -> None:
    told = {"secrecy": "general", "provider": "设备部", "received_on": "2026-10-09"}
    add(folder, [(table, Intake("C001", ledger=told))], "甲")
    asked = ["review", folder, "E-C001", "--outcome", "通过", "--method", "询问", "--who", "乙"]
    code, said = _run(*asked, "--on", "2026-10-08")
    assert (code, "审核日期 2026-10-08 早于收到日期 2026-10-09" in said) == (0, True)
    code, said = _run(*asked, "--on", "2026-10-09")
    assert (code, "早于收到日期" in said) == (0, False)


def test_the_log_of_a_row_survives_rows_before_it_being_removed(
    folder: Path, tmp_path: Path
) -> None:
    for content in (b"1", b"2"):
        add(folder, [(written(tmp_path / "a.txt", content), LIST)], "甲")
    with writing(folder, "甲") as writer:
        writer.set("annex_7.evidence.1", None)
    review(folder, "E-C002", {"outcome": "accepted", "review_method": ["询问"]}, "乙")
    steps = review_log(open_case(folder), "E-C002")
    assert [(step.before, step.after) for step in steps] == [
        (None, "pending"),
        ("pending", "accepted"),
    ]


# -- self-assessment ----------------------------------------------------------------------------


def test_both_files_of_the_self_assessment_are_kept_and_noted(folder: Path, tmp_path: Path) -> None:
    report = written(tmp_path / "报告.pdf", b"%PDF-1.4\n1")
    questionnaire = written(tmp_path / "问卷.pdf", b"%PDF-1.4\n2")
    told = {"secrecy": "internal", "issued_on": "2026-09-20", "period": "2025年"}
    keep(folder, report, questionnaire, "甲", told)
    case = open_case(folder)
    assert [row["item"] for row in case.annex("annex_7")["evidence"]] == ["D001", "D002"]
    noted = case.annex("annex_3")
    assert noted["selfassess_files"] == ["E-D001", "E-D002"]
    assert (noted["selfassess_status"], noted["selfassess_on"]) == ("done", "2026-09-20")
    assert len(journal.read(folder)) == 2


# -- verification -------------------------------------------------------------------------------


def _checker(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(CHECKER), str(folder)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def kept(folder: Path, table: Path, tmp_path: Path) -> Path:
    secret = Intake("E003", ledger={"secrecy": "secret"})
    add(folder, [(table, LIST), (picture(tmp_path / "a.png"), secret)], "甲")
    return folder


def test_what_was_not_touched_is_whole(kept: Path) -> None:
    found = verify(open_case(kept))
    assert (found.whole, found.notes, found.files, found.entries) == (True, [], 3, 2)
    # the ledger's two files, the small copy, and case.yaml
    assert _checker(kept) == (0, "核对了 4 个文件，0 处不符。\n")


TABLE = "evidence/E-C001_设备_台账（2025）.csv"
PICTURE = "restricted/evidence/E-E001_a.png"
SMALL = "restricted/evidence/thumbnails/E-E001_a.jpg"


@pytest.mark.parametrize("file", [TABLE, PICTURE, SMALL])
@pytest.mark.parametrize("harm", ["altered", "removed", "linked"])
def test_a_file_altered_or_lost_is_told_by_both(kept: Path, file: str, harm: str) -> None:
    path = kept / file
    content = path.read_bytes()
    path.unlink()
    if harm == "altered":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif harm == "linked":
        path.symlink_to(written(kept.parent / "outside", content))
    found = verify(open_case(kept))
    assert len(found.problems) == 1
    assert file in str(found.problems[0])
    code, said = _checker(kept)
    assert code == 1
    assert Path(file).name in said


def test_an_altered_journal_is_told_by_both(kept: Path) -> None:
    path = kept / journal.NAME
    path.write_text(path.read_text("utf-8").replace("设备部", "财务部"), encoding="utf-8")
    assert not verify(open_case(kept)).whole
    code, said = _checker(kept)
    assert (code, "第 2 行" in said) == (1, True)


def test_an_edit_that_was_not_journalled_is_told_by_the_checker(kept: Path) -> None:
    path = kept / "case.yaml"
    path.write_text(path.read_text("utf-8").replace("设备部", "财务部"), encoding="utf-8")
    assert _checker(kept)[0] == 1
    open_case(kept)
    assert _checker(kept)[0] == 0


def test_a_journal_that_was_cut_off_is_told_by_what_the_case_says_of_it(kept: Path) -> None:
    with writing(kept, "甲") as writer:
        row = {"snapshot_no": "S1", "journal_n": len(journal.read(kept))}
        writer.set("engagement.snapshots.+", row)
    assert verify(open_case(kept)).whole
    (kept / journal.NAME).unlink()
    (problem,) = verify(open_case(kept)).problems
    assert problem.found == f"案卷中提到流水第 {row['journal_n']} 条，流水现只有 1 条"


def test_a_file_that_is_only_told_of_is_not_whole(kept: Path) -> None:
    with writing(kept, "甲") as writer:
        writer.set("annex_7.evidence.+", {"evidence_no": "E-C009", "file": "evidence/无.pdf"})
    (problem,) = verify(open_case(kept)).problems
    assert (problem.where, problem.found) == ("E-C009", "文件不在，也没有校验值")


def test_a_removed_row_takes_its_file_out_of_the_check(kept: Path) -> None:
    with writing(kept, "甲") as writer:
        writer.set("annex_7.evidence.1", None)
    (kept / TABLE).unlink()
    assert verify(open_case(kept)).whole
    assert _checker(kept)[0] == 0


def test_files_that_nobody_knows_are_noted(kept: Path) -> None:
    written(kept / "evidence/stray.pdf", b"%PDF-")
    found = verify(open_case(kept))
    assert found.whole
    assert ["stray.pdf" in str(note) for note in found.notes] == [True]


def test_what_is_kept_apart_and_not_there_is_told_as_such_by_all(kept: Path) -> None:
    shutil.rmtree(kept / "restricted")
    found = verify(open_case(kept))
    assert (found.problems, found.absent) == ([], [PICTURE, SMALL])
    assert not found.whole
    code, said = _run("verify", kept)
    assert code == 3
    assert "2 个文件另行存放" in said and PICTURE in said and "不符" not in said
    checked = verify_place(kept)
    assert (checked.problems, checked.absent) == ((), (PICTURE, SMALL))
    code, said = _checker(kept)
    assert said.splitlines()[0] == "核对了 2 个文件，0 处不符，2 个文件另行存放、没有核对。"
    assert (code, "文件不在" in said) == (3, False)


def test_a_file_lost_from_what_is_kept_apart_is_no_folder_kept_apart(kept: Path) -> None:
    (kept / PICTURE).unlink()
    found = verify(open_case(kept))
    assert (len(found.problems), found.absent) == (1, [])
    assert (_run("verify", kept)[0], _checker(kept)[0]) == (1, 1)


def test_a_change_is_told_even_where_what_is_kept_apart_is_not_there(kept: Path) -> None:
    shutil.rmtree(kept / "restricted")
    written(kept / TABLE, b"other")
    found = verify(open_case(kept))
    assert (len(found.problems), found.absent) == (1, [PICTURE, SMALL])
    assert (_run("verify", kept)[0], _checker(kept)[0]) == (1, 1)


def _manifest(folder: Path, *listed: object, **more: object) -> None:
    told = {"format": "dxkit-pack/1", **more, "files": [*listed]}
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def _listed(path: Path) -> dict[str, object]:
    content = path.read_bytes()
    return {
        "path": path.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }


def test_the_checker_reads_a_pack_by_its_manifest(tmp_path: Path) -> None:
    report = written(tmp_path / "报告.docx", b"report")
    _manifest(tmp_path, _listed(report))
    assert _checker(tmp_path)[0] == 0
    written(report, b"repart")
    assert _checker(tmp_path)[0] == 1


def test_a_file_that_no_manifest_lists_is_told(tmp_path: Path) -> None:
    _manifest(tmp_path, _listed(written(tmp_path / "a.txt", b"1")))
    written(tmp_path / "b.txt", b"2")
    code, said = _checker(tmp_path)
    assert (code, "b.txt：没有登记的文件" in said) == (1, True)


HASH = hashlib.sha256(b"1").hexdigest()
NO_MANIFEST = {
    "nothing": {"files": []},
    "no list": {"files": {"path": "a.txt", "sha256": HASH, "bytes": 1}},
    "no files": {"files": None},
    "another format": {"format": "x", "files": [{"path": "a.txt", "sha256": HASH, "bytes": 1}]},
    "no hash": {"files": [{"path": "a.txt", "bytes": 1}]},
    "a hash of nothing": {"files": [{"path": "a.txt", "sha256": "", "bytes": 1}]},
    "a row without a hash": {
        "files": [{"path": "a.txt", "sha256": HASH, "bytes": 1}, {"path": "b.txt", "bytes": 1}]
    },
    "a number for a path": {"files": [{"path": 7, "sha256": HASH, "bytes": 1}]},
    "text for a row": {"files": ["a.txt"]},
    "a place no system has": {"files": [{"path": "a\0.txt", "sha256": HASH, "bytes": 1}]},
    "a place outside": {"files": [{"path": "../a.txt", "sha256": HASH, "bytes": 1}]},
    "itself": {"files": [{"path": "manifest.json", "sha256": HASH, "bytes": 1}]},
}


def test_a_manifest_of_nothing_proves_nothing_to_the_command_either(tmp_path: Path) -> None:
    _manifest(tmp_path)
    with pytest.raises(HandoverError, match="没有列出文件"):
        verify_place(tmp_path)


@pytest.mark.parametrize("kind", NO_MANIFEST)
def test_a_manifest_that_is_none_proves_nothing(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "pack"
    place.mkdir()
    written(tmp_path / "a.txt", b"1")
    written(place / "a.txt", b"1")
    told = {"format": "dxkit-pack/1", **NO_MANIFEST[kind]}
    (place / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    code, said = _checker(place)
    assert code == 1
    assert "manifest.json：读不出" in said or "a.txt：" in said


def test_a_manifest_does_not_silence_the_journal(kept: Path) -> None:
    written(kept / TABLE, b"other")
    files = [path for path in kept.rglob("*") if path.is_file() and path.name != ".lock"]
    rows = [{**_listed(each), "path": each.relative_to(kept).as_posix()} for each in files]
    for listed in ([], rows):
        _manifest(kept, *listed)
        code, said = _checker(kept)
        assert (code, f"{Path(TABLE).name}：内容与登记时不同" in said) == (1, True)
        assert "manifest.json：没有登记的文件" in said
        assert [each.found for each in verify_place(kept).problems] == ["内容与登记时不同"]
    (kept / journal.NAME).unlink()
    _manifest(kept, *(row for row in rows if row["path"] != journal.NAME))
    code, said = _checker(kept)
    assert (code, "journal.jsonl：读不出" in said) == (1, True)


@pytest.mark.parametrize("text", ["", "[", "7", '{"hash": 1}', "[" * 100_000, "{}"])
def test_the_checker_never_fails_with_a_traceback(tmp_path: Path, text: str) -> None:
    assert _checker(tmp_path)[0] == 1
    (tmp_path / journal.NAME).write_text(f"{text}\n", encoding="utf-8")
    assert _checker(tmp_path)[0] == 1


def test_the_checker_is_short_and_needs_only_python() -> None:
    lines = CHECKER.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    needed = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert needed <= {"__future__", *sys.stdlib_module_names}


def test_the_demos_are_whole() -> None:
    for folder in sorted(paths.parameters().glob("demo-*")):
        assert _checker(folder)[0] == 0, folder.name


# -- the command --------------------------------------------------------------------------------


def _run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(command, [str(each) for each in arguments], standalone_mode=False)
    if isinstance(result.exception, DxkitError):
        return result.exception.exit_code, str(result.exception)
    if result.exception:
        raise result.exception
    return int(result.return_value or 0), result.output


def test_the_command_adds_lists_reviews_and_verifies(folder: Path, table: Path) -> None:
    told = ["--annex7", "C001", "--secrecy", "企业内部", "--provider", "设备部", "--who", "甲"]
    code, said = _run("add", folder, table, *told)
    assert (code, "已登记 E-C001" in said) == (0, True)
    code, said = _run("add", folder, table, *told)
    assert (code, "E-C001" in said) == (2, True)
    code, said = _run(
        *("review", folder, "E-C001", "--outcome", "通过", "--method", "核对原件", "--who", "乙")
    )
    assert (code, "待审" in said, "通过" in said) == (0, True, True)
    code, said = _run("list", folder)
    assert (code, "可以对外" in said) == (0, True)
    assert _run("verify", folder) == (0, "核对了 1 个文件、3 条流水：全部相符。\n")
    (folder / TABLE).write_bytes(b"other")
    assert _run("verify", folder)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("review", "CASE", "E-C001", "--finding", "字迹不清", "--who", "乙"), "--outcome"),
        (("review", "CASE", "E-C001", "--outcome", "", "--who", "乙"), "--outcome"),
        (("review", "CASE", "E-C001", "--outcome", "通过"), "--who"),
        (
            ("review", "CASE", "E-C001", "--outcome", "还行", "--who", "乙"),
            "--outcome：发现：还行；应为：待审",
        ),
        (("review", "CASE", "E-C009"), "台账中没有这份材料的审核记录"),
        (("duplicates", "no-such-folder"), "没有企业文件夹"),
        (("add", "CASE", "FILE", "--annex7", "C001", "--who", " "), "办理人"),
    ],
)
def test_the_command_refuses_what_it_would_otherwise_pass_over(
    folder: Path, table: Path, arguments: tuple[str, ...], said: str
) -> None:
    add(folder, [(table, LIST)], "甲")
    stands_for = {"CASE": folder, "FILE": table}
    code, told = _run(*(stands_for.get(each, each) for each in arguments))
    assert (code, said in told) == (2, True)
    assert len(journal.read(folder)) == 2


def test_the_command_finds_duplicates_and_keeps_a_self_assessment(
    folder: Path, tmp_path: Path
) -> None:
    report = written(tmp_path / "a.pdf", b"%PDF-1.4\n1")
    same = ["--report", report, "--questionnaire", report, "--who", "甲"]
    assert _run("self-assessment", folder, *same)[0] == 2
    assert _run("self-assessment", folder, *same, "--again", "--year", "2025")[0] == 0
    code, said = _run("duplicates", folder.parent)
    assert (code, "内容相同：trial E-D001" in said) == (0, True)


def test_a_case_without_evidence_says_so(folder: Path) -> None:
    code, said = _run("list", folder)
    assert (code, "还没有登记材料或照片" in said) == (0, True)
    assert _run("verify", folder) == (0, "核对了 0 个文件（还没有登记）、1 条流水：全部相符。\n")
    assert _run("restrict", folder, "--who", "甲") == (0, "没有要移动的文件。\n")
    assert "没有登记这个编号" in _run("release", folder, "E-C001", "--who", "甲")[1]
    code, said = _run("review", folder, "E-C001", "--outcome", "通过", "--who", "甲")
    assert (code, "先用 dxkit evidence add 登记材料" in said) == (2, True)


# -- kills --------------------------------------------------------------------------------------

ADDING = """
import sys
from pathlib import Path
from dxkit.definitions import load
from dxkit.evidence import Intake, add
folder, *files = sys.argv[1:]
load()
print("go", flush=True)
for file in files:
    add(folder, [(Path(file), Intake("F003", ledger={"secrecy": "general"}))], "将被终止")
    print(file, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
def test_a_kill_while_adding_leaves_before_or_after_and_no_litter(
    folder: Path, tmp_path: Path
) -> None:
    chance, count, halfway = random.Random(20), 0, 0
    for trial in range(60):
        files = [picture(tmp_path / f"{trial}-{n}.png", seed=10 * trial + n) for n in range(4)]
        at_work, longest = trial % 3 > 0, 0.02 if trial % 3 else 0.25
        count += _adding_killed(folder, files, at_work, chance.uniform(0, longest))
        halfway += (folder / ".incoming").exists()
        case = open_case(folder)
        rows = case.annex("annex_7").get("evidence") or []
        assert count <= len(rows) <= count + 1
        count = len(rows)
        found = verify(case)
        assert (found.problems, found.notes) == ([], [])
        assert journal.replay(journal.read(folder)) == dict(case.data)
        on_disk = {item.file for item in items(case)}
        small = {name for name in names_in(folder) if "/thumbnails/" in name}
        assert names_in(folder) == {"case.yaml", "journal.jsonl"} | on_disk | small
        assert len(small) == len(on_disk) == count
    assert halfway > 0
    assert count > 0
    assert _checker(folder)[0] == 0


def _adding_killed(folder: Path, files: list[Path], at_work: bool, seconds: float) -> int:
    """Add files until killed, some time after the start or after files are being set aside."""
    command = [sys.executable, "-c", ADDING, str(folder), *map(str, files)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout is not None
    process.stdout.readline()
    while at_work and process.poll() is None and not (folder / ".incoming").exists():
        time.sleep(0.0005)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    said = process.stdout.read().splitlines()
    process.wait()
    return len(said)


MOVING = """
import sys
from dxkit.definitions import load
from dxkit.evidence.apart import restrict
load()
print("go", flush=True)
restrict(sys.argv[1], "将被终止")
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
def test_a_kill_while_moving_apart_loses_nothing_and_is_made_good(
    folder: Path, tmp_path: Path
) -> None:
    chance, moved_by_the_killed = random.Random(21), 0
    for trial in range(30):
        files = [picture(tmp_path / f"{trial}-{n}.png", seed=10 * trial + n) for n in range(3)]
        general = Intake("F003", ledger={"secrecy": "general"})
        taken = add(folder, [(file, general) for file in files], "甲")
        rows = open_case(folder).annex("annex_7")["evidence"]
        for number in range(len(rows) - 2, len(rows) + 1):
            _called(folder, "secret", number)
        process = subprocess.Popen(
            [sys.executable, "-c", MOVING, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.06))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        places = [row["file"] for row in open_case(folder).annex("annex_7")["evidence"]]
        assert all((folder / place).is_file() for place in places)
        moved_by_the_killed += places[-1].startswith("restricted/")
        restrict(folder, "乙")
        for each, file in zip(taken, files, strict=True):
            assert (folder / "restricted" / each.file).read_bytes() == file.read_bytes()
        assert not [name for name in names_in(folder) if name.startswith(("evidence/", "."))]
        assert (verify(open_case(folder)).whole, _checker(folder)[0]) == (True, 0)
    assert 0 < moved_by_the_killed < 30
