"""The workshop in a real Chromium: asking, what if, proposals, disagreements, who is there."""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import expect

from tests.browser.harness import LAPTOP, PHONE
from tests.browser.views import grave_faults, opening, width
from tests.sittings import sitting, stored

pytestmark = pytest.mark.slow
DAIRY, MACHINERY = "demo-dairy", "demo-machinery"
TABS = ["接下来问什么", "假如", "问题与建议", "分歧", "末次会议", "参与者"]


@pytest.fixture
def opened(browser, tmp_path, monkeypatch):
    """Open the workshop of a case at a tab."""
    monkeypatch.setattr("dxkit.paths.outputs", lambda: tmp_path / "outputs")
    with opening(browser, tmp_path, "workshop") as open_view:

        def open(name=MACHINERY, tab="接下来问什么", **how):
            page, wire, case = open_view(name, **how)
            page.case = case
            page.get_by_role("tab", name=tab).click()
            return page, wire

        yield open


def content(case):
    return {
        file.relative_to(case): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(case.rglob("*"))
        if file.is_file() and file.suffix != ".lock"
    }


def test_the_tabs_are_one_stop_and_follow_the_arrow_keys(opened):
    page, _ = opened()
    tab = page.get_by_role("tab", name="接下来问什么")
    tab.focus()
    for key, name in (
        ("ArrowRight", "假如"),
        ("End", "参与者"),
        ("ArrowRight", "接下来问什么"),
        ("ArrowLeft", "参与者"),
        ("Home", "接下来问什么"),
    ):
        page.keyboard.press(key)
        chosen = page.get_by_role("tab", selected=True)
        expect(chosen).to_be_focused()
        expect(chosen).to_contain_text(name)
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("tabpanel")).to_be_focused()


def test_what_was_asked_is_ticked_off_for_this_sitting_only(opened):
    page, _ = opened(DAIRY)
    before = content(page.case)
    label = "Q17.1 数据分析与决策"
    boxes = page.get_by_role("checkbox", name=f"本次已问过：{label}")
    boxes.first.check()
    for box in boxes.all():
        expect(box).to_be_checked()  # it stands under each of its departments
    page.reload()
    expect(boxes.first).to_be_checked()
    page.get_by_role("checkbox", name="不显示已问过的").check()
    expect(boxes).to_have_count(0)
    assert content(page.case) == before


def test_the_questions_are_those_of_the_adviser_in_its_order(opened):
    page, wire = opened(DAIRY)
    for way, by in (("按部门", "department"), ("按地点", "place"), ("按类别", "worth")):
        page.get_by_role("radio", name=way).check()
        groups = wire.session.handle({"id": 1, "do": "ask_next", "by": by})["groups"]
        expect(page.locator(".dx-ask-group").first).to_have_attribute(
            "aria-label", groups[0]["title"]
        )
        expect(page.locator(".dx-ask-group")).to_have_count(len(groups))
        first = page.locator(".dx-ask-group").first
        shown = first.locator(".dx-ask-label .dx-link").all_inner_texts()
        assert shown == [each["label"] for each in groups[0]["asks"][:5]]
        expect(first.locator(".dx-ask-reason").first).to_have_text(groups[0]["asks"][0]["reason"])


def test_one_group_is_shown_whole(opened):
    page, wire = opened(DAIRY)
    groups = wire.session.handle({"id": 1, "do": "ask_next", "by": "department"})["groups"]
    asks = groups[0]["asks"]
    page.get_by_role("button", name=f"{groups[0]['title']}还有 {len(asks) - 5} 项").click()
    expect(page.locator(".dx-ask-group")).to_have_count(1)
    expect(page.locator(".dx-ask-one")).to_have_count(len(asks))


def test_a_question_leads_to_its_field(opened):
    page, _ = opened(DAIRY)
    page.get_by_role("link", name="Q17.1 数据分析与决策").first.click()
    field = page.locator('[data-path="annex_6.analysis"]')
    expect(field).to_be_visible()
    assert field.evaluate("item => item.contains(document.activeElement)")


def test_a_settled_case_says_that_nothing_is_left_to_ask(opened):
    page, _ = opened("demo-copper")
    expect(page.get_by_text("没有要再问的")).to_be_visible()


