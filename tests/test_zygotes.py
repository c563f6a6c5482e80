"""A zygote forks whatever it is asked for, and a fork of it may ask it for more."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from dxkit.kernel import zygotes
from dxkit.kernel.line import Message, send
from dxkit.kernel.process import ForkedProcess

from .kernels import alive, within

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="there is no fork on Windows"),
]

MODULES = ["tests.test_zygotes"]


def tell(request: Message, line: socket.socket) -> None:
    """Say on the socket that was handed what this process finds."""
    send(line, {"ready": True})
    with socket.socket(fileno=request["handed"][0]) as told:
        parents = [request.get("mine"), os.getppid()]
        send(told, {"cwd": str(Path.cwd()), "env": dict(os.environ), "parents": parents})
    raise SystemExit(request["leave"])


def ask_back(request: Message, line: socket.socket) -> None:
    """Have a process forked that tells, and pass it the socket that this one was handed."""
    send(line, {"ready": True})
    child = zygotes.fork_now(MODULES, asked("tell", leave=5, mine=os.getppid()), request["handed"])
    raise SystemExit(child.wait(10))


def wait_for_ever(request: Message, line: socket.socket) -> None:
    """Hold the interpreter, so that no thread of this process can see that the line closed."""
    send(line, {"ready": True})
    re.match("(a+)+$", "a" * 64 + "b")


def beget(request: Message, line: socket.socket) -> None:
    """Have a deaf process forked, say its number, and wait for the end."""
    child = zygotes.fork_now(MODULES, asked("wait_for_ever"))
    with socket.socket(fileno=request["handed"][0]) as told:
        send(told, {"child": child.pid})
    send(line, {"ready": True})
    signal.pause()


def asked(run: str, **more: Any) -> Message:
    env = {"WHO": "张三", **{key: os.environ[key] for key in os.environ if key.startswith("PY")}}
    return {"run": f"tests.test_zygotes:{run}", "env": env, "cwd": str(Path.cwd()), **more}


@contextmanager
def forked(run: str, **more: Any) -> Iterator[tuple[ForkedProcess, socket.socket]]:
    """A fork, and the other end of the socket that it was handed."""
    ours, theirs = socket.socketpair()
    ours.settimeout(20)
    with closing(ours):
        with theirs:
            process = zygotes.fork_now(MODULES, asked(run, **more), [theirs.fileno()])
        yield process, ours
        process.kill()
        process.wait(5)


def heard(told: socket.socket) -> Any:
    return json.loads(b"".join(iter(lambda: told.recv(65536), b"")))


def test_a_fork_is_what_was_asked_for_where_it_was_asked_for(tmp_path: Path) -> None:
    with forked("tell", leave=7, cwd=str(tmp_path)) as (process, told):
        found = heard(told)
        assert found["cwd"] == str(tmp_path)
        assert found["env"]["WHO"] == "张三"
        assert "HOME" not in found["env"]
        assert process.wait(5) == 7


def test_a_fork_may_fork_from_the_same_zygote_what_it_hands_on_to() -> None:
    with forked("ask_back", may_fork=True) as (process, told):
        own, childs = heard(told)["parents"]
        assert own == childs
        assert process.wait(5) == 5


def test_a_role_that_is_not_there_is_told_as_a_fork_that_ended() -> None:
    with pytest.raises(zygotes.NotForkedError, match="before it was ready"):
        zygotes.fork_now(MODULES, asked("no_such_role"))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_fork_has_forked_ends_with_it_even_if_deaf(end: signal.Signals) -> None:
    with forked("beget", may_fork=True) as (process, told):
        child = heard(told)["child"]
        assert alive(child)
        process.send_signal(end)
        assert process.wait(5) == -end
        assert within(2, lambda: not alive(child))


def test_many_may_ask_at_once_and_each_gets_its_own() -> None:
    def one(number: int) -> int:
        with forked("tell", leave=number) as (process, told):
            heard(told)
            return process.wait(10)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(40))) == list(range(40))


SERVER = """\
import os, signal, socket
from dxkit.kernel import zygotes
from tests.test_zygotes import MODULES, asked, heard
ours, theirs = socket.socketpair()
with theirs:
    one = zygotes.fork_now(MODULES, asked("beget", may_fork=True), [theirs.fileno()])
zygote, = zygotes._living.values()
print(zygote._process.pid, one.pid, heard(ours)["child"], flush=True)
signal.pause()
"""


def test_all_end_with_the_server_though_a_fork_holds_the_zygotes_socket() -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    pids = [int(each) for each in server.stdout.readline().split()]
    assert len(pids) == 3
    assert all(map(alive, pids))
    server.kill()
    server.wait()
    assert within(3, lambda: not any(map(alive, pids)))


MANY = """\
from dxkit.kernel import zygotes
from tests.test_zygotes import MODULES, asked
forks = [zygotes.fork_now(MODULES, asked("wait_for_ever")) for _ in range(12)]
"""


def test_no_zygote_complains_as_it_ends_its_forks() -> None:
    for _ in range(2):
        server = subprocess.run(
            [sys.executable, "-c", MANY], check=False, capture_output=True, timeout=60
        )
        assert server.stderr == b""


def test_a_fork_forks_on_as_it_began_though_a_source_has_changed(tmp_path: Path) -> None:
    package = tmp_path / "underway"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    modules = ["underway", *MODULES]

    async def pid_of_zygote(**more: Any) -> int:
        process = await zygotes.fork(modules, asked("wait_quietly", **more) | {"env": env})
        parent = psutil.Process(process.pid).ppid()
        process.kill()
        process.wait(5)
        return parent

    first = asyncio.run(pid_of_zygote())
    (package / "__init__.py").write_text("CHANGED = True", encoding="utf-8")
    assert asyncio.run(pid_of_zygote(like_me=True)) == first
    assert asyncio.run(pid_of_zygote()) != first


def wait_quietly(request: Message, line: socket.socket) -> None:
    """Be ready, and wait."""
    send(line, {"ready": True})
    signal.pause()
