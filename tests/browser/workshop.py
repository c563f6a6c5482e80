"""`dxkit serve` as a user starts it, and browsers of people who were invited, for tests."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from dxkit import paths
from dxkit.apps.participants import Participants
from tests.browser.harness import LAPTOP

LINK = re.compile(r"http://127\.0\.0\.1:\d+/enter\?token=\S+")
OFFLINE = [
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--proxy-server=127.0.0.1:9",  # where nobody listens; this machine is asked without it
]
"""What cuts a browser off from every other machine, by name and by number."""
STOP_SECONDS = 30
PORTS = range(20_000, 30_000)
PATIENCE = 90_000
"""Milliseconds a page may take to be there again while a busy machine starts a server."""


@dataclass
class Serve:
    """A workspace and the server over it, which may be killed and started again."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None
    link: str = ""

    def start(self) -> None:
        """Start the server on its port and wait until it tells the leader's link."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dxkit", "serve", "--no-browser", "--port", str(self.port)],
            env={**os.environ, "DXKIT_HOME": str(self.folder), "DXKIT_WHO": "王组长"},
            stdout=subprocess.PIPE,
            stderr=(self.folder / "serve.log").open("a", encoding="utf-8"),
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := LINK.search(line):
                self.link = found[0]
                return
        raise AssertionError((self.folder / "serve.log").read_text(encoding="utf-8"))

    def kill(self) -> None:
        """End the server as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def stop(self) -> None:
        """End the server as Ctrl+C does."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kernels(self) -> list[psutil.Process]:
        """Return the processes of the kernels: whoever has nobody below."""
        assert self.process is not None
        below = psutil.Process(self.process.pid).children(recursive=True)
        living = [each for each in below if each.status() != psutil.STATUS_ZOMBIE]
        zygotes = [each for each in living if "dxkit.kernel.zygote" in " ".join(each.cmdline())]
        own = {each.pid for each in zygotes}
        return [each for each in zygotes if each.ppid() in own]

    @property
    def people(self) -> Participants:
        """Return the list of those who were invited."""
        return Participants(self.folder / ".dxkit")

    def invited(self, name: str, role: str) -> str:
        """Return the link of somebody new."""
        person = self.people.invite(name, role, None)
        return f"http://127.0.0.1:{self.port}/enter?token={person.token}"

    def case(self, name: str) -> Path:
        """Return the folder of a case."""
        return self.folder / "parameters" / name

    def address(self, case: str, view: str = "record", place: str = "") -> str:
        """Return where a page of a case is."""
        return f"http://127.0.0.1:{self.port}/case/{case}/{view}{place}"


def free_port() -> int:
    """Return a port that no outgoing connection takes while the server is down."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@contextmanager
def served(folder: Path, *cases: str) -> Iterator[Serve]:
    """Serve a workspace with copies of the invented cases."""
    (folder / "parameters").mkdir(parents=True)
    for name in cases:
        shutil.copytree(paths.parameters() / name, folder / "parameters" / name)
    serve = Serve(folder, free_port())
    serve.start()
    try:
        yield serve
    finally:
        serve.stop()


@dataclass
class Traffic:
    """What one page and its kernel said to each other, request by request."""

    asked: dict[int, dict[str, Any]] = field(default_factory=dict)
    answered: dict[int, dict[str, Any]] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Take in every frame of the page's websockets."""
        page.on("websocket", self._opened)

    def _opened(self, link: Any) -> None:
        link.on("framesent", lambda payload: self._take(payload, self.asked, "id"))
        link.on("framereceived", lambda payload: self._take(payload, self.answered, "re"))

    def _take(self, payload: Any, into: dict[int, dict[str, Any]], key: str) -> None:
        if key == "re":
            self.received.append(payload if isinstance(payload, bytes) else payload.encode("utf-8"))
        content = _content_of(payload)
        if content is None:
            return
        if key in content:
            into[content[key]] = content
        elif "tell" in content:
            self.told.append(content)

    def pairs(self, verb: str) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
        """Return every request with a verb and its reply, None where none came."""
        asked = [each for each in self.asked.values() if each["do"] == verb]
        return [(each, self.answered.get(each["id"])) for each in asked]


def _content_of(payload: Any) -> dict[str, Any] | None:
    """Return what a widget's own message says, None for every other message."""
    if isinstance(payload, str):
        return None
    _, parts = deserialize_msg_from_ws_v1(payload)
    if json.loads(parts[0])["msg_type"] != "comm_msg":
        return None
    data = json.loads(parts[3])["data"]
    return data.get("content") if data.get("method") == "custom" else None


def enter(
    browser: Browser,
    link: str,
    address: str,
    context: BrowserContext | None = None,
    size: ViewportSize | None = None,
) -> tuple[Page, Traffic]:
    """Open a link, in a browser of its own if none is given, and go to a page."""
    context = context or browser.new_context(viewport=size or LAPTOP, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    traffic = Traffic()
    traffic.listen(page)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.faults = faults  # type: ignore[attr-defined]
    page.goto(link)
    page.goto(address)
    page.wait_for_selector(".dx h1")
    return page, traffic
