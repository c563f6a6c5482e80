"""Opens the browser side of the pages in a real Chromium, with a session in this process behind it.

No server and no kernel: the page's messages come to a Python object as they would to the widget,
and what that object tells goes back the same way.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from playwright.sync_api import Browser, Page, Route, sync_playwright

from dxkit.widgets import assets
from tests.programs import BROWSERS, find_program

ADDRESS = "http://dxkit.test/"
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

HTML = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>线下诊断</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/page.css">
<style>body { margin: 0 }</style>
<div id="page"></div>
<script type="module">
import page from "/page.js";
const listeners = new Set();
const coded = (view) => {
  const bytes = new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
const decoded = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
window.toPage = (message, buffers = []) => {
  for (const listener of [...listeners]) listener(message, buffers.map(decoded));
};
const model = {
  get: (name) => ({ view: "VIEW" })[name],
  set() {}, save_changes() {},
  on: (name, listener) => name === "msg:custom" && listeners.add(listener),
  off: (name, listener) => listeners.delete(listener),
  send: (message, callbacks, buffers = []) =>
    window.fromPage(JSON.stringify(message), [...buffers].map(coded)),
};
page.render({ model, el: document.getElementById("page") });
</script></html>"""


class Sits(Protocol):
    """What a page talks to."""

    def handle(self, message: Any, buffers: Any) -> dict[str, Any]:
        """Return the reply; what it holds under `bytes` goes out as a buffer."""

    def news(self) -> list[dict[str, Any]]:
        """Return what the page should be told."""


class Wire:
    """The traffic of one page: what it said, and whether it is answered."""

    def __init__(self, page: Page, session: Sits) -> None:
        self.page = page
        self.session = session
        self.said: list[dict[str, Any]] = []
        self.cut = False
        page.expose_function("fromPage", self._heard)

    def _heard(self, text: str, buffers: list[str]) -> None:
        message = json.loads(text)
        self.said.append(message)
        if self.cut:
            return
        reply = dict(self.session.handle(message, [base64.b64decode(each) for each in buffers]))
        content = reply.pop("bytes", None)
        self.tell(reply, None if content is None else [content])

    def news(self) -> None:
        """Tell the page what is new, as the widget does twice a second."""
        for told in self.session.news():
            self.tell(told)

    def tell(self, message: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send a message to the page without waiting for what it does with it.

        An answer to a page that was left meanwhile reaches nobody, as with a real link.
        """
        coded = [base64.b64encode(each).decode("ascii") for each in buffers or []]
        script = f"setTimeout(() => window.toPage?.({json.dumps(message)}, {json.dumps(coded)}), 0)"
        self.page.evaluate(script)

    def asked(self, verb: str) -> list[dict[str, Any]]:
        """Return the requests with a verb, in the order in which they came."""
        return [message for message in self.said if message["do"] == verb]


def until(page: Page, value: Callable[[], Any], expected: Any, seconds: int = 10) -> None:
    """Wait until something outside the page is as expected, for so long at most."""
    for _ in range(seconds * 10):
        if value() == expected:
            return
        page.wait_for_timeout(100)
    assert value() == expected


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Start the system's Chromium; skip without it, except in CI, where it must exist."""
    path = find_program(*BROWSERS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *options])
        yield browser
        browser.close()


def open_page(
    browser: Browser,
    session: Sits,
    *,
    hash: str = "",
    view: str = "record",
    size: dict[str, int] = LAPTOP,
) -> tuple[Page, Wire]:
    """Open the page of a session; a fault in its scripts fails the test when it is closed."""
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.faults = faults  # type: ignore[attr-defined]

    def answer(route: Route) -> None:
        where = route.request.url.removeprefix(ADDRESS).split("#")[0]
        if where == "page.js":
            route.fulfill(body=assets.script(), content_type="text/javascript; charset=utf-8")
        elif where == "page.css":
            route.fulfill(body=assets.style(), content_type="text/css; charset=utf-8")
        elif where == "":
            route.fulfill(body=HTML.replace("VIEW", view), content_type="text/html; charset=utf-8")
        elif where == "favicon.ico":
            route.fulfill(status=204)
        else:
            faults.append(f"asked for {where}")
            route.abort()

    context.route("**/*", answer)
    wire = Wire(page, session)
    page.goto(ADDRESS + hash)
    return page, wire


@contextmanager
def opening_pages(browser: Browser) -> Iterator[Callable[..., tuple[Page, Wire]]]:
    """Give the way to open pages; none of them may have had a fault when the block is over."""
    pages: list[Page] = []

    def open_one(session: Sits, **how: Any) -> tuple[Page, Wire]:
        page, wire = open_page(browser, session, **how)
        pages.append(page)
        page.wait_for_selector("h1")
        return page, wire

    yield open_one
    for page in pages:
        assert page.faults == []  # type: ignore[attr-defined]
        page.context.close()
