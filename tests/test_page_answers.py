"""What stands behind an answer of the record, in a real Chromium against a real sitting."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.harness import PHONE, opening_pages
from tests.sittings import copied_case, new_case, sitting, stored

pytestmark = pytest.mark.slow
QUESTION = "annex_6.digital_department"
WHERE = f"#/record/annex_6/organisation/{QUESTION}"


@pytest.fixture
def opened(browser, tmp_path):
    with opening_pages(browser) as open_one:

        def open(session=None, hash=WHERE, **how):
            return open_one(session or sitting(new_case(tmp_path)), hash=hash, **how)

        yield open


def settled(page):
    """Wait until what was typed has left the page and everything is acknowledged."""
    page.wait_for_timeout(1000)
    expect(page.locator(".dx-saved")).to_contain_text("已保存")


def test_an_answer_tells_how_it_is_known(opened):
    page, wire = opened()
    item = page.locator(f'[data-path="{QUESTION}"]')
    item.get_by_label("独立一级部门").check()
    item.get_by_role("button", name="来源与佐证").click()
    item.get_by_label("访谈", exact=True).check()
    item.get_by_label("信息系统演示").check()
    item.get_by_label("受访人").fill("刘部长")
    item.get_by_role("group", name="自报值").get_by_label("隶属其他部门").check()
    item.get_by_label("备注").fill("另有一名兼职人员")
    item.get_by_label("备注").blur()
    settled(page)
    answer = stored(wire.session, QUESTION)
    assert answer["onsite"] == "independent"
    assert answer["methods"] == ["interview", "system_demo"]
    assert answer["informant"] == "刘部长"
    assert answer["self_reported"] == "within_other"
    assert answer["remark"] == "另有一名兼职人员"
    assert answer["recorder"] == "王组长"


def test_a_mark_counts_once_its_reason_is_written_and_goes_with_it(opened):
    page, wire = opened()
    item = page.locator(f'[data-path="{QUESTION}"]')
    item.get_by_role("button", name="来源与佐证").click()
    item.get_by_label("存疑").check()
    settled(page)
    assert stored(wire.session, QUESTION) is None
    item.get_by_label("争议的内容").fill("两位部长说法不同")
    item.get_by_label("争议的内容").blur()
    settled(page)
    assert stored(wire.session, QUESTION) == {"disputed": "两位部长说法不同"}
    item.get_by_label("存疑").uncheck()
    settled(page)
    assert stored(wire.session, QUESTION) is None


def test_the_history_names_every_change_and_leads_back(opened):
    page, wire = opened()
    item = page.locator(f'[data-path="{QUESTION}"]')
    for label in ("隶属其他部门", "独立一级部门"):
        item.get_by_label(label).check()
        settled(page)
    item.get_by_role("button", name="来源与佐证").click()
    item.get_by_role("button", name="修改记录").click()
    entries = item.locator("li").filter(has_text="改为")
    expect(entries.first).to_contain_text("王组长")
    expect(entries.first).to_contain_text("由“现场值：隶属其他部门”改为“现场值：独立一级部门”")
    entries.first.get_by_role("button", name="恢复为改动前的值").click()
    expect(item.get_by_label("隶属其他部门").first).to_be_checked()
    settled(page)
    assert stored(wire.session, QUESTION)["onsite"] == "within_other"


def test_a_doubt_about_the_form_comes_and_goes_without_opening_it_again(opened, tmp_path):
    case = new_case(tmp_path / "doubted")
    page, wire = opened(sitting(case), hash="#/record/annex_3/enterprise")
    other = sitting(case, "member", "张三")
    path = "annex_3.founded_on"
    doubt = page.locator(".dx-doubt")
    expect(doubt).to_have_count(0)
    other.handle({"do": "edit", "path": path, "raw": "2099-01-01", "seen": None})
    wire.news()
    expect(doubt).to_contain_text("成立")
    other.handle({"do": "edit", "path": path, "raw": "2009-01-01", "seen": "2099-01-01"})
    wire.news()
    expect(doubt).to_have_count(0)
    assert len(wire.asked("open")) == 1


def test_undo_and_redo_work_by_key_outside_fields_of_text(opened):
    page, wire = opened()
    item = page.locator(f'[data-path="{QUESTION}"]')
    item.get_by_label("独立一级部门").check()
    settled(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("撤销了")).to_be_visible()
    expect(item.get_by_label("独立一级部门")).not_to_be_checked()
    assert stored(wire.session, QUESTION) is None
    page.keyboard.press("Control+y")
    expect(item.get_by_label("独立一级部门")).to_be_checked()
    assert stored(wire.session, QUESTION)["onsite"] == "independent"


def test_search_leads_to_the_field(opened):
    page, _wire = opened()
    page.get_by_role("button", name="查找").click()
    page.get_by_label("题号或名称中的字").fill("信用代码")
    page.get_by_role("dialog").get_by_role("button", name="统一社会信用代码").first.click()
    expect(page.locator('[data-path="annex_3.uscc"]').get_by_role("textbox")).to_be_focused()
    assert page.url.endswith("#/record/annex_3/enterprise/annex_3.uscc")


def test_the_list_of_forms_shows_where_one_is(opened):
    page, _ = opened(hash="#/record/aux_10/x")
    here = page.locator(".dx-contents [aria-current]")
    expect(here).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="上一部分").click()
    expect(here).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0


def test_a_reader_sees_and_cannot_type(opened, tmp_path):
    case = copied_case(tmp_path, "demo-machinery")
    page, _wire = opened(sitting(case, "reader", "旁听"))
    expect(page.get_by_text("只能查看，不能修改：您的角色只能查看")).to_be_visible()
    assert page.locator("main").get_by_role("textbox").count() == 0
    assert page.locator("main").get_by_role("radio").count() == 0
    expect(page.locator(f'[data-path="{QUESTION}"] output')).not_to_be_empty()
    expect(page.get_by_role("button", name="撤销")).to_have_count(0)
    page.goto(page.url.split("#")[0] + "#/record/annex_6/equipment_listed")
    expect(page.get_by_role("heading", name="生产设备台账", exact=False).first).to_be_visible()
    expect(page.get_by_text("必填")).to_have_count(0)


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize(
    "section",
    [
        "annex_6/organisation",
        "annex_6/equipment_listed",
        "annex_6/business_segments",
        "annex_6/signatures",
        "annex_3/enterprise",
        "annex_8/enterprise",
    ],
)
def test_nobody_stumbles(opened, tmp_path, section, size):
    case = copied_case(tmp_path, "demo-machinery")
    page, _wire = opened(sitting(case), hash=f"#/record/{section}", size=size)
    for more in page.get_by_role("button", name="来源与佐证").all()[:2]:
        more.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    found = Axe().run(page).response
    assert len(found["passes"]) > 15
    assert [
        (each["id"], each["nodes"][0]["html"])
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ] == []


def test_fields_come_and_go_with_the_answer_they_hang_on_and_that_is_told(opened):
    page, _wire = opened(hash="#/record/annex_6/digital/annex_6.has_design_activity")
    design = page.locator('[data-path="annex_6.has_design_activity"]')
    tools = page.locator('[data-path="annex_6.design_tools"]')
    design.get_by_label("否").check()
    expect(tools).to_have_count(0)
    expect(page.get_by_role("status").get_by_text("少了 5 项")).to_have_count(1)
    design.get_by_label("是", exact=True).check()
    expect(tools).to_be_visible()
    expect(page.get_by_role("status").get_by_text("多出 5 项要填")).to_have_count(1)


def test_only_what_somebody_in_the_room_can_answer_is_shown(opened):
    page, _wire = opened(hash="#/record/annex_6/digital")
    before = page.locator(".dx-item").count()
    page.get_by_role("combobox", name="谁在场").select_option(label="研发")
    expect(page.locator(".dx-item")).not_to_have_count(before)
    shown = page.locator(".dx-item").count()
    assert 0 < shown < before
    page.reload()
    expect(page.locator(".dx-item")).to_have_count(shown)
