"""The results and the workshop as `dxkit serve` gives them: live, and only for whom they are."""

from __future__ import annotations

import re
import time

import openpyxl
import pytest
from playwright.sync_api import Error, expect

from tests.browser.harness import chromium
from tests.browser.workshop import OFFLINE, enter, served

pytestmark = pytest.mark.slow
CASE = "demo-machinery"
WITHIN = 2.0
DIGITAL = "annex_6.equipment_digital"
ADDRESS = "annex_3.reg_address"
HERE = re.compile(r"(http|ws)://127\.0\.0\.1:|blob:|data:")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with (
        served(tmp_path_factory.mktemp("live") / "workspace", CASE) as serve,
        chromium(*OFFLINE) as browser,
    ):
        first = browser.new_page()
        first.goto(serve.link)
        first.goto(serve.address(CASE), timeout=120_000)  # the kernels import once
        first.close()
        yield serve, browser


def test_a_change_moves_the_results_on_another_screen_within_two_seconds(site):
    serve, browser = site
    leader, _ = enter(browser, serve.link, serve.address(CASE, "diagnosis"))
    mark = leader.locator("#dx-result-equipment_digital_rate .dx-mark")
    expect(mark).to_have_text("42.26%")  # 71 of 168
    place = f"#/record/annex_6/digital/{DIGITAL}"
    link = serve.invited("李组员", "member")
    member, _ = enter(browser, link, serve.address(CASE, "record", place))
    box = member.locator(f'[data-path="{DIGITAL}"]').get_by_role("textbox").first
    for typed, words in (("84", "50.00%"), ("126", "75.00%")):
        expect(box).to_be_editable()
        box.fill(typed)
        box.press("Enter")
        sent = time.monotonic()
        expect(mark).to_have_text(words, timeout=10_000)
        assert time.monotonic() - sent < WITHIN
        member.wait_for_timeout(500)
    assert leader.faults == member.faults == []
    leader.context.close()
    member.context.close()


def test_the_group_works_out_the_cheapest_way_together_with_who_is_there(site):
    serve, browser = site
    leader, _ = enter(browser, serve.link, serve.address(CASE, "workshop"))
    reader, _ = enter(browser, serve.invited("旁听", "reader"), serve.address(CASE, "workshop"))
    leader.get_by_role("tab", name="假如").click()
    leader.get_by_role("button", name="找成本最低的做法").click()
    expect(leader.locator(".dx-plan")).to_contain_text("合计 200.00 万元", timeout=20_000)
    leader.get_by_role("tab", name="参与者").click()
    expect(leader.locator(".dx-present-list")).to_contain_text("旁听", timeout=10_000)
    assert leader.faults == reader.faults == []
    leader.context.close()
    reader.context.close()


def test_the_record_is_filled_in_and_exported_with_the_network_cut_off(site, tmp_path):
    serve, browser = site
    context = browser.new_context(locale="zh-CN")
    with pytest.raises(Error, match="ERR_PROXY_CONNECTION_FAILED"):
        context.new_page().goto("http://192.0.2.1/")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    place = serve.address(CASE, place="#/record/annex_3/enterprise")
    page, _ = enter(browser, serve.link, place, context=context)
    field = page.locator(f'[data-path="{ADDRESS}"]')
    field.get_by_role("textbox").fill("断网时填写的地址")
    field.get_by_role("textbox").press("Enter")
    expect(field).to_contain_text("已保存")
    page.get_by_role("button", name="导出").click()
    page.get_by_label("导出什么").select_option("annex_3")
    page.get_by_label("Excel").check()
    page.get_by_role("button", name="开始导出").click()
    with page.expect_download() as told:
        page.get_by_role("dialog").get_by_role("button", name="下载").click(timeout=90_000)
    told.value.save_as(tmp_path / "got.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "got.xlsx").worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "断网时填写的地址" in cells
    assert [url for url in asked if not HERE.match(url)] == []
    assert page.faults == []
    context.close()


@pytest.mark.parametrize("view", ["diagnosis", "workshop"])
def test_the_enterprise_is_given_neither_page(site, view):
    serve, browser = site
    context = browser.new_context()
    page = context.new_page()
    page.goto(serve.invited("企业甲", "enterprise"))
    answer = page.goto(serve.address(CASE, view))
    assert answer.status in (403, 404)
    assert "指标" not in page.content()
    context.close()
