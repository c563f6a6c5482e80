"""Files given to a served page by every hand: dropped, taken with a phone, large, and cancelled."""

from __future__ import annotations

import hashlib
import os
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from dxkit.case import open_case
from tests.browser.harness import PHONE, until
from tests.browser.workshop import enter, served

pytestmark = pytest.mark.slow
CASE = "demo-empty"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LARGE = 60 * 2**20
KIND = "C 工业设备采购信息"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("uploads") / "home", CASE) as site:
        yield site


@pytest.fixture
def opened(browser, site):
    """Open the page of the case as its leader sees it; a fault in its scripts fails the test."""
    contexts = []

    def open(**how):
        context = browser.new_context(locale="zh-CN", **how)
        page, _ = enter(browser, site.link, site.address(CASE), context)
        contexts.append((context, page))
        return page

    yield open
    for context, page in contexts:
        assert page.faults == []
        context.close()


def materials(page):
    """Open the window of the files and choose a kind."""
    page.get_by_role("button", name="材料", exact=True).click()
    window = page.get_by_role("dialog", name="材料")
    window.get_by_role("combobox", name="材料类别").select_option(label=KIND)
    return window


def rows(site):
    return open_case(site.case(CASE)).annex("annex_7").get("evidence") or []


def files(site):
    return sorted(each for each in site.case(CASE).rglob("*") if each.is_file())


def on_the_way(site):
    place = site.folder / "outputs" / ".uploads"
    return sorted(place.iterdir()) if place.is_dir() else []


def pdf(folder, name, size):
    """Write a document of a size that is not like any other."""
    file = folder / name
    file.write_bytes(PDF + os.urandom(size - len(PDF)))
    return file


def has(site, file):
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return [row for row in rows(site) if row.get("sha256") == digest]


def drag(page, place, *paths):
    """Drag files from outside over a place and let them go."""
    box = place.bounding_box()
    mouse = page.context.new_cdp_session(page)
    where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    held = {"items": [], "files": [str(each) for each in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        mouse.send("Input.dispatchDragEvent", {"type": kind, **where, "data": held})
        if kind == "dragOver":
            expect(place).to_have_class(re.compile("dx-drop-over"))


def test_files_that_are_dropped_are_taken_in_all_of_them(opened, site, tmp_path):
    page = opened()
    window = materials(page)
    both = [pdf(tmp_path, f"合同{number}.pdf", 4000) for number in (1, 2)]
    drag(page, window.locator(".dx-drop"), *both)
    expect(window.get_by_text(re.compile("^已登记为 E-C"))).to_have_count(2, timeout=30_000)
    expect(window.locator(".dx-drop")).not_to_have_class(re.compile("dx-drop-over"))
    assert all(len(has(site, each)) == 1 for each in both)


def test_what_is_dropped_beside_the_place_does_not_take_the_page_away(opened, site, tmp_path):
    page = opened()
    window = materials(page)
    before, address = rows(site), page.url
    page.evaluate("""() => addEventListener("dragover", (event) => {
      window.kept = [event.defaultPrevented, event.dataTransfer.dropEffect];
    })""")
    stray = pdf(tmp_path, "走错.pdf", 4000)
    mouse = page.context.new_cdp_session(page)
    held = {"items": [], "files": [str(stray)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        mouse.send("Input.dispatchDragEvent", {"type": kind, "x": 20, "y": 300, "data": held})
    page.wait_for_timeout(500)
    assert page.evaluate("window.kept") == [True, "none"]
    assert page.url == address
    expect(window).to_be_visible()
    assert rows(site) == before


def test_a_phone_takes_a_photograph_for_an_answer(opened, site, tmp_path):
    page = opened(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(site.address(CASE, "record", "#/record/annex_6/digital"))
    item = page.locator(".dx-item").filter(has_text="Q01.2").first
    item.get_by_role("button", name="来源与佐证").click()
    camera = item.get_by_label("拍照")
    assert (camera.get_attribute("accept"), camera.get_attribute("capture")) == (
        "image/*",
        "environment",
    )
    expect(item.get_by_text("拍照", exact=True)).to_be_visible()
    shot = tmp_path / "IMG_0001.jpg"
    Image.frombytes("RGB", (300, 200), os.urandom(180_000)).save(shot)
    camera.set_input_files(shot)
    expect(item.get_by_text(re.compile("已登记为 E-"))).to_be_visible(timeout=30_000)
    (row,) = has(site, shot)
    answer = open_case(site.case(CASE)).record["key_processes_nc"]
    assert row["evidence_no"] in answer.evidence


def test_the_way_back_leads_to_the_list_of_cases(opened, site):
    page = opened(viewport=PHONE)
    page.get_by_role("link", name="回到企业列表").click()
    expect(page.get_by_role("heading", name=re.compile("企业"))).to_be_visible()
    assert page.url == f"http://127.0.0.1:{site.port}/"


def test_an_upload_that_is_cancelled_half_way_leaves_nothing(opened, site, tmp_path):
    page = opened()
    window = materials(page)
    before, there = rows(site), files(site)
    window.get_by_label("选择文件").set_input_files(pdf(tmp_path, "大.pdf", LARGE))
    bar = window.get_by_role("progressbar", name="上传 大.pdf")
    until(page, lambda: float(bar.get_attribute("value") or 0) > 0, True, seconds=60)
    assert float(bar.get_attribute("value")) < LARGE
    window.get_by_role("button", name="取消").click()
    expect(window.get_by_text("已取消，没有留下内容。")).to_be_visible(timeout=30_000)
    expect(bar).to_have_count(0)
    assert on_the_way(site) == []
    assert rows(site) == before
    assert files(site) == there


def test_sixty_megabytes_arrive_whole_and_say_how_far_they_are(opened, site, tmp_path):
    page = opened()
    window = materials(page)
    large = pdf(tmp_path, "全套图纸.pdf", LARGE)
    window.get_by_label("选择文件").set_input_files(large)
    entry = window.get_by_role("listitem").filter(has_text="全套图纸.pdf").first
    seen = set()

    def done():
        words = entry.inner_text()
        seen.update(map(int, re.findall(r"(\d+)%", words)))
        return "已登记为 E-C" in words

    until(page, done, True, seconds=120)
    assert len(seen) >= 4, seen  # looked at now and then; a fast machine is soon done
    (row,) = has(site, large)
    assert (site.case(CASE) / row["file"]).stat().st_size == LARGE
    assert on_the_way(site) == []
