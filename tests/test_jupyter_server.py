"""JupyterLab's server: the formats it lists it can also deliver, and its kernels are forked."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import nbformat
import pytest
from jupyter_client.session import Session
from tornado.websocket import websocket_connect

from .export_sample import sample
from .kernels import FORKED

pytestmark = pytest.mark.slow

TOKEN = "test-only"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("lab")
    (root / "report.ipynb").write_text(nbformat.writes(sample()), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--port={port}", f"--IdentityProvider.token={TOKEN}", "--no-browser"]
    options += ["--allow-root", f"--ServerApp.root_dir={root}"]
    with (root / "server.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options], stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, root / "server.log")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, log: Path) -> None:
    for _ in range(200):
        try:
            ask(address, "/api")
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text(encoding="utf-8"))


def ask(address: str, path: str) -> bytes:
    request = Request(address + path, headers={"Authorization": f"token {TOKEN}"})
    with urlopen(request, timeout=60) as answer:
        content: bytes = answer.read()
    return content


def test_every_report_format_that_is_listed_can_be_saved(server: str) -> None:
    listed = [name for name in json.loads(ask(server, "/api/nbconvert")) if "dxkit" in name]
    assert listed == ["dxkit_docx", "dxkit_html", "dxkit_pdf"]
    begins = {"dxkit_docx": b"PK", "dxkit_html": b"<!DOCTYPE html>", "dxkit_pdf": b"%PDF"}
    for name in listed:
        content = ask(server, f"/nbconvert/{name}/report.ipynb?download=true")
        assert content.lstrip()[: len(begins[name])].lower() == begins[name].lower()


def test_its_kernels_are_forked_and_come_back_when_one_dies(server: str) -> None:
    asked = Request(
        server + "/api/kernels",
        headers={"Authorization": f"token {TOKEN}"},
        data=json.dumps({"name": "dxkit"}).encode("utf-8"),
    )
    with urlopen(asked, timeout=60) as answer:
        kernel = json.load(answer)["id"]
    dead = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    channels = f"{server.replace('http', 'ws')}/api/kernels/{kernel}/channels?token={TOKEN}"
    assert asyncio.run(_printed(channels, f"print({FORKED})")) == "True\n"
    assert asyncio.run(_printed(channels, dead)) is None
    assert asyncio.run(_printed(channels, f"print({FORKED}, 'again')")) == "True again\n"


async def _printed(channels: str, code: str) -> str | None:
    """Return the first line that code prints in a kernel, None if the kernel is restarted."""
    connection = await websocket_connect(channels)
    session = Session()
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}}
    request = session.msg("execute_request", {**content, "allow_stdin": False})
    await connection.write_message(json.dumps({**request, "channel": "shell"}, default=str))
    line = ""
    while told := await asyncio.wait_for(connection.read_message(), 30):
        message = json.loads(told)
        if message["msg_type"] == "stream":
            line += message["content"]["text"]  # a line may come in pieces
            if line.endswith("\n"):
                return line
        if message["content"].get("execution_state") == "restarting":
            return None
    pytest.fail("the server closed the channels")
