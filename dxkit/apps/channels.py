"""The link between a page and its kernel: only its owner's, and only messages of its widget."""

from __future__ import annotations

import asyncio
import json
import struct
from itertools import pairwise
from typing import Any, ClassVar

from jupyter_server.auth.identity import User
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from dxkit.apps.gate import Gate
from dxkit.apps.kernels import GONE, Kernels

PROTOCOL = "v1.kernel.websocket.jupyter.org"
LARGEST = 4 * 1024 * 1024
"""How many bytes one message from a browser may have."""
FROM_PAGE = frozenset({"comm_msg", "kernel_info_request"})
TO_PAGE = frozenset({"comm_msg", "comm_close", "kernel_info_reply", "status"})
MOST_PARTS = 32
LONGEST_NOTE = 10_000
_A_PING = b'"do":"ping"'
_SHORT = 300


def parts_of(frame: Any) -> list[bytes]:
    """Return what a frame consists of: the channel's name, four parts of the message, its buffers.

    Jupyter's own reader believes how many parts a frame says it has, and may count for ever.

    Raises:
        ValueError: if it is no such frame.
    """
    if not isinstance(frame, bytes) or len(frame) < 8:
        raise ValueError("no frame")
    (count,) = struct.unpack_from("<Q", frame)
    if not 6 <= count <= MOST_PARTS or len(frame) < 8 * (1 + count):
        raise ValueError("no frame")
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    if [8 * (1 + count), *offsets] != sorted([8 * (1 + count), *offsets, len(frame)])[:-1]:
        raise ValueError("no frame")
    return [frame[start:end] for start, end in pairwise(offsets)]


class Connection(ZMQChannelsWebsocketConnection):
    """What passes between page and kernel; everything but a widget's own messages is dropped."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass on what a page may say; code to execute is not among it."""
        try:
            channel, header, _, _, content, *_ = parts_of(incoming_msg)
            kind = json.loads(header)["msg_type"]
        except (ValueError, KeyError, TypeError, RecursionError):
            self.log.warning("a message that cannot be read was dropped")
            return
        if channel != b"shell" or kind not in FROM_PAGE:
            self.log.warning("a message of type %.40r on %.40r was dropped", kind, channel)
            return
        if not (len(content) < _SHORT and _A_PING in content.replace(b" ", b"")):
            self.multi_kernel_manager.was_used(self.kernel_id)
        super().handle_incoming_message(incoming_msg)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Pass on what a page has to know; what the kernel printed is for the server's log."""
        _, parts = self.session.feed_identities(outgoing_msg)
        kind = self.session.unpack(parts[1])["msg_type"]
        if kind in TO_PAGE:
            super().handle_outgoing_message(stream, outgoing_msg)
        elif kind == "stream":
            said = str(self.session.unpack(parts[4]).get("text", ""))
            self.log.warning("kernel %s: %s", self.kernel_id, said[:LONGEST_NOTE].rstrip())


class Channels(Gate, KernelWebsocketHandler):
    """The websocket of a page; the only way to its kernel."""

    linked_to: str | None = None
    connection: Any = None

    @property
    def kernels(self) -> Kernels:
        """Return the kernels of the site."""
        return self.workshop.kernels

    def prepare(self) -> None:  # type: ignore[override]
        """Let in who is known."""
        Gate.prepare(self)
        self.current_user = self._jupyter_current_user = User(self.visitor.id)

    async def get(self, kernel_id: str) -> None:
        """Open the link, for the owner of the kernel and from a page of this site only."""
        if not self.kernels.belongs_to(kernel_id, self.visitor.id):
            raise HTTPError(404)
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            raise HTTPError(404)
        if PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise HTTPError(404)
        if not self.check_origin(self.get_origin() or ""):
            raise HTTPError(403)
        if not self.kernels.takes_another(kernel_id):
            raise HTTPError(429)
        self.kernel_id = kernel_id
        await self.pre_get()  # type: ignore[no-untyped-call]
        await WebSocketHandler.get(self, kernel_id=kernel_id)

    def get_origin(self) -> str | None:
        """Return the site whose page asks."""
        return self.request.headers.get("Origin")

    def check_origin(self, origin: str | None = None) -> bool:
        """Refuse pages of other sites, and whoever does not say which site they come from."""
        return self._is_own_page()

    async def open(self, kernel_id: str) -> None:
        """Link the page; the kernel may have gone meanwhile."""
        if not self.kernels.belongs_to(kernel_id, self.visitor.id):
            self.close(GONE)
            return
        self.set_nodelay(True)  # or each answer waits 40 ms for word that the frame before arrived
        self.linked_to = kernel_id
        self.kernels.linked(kernel_id, self)
        await super().open(kernel_id)  # type: ignore[no-untyped-call]

    async def on_message(self, ws_message: Any) -> None:
        """Pass a message on; until this returns, nothing more is read from the page."""
        super().on_message(ws_message)  # type: ignore[no-untyped-call]
        if pause := self.kernels.pause_after(self.kernel_id, len(ws_message)):
            await asyncio.sleep(pause)

    def on_close(self) -> None:
        """Forget the link."""
        if self.linked_to is not None:
            self.kernels.unlinked(self.linked_to, self)
        if self.connection is not None:
            super().on_close()  # type: ignore[no-untyped-call]


class Leave(Gate):
    """The last word of a page that is being closed: its kernel is not needed any more."""

    def post(self, kernel_id: str) -> None:
        """End the kernel, for its owner only."""
        kernels = self.workshop.kernels
        if not kernels.belongs_to(kernel_id, self.visitor.id):
            raise HTTPError(404)
        kernels.dismiss(kernel_id, GONE)
        self.set_status(204)
        self.finish()


class Alive(Gate):
    """Whether the server answers, and whether a page's kernel is still there."""

    async def get(self) -> None:
        """Answer in a few bytes."""
        kernel_id = self.get_query_argument("kernel", "")
        kernels = self.workshop.kernels
        own = kernels.belongs_to(kernel_id, self.visitor.id)
        self.tell(server=self.workshop.since, kernel=own and await kernels.lives(kernel_id))


class Echo(Gate, WebSocketHandler):
    """A websocket that says back what it hears, so that a way through a proxy can be tried."""

    MOST, MOST_AT_ONCE = 64, 20
    now: ClassVar[set[Echo]] = set()

    def initialize(self) -> None:
        """Begin to count."""
        self.heard = 0

    def prepare(self) -> None:
        """Let in who is known, a limited number at once."""
        super().prepare()
        if len(self.now) >= self.MOST_AT_ONCE:
            raise HTTPError(429)

    def open(self) -> None:
        """Count who is there."""
        self.now.add(self)

    def on_close(self) -> None:
        """Count who is there."""
        self.now.discard(self)

    def check_origin(self, origin: str) -> bool:
        """Refuse pages of other sites."""
        return self._is_own_page()

    def on_message(self, message: str | bytes) -> None:
        """Say it back, a limited number of times."""
        self.heard += 1
        if self.heard > self.MOST:
            self.close(1008)
            return
        self.write_message(message, binary=isinstance(message, bytes))
