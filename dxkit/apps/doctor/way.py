"""Whether a browser can reach the site: link, cookie and websocket, through what lies between."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from dxkit.apps.doctor.finding import Finding, bad, good

WITHIN = 15.0
START_SECONDS = 90.0
LARGE = 1_100_000
"""A little more than a piece of an upload."""
_REACH, _LINK, _COOKIE, _SOCKET, _BYTES = "到达", "链接进入", "登录保持", "长连接", "大段内容"
_HOST = "让代理原样转发 Host（nginx：proxy_set_header Host $http_host;），见 docs/proxy.md"
_UPGRADE = "让代理转发 Upgrade 和 Connection 并用 HTTP/1.1，见 docs/proxy.md"
_SIZE = "放宽代理对内容大小的限制（nginx：client_max_body_size），见 docs/proxy.md"


def here() -> Iterator[Finding]:
    """Start a server of our own on this machine, and go there without anything between."""
    with tempfile.TemporaryDirectory(prefix="dxkit-doctor-") as folder:
        (Path(folder) / "parameters").mkdir()
        process = subprocess.Popen(
            [sys.executable, "-m", "dxkit", "serve", "--no-browser", "--port", "0"],
            env={**os.environ, "DXKIT_HOME": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        try:
            link = _link_printed_by(process)
            if link is None:
                yield bad("服务", "没能启动", "单独运行 dxkit serve 看提示")
                return
            yield good("服务", "可以启动")
            yield from of(link)
        finally:
            process.terminate()
            process.wait()


def _link_printed_by(process: subprocess.Popen[str]) -> str | None:
    """Return the link of the leader, None if the server ends or says nothing for too long."""
    assert process.stdout is not None
    patience = threading.Timer(START_SECONDS, process.kill)
    patience.start()
    try:
        return next((line.strip() for line in process.stdout if "/enter?token=" in line), None)
    finally:
        patience.cancel()


def of(link: str) -> Iterator[Finding]:
    """Go where a participant's link leads, through whatever lies between."""
    base = _base_of(link)
    if base is None:
        yield bad(_REACH, "不是参加人的链接", "把首页上复制的整条链接写在命令后面，并加引号")
        return
    yield from asyncio.run(_all(_go(link, base)))


def _base_of(link: str) -> str | None:
    """Return what a participant's link begins with; None if it is none."""
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return None
    fit = parts.scheme in ("http", "https") and parts.hostname and "token=" in parts.query
    return f"{parts.scheme}://{parts.netloc}" if fit else None


async def _all(findings: AsyncIterator[Finding]) -> list[Finding]:
    return [each async for each in findings]


async def _go(link: str, base: str) -> AsyncIterator[Finding]:
    begin = time.monotonic()
    answer = await _ask(link)
    if isinstance(answer, str):
        yield bad(_REACH, answer, "核对地址；确认 dxkit serve 正在运行、代理和防火墙放行")
        return
    yield good(_REACH, f"{base}，{1000 * (time.monotonic() - begin):.0f} 毫秒")
    cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
    if answer.code != 303 or not cookie:
        yield _not_let_in(answer)
        return
    if answer.headers.get("Location") not in ("/", f"{base}/"):
        yield bad(_LINK, f"被代理引到了 {answer.headers.get('Location')}", _HOST)
        return
    yield good(_LINK, "链接有效")
    alive = await _ask(f"{base}/alive", cookie)
    if isinstance(alive, str) or alive.code != 200 or "server" not in _read(alive):
        yield bad(_COOKIE, "登录后的请求没有得到应有的答复", "让代理原样转发 Cookie，不要缓存")
        return
    yield good(_COOKIE, "登录得以保持")
    async for finding in _talk(base, cookie):
        yield finding


async def _ask(url: str, cookie: str = "") -> HTTPResponse | str:
    """Return the answer, or in words why there is none."""
    request = HTTPRequest(
        url, headers={"Cookie": cookie}, follow_redirects=False, request_timeout=WITHIN
    )
    try:
        return await AsyncHTTPClient().fetch(request, raise_error=False)
    except ssl.SSLError:
        return "加密证书不被信任"
    except (TimeoutError, OSError, HTTPClientError):
        return f"连不上，{WITHIN:.0f} 秒内没有应答"


def _read(answer: HTTPResponse) -> dict[str, object]:
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _not_let_in(answer: HTTPResponse) -> Finding:
    if answer.code == 599:
        return bad(_REACH, "连不上或没有应答", "核对地址；确认 dxkit serve 正在运行")
    if answer.code in (502, 503, 504):
        return bad(_LINK, f"代理答复 {answer.code}", "确认 dxkit serve 正在运行、代理指向它的端口")
    if answer.code == 403:
        return bad(_LINK, "链接无效或已收回", "从首页重新复制链接")
    return bad(_LINK, f"答复 {answer.code}，不是诊断工作台", "核对代理指向的地址和端口")


async def _talk(base: str, cookie: str) -> AsyncIterator[Finding]:
    """Open a websocket as a page does, and have it say back something small and something large."""
    url = base.replace("http", "ws", 1) + "/echo"
    request = HTTPRequest(url, headers={"Cookie": cookie, "Origin": base}, connect_timeout=WITHIN)
    try:
        socket = await asyncio.wait_for(websocket_connect(request), WITHIN)
    except HTTPClientError as refusal:
        mend = _HOST if refusal.code == 403 else _UPGRADE
        yield bad(_SOCKET, f"没有建立起来（{refusal.code}）", mend)
        return
    except (TimeoutError, OSError):
        yield bad(_SOCKET, f"{WITHIN:.0f} 秒内没有建立起来", _UPGRADE)
        return
    for name, sent, mend in ((_SOCKET, b"dxkit", _UPGRADE), (_BYTES, b"\0" * LARGE, _SIZE)):
        begin = time.monotonic()
        try:
            await socket.write_message(sent, binary=True)
            heard = await asyncio.wait_for(socket.read_message(), WITHIN)
        except (TimeoutError, OSError, RuntimeError):
            heard = None
        if heard != sent:
            yield bad(name, "发出的内容没有原样回来", mend)
            return
        yield good(name, f"往返 {1000 * (time.monotonic() - begin):.0f} 毫秒")
    socket.close()
