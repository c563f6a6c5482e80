"""The slides of the closing meeting in a real Chromium: they fit, turn by the keys, and print."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.harness import LAPTOP, PHONE
from tests.browser.views import grave_faults, opening

pytestmark = pytest.mark.slow
DAIRY, MACHINERY = "demo-dairy", "demo-machinery"


@pytest.fixture
def opened(browser, tmp_path):
    """Open the slides of a case."""
    with opening(browser, tmp_path, "workshop") as open_view:

        def open(name=MACHINERY, **how):
            page, _, _ = open_view(name, **how)
            page.get_by_role("tab", name="末次会议").click()
            page.wait_for_selector(".dx-slides")
            return page

        yield open


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("name", [DAIRY, MACHINERY, "demo-copper", None])
def test_every_slide_fits_and_the_keys_turn_them(opened, name, size):
    page = opened(name, size=size)
    start = page.get_by_role("button", name="开始放映")
    start.click()
    show = page.get_by_role("dialog", name="末次会议放映")
    room = show.get_by_role("group")
    total = page.locator(".dx-slides > li").count()
    assert total >= 11
    for number in range(1, total + 1):
        expect(show.get_by_role("status")).to_contain_text(f"{number}/{total}")
        fits = room.evaluate(
            "room => [room.scrollHeight - room.clientHeight, room.scrollWidth - room.clientWidth,"
            " parseFloat(getComputedStyle(room).fontSize)]"
        )
        assert fits[0] <= 1 or size is PHONE, f"slide {number} is {fits[0]} pixels too high"
        assert fits[1] <= 1
        assert fits[2] >= 14
        page.keyboard.press("ArrowRight")
    assert grave_faults(page) == []
    expect(show.get_by_role("button", name="下一张")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    expect(show.get_by_role("status")).to_contain_text(f"{total - 1}/{total}")
    page.keyboard.press("Home")
    expect(show.get_by_role("status")).to_contain_text(f"1/{total}")
    page.keyboard.press("Escape")
    expect(show).to_have_count(0)
    expect(start).to_be_focused()


def test_the_slides_print_one_a_page(opened):
    page = opened()
    total = page.locator(".dx-slides > li").count()
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    assert len(paper.pages) == total
    assert all(float(each.mediabox.width) > float(each.mediabox.height) for each in paper.pages)
