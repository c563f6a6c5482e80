"""Files that come and go through the page, in a real Chromium against a real sitting."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

import openpyxl
import psutil
import pytest
from PIL import Image
from playwright.sync_api import expect

from dxkit import paths
from tests.browser.harness import open_page, until
from tests.sittings import copied_case, new_case, sitting, stored

pytestmark = pytest.mark.slow
WHERE = "#/record/annex_6/digital"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A workspace of its own, since files pass through its folders."""
    (tmp_path / "parameters").mkdir()
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    paths.workspace.cache_clear()
    yield tmp_path
    paths.workspace.cache_clear()


@pytest.fixture
def opened(browser, home):
    pages = []

    def open(session=None, hash=WHERE, **how):
        session = session or sitting(new_case(home / "parameters"))
        page, wire = open_page(browser, session, hash=hash, **how)
        pages.append((page, session))
        page.wait_for_selector("h1")
        return page, wire

    yield open
    for page, session in pages:
        assert page.faults == []
        page.context.close()
        session.close()


def photo(folder: Path, side: int = 1200) -> Path:
    """Draw a picture that no compression makes small."""
    file = folder / "现场.png"
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(file)
    return file


def evidence(wire):
    return stored(wire.session, "annex_7.evidence") or []


def test_a_file_of_several_pieces_becomes_evidence_of_its_answer(opened, tmp_path):
    page, wire = opened()
    file = photo(tmp_path)
    assert file.stat().st_size > 3 * 2**20
    item = page.locator(".dx-item").filter(has_text="Q01.2").first
    item.get_by_role("button", name="来源与佐证").click()
    item.get_by_label("选择文件").set_input_files(file)
    expect(item.get_by_text("已登记为 E-")).to_be_visible(timeout=20_000)
    (row,) = evidence(wire)
    assert row["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    kept = wire.session.desk.folder / row["file"]
    assert kept.read_bytes() == file.read_bytes()
    number = row["evidence_no"]
    expect(item.get_by_label("证据编号")).to_have_value(number)
    assert number in stored(wire.session, item.get_attribute("data-path"))["evidence"]
    assert len(wire.asked("upload_chunk")) > 3


def test_a_file_that_is_too_large_is_refused_before_a_byte_leaves(opened, tmp_path):
    page, wire = opened()
    file = tmp_path / "录像.pdf"
    with file.open("wb") as stream:
        stream.truncate(61 * 2**20)
    page.get_by_role("button", name="材料").click()
    page.get_by_role("combobox", name="材料类别").select_option(label="C 工业设备采购信息")
    page.get_by_label("选择文件").set_input_files(file)
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("超过 60 MB")
    assert [each["do"] for each in wire.said if each["do"].startswith("upload")] == []


def test_an_upload_goes_on_after_the_link_was_lost(opened, tmp_path):
    page, wire = opened()
    file = photo(tmp_path)
    answer = wire.session.handle
    pieces = 0

    def lossy(message, buffers=()):
        nonlocal pieces
        pieces += message["do"] == "upload_chunk"
        wire.cut = wire.cut or pieces == 2
        return answer(message, buffers)

    wire.session.handle = lossy
    page.get_by_role("button", name="材料").click()
    page.get_by_role("combobox", name="材料类别").select_option(label="C 工业设备采购信息")
    page.get_by_label("选择文件").set_input_files(file)
    expect(page.get_by_text("与服务器的连接中断")).to_be_visible(timeout=6000)
    wire.session.handle = answer
    wire.cut = False
    expect(page.get_by_role("dialog").get_by_text("已登记为 E-C")).to_be_visible(timeout=20_000)
    (row,) = evidence(wire)
    assert row["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_photograph_is_asked_where_it_was_taken_before_it_is_sent(opened, tmp_path):
    page, wire = opened()
    shutil.copy(Path(__file__).parent / "photo.heic", tmp_path / "车间.heic")
    page.get_by_role("button", name="材料").click()
    page.get_by_role("combobox", name="材料类别").select_option(label="现场照片（登记到照片清单）")
    expect(page.get_by_label("选择文件")).to_be_disabled()
    page.get_by_role("textbox", name="拍摄地点").fill("一车间")
    page.get_by_role("combobox", name="节点").select_option(label="现场调研")
    page.get_by_role("textbox", name="拍摄内容").fill("控制柜")
    page.get_by_role("combobox", name="企业同意").select_option(label="是")
    page.get_by_role("combobox", name="涉密程度").select_option(index=1)
    page.get_by_label("选择文件").set_input_files(tmp_path / "车间.heic")
    expect(page.get_by_role("dialog").get_by_text("已登记为 PH-001")).to_be_visible(timeout=20_000)
    (row,) = stored(wire.session, "aux_4.photos")
    assert (row["place"], row["node"], row["subject"]) == ("一车间", "site", "控制柜")


def test_the_enterprise_hands_in_a_secret_file_and_sees_that_it_was_taken(opened, home, tmp_path):
    case = new_case(home / "parameters")
    page, wire = opened(sitting(case, "enterprise", "企业的人"))
    item = page.locator(".dx-item").filter(has_text="Q01.2").first
    item.get_by_role("button", name="来源与佐证").click()
    secret = item.get_by_role("checkbox", name="涉密材料")
    expect(secret).to_have_accessible_description(re.compile("文件只有组长能看"))
    secret.check()
    item.get_by_label("选择文件").set_input_files(photo(tmp_path, side=64))
    expect(item.get_by_text("涉密，单独存放")).to_be_visible(timeout=20_000)
    (row,) = evidence(wire)
    assert row["secrecy"] == "secret"
    assert row["file"].startswith("restricted/evidence/")
    page.get_by_role("button", name="材料", exact=True).click()
    entry = page.get_by_role("dialog").get_by_role("listitem").filter(has_text="您上传的")
    expect(entry).to_contain_text(row["evidence_no"])
    expect(entry.get_by_role("button")).to_have_count(0)


def test_what_lies_in_the_drop_folder_is_taken_in_by_a_click(opened, home):
    page, wire = opened()
    inbox = home / "inbox" / "trial"
    photo(inbox, side=64).rename(inbox / "采购合同.png")
    page.get_by_role("button", name="材料").click()
    page.get_by_role("combobox", name="材料类别").select_option(label="C 工业设备采购信息")
    expect(page.get_by_text("还在写入")).to_be_visible()
    page.wait_for_timeout(2500)
    wire.news()
    page.get_by_role("button", name=re.compile("登记.*采购合同")).click()
    expect(page.get_by_text("“采购合同.png”已登记为")).to_be_visible()
    assert len(evidence(wire)) == 1
    assert [each.name for each in (inbox / "done").iterdir()] == ["采购合同.png"]


def test_a_report_tells_its_steps_and_is_stopped_from_the_page(opened, home):
    case = copied_case(home / "parameters", "demo-machinery")
    page, wire = opened(sitting(case))
    page.get_by_role("button", name="导出").click()
    page.get_by_label("PDF").check()
    page.get_by_role("button", name="开始导出").click()
    job = page.get_by_role("dialog").get_by_role("listitem")
    expect(job).to_contain_text("诊断报告")
    step = job.locator(".dx-job-step")

    def told():
        wire.news()
        return bool(step.count() and re.search(r"\d+%，第 \d+/\d+ 步：生成", step.inner_text()))

    until(page, told, True, seconds=120)
    expect(job.get_by_role("progressbar")).to_have_attribute("max", re.compile(r"\d+"))
    running = next(iter(wire.session.jobs.jobs.values()))
    family = [psutil.Process(running.process.pid)]
    family += family[0].children(recursive=True)
    assert len(family) > 1
    job.get_by_role("button", name="停止").click()

    def stopped():
        wire.news()
        return job.get_by_text("已停止").count()

    until(page, stopped, 1)
    expect(job.get_by_role("button")).to_have_count(0)
    expect(job.get_by_role("progressbar")).to_have_count(0)
    _, alive = psutil.wait_procs(family, timeout=5)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    assert not any(running.out.rglob("*.pdf"))


def test_a_form_is_exported_beside_the_work_and_arrives_whole(opened, home):
    case = copied_case(home / "parameters", "demo-machinery")
    page, wire = opened(sitting(case))
    page.get_by_role("button", name="导出").click()
    page.get_by_label("导出什么").select_option("annex_3")
    page.get_by_label("Excel").check()
    page.get_by_role("button", name="开始导出").click()
    button = page.get_by_role("dialog").get_by_role("button", name="下载")

    def ready():
        wire.news()
        return button.count()

    until(page, ready, 1, seconds=90)
    with page.expect_download() as told:
        button.click()
    got = home / "got.xlsx"
    told.value.save_as(got)
    cells = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(got)
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert "包头市虚构机械制造有限公司" in cells
