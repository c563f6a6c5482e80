"""The widget in a real kernel: messages go through it, and nothing keeps it from answering."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from dxkit import paths
from dxkit.case import open_case, writing
from dxkit.widgets.page import MOST_BYTES, MOST_WAITING
from tests.sittings import DEFINITIONS, copy_of, workspace

HEAVY = ("pandas", "matplotlib", "openpyxl", "docx", "nbconvert")


def test_the_room_of_widgets_is_light_until_a_page_is_shown() -> None:
    code = "import sys, dxkit.widgets; print([m for m in {!r} if m in sys.modules])"
    names = (*HEAVY, "anywidget", "numpy", "dxkit.workshop")
    done = subprocess.run(
        [sys.executable, "-c", code.format(names)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


class Browser:
    """What a browser does with the comm of a page, by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.comm = self.run(
            f"from dxkit.widgets import record; page = record({str(folder)!r}); "
            "print(page.comm.comm_id)"
        )
        self.number = 0

    def run(self, code: str) -> str:
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            assert message["msg_type"] != "error", message["content"]
            if message["msg_type"] == "stream":
                said.append(message["content"]["text"])

        self.client.execute_interactive(code, output_hook=hear, timeout=60)
        return "".join(said).strip()

    def send(self, do: str, buffers: tuple[bytes, ...] = (), **asked: Any) -> int:
        self.number += 1
        content = {"id": self.number, "do": do, **asked}
        data = {"method": "custom", "content": content}
        message = self.client.session.msg("comm_msg", {"comm_id": self.comm, "data": data})
        self.client.session.send(self.client.shell_channel.socket, message, buffers=list(buffers))
        return self.number

    def hear(
        self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 20
    ) -> tuple[dict[str, Any], list[bytes]]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                message = self.client.get_iopub_msg(timeout=0.5)
            except Exception:
                continue
            assert message["msg_type"] != "error", message["content"]
            data = message["content"].get("data", {})
            custom = message["msg_type"] == "comm_msg" and data.get("method") == "custom"
            if custom and wanted(data["content"]):
                return data["content"], [bytes(each) for each in message["buffers"]]
        raise AssertionError("nothing of that kind was said")

    def ask(self, do: str, buffers: tuple[bytes, ...] = (), **asked: Any) -> dict[str, Any]:
        number = self.send(do, buffers, **asked)
        return self.hear(lambda told: told.get("re") == number)[0]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        home = workspace(tmp_path_factory.mktemp("home"), patch)
        patch.setenv("DXKIT_VISITOR", '{"id": "a", "name": "李四", "role": "member"}')
        browser = Browser(copy_of("demo-machinery", home))
        yield browser
        browser.client.stop_channels()
        browser.manager.shutdown_kernel(now=True)
    paths.workspace.cache_clear()


@pytest.mark.slow
def test_a_page_greets_shows_and_stores_under_the_name_the_server_told(browser: Browser) -> None:
    assert browser.ask("hello")["who"]["name"] == "李四"
    opened = browser.ask("open", form="annex_6", section="digital")
    value = next(each for each in opened["items"] if each["path"] == "annex_6.equipment")["value"]
    assert browser.ask("edit", path="annex_6.equipment", raw="170", seen=value)["saved"]
    assert open_case(browser.folder).record["equipment"].recorder == "李四"


@pytest.mark.slow
def test_what_another_program_writes_arrives_by_itself_within_two_seconds(browser: Browser) -> None:
    browser.ask("open", form="annex_3", section="enterprise")
    with writing(browser.folder, "王五", DEFINITIONS) as writer:
        writer.set("annex_3.park", "别人写的园区")
    began = time.monotonic()
    told, _ = browser.hear(
        lambda told: (
            told.get("tell") == "items"
            and any(each["value"] == "别人写的园区" for each in told["items"])
        )
    )
    assert told["by"] == "王五"
    assert time.monotonic() - began < 2


@pytest.mark.slow
def test_a_ping_is_answered_while_something_takes_long(browser: Browser) -> None:
    browser.run(
        "import time; from dxkit.workshop.verbs import answering; "
        "answering.VERBS['slow'] = lambda *_: time.sleep(3) or {'slept': True}"
    )
    slow = browser.send("slow")
    began = time.monotonic()
    browser.ask("ping")
    assert time.monotonic() - began < 2
    assert browser.hear(lambda told: told.get("re") == slow)[0]["slept"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "most", "buffers"),
    [("search", MOST_WAITING, ()), ("upload_chunk", MOST_BYTES // 2**20, (bytes(2**20),))],
)
def test_who_asks_without_end_is_told_to_wait_and_everybody_is_answered(
    browser: Browser, asked: str, most: int, buffers: tuple[bytes, ...]
) -> None:
    browser.run(
        "import threading; gate = threading.Event(); threading.Timer(4, gate.set).start(); "
        "held = lambda *told: gate.wait() and type(page.session)._answer(page.session, *told); "
        "page.session._answer = held"
    )
    begin = browser.send("search", words="设备")
    numbers = [browser.send(asked, buffers, words="设备") for _ in range(most + 20)]
    replies: dict[int, dict[str, Any]] = {}
    while len(replies) < len(numbers) + 1:
        told, _ = browser.hear(lambda told: (told.get("re") or 0) >= begin)
        replies[told["re"]] = told
    refused = [each for each in replies.values() if "请求太多" in each.get("problem", "")]
    assert 10 <= len(refused) <= 21
    assert "hits" in replies[begin]
    assert "hits" in browser.ask("search", words="设备")


def test_pieces_come_in_as_buffers_and_go_out_as_buffers(browser: Browser) -> None:
    content = b"%PDF-1.4\n" + bytes(range(256)) * 5000
    begun = browser.ask("upload_begin", name="a.pdf", size=len(content))
    for number in range(-(-len(content) // begun["chunk"])):
        piece = content[number * begun["chunk"] : (number + 1) * begun["chunk"]]
        browser.ask("upload_chunk", (piece,), upload=begun["upload"], n=number)
    number = browser.ask("upload_end", upload=begun["upload"], item="C001")["evidence"]["number"]
    row = open_case(browser.folder).annex("annex_7")["evidence"][-1]
    assert row["evidence_no"] == number
    assert (browser.folder / row["file"]).read_bytes() == content
    job = browser.ask("export", what="annex_3", format="docx")["job"]
    browser.hear(lambda told: told.get("job") == job and told.get("state") == "done", 60)
    asked = browser.send("download", job=job, offset=0)
    told, buffers = browser.hear(lambda told: told.get("re") == asked)
    assert (len(buffers[0]), buffers[0][:4]) == (told["size"], b"PK\x03\x04")
    assert "bytes" not in told


@pytest.mark.slow
def test_a_page_loads_no_more_than_it_needs(browser: Browser) -> None:
    told = browser.run(f"import sys; print([m for m in {HEAVY!r} if m in sys.modules])")
    assert told == "[]"