def test_the_cheapest_way_is_found_with_the_costs_of_the_group_and_goes_into_the_report(opened):
    page, wire = opened(tab="假如")
    before = content(page.case)
    expect(page.get_by_text("情景，不写入记录。")).to_be_visible()
    # Three steps are missing: B to C of Q11.1 (60), of Q11.2 (60) and of Q12.1 (80).
    page.get_by_role("button", name="找成本最低的做法").click()
    plan = page.locator(".dx-plan")
    expect(plan).to_contain_text("共 3 项改动，合计 200.00 万元")
    lever = page.locator(".dx-lever", has_text="Q12.1")
    lever.get_by_role("button", name="成本").click()
    lever.get_by_label("第 2 步").fill("10.5")
    page.get_by_role("button", name="找成本最低的做法").click()
    expect(plan).to_contain_text("共 3 项改动，合计 130.50 万元")
    page.get_by_role("button", name="放入情景").click()
    scenario = page.get_by_role("region", name="情景")
    expect(scenario).to_contain_text("合计 130.50 万元")
    moved = scenario.locator("tbody tr")
    expect(moved).to_have_count(3)
    assert [row.split("\t")[0] for row in moved.all_inner_texts()] == [
        "11 管控集成",
        "12 产供销集成",
        "14 智能制造就绪",
    ]
    expect(moved.nth(2)).to_contain_text("▲ 变好")
    assert content(page.case) == before

    rows = len(stored(wire.session, "annex_2.suggestions"))
    answers = {**wire.session.desk.case.annex("annex_6")}
    scenario.get_by_role("button", name="转为建议…").click()
    dialog = page.get_by_role("dialog", name="转为建议")
    expect(dialog).to_contain_text("合计 130.50 万元")
    assert grave_faults(page) == []
    dialog.get_by_role("button", name="不写").click()
    expect(scenario.get_by_role("button", name="转为建议…")).to_be_focused()
    assert content(page.case) == before
    scenario.get_by_role("button", name="转为建议…").click()
    dialog.get_by_role("button", name="写入报告").click()
    expect(page.get_by_role("heading", name="第7章 提升建议与解决方案")).to_be_visible()
    made = stored(wire.session, "annex_2.suggestions")[rows:]
    assert sum(row["invest_max"] for row in made) == 130.5
    assert wire.session.desk.case.annex("annex_6") == answers
    page.locator(".dx-toast").get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("撤销了“方案卡”的修改")).to_be_visible()
    assert len(stored(wire.session, "annex_2.suggestions")) == rows


def test_a_tried_cost_becomes_the_group_s_own_and_goes_with_an_undo(opened):
    page, wire = opened(tab="假如")
    path = "annex_2.improvement_costs"
    before = stored(wire.session, path) or []
    lever = page.locator(".dx-lever", has_text="Q12.1")
    lever.get_by_role("button", name="成本").click()
    lever.get_by_label("第 2 步").fill("10.5")
    expect(lever).to_contain_text("（本机试用）")
    page.get_by_role("button", name="采用为工作组成本…").click()
    dialog = page.get_by_role("dialog", name="采用为工作组成本")
    expect(dialog).to_contain_text("由本工具的假定")
    expect(dialog).to_contain_text("改为 20、10.5、60 万元")
    dialog.get_by_label("依据").fill("询价")
    assert grave_faults(page) == []
    dialog.get_by_role("button", name="采用", exact=True).click()
    expect(lever).to_contain_text("（工作组填写）")
    expect(page.get_by_role("button", name="采用为工作组成本…")).to_have_count(0)
    row = {"question": "supply_flow", "cost_1": 20, "cost_2": 10.5, "cost_3": 60, "note": "询价"}
    assert stored(wire.session, path) == [*before, row]
    page.locator(".dx-toast").get_by_role("button", name="撤销", exact=True).click()
    expect(lever).to_contain_text("（本工具假定）")
    expect(lever.get_by_label("第 2 步")).to_have_value("80")
    assert stored(wire.session, path) == before


def test_one_lever_moves_what_it_alone_decides(opened):
    page, wire = opened(tab="假如")
    lever = page.locator(".dx-lever", has_text="Q12.1")
    lever.get_by_label("假如改为").select_option(label="C 产供销主要环节由系统自动贯通（80 万元）")
    scenario = page.get_by_role("region", name="情景")
    expect(scenario.locator("tbody tr")).to_have_count(1)
    expect(scenario.locator("tbody tr")).to_contain_text("12 产供销集成")
    page.reload()
    expect(scenario.locator("tbody tr")).to_have_count(1)
    scenario.get_by_role("button", name="去掉").click()
    expect(scenario).to_contain_text("还没有改动")
    assert wire.asked("edit") == wire.asked("row") == wire.asked("suggest") == []


