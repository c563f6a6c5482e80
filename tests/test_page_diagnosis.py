"""The view of the results in a real Chromium: true, live, and never by colour alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from dxkit.diagnosis import diagnose
from tests.browser.harness import LAPTOP, PHONE
from tests.browser.views import grave_faults, opening, width
from tests.sittings import sitting

pytestmark = pytest.mark.slow
DAIRY, MACHINERY = "demo-dairy", "demo-machinery"
RATE = "#dx-result-equipment_digital_rate"


@pytest.fixture
def opened(browser, tmp_path):
    """Open the results of a case and wait for them."""
    with opening(browser, tmp_path, "diagnosis") as open_view:

        def open(name=MACHINERY, **how):
            page, wire, case = open_view(name, **how)
            page.case = case
            page.wait_for_selector(".dx-result")
            return page, wire

        yield open


def change(case, path, raw, seen):
    """Let somebody else change an answer."""
    other = sitting(case, "member", "李组员")
    reply = other.handle({"id": 1, "do": "edit", "path": path, "raw": raw, "seen": seen})
    assert "saved" in reply


@pytest.mark.parametrize("name", [DAIRY, MACHINERY, None])
def test_every_result_is_shown_as_the_engine_gives_it(opened, name):
    page, wire = opened(name)
    told = page.locator(".dx-result").evaluate_all(
        "all => all.map(each => [each.querySelector('h4').innerText,"
        " each.querySelector('.dx-mark').lastChild.textContent])"
    )
    results = diagnose(wire.session.desk.case).results
    assert told == [[f"{each.indicator.no} {each.indicator.name}", each.words] for each in results]


def test_the_results_stand_under_their_directions_and_sub_areas(opened):
    page, _ = opened()
    assert page.locator(".dx-direction > h2").all_inner_texts() == [
        "数字化",
        "网络化",
        "智能化",
        "新模式新业态",
    ]
    assert page.locator(".dx-subarea > h3").count() == 11


def test_a_bound_is_told_in_numbers_beside_its_bar(opened):
    page, _ = opened(DAIRY)
    card = page.locator(RATE)
    expect(card.locator(".dx-mark")).to_have_text("?未知")
    expect(card.locator(".dx-bounds")).to_have_text("最低 0.00%，最高 100.00%")
    known = page.locator("#dx-result-key_process_nc_rate")  # 4 of 6 key processes
    expect(known.locator(".dx-mark")).to_have_text("66.67%")
    share = known.locator(".dx-bounds-fill").evaluate(
        "bar => bar.getBoundingClientRect().width / bar.parentElement.clientWidth"
    )
    assert share == pytest.approx(4 / 6, abs=0.01)


def test_what_somebody_else_changes_arrives_without_moving_focus_or_view(opened):
    page, wire = opened()
    expect(page.locator(RATE).locator(".dx-mark")).to_have_text("42.26%")  # 71 of 168
    page.locator(RATE).locator("summary").click()
    page.evaluate("scrollTo(0, 300)")
    page.wait_for_timeout(100)
    wire.news()
    where = page.evaluate("scrollY")
    change(page.case, "annex_6.equipment_digital", "84", seen=71)
    wire.news()
    expect(page.locator(RATE).locator(".dx-mark")).to_have_text("50.00%")  # 84 of 168
    expect(page.get_by_text("指标2 生产设备数字化：42.26% → 50.00%")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('.dx-result').id") == RATE[1:]
    assert page.locator(RATE).locator("details").get_attribute("open") is not None
    moved = page.evaluate("scrollY") - where
    top = page.locator(RATE).evaluate("card => card.getBoundingClientRect().top")
    assert top > 0, "the card that was looked at is still in sight"
    assert abs(moved) < 120, "the browser at most makes up for the words above"


def test_the_failing_conditions_stand_before_the_others_and_lead_to_their_field(opened):
    page, _ = opened()
    card = page.locator("#dx-result-all_key_businesses_digital")
    expect(card.locator("summary")).to_have_text("10 项条件：2 项不满足，8 项满足")
    first = card.locator("li").first
    expect(first).to_have_text(re.compile(r"^✕ 不满足\s*计划排程：达到“2级”及以上，现为：1级$"))
    first.get_by_role("link").click()
    place = page.locator('[data-path="annex_6.levels"]')
    expect(place).to_be_visible()
    assert place.evaluate("item => item.contains(document.activeElement)")
    assert page.evaluate("location.hash") == "#/record/annex_6/business_segments/annex_6.levels"


def test_a_missing_answer_leads_to_its_field_and_back_again(opened):
    page, _ = opened(DAIRY)
    page.locator(RATE).get_by_role("link", name="Q02.2 其中数字化生产设备数").first.click()
    field = page.locator('[data-path="annex_6.equipment_digital"]')
    expect(field.get_by_role("textbox").first).to_be_focused()
    page.go_back()
    expect(page.locator(RATE)).to_be_visible()


def test_only_what_was_asked_for_is_listed(opened):
    page, wire = opened(DAIRY)
    results = diagnose(wire.session.desk.case).results
    for title, wanted in (
        ("未知", [each.indicator.no for each in results if each.state == "unknown"]),
        ("否", [each.indicator.no for each in results if each.words == "否"]),
        ("全部", [each.indicator.no for each in results]),
    ):
        page.get_by_role("radio", name=f"{title} {len(wanted)}").check()
        shown = page.locator(".dx-result h4 .dx-no").all_inner_texts()
        assert shown == [str(number) for number in wanted]


def test_a_contradiction_is_told_with_its_gravity_and_a_way_to_each_answer(opened):
    page, wire = opened()
    findings = diagnose(wire.session.desk.case).findings_in_answers
    grave = next(each for each in findings if each.severity == "error")
    listed = page.locator(".dx-findings .dx-found-error")
    expect(listed).to_contain_text(f"{grave.severity_words} {grave.says}")
    assert listed.get_by_role("link").count() == len(grave.questions) > 0


def test_every_state_has_a_sign_and_a_word(opened):
    page, wire = opened(DAIRY)
    names = page.locator(".dx-tile").all_inner_texts()
    results = diagnose(wire.session.desk.case).results
    for told, result in zip(names, results, strict=True):
        assert told.endswith(
            f"指标{result.indicator.no} {result.indicator.short_name}：{result.words}"
        )
    signs = {"是": "✓", "否": "✕", "未知": "?", "不适用": "—"}
    for mark in page.locator(".dx-mark").all_inner_texts():
        words = mark.replace("\n", "")
        assert words.endswith("%") or words[0] == signs[words[1:]]


def test_a_lost_link_keeps_the_results_and_brings_what_changed_meanwhile(opened):
    page, wire = opened()
    wire.cut = True
    expect(page.get_by_role("alert")).to_contain_text("连接中断", timeout=5000)
    change(page.case, "annex_6.equipment_digital", "168", seen=71)
    expect(page.locator(RATE).locator(".dx-mark")).to_have_text("42.26%")
    wire.cut = False
    expect(page.locator(RATE).locator(".dx-mark")).to_have_text("100.00%", timeout=6000)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("name", [DAIRY, MACHINERY, None])
def test_nobody_is_kept_out_and_nothing_sticks_out(opened, name, size):
    page, _ = opened(name, size=size)
    assert grave_faults(page) == []
    assert width(page) == size["width"]
