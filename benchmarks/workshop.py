"""Visitors of a page: `dxkit serve` against stock Voila, the same notebook, side by side.

Time goes from the address being entered, in a browser that knows nothing yet, until the first
keystroke is accepted: the page says that it is saved. Memory is what all processes of a server have
more, shared pages counted once, when the visitors are there, for each of them; it needs Linux. The
browser runs on the same machine, so that ten visitors at once also share its cores with it.
Run with: uv run python benchmarks/workshop.py [ROUNDS]
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

import psutil
from playwright.async_api import Browser, Page, TimeoutError, async_playwright
from surroundings import keep_bytecode

from dxkit import paths
from dxkit.apps.landing import link_of
from dxkit.apps.participants import Participants

ROOT = Path(__file__).resolve().parent.parent
CASE = "demo-machinery"
CROWD = 10
AIMS = {1: (3, 3), CROWD: (4, 3)}
"""How many times as fast, and as small, it shall be for so many visitors."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), None)
"""The build without windows goes first: the other loads an address bar's list for every page."""
PATIENCE = 120.0

Addresses = Callable[[int], str]
"""Where a visitor of a number comes in."""

FOCUS = """(number) => {
  const item = document.querySelectorAll('.dx-item:has(input):not(:has(table))')[number];
  item.id = 'measured';
  const typed = 'input:not([type=radio], [type=checkbox])';
  const control = item.querySelector(
    `[type=radio]:checked, [type=checkbox]:not(:checked), ${typed}`);
  control.focus();
  return { radio: ['ArrowRight'], checkbox: ['Space'] }[control.type] ?? ['0', 'Enter'];
}"""
"""Give a visitor's own field the focus and return the keys that change it."""


@contextmanager
def serving(command: list[str], home: Path, port: int) -> Iterator[psutil.Process]:
    """Run a server on a copy of the workspace until the block is left."""
    env = {**os.environ, "DXKIT_HOME": str(home)}
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        while not _answers(port):
            time.sleep(0.1)
        time.sleep(8)  # what it still does by itself
        yield psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{port}/favicon.ico", timeout=5).close()
    except URLError as error:
        return not isinstance(error.reason, ConnectionError)
    return True


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def arrive(browser: Browser, address: str, number: int) -> tuple[float, Page]:
    """Return the seconds until a visitor's first keystroke was accepted, and the open page.

    Whoever cannot write within `PATIENCE` has gone by then, and is told of.
    """
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    started = time.perf_counter()
    try:
        await page.goto(address, wait_until="commit")
        await page.wait_for_selector(".dx-item input")
        for key in await page.evaluate(FOCUS, number):
            await page.keyboard.press(key)
        await page.locator("#measured").get_by_text("已保存").wait_for()
    except TimeoutError:
        print(f"visitor {number} could not write within {PATIENCE} s")
        return PATIENCE, page
    return time.perf_counter() - started, page


@dataclass(frozen=True)
class Crowd:
    """What so many visitors at once waited for and cost."""

    seconds: float
    """Until the last of them could write."""
    memory: float
    """Megabytes for each."""
    work: float
    """Seconds of a processor that the server and its kernels took for each."""


async def come(browser: Browser, server: psutil.Process, addresses: Addresses, count: int) -> Crowd:
    """Let so many visitors come at once and go again."""
    before, busy = megabytes(server), work(server)
    visits = await asyncio.gather(
        *(arrive(browser, addresses(number), number) for number in range(count))
    )
    memory, busy = megabytes(server) - before, work(server) - busy
    for _, page in visits:
        await page.close(run_before_unload=True)
    await asyncio.sleep(3)  # until their kernels have gone
    return Crowd(max(seconds for seconds, _ in visits), memory / count, busy / count)


async def blank(browser: Browser, count: int) -> float:
    """Return the seconds until so many visitors at once could write on a page with nothing on it.

    This is the browser's own share, which no server can make smaller.
    """

    async def one() -> None:
        context = await browser.new_context()
        page = await context.new_page()
        await page.set_content("<input autofocus>")
        await page.keyboard.press("7")
        await page.wait_for_selector("input:focus")
        await context.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(count)))
    return time.perf_counter() - started


def work(server: psutil.Process) -> float:
    """Return the seconds of a processor that a server and all its processes have taken."""
    taken = [each.cpu_times() for each in [server, *server.children(recursive=True)]]
    return sum(each.user + each.system for each in taken)


def megabytes(server: psutil.Process) -> float:
    """Return the megabytes of a server and all its processes, what they share counted once."""
    total = 0
    for process in [server, *server.children(recursive=True)]:
        try:
            told = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue
        total += int(told.split("\nPss:", 1)[1].split()[0])
    return total / 1024


def ways(home: Path, port: int) -> dict[str, tuple[list[str], Addresses]]:
    """Return for both servers the command that starts it and where its visitors come in."""
    os.environ["DXKIT_HOME"] = str(home)
    paths.workspace.cache_clear()
    people = Participants()
    base = f"http://127.0.0.1:{port}"
    guests = [people.invite(f"guest {number}", "member", None) for number in range(CROWD)]
    links = [f"{link_of(each, base)}&to=/case/{CASE}/record" for each in guests]
    stock = ["voila", "notebooks/record.ipynb", f"--port={port}", "--no-browser"]
    return {
        "stock Voila": (stock, lambda _: f"{base}/"),
        "dxkit serve": (["dxkit", "serve", "--no-browser", "--port", str(port)], links.__getitem__),
    }


async def compare(rounds: int) -> None:
    """Measure both servers in turn and print the ratios of their medians."""
    told: dict[tuple[str, int], list[Crowd]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for _ in range(rounds):
            for count in AIMS:
                print(f"an empty page, {count} at once: {await blank(browser, count):.2f} s")
            with tempfile.TemporaryDirectory() as folder:
                home, port = Path(folder), free_port()
                shutil.copytree(ROOT / "parameters" / CASE, home / "parameters" / CASE)
                for name, (command, addresses) in ways(home, port).items():
                    with serving(command, home, port) as server:
                        await come(browser, server, addresses, 1)  # what only the first one pays
                        for count in AIMS:
                            crowd = await come(browser, server, addresses, count)
                            told.setdefault((name, count), []).append(crowd)
                            print(
                                f"{name}, {count} at once: {crowd.seconds:.2f} s, each "
                                f"{crowd.memory:.0f} MB and {crowd.work:.2f} s of a processor"
                            )
        await browser.close()
    for count, (faster, smaller) in AIMS.items():
        stock, ours = (told[name, count] for name in ("stock Voila", "dxkit serve"))

        def ratio(of: str, stock: list[Crowd] = stock, ours: list[Crowd] = ours) -> str:
            slow, fast = (median(getattr(each, of) for each in all_) for all_ in (stock, ours))
            return f"1/{slow / fast:.1f}"

        print(
            f"{count} at once: {ratio('seconds')} of the time (aim 1/{faster}), "
            f"{ratio('memory')} of the memory (aim 1/{smaller}), {ratio('work')} of the work"
        )


def main() -> None:
    """Compare, with as many rounds as asked for."""
    keep_bytecode()
    asyncio.run(compare(int(sys.argv[1]) if len(sys.argv) > 1 else 3))


if __name__ == "__main__":
    main()
