"""The page in a real Chromium: what is typed arrives once, survives, and is told in words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.harness import LAPTOP, PHONE, opening_pages, until
from tests.sittings import new_case, sitting, stored

pytestmark = pytest.mark.slow
ORGANISATION = "#/record/annex_6/organisation"
ENTERPRISE = "#/record/annex_3/enterprise"
NAME = "annex_3.enterprise_name"

GATE, GATED = "annex_6.has_design_activity", "annex_6.design_tools"
NEXT_OF = """path => [...document.querySelectorAll('.dx-item')]
  .map((each) => each.dataset.path)
  .filter((each, place, all) => place > all.indexOf(path))"""
STANDS_IN = "() => document.activeElement.closest('.dx-item')?.dataset.path ?? ''"


@pytest.fixture
def opened(browser, tmp_path):
    """Open pages of a new case."""
    case = new_case(tmp_path)
    with opening_pages(browser) as open_one:
        yield lambda session=None, **how: open_one(session or sitting(case), **how)


def main_of(wire, path):
    return (stored(wire.session, path) or {}).get("onsite")


def saved(page, path):
    return field(page, path).get_by_text(re.compile("^已保存 ..:..:..$"))


def field(page, path):
    return page.locator(f'[data-path="{path}"]')


def test_typing_is_sent_once_after_a_pause(opened):
    page, wire = opened(hash=ENTERPRISE)
    box = field(page, NAME).get_by_role("textbox")
    box.press_sequentially("某铜业", delay=30)
    expect(saved(page, NAME)).to_be_visible()
    assert [(each["raw"], each["seen"]) for each in wire.asked("edit")] == [("某铜业", None)]
    box.press_sequentially("公司", delay=30)
    box.press("Enter")
    page.wait_for_timeout(800)
    assert [(each["raw"], each["seen"]) for each in wire.asked("edit")[1:]] == [
        ("某铜业公司", "某铜业")
    ]


def test_nothing_is_sent_while_a_word_is_being_composed(opened):
    page, wire = opened(hash=ENTERPRISE)
    box = field(page, NAME).get_by_role("textbox")
    box.focus()
    keyboard = compose(page, "m", "mo", "mou")
    page.wait_for_timeout(800)
    assert wire.asked("edit") == []
    keyboard.send("Input.insertText", {"text": "某"})
    expect(saved(page, NAME)).to_be_visible()
    assert [each["raw"] for each in wire.asked("edit")] == ["某"]


def test_what_does_not_fit_stays_and_is_told_at_the_field(opened):
    page, wire = opened(hash=ORGANISATION)
    box = field(page, "annex_6.staff").get_by_role("textbox")
    box.fill("很多")
    box.blur()
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_value("很多")
    described = box.get_attribute("aria-describedby").split()
    words = " ".join(page.locator(f'[id="{each}"]').inner_text() for each in described)
    assert "未保存：应为：不小于 0 的整数（人）；现为“很多”" in words
    box.fill("1450")
    box.blur()
    expect(box).not_to_have_attribute("aria-invalid", "true")
    until(page, lambda: main_of(wire, "annex_6.staff"), 1450)


@pytest.mark.parametrize(
    "key", ["digital_rules", "network_building", "network_security", "data_security"]
)
def test_space_on_the_only_ticked_box_takes_the_answer_back(opened, tmp_path, key):
    """What A5, A9, A12 and A13 hold from before is cleared by the first key that is pressed."""
    case = new_case(tmp_path / "ticked", annex_6={key: ["none"]})
    page, wire = opened(sitting(case), hash=ORGANISATION)
    path = f"annex_6.{key}"
    box = field(page, path).get_by_role("checkbox", checked=True)
    box.press("Space")
    expect(saved(page, path)).to_be_visible()
    assert stored(wire.session, path) is None
    assert [(each["raw"], each["seen"]) for each in wire.asked("edit")] == [(None, ["none"])]


def test_what_is_emptied_is_stored_as_empty(opened, tmp_path):
    content = {"annex_6": {"staff": 5, "digital_department": "within_other"}}
    case = new_case(tmp_path / "filled", **content)
    page, wire = opened(sitting(case), hash=ORGANISATION)
    box = field(page, "annex_6.staff").get_by_role("textbox")
    box.fill("")
    expect(saved(page, "annex_6.staff")).to_be_visible()
    department = "annex_6.digital_department"
    field(page, department).get_by_role("button", name="清除所选").press("Enter")
    expect(saved(page, department)).to_be_visible()
    assert [stored(wire.session, each) for each in ("annex_6.staff", department)] == [None, None]


def test_radios_follow_the_arrow_keys(opened):
    page, wire = opened(hash=ORGANISATION)
    group = page.get_by_role("group", name="数字化部门设置")
    group.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(group.get_by_label("隶属其他部门")).to_be_checked()
    until(page, lambda: main_of(wire, "annex_6.digital_department"), "within_other")


def test_what_stood_there_already_can_be_cleared(browser, tmp_path):
    before = {"digital_department": "independent", "staff": 1450, "digital_rules": ["operation"]}
    case = new_case(tmp_path, annex_6={key: {"onsite": each} for key, each in before.items()})
    with opening_pages(browser) as open_one:
        page, wire = open_one(sitting(case), hash=ORGANISATION)
        field(page, "annex_6.digital_department").get_by_role("button", name="清除所选").click()
        field(page, "annex_6.digital_rules").get_by_role("checkbox", checked=True).first.uncheck()
        field(page, "annex_6.staff").get_by_role("textbox").fill("")
        for key in before:
            until(page, lambda key=key: main_of(wire, f"annex_6.{key}"), None)
            expect(saved(page, f"annex_6.{key}")).to_be_visible()


def test_a_lost_link_is_told_within_five_seconds_and_mends_itself(opened):
    page, wire = opened(hash=ENTERPRISE)
    box = field(page, NAME).get_by_role("textbox")
    wire.cut = True
    box.fill("断线时写的")
    expect(page.get_by_role("alert")).to_contain_text("连接中断", timeout=5000)
    expect(page.get_by_role("alert")).to_contain_text("1 处还没有保存")
    wire.cut = False
    expect(page.get_by_role("alert")).to_have_count(0, timeout=5000)
    expect(saved(page, NAME)).to_be_visible()
    assert stored(wire.session, NAME) == "断线时写的"


def test_a_reload_returns_to_the_field_with_what_was_not_yet_saved(opened):
    page, wire = opened(hash=ENTERPRISE)
    wire.cut = True
    field(page, NAME).get_by_role("textbox").fill("还没保存的")
    page.wait_for_timeout(700)
    wire.cut = False
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("一、企业基本信息")
    expect(field(page, NAME).get_by_role("textbox")).to_have_value("还没保存的")
    expect(saved(page, NAME)).to_be_visible()
    assert stored(wire.session, NAME) == "还没保存的"


def compose(page, *texts):
    """Type as an input method does: what stands there is not yet a word."""
    keyboard = page.context.new_cdp_session(page)
    for text in texts:
        place = {"selectionStart": len(text), "selectionEnd": len(text)}
        keyboard.send("Input.imeSetComposition", {"text": text, **place})
    return keyboard


def test_what_somebody_else_writes_does_not_touch_what_is_being_typed(opened):
    page, wire = opened(hash=ENTERPRISE)
    other = sitting(wire.session.desk.folder, "member", "张三")
    box = field(page, NAME).get_by_role("textbox")
    box.focus()
    compose(page, "w", "wo")
    other.handle({"do": "edit", "path": NAME, "raw": "张三写的", "seen": None})
    wire.news()
    expect(field(page, NAME).get_by_text("张三 刚改为“张三写的”")).to_be_visible()
    expect(box).to_have_value("wo")
    page.get_by_role("button", name="采用", exact=True).click()
    expect(box).to_have_value("张三写的")
    page.wait_for_timeout(700)
    assert stored(wire.session, NAME) == "张三写的"
    assert wire.asked("edit") == []


def test_who_keeps_what_was_saved_before_somebody_else_wrote_is_heard(opened):
    page, wire = opened(hash=ENTERPRISE)
    other = sitting(wire.session.desk.folder, "member", "张三")
    box = field(page, NAME).get_by_role("textbox")
    box.fill("我写的")
    expect(saved(page, NAME)).to_be_visible()
    other.handle({"do": "edit", "path": NAME, "raw": "张三写的", "seen": "我写的"})
    wire.news()
    page.get_by_role("button", name="保留我填的").click()
    group = field(page, NAME).get_by_role("group", name="分歧")
    expect(group).to_contain_text("我写的")
    expect(group).to_contain_text("张三写的")
    assert stored(wire.session, NAME) == "张三写的"


def test_what_is_typed_and_taken_back_at_once_leaves_nothing(opened):
    page, wire = opened(hash=ENTERPRISE)
    box = field(page, NAME).get_by_role("textbox")
    box.fill("某")
    box.fill("")
    page.wait_for_timeout(800)
    box.blur()
    assert wire.asked("edit") == []
    other = sitting(wire.session.desk.folder, "member", "张三")
    other.handle({"do": "edit", "path": NAME, "raw": "张三写的", "seen": None})
    wire.news()
    expect(box).to_have_value("张三写的")


def test_two_values_of_one_field_are_both_shown_until_the_leader_decides(opened):
    page, wire = opened(hash=ENTERPRISE)
    other = sitting(wire.session.desk.folder, "member", "张三")
    box = field(page, NAME).get_by_role("textbox")
    box.focus()
    compose(page, "w", "wo").send("Input.insertText", {"text": "我写的"})
    other.handle({"do": "edit", "path": NAME, "raw": "张三写的", "seen": None})
    box.blur()
    group = field(page, NAME).get_by_role("group", name="分歧")
    expect(group).to_contain_text("张三写的")
    expect(group).to_contain_text("王组长")
    expect(group).to_contain_text("我写的")
    assert stored(wire.session, NAME) == "张三写的"
    wire.news()
    expect(page.get_by_role("button", name="1 处分歧", exact=True)).to_be_visible()
    group.get_by_role("button", name="采用此值").nth(1).click()
    expect(box).to_have_value("我写的")
    assert stored(wire.session, NAME) == "我写的"


GAP = """(path) => {
  const below = document.querySelector(`[data-path="${path}"]`).getBoundingClientRect().top;
  const head = document.querySelector(".dx-lost") ?? document.querySelector(".dx-head");
  return Math.abs(below - head.getBoundingClientRect().bottom - 12) < 1;
}"""
"""Whether an item begins the usual .75rem below what stays in sight at the top."""


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("role", ["leader", "enterprise"])
def test_a_jump_ends_right_below_the_head_however_high_it_is(opened, tmp_path, size, role):
    case = new_case(tmp_path / "high")
    path = "annex_6.equipment"
    where = f"#/record/annex_6/digital/{path}"
    page, wire = opened(sitting(case, role), hash=where, size=size)
    until(page, lambda: page.evaluate(GAP, path), True)
    wire.cut = True
    expect(page.get_by_role("alert")).to_contain_text("连接中断", timeout=6000)
    page.evaluate("scrollTo(0, 0)")
    field(page, path).evaluate("(item) => item.scrollIntoView({ block: 'start' })")
    until(page, lambda: page.evaluate(GAP, path), True)


def test_who_stands_in_an_item_that_goes_goes_on_in_the_next(opened):
    page, wire = opened(hash="#/record/annex_6/digital")
    field(page, GATE).get_by_label("是").check()
    doomed = field(page, GATED).locator("input").first
    doomed.focus()
    following = page.evaluate(NEXT_OF, GATED)
    other = sitting(wire.session.desk.folder, "member", "张三")
    seen = stored(wire.session, GATE)["onsite"]
    assert "saved" in other.handle({"do": "edit", "path": GATE, "raw": False, "seen": seen})
    wire.news()
    expect(field(page, GATED)).to_have_count(0)
    page.wait_for_timeout(100)
    assert page.evaluate(STANDS_IN) in following
