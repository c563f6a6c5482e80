"""The site in a real browser: the small host of widgets, the lost link, the first page."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.site import Site, serving, workspace

pytestmark = pytest.mark.slow
HERE = re.compile(r"(http|ws)://127\.0\.0\.1:|blob:|data:")
expect.set_options(timeout=20_000)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace(tmp_path_factory.mktemp("browser"), "demo-empty", "demo-dairy")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with serving(folder) as running:
        running.visitor().open()  # the first page waits for the modules that all share
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a window that must not ask any other machine, nor have a script fail in it."""
    made = browser.new_context(locale="zh-CN")
    made.set_default_timeout(60_000)
    faults: list[str] = []
    made.on("weberror", lambda fault: faults.append(str(fault.error)))
    made.on("request", lambda asked: HERE.match(asked.url) or faults.append(asked.url))
    yield made
    made.close()
    assert faults == []


def entered(context: BrowserContext, site: Site, to: str = "", token: str = "") -> Page:
    """Open a link."""
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{site.port}/enter?token={token or site.token}&to={to}")
    return page


def typed(page: Page, words: str) -> None:
    page.fill("#box", words)
    head = words.encode()[:3].decode("utf-8", "ignore")
    expect(page.locator("#said")).to_have_text(f"{words}|{words}|{head}")


RECORD = "/case/demo-empty/record"


def test_a_widget_gets_its_state_its_style_and_messages_with_bytes_both_ways(
    context: BrowserContext, site: Site
) -> None:
    page = entered(context, site, RECORD)
    assert page.url == f"http://127.0.0.1:{site.port}{RECORD}"
    expect(page.locator("#who")).to_have_text("组长甲 leader demo-empty")
    typed(page, "数字化")
    typed(page, "字" * 100_000)
    expect(page.locator("#said")).to_have_css("color", "rgb(1, 2, 3)")
    expect(page.locator("h1")).to_have_text("页面 record")
    assert page.title() == "填写 · demo-empty"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_a_socket_that_breaks_is_opened_again_to_the_same_kernel(
    context: BrowserContext, site: Site
) -> None:
    context.add_init_script(
        "window.sockets = []; const Real = WebSocket;"
        "window.WebSocket = class extends Real {"
        " constructor(...told) { super(...told); window.sockets.push(this); } }"
    )
    page = entered(context, site, RECORD)
    typed(page, "一二")
    kernel = page.get_attribute("#kernel", "data-kernel")
    page.evaluate("window.sockets.at(-1).close()")
    expect(page.locator("#links")).to_have_text("lost back")
    typed(page, "三四")
    assert page.get_attribute("#kernel", "data-kernel") == kernel
    assert page.evaluate("window.sockets.length") == 2


def test_a_network_that_is_gone_is_told_within_five_seconds_and_found_again(
    context: BrowserContext, site: Site
) -> None:
    page = entered(context, site, RECORD)
    typed(page, "一二")
    page.route("**/alive*", lambda route: route.abort())
    expect(page.locator("#links")).to_have_text("lost", timeout=5_000)
    page.unroute("**/alive*")
    expect(page.locator("#links")).to_have_text("lost back")
    typed(page, "三四")


def test_a_killed_kernel_brings_a_new_page_at_the_same_place(
    context: BrowserContext, site: Site
) -> None:
    page = entered(context, site, RECORD)
    typed(page, "一二")
    page.evaluate("location.hash = 'production'")
    kernel = page.get_attribute("#kernel", "data-kernel")
    page.evaluate("window.marked = true")
    os.kill(int(page.locator("#pid").inner_text()), signal.SIGKILL)
    page.wait_for_selector("#box")
    expect(page.locator("#kernel")).not_to_have_attribute("data-kernel", kernel or "")
    typed(page, "三四")
    assert page.evaluate("window.marked") is None
    assert page.url.endswith("#production")


def test_a_server_that_comes_back_is_found_by_the_page_itself(
    context: BrowserContext, folder: Path
) -> None:
    with serving(folder) as first:
        page = entered(context, first, RECORD)
        typed(page, "一二")
        first.process.kill()
        expect(page.locator("#links")).to_have_text("lost", timeout=5_000)
    page.evaluate("window.marked = true")
    with serving(folder, {"port": first.port}):
        page.wait_for_function("() => window.marked === undefined", timeout=30_000)
        typed(page, "三四")


def test_a_withdrawn_page_turns_into_the_refusal(
    browser: Browser, context: BrowserContext, site: Site
) -> None:
    guest = site.invited("一时", "reader", "demo-empty")
    page = entered(context, site, RECORD, guest.token)
    typed(page, "一二")
    who = site.kept()["一时"]["id"]
    site.visitor().ask(f"/participants/{who}/revoke", "POST", {})
    expect(page.locator("h1")).to_have_text("请使用您的链接进入")


def test_the_leader_invites_copies_and_withdraws_on_the_first_page(
    browser: Browser, context: BrowserContext, site: Site
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = entered(context, site)
    page.get_by_role("button", name="添加").click()
    expect(page.locator("#invite-problem")).to_contain_text("企业")
    page.get_by_role("checkbox", name="锡林郭勒盟示例乳业有限公司").check()
    page.get_by_role("button", name="添加").click()
    expect(page.locator("#invite-problem")).to_contain_text("姓名")
    page.get_by_label("姓名").fill("访客甲")
    page.get_by_label("身份").select_option("reader")
    page.get_by_role("button", name="添加").click()
    expect(page.locator("#done")).to_contain_text("已添加 访客甲")
    page.get_by_role("button", name="复制链接：访客甲").click()
    expect(page.locator("#done")).to_contain_text("已复制")
    link = page.evaluate("navigator.clipboard.readText()")
    page.get_by_label("二维码：访客甲").click()
    expect(page.get_by_alt_text("访客甲的链接的二维码")).to_be_visible()
    theirs = browser.new_context()
    other = theirs.new_page()
    other.goto(link)
    expect(other.locator(".who")).to_contain_text("访客甲")
    expect(other.locator(".case")).to_have_count(1)
    expect(other.locator("#people")).to_have_count(0)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="收回链接：访客甲").click()
    expect(page.locator("#done")).to_contain_text("已收回")
    other.reload()
    expect(other.locator("h1")).to_have_text("请使用您的链接进入")
    theirs.close()


@pytest.mark.parametrize("place", ["", RECORD, "/nowhere"])
@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE])
def test_pages_fit_and_have_no_serious_accessibility_fault(
    context: BrowserContext, site: Site, place: str, size: dict[str, int], tmp_path: Path
) -> None:
    page = entered(context, site, place if place == RECORD else "")
    page.set_viewport_size(size)  # type: ignore[arg-type]
    if place == "/nowhere":
        page.goto(f"http://127.0.0.1:{site.port}/nowhere")
    if place == RECORD:
        typed(page, "一二")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []
