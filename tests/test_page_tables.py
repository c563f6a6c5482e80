"""Repeating tables in a real Chromium: rows come, go and move, and stay what their typist meant."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.harness import PHONE, opening_pages, until
from tests.sittings import new_case, sitting, stored

pytestmark = pytest.mark.slow
TABLE = "annex_3.plant_addresses"
WHERE = f"#/record/annex_3/enterprise/{TABLE}"
PLANTS = [
    {"name": "一厂", "address": "示例路1号", "included": True},
    {"name": "二厂", "address": "示例路2号", "included": True},
    {"name": "三厂", "address": "示例路3号", "included": False},
]


@pytest.fixture
def opened(browser, tmp_path):
    with opening_pages(browser) as open_one:

        def open(rows=PLANTS, session=None, hash=WHERE, **how):
            if session is None:
                content = {"annex_3": {"plant_addresses": rows}} if rows else {}
                session = sitting(new_case(tmp_path, **content))
            page, wire = open_one(session, hash=hash, **how)
            return page, wire, page.locator(f'[data-path="{TABLE}"]')

        yield open


def names(wire):
    return [row["name"] for row in stored(wire.session, TABLE) or []]


def test_a_new_row_is_filled_cell_by_cell_with_the_keyboard(opened):
    page, wire, table = opened(rows=[])
    table.get_by_role("button", name="添加一行").press("Enter")
    page.wait_for_function("() => document.activeElement.closest('tr[data-row]')")
    page.keyboard.type("总厂")
    page.keyboard.press("Tab")
    page.keyboard.type("示例路9号")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    whole = [{"name": "总厂", "address": "示例路9号", "included": True}]
    until(page, lambda: stored(wire.session, TABLE), whole)
    assert [each["action"] for each in wire.asked("row")].count("add") == 1


def test_rows_move_and_go_with_a_way_back(opened):
    page, wire, table = opened()
    table.get_by_role("button", name="第1行下移").click()
    until(page, lambda: names(wire), ["二厂", "一厂", "三厂"])
    expect(table.get_by_label("第1行 厂区名称")).to_have_value("二厂")
    table.get_by_label("第3行 厂区名称").press("Alt+ArrowUp")
    until(page, lambda: names(wire), ["二厂", "三厂", "一厂"])
    expect(table.get_by_label("第3行 厂区名称")).to_have_value("一厂")
    table.get_by_role("button", name="删除第1行").click()
    expect(page.get_by_text("已删除“生产地址”第1行")).to_be_visible()
    assert names(wire) == ["三厂", "一厂"]
    page.locator(".dx-toast").get_by_role("button", name="撤销").click()
    until(page, lambda: names(wire), ["二厂", "三厂", "一厂"])


def test_a_row_that_the_enterprise_wrote_is_marked(opened, tmp_path):
    case = new_case(tmp_path / "told")
    theirs = sitting(case, "enterprise", "企业的人")
    path = "annex_6.platform_list"
    for name in ("云一", "云二"):
        theirs.handle({"do": "row", "path": path, "action": "add", "row": {"name": name}})
    page, _, _ = opened(session=sitting(case), hash="#/record/annex_6/platforms_listed")
    table = page.locator(f'[data-path="{path}"]')
    expect(table.get_by_text("自报", exact=True)).to_have_count(2)
    table.get_by_role("textbox", name="第1行 提供方").fill("某云")
    table.get_by_role("textbox", name="第1行 提供方").blur()
    expect(table.get_by_text("自报", exact=True)).to_have_count(1)
    expect(table.get_by_role("row").nth(2)).to_contain_text("自报")


def test_a_table_tells_who_changed_which_row(opened):
    page, wire, table = opened()
    table.get_by_label("第1行 厂区名称").fill("老厂")
    page.keyboard.press("Enter")
    until(page, lambda: names(wire)[0], "老厂")
    table.get_by_role("button", name="修改记录").click()
    told = table.locator(".dx-history li").first
    expect(told).to_contain_text("王组长：第1行")
    expect(told).to_contain_text("厂区名称：一厂")
    expect(told).to_contain_text("厂区名称：老厂")


def test_a_block_from_excel_is_taken_whole_or_told_cell_by_cell(opened):
    page, wire, table = opened()
    table.get_by_role("button", name="从 Excel 粘贴").click()
    box = page.get_by_label("要粘贴的内容")
    box.fill("厂区名称\t详细地址\t是否纳入本次诊断\n四厂\t示例路4号\t是\n五厂\t示例路5号\t也许")
    page.get_by_role("button", name="存入", exact=True).click()
    trouble = page.locator("dialog").get_by_role("alert")
    expect(trouble).to_contain_text("第2行 是否纳入本次诊断“也许”")
    assert names(wire) == ["一厂", "二厂", "三厂"]
    box.fill(box.input_value().replace("也许", "否"))
    page.get_by_role("button", name="存入", exact=True).click()
    expect(page.get_by_text("已粘贴 2 行")).to_be_visible()
    assert names(wire) == ["一厂", "二厂", "三厂", "四厂", "五厂"]


def copy(page, text):
    """Have a text in the clipboard as Excel puts a block there, copied with the keys."""
    page.evaluate(
        """(text) => {
          const source = document.createElement("textarea");
          source.id = "excel";
          source.value = text;
          document.body.append(source);
          source.select();
        }""",
        text,
    )
    page.keyboard.press("Control+C")
    page.evaluate("() => document.getElementById('excel').remove()")


def test_a_block_that_is_pasted_on_a_cell_is_shown_and_taken_in(opened):
    page, wire, table = opened()
    copy(page, "详细地址\t厂区名称\r\n示例路4号\t四厂\r\n示例路5号\t五厂\r\n")
    table.get_by_role("textbox", name="第1行 厂区名称").focus()
    page.keyboard.press("Control+V")
    window = page.get_by_role("dialog", name="从 Excel 粘贴")
    expect(window.get_by_label("要粘贴的内容")).to_have_value(
        "详细地址\t厂区名称\n示例路4号\t四厂\n示例路5号\t五厂\n"
    )
    assert names(wire) == ["一厂", "二厂", "三厂"]
    window.get_by_role("button", name="存入", exact=True).click()
    until(page, lambda: names(wire), ["一厂", "二厂", "三厂", "四厂", "五厂"])
    assert stored(wire.session, TABLE)[3] == {"name": "四厂", "address": "示例路4号"}
    expect(table.get_by_role("textbox", name="第5行 详细地址")).to_have_value("示例路5号")


def test_one_value_that_is_pasted_goes_into_its_cell(opened):
    page, wire, table = opened()
    copy(page, "改名的厂")
    cell = table.get_by_role("textbox", name="第1行 厂区名称")
    cell.select_text()
    page.keyboard.press("Control+V")
    expect(page.get_by_role("dialog")).to_have_count(0)
    cell.blur()
    until(page, lambda: names(wire), ["改名的厂", "二厂", "三厂"])


def test_a_row_typed_into_stays_the_row_meant_while_others_add_and_delete(opened):
    page, wire, table = opened()
    other = sitting(wire.session.desk.folder, "member", "张三")
    box = table.get_by_label("第2行 厂区名称")
    box.press("End")
    box.press_sequentially("（新")
    seen = dict(PLANTS[0])
    other.handle({"do": "row", "path": TABLE, "action": "remove", "index": 1, "seen": seen})
    row = {"name": "零厂", "address": "示例路0号", "included": True}
    other.handle({"do": "row", "path": TABLE, "action": "add", "index": 1, "row": row})
    wire.news()
    page.keyboard.type("）")
    page.keyboard.press("Enter")
    until(page, lambda: names(wire), ["零厂", "二厂（新）", "三厂"])
    expect(table.get_by_label("第2行 厂区名称")).to_have_value("二厂（新）")


def test_a_cell_that_does_not_fit_is_told_at_the_cell_and_keeps_no_other_back(opened):
    page, wire, table = opened(rows=[])
    page.evaluate("location.hash = '#/record/annex_3/operation'")
    page.wait_for_timeout(300)
    section = wire.session.handle({"do": "open", "form": "annex_3", "section": "operation"})
    yearly = next(each for each in section["items"] if each["key"] == "yearly")
    table = page.locator(f'[data-path="{yearly["path"]}"]')
    table.get_by_role("button", name="添加一行").click()
    staff = table.get_by_label("第1行 年末从业人数（人）")
    staff.fill("许多")
    table.get_by_label("第1行 年度").fill("2025")
    page.keyboard.press("Enter")
    expect(staff).to_have_attribute("aria-invalid", "true")
    expect(staff).to_have_value("许多")
    until(page, lambda: stored(wire.session, yearly["path"]), [{"year": 2025}])


def test_a_phone_shows_cards_that_fit_and_can_be_touched(opened):
    page, _wire, table = opened(size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for button in table.get_by_role("button").all():
        box = button.bounding_box()
        assert box["height"] >= 44, button.inner_text()
