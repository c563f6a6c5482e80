"""The record through the real server: what is typed outlives the kernel and the server."""

from __future__ import annotations

import os
import re
import shutil
import signal

import psutil
import pytest
from playwright.sync_api import expect

from dxkit.case import open_case
from dxkit.case.paths_in_data import get
from tests.browser.harness import until
from tests.site import serving
from tests.sittings import DEFINITIONS, SHIPPED

pytestmark = pytest.mark.slow
NAME, ADDRESS = "annex_3.enterprise_name", "annex_3.reg_address"


def test_what_is_typed_outlives_a_killed_server_and_returns_to_its_place(browser, tmp_path):
    case = tmp_path / "parameters" / "demo-empty"
    shutil.copytree(SHIPPED / "demo-empty", case)

    def stored(path):
        return get(open_case(case, DEFINITIONS).data, path)

    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    asked_outside: list[str] = []
    page.on("request", lambda request: asked_outside.append(request.url))
    name, address = (page.locator(f'[data-path="{path}"] input') for path in (NAME, ADDRESS))
    with serving(tmp_path) as site:
        page.goto(f"http://127.0.0.1:{site.port}/enter?token={site.token}")
        place = f"#/record/annex_3/enterprise/{NAME}"
        page.goto(f"http://127.0.0.1:{site.port}/case/demo-empty/record{place}")
        name.fill("某公司")
        name.blur()
        until(page, lambda: stored(NAME), "某公司", seconds=60)
        expect(page.locator(f'[data-path="{NAME}"] .dx-meta')).to_contain_text("已保存")
        end_whole(site.process.pid)
        expect(page.get_by_role("alert")).to_contain_text("连接中断", timeout=5000)
        address.fill("断线时写的")
        address.blur()
        expect(page.get_by_role("alert")).to_contain_text("1 处还没有保存")
        port = site.port
    with serving(tmp_path, {"port": port}):
        until(page, lambda: stored(ADDRESS), "断线时写的", seconds=90)
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(name).to_have_value("某公司")
        expect(address).to_have_value("断线时写的")
        assert re.search(r"#/record/annex_3/enterprise/annex_3\.\w+$", page.url)
        page.reload()
        expect(address).to_have_value("断线时写的", timeout=60_000)
    local = re.compile(rf"(https?|wss?)://127\.0\.0\.1:{port}/|blob:|data:")
    assert [url for url in asked_outside if not local.match(url)] == []
    context.close()


def end_whole(pid: int) -> None:
    """Kill a server and every kernel of it, as a power cut would."""
    whole = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for process in whole:
        os.kill(process.pid, signal.SIGKILL)
