"""The doctor tells a way that works from every way a proxy spoils it, and says what to do."""

from __future__ import annotations

import re
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dxkit.apps.doctor import machine, way
from dxkit.apps.doctor.finding import Finding
from tests.command_line import call
from tests.site import Site, serving, workspace

pytestmark = pytest.mark.slow
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(workspace(tmp_path_factory.mktemp("doctor"), "demo-empty")) as running:
        yield running


@contextmanager
def proxy(port: int, asked: Change = bytes, answered: Change = bytes) -> Iterator[int]:
    """Stand between browser and server and change the heads of what passes."""

    class Pass(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", port)) as server:
                back = threading.Thread(target=pass_on, args=(server, self.request, answered))
                back.start()
                pass_on(self.request, server, asked)
                back.join()

    class Proxy(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Proxy(("127.0.0.1", 0), Pass) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_address[1]
        running.shutdown()


def pass_on(source: socket.socket, target: socket.socket, change: Change) -> None:
    """Pass on everything, the first head changed."""
    head = b""
    try:
        while b"\r\n\r\n" not in head and (more := source.recv(65536)):
            head += more
        target.sendall(change(head))
        while more := source.recv(65536):
            target.sendall(more)
    except OSError:
        pass
    finally:
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def without(name: str) -> Change:
    return lambda head: re.sub(rb"(?im)^" + name.encode() + rb":.*\r\n", b"", head)


def another_host(head: bytes) -> bytes:
    return re.sub(rb"(?im)^Host:.*\r\n", b"Host: inside.example:8866\r\n", head)


def findings(site: Site, port: int, token: str = "") -> list[Finding]:
    return [*way.of(f"http://127.0.0.1:{port}/enter?token={token or site.token}")]


def test_a_way_through_a_proper_proxy_passes(site: Site) -> None:
    with proxy(site.port) as port:
        found = findings(site, port)
    assert [(each.name, each.passed) for each in found] == [
        ("到达", True),
        ("链接进入", True),
        ("登录保持", True),
        ("长连接", True),
        ("大段内容", True),
    ]


@pytest.mark.parametrize(
    ("asked", "answered", "name", "mend"),
    [
        (without("Upgrade"), bytes, "长连接", "Upgrade"),
        (without("Connection"), bytes, "长连接", "Upgrade"),
        (another_host, bytes, "长连接", "Host"),
        (without("Cookie"), bytes, "登录保持", "Cookie"),
        (bytes, without("Set-Cookie"), "链接进入", "代理"),
    ],
)
def test_what_a_proxy_spoils_is_named_with_what_to_do(
    site: Site, asked: Change, answered: Change, name: str, mend: str
) -> None:
    with proxy(site.port, asked, answered) as port:
        last = findings(site, port)[-1]
    assert (last.name, last.passed) == (name, False)
    assert mend in last.mend


def test_a_wrong_link_and_a_dead_end_are_told_apart(site: Site) -> None:
    assert "重新复制" in findings(site, site.port, "x" * 32)[-1].mend
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = findings(site, unused.getsockname()[1])
    assert [(each.name, each.passed) for each in dead] == [("到达", False)]
    for odd in (
        "ftp://x/?token=1",
        "http://",
        "hello",
        "http://127.0.0.1:1/",
        "http://[/?token=1",
        "http://x:y/?token=1",
    ):
        assert [each.passed for each in way.of(odd)] == [False]


def test_the_command_tries_everything_and_ends_with_one_where_something_is_lacking(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.paths, "private", lambda: site.folder / ".dxkit")
    link = f"http://127.0.0.1:{site.port}/enter?token="
    code, told, _ = call(capsys, "doctor", link + site.token)
    assert (code, told.splitlines()[-1]) == (0, "都可以。")
    assert "✓ 内核" in told
    assert site.token not in told
    code, told, _ = call(capsys, "doctor", link + "wrong")
    assert code == 1
    assert "✗ 链接进入：链接无效或已收回。怎样办：从首页重新复制链接" in told


@pytest.mark.skipif(sys.platform == "win32", reason="no scripts of a shell on Windows")
def test_a_server_that_says_nothing_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nexec sleep 300\n", encoding="utf-8")
    silent.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(silent))
    monkeypatch.setattr(way, "START_SECONDS", 0.5)
    begin = time.monotonic()
    assert [(each.name, each.passed) for each in way.here()] == [("服务", False)]
    assert time.monotonic() - begin < 10


def test_a_machine_without_what_is_needed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.paths, "parameters", lambda: tmp_path / "none")
    monkeypatch.setattr(machine.paths, "notebooks", lambda: tmp_path)
    monkeypatch.setattr(machine.paths, "private", lambda: tmp_path / "keys")
    monkeypatch.setitem(machine._CHECKS, "内核", machine._clock)
    found = {each.name: each for each in machine.examine()}
    assert {name for name, each in found.items() if each.passed is False} == {
        "企业",
        "磁盘",
        "笔记本",
    }
    assert all(each.mend for each in found.values() if each.passed is False)
    assert found["链接"].passed is None
    assert not (tmp_path / "keys").exists()
