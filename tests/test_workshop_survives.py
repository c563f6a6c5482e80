"""Whatever the page called saved is there, however its kernel or its server ends."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dxkit.case import journal, open_case
from dxkit.case.paths_in_data import get
from dxkit.definitions import load
from tests.browser.harness import chromium
from tests.browser.workshop import PATIENCE, Serve, enter, served

pytestmark = [pytest.mark.slow, pytest.mark.minutes]
DEFINITIONS = load()
CASE = "demo-empty"
PLACE = "#/record/annex_3/enterprise"
TEXTS = ("annex_3.enterprise_name", "annex_3.reg_address", "annex_3.contact_name")
KERNEL_TRIALS, SERVER_TRIALS = 22, 8
# Notes, over every reload, each field that says “已保存” and what stands in it at that moment. Each
# trial is the first: a page that is loaded anew again and again waits ever longer before it is.
WATCH = """
sessionStorage.removeItem("dxkit-reloads");
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  const noted = JSON.parse(localStorage.noted ?? "[]");
  for (const item of document.querySelectorAll(".dx-item[data-path]")) {
    const meta = [...item.querySelectorAll(".dx-meta")];
    const told = meta.find((each) => each.innerText.startsWith("已保存"));
    const value = item.querySelector("input")?.value;
    const before = item.noted;
    item.noted = told?.innerText;
    if (told && before !== item.noted) {
      noted.push([item.dataset.path, value]);
      localStorage.noted = JSON.stringify(noted);
    }
  }
}).observe(document.body, { childList: true, subtree: true, characterData: true }));
"""


def box(page: Page, path: str) -> Any:
    return page.locator(f'[data-path="{path}"] input').first


def noted(page: Page) -> list[list[str]]:
    return page.evaluate("() => JSON.parse(localStorage.noted ?? '[]')")


def wait_until_whole(page: Page) -> None:
    """Wait until the page is back, with nothing that still waits to be saved."""
    expect(page.locator(".dx h1")).to_have_text("一、企业基本信息", timeout=PATIENCE)
    expect(page.get_by_role("alert")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_text("正在保存…")).to_have_count(0, timeout=PATIENCE)


def kill(serve: Serve, what: str) -> None:
    if what == "server":
        serve.kill()
        serve.start()
        return
    for kernel in serve.kernels():
        kernel.kill()


def test_nothing_that_was_called_saved_is_lost_in_thirty_kills(tmp_path: Path) -> None:
    chance = random.Random(4)
    trials = ["kernel"] * KERNEL_TRIALS + ["server"] * SERVER_TRIALS
    with served(tmp_path / "work", CASE) as serve, chromium() as browser:
        context = browser.new_context(locale="zh-CN")
        context.add_init_script(WATCH)
        page, _ = enter(browser, serve.link, serve.address(CASE, place=PLACE), context=context)
        for number, what in enumerate(trials):
            for turn, path in enumerate(TEXTS):
                box(page, path).fill(f"第{number}次{turn}")
                time.sleep(chance.uniform(0, 0.5))
            time.sleep(chance.uniform(0, 0.9))
            born = page.evaluate("() => performance.timeOrigin")
            kill(serve, what)
            page.wait_for_function("born => performance.timeOrigin !== born", arg=born)
            wait_until_whole(page)
        told = noted(page)
        entries = journal.read(serve.case(CASE))
        case = open_case(serve.case(CASE), DEFINITIONS)
        # What was typed last in each field was typed before the last kill, and is there after it.
        expected = {path: f"第{len(trials) - 1}次{turn}" for turn, path in enumerate(TEXTS)}
        assert {path: get(case.data, path) for path in TEXTS} == expected
    written = [(each["path"], each["to"]) for entry in entries for each in entry.changes]
    assert len(told) > len(trials)
    assert [each for each in told if tuple(each) not in written] == []
    assert list(journal.verify(serve.case(CASE))) == []
    assert page.faults == []
