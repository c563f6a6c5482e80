"""Files that come in: whole, hashed and named where they prove something, or nothing is left."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from dxkit import paths
from dxkit.case import open_case
from dxkit.workshop.files import exporting, uploads
from dxkit.workshop.files.inbox import SETTLED, Inbox
from tests.sittings import Sitting, copy_of, workspace

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield copy_of("demo-dairy", workspace(tmp_path, monkeypatch))
    paths.workspace.cache_clear()


def send(sitting: Sitting, name: str, content: bytes, **told: Any) -> dict[str, Any]:
    begun = sitting.ask("upload_begin", name=name, size=len(content))
    for number in range(0, -(-len(content) // begun["chunk"])):
        piece = content[number * begun["chunk"] : (number + 1) * begun["chunk"]]
        sitting.ask("upload_chunk", [piece], upload=begun["upload"], n=number)
    return sitting.ask("upload_end", upload=begun["upload"], **told)


def on_the_way() -> list[str]:
    place = uploads.place()
    return sorted(each.name for each in place.iterdir()) if place.is_dir() else []


def picture(size: int) -> bytes:
    """Return a picture of about as many bytes, as noise cannot be packed."""
    side = int((size / 3) ** 0.5)
    image = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=0)
    return stream.getvalue()


@pytest.mark.parametrize("size", [9_000_000, 11_000_000, 60_000_000])
def test_a_large_picture_arrives_with_its_hash_and_is_named_by_the_answer(
    folder: Path, size: int
) -> None:
    content = picture(size)
    assert abs(len(content) - size) < 200_000
    sha256 = hashlib.sha256(content).hexdigest()
    sent = send(Sitting(folder), "车间 照片.png", content, path="annex_6.equipment", sha256=sha256)
    number = sent["evidence"]["number"]
    row = next(
        row
        for row in open_case(folder).annex("annex_7")["evidence"]
        if row["evidence_no"] == number
    )
    stored = (folder / row["file"]).read_bytes()
    assert hashlib.sha256(stored).hexdigest() == row["sha256"] == sha256
    assert row["indicators"] == ["equipment_digital_rate"]
    assert number in open_case(folder).record["equipment"].evidence
    assert on_the_way() == []


def test_a_file_that_is_too_large_is_refused_before_a_byte_is_sent(folder: Path) -> None:
    mine = Sitting(folder)
    refused = mine.ask("upload_begin", name="大.mp4", size=uploads.MOST + 1)
    assert "60 MB" in refused["problem"]
    assert "投递文件夹" in refused["problem"]
    assert "空文件" in mine.ask("upload_begin", name="a.pdf", size=0)["problem"]
    assert "扩展名" in mine.ask("upload_begin", name="无扩展名", size=5)["problem"]
    assert on_the_way() == []


def test_more_than_was_told_or_out_of_order_is_refused_while_it_comes(folder: Path) -> None:
    mine = Sitting(folder)
    begun = mine.ask("upload_begin", name="a.pdf", size=10)
    for number, piece in ((0, b"x" * 11), (1, b"x"), (-1, b"x"), (0, b"x" * (uploads.CHUNK + 1))):
        assert mine.ask("upload_chunk", [piece], upload=begun["upload"], n=number)["problem"]
    assert "没有传完" in mine.ask("upload_end", upload=begun["upload"], item="C001")["problem"]


def test_an_upload_goes_on_after_a_lost_link_in_another_kernel(folder: Path) -> None:
    content = PDF + os.urandom(3 * uploads.CHUNK)
    first = Sitting(folder, "member", "甲")
    begun = first.ask("upload_begin", name="台账.pdf", size=len(content))
    first.ask("upload_chunk", [content[: uploads.CHUNK]], upload=begun["upload"], n=0)
    del first
    again = Sitting(folder, "member", "甲")
    resumed = again.ask("upload_begin", resume=begun["upload"])
    assert (resumed["received"], resumed["next"]) == (uploads.CHUNK, 1)
    again.ask("upload_chunk", [content[: uploads.CHUNK]], upload=begun["upload"], n=0)
    for number in range(1, 4):
        piece = content[number * uploads.CHUNK : (number + 1) * uploads.CHUNK]
        again.ask("upload_chunk", [piece], upload=begun["upload"], n=number)
    ended = again.ask("upload_end", upload=begun["upload"], item="C001")
    assert ended["evidence"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_nobody_touches_what_another_is_sending(folder: Path) -> None:
    begun = Sitting(folder, "member", "甲").ask("upload_begin", name="a.pdf", size=10)
    other = Sitting(folder, "member", "乙")
    for verb in ("upload_chunk", "upload_end", "upload_cancel"):
        assert "没有这个上传" in other.ask(verb, [b"x"], upload=begun["upload"], n=0)["problem"]
    for name in ("../..", "..", "", None, begun["upload"].upper(), f"../{begun['upload']}"):
        assert other.ask("upload_end", upload=name)["problem"]


def test_what_was_cancelled_refused_or_forgotten_leaves_nothing(folder: Path) -> None:
    mine, before = Sitting(folder), open_case(folder).data
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    begun = mine.ask("upload_begin", name="a.pdf", size=10)
    mine.ask("upload_chunk", [b"x" * 5], upload=begun["upload"], n=0)
    assert mine.ask("upload_cancel", upload=begun["upload"])["cancelled"]
    refused = send(mine, "改了名的.jpg", b"MZ this is a program", path="annex_6.equipment")
    assert "改了名的.jpg" in refused["problem"]
    assert str(folder.parent.parent) not in refused["problem"]
    wrong = send(mine, "a.pdf", PDF, item="C001", sha256="0" * 64)
    assert "不同" in wrong["problem"]
    (left,) = on_the_way()
    uploads.sweep(time.time() + uploads.FORGOTTEN + 60)
    assert (left, on_the_way()) == (left, [])
    assert open_case(folder).data == before
    assert sorted(each for each in folder.rglob("*") if each.is_file()) == files


def test_a_file_that_would_fill_the_disk_is_refused_before_a_byte_is_sent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, size = Sitting(folder), 10 * 2**20

    def left(free: int) -> dict[str, Any]:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
        return mine.ask("upload_begin", name="a.pdf", size=size)

    assert "磁盘只剩 519 MB" in left(uploads.SPARE + 2 * size - 1)["problem"]
    assert on_the_way() == []
    assert "upload" in left(uploads.SPARE + 2 * size)
    seen = mine.open("annex_6.equipment")["annex_6.equipment"]["value"]
    left(0)
    assert "saved" in mine.edit("annex_6.equipment", 900, seen=seen)


@pytest.mark.skipif(os.name == "nt", reason="no such modes on Windows")
def test_what_is_on_its_way_is_no_other_users(folder: Path) -> None:
    Sitting(folder).ask("upload_begin", name="a.pdf", size=10)
    made = exporting.new_folder()
    for each in (uploads.place(), made.parent):
        assert each.stat().st_mode & 0o077 == 0
    os.utime(made, (0, 0))
    exporting.sweep()
    assert not made.exists()


def test_only_so_much_is_on_its_way_at_once(folder: Path) -> None:
    mine = Sitting(folder)
    for _ in range(uploads.AT_ONCE):
        assert "upload" in mine.ask("upload_begin", name="a.pdf", size=uploads.MOST)
    assert "同时最多" in mine.ask("upload_begin", name="a.pdf", size=1)["problem"]
    others = [Sitting(folder, "member", name) for name in "甲乙丙"]
    begun = [
        other.ask("upload_begin", name="a.pdf", size=uploads.MOST)
        for other in others
        for _ in range(uploads.AT_ONCE)
    ]
    held = sum("upload" in each for each in begun) + uploads.AT_ONCE
    assert held * uploads.MOST == uploads.TOGETHER


def test_bytes_that_are_there_already_are_taken_in_only_when_told_again(folder: Path) -> None:
    mine = Sitting(folder)
    assert send(mine, "a.pdf", PDF, item="C001")["evidence"]
    refused = send(mine, "b.pdf", PDF, item="C001")["problem"]
    assert "相同" in refused
    assert "--again" not in refused
    assert send(mine, "b.pdf", PDF, item="C001", again=True)["evidence"]


def test_a_signed_sheet_is_filed_with_its_row(folder: Path) -> None:
    rows = open_case(folder).annex("annex_5")["meetings"]
    number = next(place for place, row in enumerate(rows, 1) if not row.get("scan"))
    reply = send(Sitting(folder), "签到.pdf", PDF, path=f"annex_5.meetings.{number}", column="scan")
    assert "problem" not in reply
    kept = open_case(folder).annex("annex_5")["meetings"][number - 1]["scan"]
    assert (folder / kept).read_bytes() == PDF


def test_a_secret_picture_shows_to_nobody_but_the_leader(folder: Path) -> None:
    member = Sitting(folder, "member")
    content = picture(60_000)
    number = send(member, "机密.png", content, item="C", secret=True)["evidence"]["number"]
    leader = Sitting(folder)
    assert leader.ask("thumbnail", number=number)["data"].startswith("data:image/jpeg;base64,")
    for role in ("member", "enterprise", "reader"):
        other = Sitting(folder, role)
        refused = other.ask("thumbnail", number=number)["problem"]
        assert refused == other.ask("thumbnail", number="E-C999")["problem"]
        assert number not in [each["number"] for each in other.ask("evidence")["evidence"]]


def test_an_open_copy_of_secret_bytes_is_not_shown_either(folder: Path) -> None:
    leader, content = Sitting(folder), picture(60_000)
    open_one = send(leader, "甲.png", content, item="C", cells={"secrecy": "一般"})
    number = open_one["evidence"]["number"]
    member = Sitting(folder, "member")
    assert member.ask("thumbnail", number=number)["data"]
    send(leader, "乙.png", content, item="C", secret=True, again=True)
    assert member.ask("thumbnail", number=number)["problem"] == "没有这张图"


def test_a_dropped_file_is_offered_when_it_has_settled_and_moved_when_it_is_in(
    folder: Path, tmp_path: Path
) -> None:
    mine = Sitting(folder)
    drop = tmp_path / "inbox" / folder.name
    assert drop.is_dir()
    (drop / "台账.pdf").write_bytes(PDF)
    (drop / ".hidden.pdf").write_bytes(PDF)
    (drop / "link.pdf").symlink_to(folder / "case.yaml")
    now = time.monotonic()
    assert mine.session.inbox is not None
    (file,) = mine.session.inbox.listed(now)
    assert (file["name"], file["ready"]) == ("台账.pdf", False)
    assert "还在写入" in mine.ask("collect", name="台账.pdf", item="C001")["problem"]
    mine.session.inbox.seen = {
        name: (mark, since - SETTLED) for name, (mark, since) in mine.session.inbox.seen.items()
    }
    for name in ("link.pdf", ".hidden.pdf", "../case.yaml", "done", None):
        assert "没有这个文件" in mine.ask("collect", name=name, item="C001")["problem"]
    taken = mine.ask("collect", name="台账.pdf", item="C001")
    assert taken["evidence"]["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert taken["files"] == []
    assert (drop / "done" / "台账.pdf").read_bytes() == PDF


def test_a_file_that_is_still_growing_is_not_offered(tmp_path: Path) -> None:
    box = Inbox(tmp_path)
    file = tmp_path / "a.pdf"
    file.write_bytes(b"1")
    assert [each["ready"] for each in box.listed(0.0)] == [False]
    file.write_bytes(b"12")
    assert [each["ready"] for each in box.listed(5.0)] == [False]
    assert [each["ready"] for each in box.listed(6.9)] == [False]
    assert [each["ready"] for each in box.listed(7.0)] == [True]


def test_a_file_that_changed_after_it_was_taken_in_stays_where_it_is(tmp_path: Path) -> None:
    box = Inbox(tmp_path)
    file = tmp_path / "a.pdf"
    file.write_bytes(PDF + b"more")
    assert not box.done(file, hashlib.sha256(PDF).hexdigest())
    assert file.is_file()


def test_what_is_to_be_told_of_a_new_file_is_said_by_the_registers(folder: Path) -> None:
    told = Sitting(folder, "member").ask("evidence")
    assert {"code": "C", "label": "C 工业设备采购信息"} in told["categories"]
    assert [each["key"] for each in told["ledger"]] == ["secrecy"]
    keys = [each["key"] for each in told["photo"]]
    assert keys == ["place", "node", "subject", "consent", "secrecy"]
    assert "categories" not in Sitting(folder, "reader").ask("evidence")


def test_a_photograph_is_entered_with_what_was_told_of_it(folder: Path) -> None:
    told = {"place": "灌装车间", "node": "site", "subject": "灌装线", "consent": "是"}
    sent = send(Sitting(folder, name="拍摄的人"), "a.png", picture(50_000), photo=told)
    row = open_case(folder).annex("aux_4")["photos"][-1]
    assert row["photo_no"] == sent["evidence"]["number"]
    assert (row["place"], row["consent"], row["photographer"]) == ("灌装车间", "yes", "拍摄的人")
    wrong = send(Sitting(folder), "b.png", picture(40_000), photo={**told, "consent": "随便"})
    assert "企业同意" in wrong["problem"]


def test_only_who_collects_is_told_of_the_inbox(folder: Path) -> None:
    (paths.workspace() / "inbox" / folder.name).mkdir(parents=True)
    (paths.workspace() / "inbox" / folder.name / "a.pdf").write_bytes(PDF)
    assert "inbox" in Sitting(folder, "member").news()
    assert "inbox" not in Sitting(folder, "enterprise").news()


@pytest.mark.parametrize("role", ["member", "enterprise"])
def test_who_sent_a_secret_file_is_told_its_number_and_nothing_else(
    folder: Path, role: str
) -> None:
    mine, other = Sitting(folder, role, "甲"), Sitting(folder, role, "乙")
    sent = send(mine, "机密合同.png", picture(60_000), path="annex_6.equipment", secret=True)
    number = sent["evidence"]["number"]
    assert "涉密，单独存放" in sent["evidence"]["notes"]
    told = mine.ask("evidence")
    assert told["receipts"] == [{"number": number, "kept": "涉密，单独存放"}]
    assert number not in [each["number"] for each in told["evidence"]]
    assert mine.ask("thumbnail", number=number)["problem"] == "没有这张图"
    assert other.ask("evidence")["receipts"] == []
    leader = Sitting(folder).ask("evidence")
    assert number in [each["number"] for each in leader["evidence"] if each["picture"]]
    assert leader["receipts"] == []
    assert list((folder / "restricted/evidence").rglob("*机密合同*"))
    assert not list((folder / "evidence").rglob("*机密合同*"))


def test_the_enterprise_is_told_what_it_sent_although_the_ledger_is_not_for_it(
    folder: Path,
) -> None:
    mine = Sitting(folder, "enterprise", "甲")
    number = send(mine, "台账.pdf", PDF, path="annex_6.equipment")["evidence"]["number"]
    assert mine.ask("evidence")["receipts"] == [{"number": number, "kept": "已收到，由工作组核对"}]


def test_who_will_see_a_secret_file_is_said_by_the_roles(folder: Path) -> None:
    said = Sitting(folder, "enterprise").ask("hello")["secret_words"]
    assert said == "单独存放，文件只有组长能看；其他人看不到，上传的人也只看到编号。"
