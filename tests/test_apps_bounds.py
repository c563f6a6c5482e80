"""What the site bounds: kernels at once, pages of one visitor, kernels nobody needs any more."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.site import (
    Link,
    Site,
    Visitor,
    eventually,
    is_running,
    serving,
    token_in,
    workspace,
)
from tests.test_apps import refused, state_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace(tmp_path_factory.mktemp("bounds"), "demo-empty")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give one server for what needs no bounds of its own."""
    with serving(workspace(tmp_path_factory.mktemp("one"), "demo-empty")) as running:
        yield running


def instead(site: Site, view: str, code: str) -> str:
    """Let the page of a view run other code, and return what it shows then."""
    path = site.folder / f"notebooks/{view}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source = code
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return site.visitor().ask(f"/case/demo-empty/{view}").text


def opened(visitor: Visitor) -> tuple[Link, str, int]:
    """Open a page and its link; return them with the process behind."""
    kernel, model = visitor.open()
    link = visitor.link(kernel)
    return link, kernel, int(str(state_of(link, model)["pid"]))


def test_beyond_the_bound_a_page_says_to_wait_and_a_place_that_is_free_is_given(
    folder: Path,
) -> None:
    with serving(folder, {"participants": 3}, most_each=2) as site:
        leader, other = site.visitor(), site.invited("乙", "member")
        first, second, third = opened(leader), opened(leader), opened(other)
        own = leader.ask("/case/demo-empty/record")
        assert own.status == 503
        assert "您打开的页面太多了" in own.text
        full = other.ask("/case/demo-empty/record")
        assert full.status == 503
        assert full.headers["Retry-After"] == "15"
        assert "现在人多" in full.text
        assert 'http-equiv="refresh"' in full.text
        assert leader.ask("/").status == 200
        first[0].socket.close()
        again = opened(leader)
        assert eventually(lambda: not is_running(first[2]))
        for _, _, pid in (second, third, again):
            assert is_running(pid)


def test_a_kernel_goes_when_nobody_is_linked_and_stays_while_somebody_is(folder: Path) -> None:
    with serving(folder, alone_seconds=3.0) as site:
        leader = site.visitor()
        left, _, left_pid = opened(leader)
        stays, _, stays_pid = opened(leader)
        never, _ = leader.open()
        left.socket.close()
        assert eventually(lambda: not is_running(left_pid))
        assert eventually(lambda: refused(leader, never) == 404)
        time.sleep(4)
        assert is_running(stays_pid)
        assert stays.socket.connected


def test_a_kernel_that_dies_while_its_page_is_written_ends_the_page_in_words(site: Site) -> None:
    text = instead(site, "diagnosis", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert "没能打开，编号" in text
    assert text.endswith("</html>")
    fault = re.search("编号 ([0-9a-f]{8})", text)
    assert fault is not None
    assert fault.group(1) in (site.folder / ".dxkit/workshop.log").read_text(encoding="utf-8")


def test_a_cell_that_fails_says_a_number_and_keeps_its_trace_in_the_log(site: Site) -> None:
    text = instead(site, "workshop", "raise ValueError('inside')")
    assert "inside" not in text
    assert "Traceback" not in text
    fault = re.search("编号 ([0-9a-f]{8})", text)
    assert fault is not None
    log = (site.folder / ".dxkit/workshop.log").read_text(encoding="utf-8")
    assert "ValueError" in log.split(fault.group(1))[1]


def test_an_unused_page_falls_asleep_though_it_still_pings(folder: Path) -> None:
    with serving(folder, idle_seconds=8.0) as site:
        leader = site.visitor()
        kernel, model = leader.open()
        used = leader.link(kernel)
        other_kernel, other_model = leader.open()
        unused = leader.link(other_kernel)
        until = time.monotonic() + 30
        while unused.socket.code is None and time.monotonic() < until:
            unused.say(other_model, {"id": 1, "do": "ping"})
            used.answer(model, {"raw": "typing"})
            for _ in unused.messages(0.5):
                pass  # a closed link may forget what nobody has read when it is said something
        assert unused.socket.code == 4002
        assert used.answer(model, {"raw": "typing"})["said"] == "typing"


def test_a_killed_kernel_is_told_at_once_and_is_not_begun_anew(site: Site) -> None:
    leader = site.visitor()
    link, kernel, pid = opened(leader)
    os.kill(pid, signal.SIGKILL)
    assert link.closed_with() == 4001
    assert leader.ask(f"/alive?kernel={kernel}").json["kernel"] is False


def test_links_hold_after_the_server_was_killed_and_no_kernel_outlives_it(folder: Path) -> None:
    with serving(folder) as site:
        guest = site.invited("丙", "reader", "demo-empty")
        link, _, pid = opened(guest)
        site.process.kill()
        site.process.wait()
        assert eventually(lambda: not is_running(pid), 30)
        before = site.kept()
    with serving(folder, {"port": site.port}) as again:
        assert again.kept() == before
        assert guest.ask("/").status == 200
        assert again.stranger().enter(guest.token).status == 303
    assert link is not None


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_the_link_and_ends_cleanly(folder: Path, how: signal.Signals) -> None:
    with taken_port() as port:
        process = command(folder, "--no-browser")
        lines = read_until(process, "Ctrl+C")
        address = next(line.strip() for line in lines if "/enter?token=" in line)
        assert f":{port}/" not in address
        site = Site(folder, process, int(address.split(":")[2].split("/")[0]), token_in(address))
        _, _, pid = opened(site.visitor())
        process.send_signal(how)
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert "已停止" in process.stdout.read()
        assert eventually(lambda: not is_running(pid))


def test_a_taken_port_that_was_asked_for_is_said(folder: Path) -> None:
    with taken_port() as port:
        process = command(folder, "--no-browser", "--port", str(port))
        assert process.wait(60) == 2
        assert process.stderr is not None
        said = process.stderr.read()
        assert str(port) in said
        assert "Traceback" not in said


def test_a_misspelt_workspace_is_refused_and_not_made(tmp_path: Path) -> None:
    process = command(tmp_path / "misspelt", "--no-browser", "--port", "0")
    assert process.wait(60) == 2
    assert process.stderr is not None
    assert "DXKIT_HOME" in process.stderr.read()
    assert [*tmp_path.iterdir()] == []


def test_a_case_of_another_workspace_is_refused_not_looked_for_by_its_name(tmp_path: Path) -> None:
    here, there = (workspace(tmp_path / name, "demo-empty") for name in ("here", "there"))
    other = str(there / "parameters" / "demo-empty")
    process = command(here, "--no-browser", "--port", "0", "--case", other)
    try:
        assert process.wait(30) == 2
    finally:
        process.kill()
    assert process.stderr is not None
    assert "不在这个工作区" in process.stderr.read()


def test_a_leaders_name_that_fits_nobody_is_refused_before_anything_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DXKIT_WHO", "长" * 41)
    process = command(workspace(tmp_path, "demo-empty"), "--no-browser", "--port", "0")
    assert process.wait(60) == 2
    assert process.stderr is not None
    assert "41 个字" in process.stderr.read()


class taken_port:  # noqa: N801  # reads as a function
    """Holds a port that the server would try first."""

    def __enter__(self) -> int:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self.socket.bind(("127.0.0.1", 8866))
        except OSError:
            return 8866  # somebody else holds it, which is as good
        self.socket.listen()
        return 8866

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def command(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dxkit", "serve", *arguments],
        env={**os.environ, "DXKIT_HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def read_until(process: subprocess.Popen[str], words: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return lines
    raise AssertionError(lines)