def test_a_count_may_be_any_number_and_an_impossible_one_decides_nothing(opened):
    page, _ = opened(tab="假如")
    lever = page.locator(".dx-lever", has_text="Q02.2")
    lever.get_by_label("假如改为").select_option(label="其他数…")
    number = lever.get_by_role("textbox")
    number.fill("126")
    row = page.get_by_role("region", name="情景").locator("tbody tr", has_text="生产设备数字化")
    expect(row).to_contain_text("75.00%")  # 126 of 168
    number.fill("500")
    expect(row).to_contain_text("未知")
    expect(row).to_contain_text("500")
    number.fill("84")
    expect(row).to_contain_text("50.00%")


def test_a_share_is_a_goal_too(opened):
    page, _ = opened(tab="假如")
    page.get_by_label("目标 1").select_option(label="2 生产设备数字化率")
    page.get_by_role("button", name="找成本最低的做法").click()
    expect(page.locator(".dx-goals .dx-trouble")).to_contain_text("目标值")
    page.get_by_label("至少（%）").fill("50")
    page.get_by_role("button", name="找成本最低的做法").click()
    # Half of 168 machines are 84, thirteen more than 71, at 8 each.
    expect(page.locator(".dx-plan")).to_contain_text("合计 104.00 万元")


def test_a_reader_tries_things_out_and_writes_nothing(opened):
    page, _ = opened(tab="假如", role="reader")
    page.get_by_role("button", name="找成本最低的做法").click()
    page.get_by_role("button", name="放入情景").click()
    page.get_by_role("button", name="转为建议…").click()
    dialog = page.get_by_role("dialog", name="转为建议")
    expect(dialog.get_by_role("button", name="写入报告")).to_be_disabled()
    expect(dialog).to_contain_text("请组长或组员来做")


def test_problems_are_written_where_the_report_takes_them_from(opened):
    page, wire = opened(tab="问题与建议")
    box = page.locator('[data-path="annex_2.problem_summary"]').get_by_role("textbox")
    box.fill("三个问题最突出。")
    box.blur()
    page.wait_for_timeout(800)
    assert stored(wire.session, "annex_2.problem_summary") == "三个问题最突出。"
    page.get_by_role("radio", name="提升建议").check()
    expect(page.locator('[data-path="annex_2.suggestions"]')).to_be_visible()
    page.reload()
    expect(page.locator('[data-path="annex_2.suggestions"]')).to_be_visible()


def disagree(case):
    """Let two people change one answer from the same value; return what the first one wrote."""
    edit = {"do": "edit", "path": "annex_6.equipment", "seen": 168}
    first = sitting(case, "member", "李组员").handle({"id": 1, **edit, "raw": "170"})
    second = sitting(case, "member", "赵组员").handle({"id": 1, **edit, "raw": "180"})
    assert "saved" in first
    assert "conflict" in second


def test_the_leader_decides_a_disagreement(opened):
    page, wire = opened(tab="分歧")
    expect(page.get_by_text("没有待定的分歧")).to_be_visible()
    disagree(page.case)
    wire.news()
    expect(page.get_by_role("tab", name="分歧")).to_contain_text("1")
    dispute = page.locator(".dx-disputes .dx-conflict")
    expect(dispute).to_contain_text("170")
    expect(dispute).to_contain_text("180")
    expect(dispute).to_contain_text("赵组员")
    dispute.get_by_role("button", name="采用此值").last.click()
    wire.news()
    expect(page.get_by_text("没有待定的分歧")).to_be_visible()
    assert wire.session.desk.case.found["equipment"] == 180


def test_a_member_sees_a_disagreement_and_leaves_it_to_the_leader(opened):
    page, wire = opened(tab="分歧", role="member")
    disagree(page.case)
    wire.news()
    dispute = page.locator(".dx-disputes .dx-conflict")
    expect(dispute).to_contain_text("180")
    expect(dispute.get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("由组长选定")).to_be_visible()


def test_who_is_there_is_listed_with_role_and_place(opened):
    page, wire = opened(tab="参与者")
    expect(page.get_by_text("现在只有您打开着这个案卷")).to_be_visible()
    other = sitting(page.case, "member", "李组员")
    other.handle({"id": 1, "do": "open", "form": "annex_6", "section": "organisation"})
    other.news()
    wire.session.presence._last = 0.0
    wire.news()
    people = page.locator(".dx-present-list li")
    expect(people).to_have_count(2)
    expect(people.last).to_contain_text("李组员")
    expect(people.last).to_contain_text("组员")
    expect(people.last).to_contain_text("附件6")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("name", [DAIRY, None])
def test_nobody_is_kept_out_and_nothing_sticks_out(opened, name, size):
    page, _ = opened(name, size=size)
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(300)
        expect(page.locator(".dx-panel [aria-busy=true]")).to_have_count(0)
        assert grave_faults(page) == [], tab
        assert width(page) == size["width"], tab
