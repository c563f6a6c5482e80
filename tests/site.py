"""A site of the workshop for tests: a workspace with a small widget, the server as a process."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import nbformat
import websocket
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)

from dxkit.apps.channels import PROTOCOL

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
SERVER = """
import json, sys
from dxkit.apps.server import Wanted, Workshop
wanted, knobs = json.loads(sys.argv[1])
def ready(server):
    for name, value in knobs.items():
        setattr(server.kernels, name, value)
    print(json.dumps([server.port, server.people.leader("组长甲").token]), flush=True)
Workshop(Wanted(**wanted), ready).run()
"""
PROBE = '''
import os, json, logging
import anywidget, traitlets

class Probe(anywidget.AnyWidget):
    """Says back what it hears, with the bytes that came along."""

    _esm = """
export default {
  render({ model, el }) {
    const make = (kind, id) => {
      const made = document.createElement(kind);
      made.id = id;
      el.append(made);
      return made;
    };
    const [who, pid, said, links] = ["who", "pid", "said", "links"].map((id) => make("p", id));
    pid.textContent = model.get("pid");
    const label = make("label", "label");
    label.textContent = "内容";
    const box = document.createElement("input");
    box.id = "box";
    label.append(box);
    who.textContent = model.get("who");
    model.on("change:who", () => { who.textContent = model.get("who"); });
    box.addEventListener("input", () => {
      const bytes = new TextEncoder().encode(box.value);
      const buffers = [bytes.buffer, new DataView(bytes.buffer, 0, 3)];
      model.send({ do: "echo", raw: box.value }, undefined, buffers);
    });
    model.on("msg:custom", (told, buffers) => {
      const words = buffers.map((each) => new TextDecoder().decode(each));
      if (told.tell === "link") links.textContent += told.state + " ";
      else said.textContent = [told.said, ...words].join("|");
    });
  },
};
"""
    _css = "#said { color: rgb(1, 2, 3) }"
    who = traitlets.Unicode().tag(sync=True)
    pid = traitlets.Int().tag(sync=True)

    def __init__(self, **told):
        super().__init__(**told)
        self.on_msg(self.heard)

    def heard(self, _, told, buffers):
        if told.get("do") == "environment":
            self.send({"environment": dict(os.environ), "cwd": os.getcwd()})
        elif told.get("do") == "log":
            logging.getLogger("probe").error(told["raw"])
            self.send({"said": "logged"})
        elif told.get("do") == "rename":
            self.who = told["raw"]
        else:
            self.send({"said": told.get("raw")}, [bytes(each) for each in buffers])

visitor = json.loads(os.environ["DXKIT_VISITOR"])
told = visitor["name"], visitor["role"], case.split(os.sep)[-1]
Probe(who=" ".join(told), pid=os.getpid())
'''


def workspace(folder: Path, *cases: str) -> Path:
    """Set up a workspace with cases, the probe as its pages, and photos that nobody may get."""
    for case in cases:
        shutil.copytree(ROOT / "parameters" / case, folder / "parameters" / case)
    notebooks = folder / "notebooks"
    notebooks.mkdir(parents=True)
    for view in ("record", "diagnosis", "workshop"):
        cells = [
            nbformat.v4.new_code_cell('case = ""', metadata={"tags": ["parameters"]}),
            nbformat.v4.new_markdown_cell(f"# 页面 {view}"),
            nbformat.v4.new_code_cell("print('only in batch')", metadata={"tags": ["batch"]}),
            nbformat.v4.new_code_cell(PROBE),
        ]
        text = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
        (notebooks / f"{view}.ipynb").write_text(text, encoding="utf-8")
    planted = (ROOT / "parameters/demo-copper/evidence/M01.png").read_bytes()
    for place in (folder, notebooks, *(folder / "parameters").iterdir()):
        (place / "planted.png").write_bytes(planted)
    return folder


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Visitor:
    """A browser without a screen: keeps the cookie it got."""

    port: int
    cookie: str = ""
    token: str = ""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
        """Ask for a path exactly as it is written."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        own = {"Cookie": self.cookie} if self.cookie else {}
        if method != "GET":
            own["Origin"] = f"http://{self.host}"
        sent = None if body is None else json.dumps(body)
        try:
            asking.request(method, path, sent, own | headers)
            got = asking.getresponse()
            return Answer(got.status, got.headers, got.read())  # type: ignore[arg-type]
        finally:
            asking.close()

    def enter(self, token: str) -> Answer:
        """Open a link and keep the cookie."""
        answer = self.ask(f"/enter?token={token}")
        set_cookie = answer.headers.get("Set-Cookie")
        if set_cookie:
            self.cookie = set_cookie.split(";")[0]
        self.token = token
        return answer

    def open(self, case: str = "demo-empty", view: str = "record") -> tuple[str, str]:
        """Open a page; return its kernel and the id of its widget."""
        answer = self.ask(f"/case/{case}/{view}")
        assert answer.status == 200, answer.text
        return between(answer.text, 'data-kernel="'), between(answer.text, 'data-model="')

    def link(self, kernel: str, **told: Any) -> Link:
        """Open the websocket of a kernel."""
        return Link(self, kernel, **told)


