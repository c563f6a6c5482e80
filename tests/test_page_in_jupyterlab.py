"""The pages of the workshop are notebooks: they work in JupyterLab too."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from dxkit import paths
from dxkit.case import open_case
from tests.browser.harness import chromium
from tests.site import eventually

pytestmark = pytest.mark.slow
CASE = "demo-machinery"
PATIENCE = 120_000
NAME = "annex_6.digital_department"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    tmp_path = tmp_path_factory.mktemp("lab")
    shutil.copytree(paths.parameters() / CASE, tmp_path / "parameters" / CASE)
    shutil.copytree(paths.notebooks(), tmp_path / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR")}
    told = ["--no-browser", f"--port={port}", "--allow-root", "--IdentityProvider.token="]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *told, f"--ServerApp.root_dir={tmp_path}"],
        env={**os.environ, **own, "DXKIT_HOME": str(tmp_path), "DXKIT_WHO": "王组长"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        assert eventually(lambda: answers(f"{address}/api"), 60)
        yield address, tmp_path / "parameters" / CASE
    finally:
        process.terminate()
        process.wait(30)


def answers(address: str) -> bool:
    try:
        return urlopen(address).status == 200
    except (URLError, OSError):
        return False


def run_all(page: Page, address: str, notebook: str) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/lab/tree/notebooks/{notebook}.ipynb?reset")
    page.get_by_text(re.compile(r"\| Idle$")).wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


def test_the_record_is_filled_in_in_jupyterlab(lab: tuple[str, Path]) -> None:
    address, case = lab
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900}, locale="zh-CN")
        run_all(page, address, "record")
        item = page.locator(f'.dx [data-path="{NAME}"]')
        item.get_by_label("独立一级部门").check(force=True)  # news may lie over it
        expect(item.get_by_text("已保存")).to_be_visible()
    held = open_case(case).record["digital_department"]
    assert (held.onsite, held.recorder) == ("independent", "王组长")


def test_the_region_is_explored_in_jupyterlab(lab: tuple[str, Path]) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900}, locale="zh-CN")
        run_all(page, lab[0], "region")
        explored = page.locator(".dxr")
        expect(explored.locator("h2")).to_contain_text("按盟市", timeout=PATIENCE)
        explored.get_by_label("分组").select_option(label="企业规模")
        expect(explored.locator("h2")).to_contain_text("按企业规模", timeout=PATIENCE)
        expect(explored.get_by_role("status")).to_have_text("")