class Socket(websocket.WebSocket):
    """A websocket that keeps the code it was closed with, whether or not its answer is heard."""

    code: int | None = None
    until = float("inf")

    def recv_frame(self) -> Any:
        frame = super().recv_frame()
        if frame.opcode == websocket.ABNF.OPCODE_PING and time.monotonic() > self.until:
            raise websocket.WebSocketTimeoutException  # pings go on for ever
        if frame.opcode == websocket.ABNF.OPCODE_CLOSE:
            self.code = int.from_bytes(frame.data[:2], "big")
        return frame

    def send_close(self, *told: Any, **how: Any) -> None:
        with suppress(OSError):
            super().send_close(*told, **how)


class Link:
    """The websocket of a page."""

    def __init__(self, visitor: Visitor, kernel: str, **told: Any) -> None:
        self.session = Session(key=b"")
        self.kernel = kernel
        self.heard: list[bytes] = []
        self.asked = 0
        options = {
            "cookie": visitor.cookie or None,
            "origin": f"http://{visitor.host}",
            "subprotocols": [PROTOCOL],
            "timeout": 20,
            "class_": Socket,
        }
        self.socket: Socket = websocket.create_connection(
            f"ws://{visitor.host}/api/kernels/{kernel}/channels?session_id=t", **(options | told)
        )

    def send(self, kind: str, content: Any, channel: str = "shell") -> None:
        message = self.session.msg(kind, content)
        pack = self.session.pack
        self.socket.send_binary(serialize_msg_to_ws_v1(message, channel, pack))

    def say(self, model: str, told: Any) -> None:
        self.send("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": told}})

    def messages(self, seconds: float = 20) -> Iterator[tuple[str, Any]]:
        """Yield what comes, as its type and content, until nothing did for some seconds.

        Ends also when the other side closes the link.
        """
        self.socket.settimeout(seconds)
        while True:
            self.socket.until = time.monotonic() + seconds
            try:
                frame = self.socket.recv()
            except websocket.WebSocketTimeoutException:
                return
            if not frame:
                return
            self.heard.append(frame)
            _, parts = deserialize_msg_from_ws_v1(frame)
            yield json.loads(parts[0])["msg_type"], json.loads(parts[3])

    def closed_with(self, seconds: float = 30) -> int | None:
        """Return the code that the link is closed with; what comes before is passed over."""
        until = time.monotonic() + seconds
        for _ in self.messages(seconds):
            if time.monotonic() > until:
                break
        return self.socket.code

    def ask(self, model: str, do: str, **fields: Any) -> dict[str, Any]:
        """Ask as a page does and return the reply; what is told meanwhile is only heard."""
        self.asked += 1
        self.say(model, {"id": self.asked, "do": do, **fields})
        for kind, content in self.messages(60):
            if kind == "comm_msg" and content["data"]["method"] == "custom":
                told = content["data"]["content"]
                if told.get("re") == self.asked:
                    return dict(told)
        raise AssertionError(f"no answer came to {do}")

    def ask_for_bytes(self, model: str, do: str, **fields: Any) -> tuple[dict[str, Any], bytes]:
        """Ask as `ask` does, and return also the bytes that came with the reply."""
        told = self.ask(model, do, **fields)
        _, parts = deserialize_msg_from_ws_v1(self.heard[-1])
        return told, b"".join(bytes(each) for each in parts[4:])

    def answer(self, model: str, told: Any) -> Any:
        """Say something to the widget and return what it says back."""
        self.say(model, told)
        for kind, content in self.messages():
            if kind == "comm_msg" and content["data"]["method"] == "custom":
                return content["data"]["content"]
        raise AssertionError("no answer came")


def between(text: str, start: str) -> str:
    return text.split(start, 1)[1].split('"', 1)[0]


@dataclass
class Site:
    """A running server."""

    folder: Path
    process: subprocess.Popen[str]
    port: int
    token: str
    links: dict[str, str] = field(default_factory=dict)

    def visitor(self, token: str | None = None) -> Visitor:
        """Return a browser that opened a link, the leader's unless told otherwise."""
        visitor = Visitor(self.port)
        visitor.enter(token or self.token)
        return visitor

    def stranger(self) -> Visitor:
        return Visitor(self.port)

    def invited(self, name: str, role: str, *cases: str) -> Visitor:
        """Return a browser of somebody whom the leader invited."""
        told = {"name": name, "role": role, "cases": [*cases] or None}
        assert self.visitor().ask("/participants", "POST", told).json == {"done": True}
        return self.visitor(self.kept()[name]["token"])

    def kept(self) -> dict[str, Any]:
        raw = json.loads((self.folder / ".dxkit/workshop.json").read_text(encoding="utf-8"))
        return {each["name"]: each for each in raw["participants"]}


@contextmanager
def serving(folder: Path, wanted: Any = None, **knobs: Any) -> Iterator[Site]:
    """Run the server over a workspace and end it by the signal that ends servers."""
    told = json.dumps([{"port": 0, **(wanted or {})}, knobs])
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, told],
        env={**os.environ, "DXKIT_HOME": str(folder), "SOME_TOKEN": "not for kernels"},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        port, token = json.loads(process.stdout.readline())
        yield Site(folder, process, port, token)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def token_in(link: str) -> str:
    return parse_qs(urlparse(link).query)["token"][0]


def eventually(holds: Any, seconds: float = 20) -> bool:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return bool(holds())


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
