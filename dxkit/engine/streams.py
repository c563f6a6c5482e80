"""The ends that ipykernel sends to and receives from, in place of its sockets and their threads.

What is printed goes through ipykernel's own streams, which collect for a fifth of a second; but
what is sent is sent at once, by whoever sends it, instead of by a thread that must be woken.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any

from ipykernel.iostream import BackgroundSocket, IOPubThread, OutStream
from zmq import Frame

from dxkit.engine import wire
from dxkit.engine.timers import Timers


class Line:
    """A kernel's only socket, and what shall go along with the next message on it."""

    def __init__(self, line: socket.socket) -> None:
        self.socket = line
        self._held: deque[bytes] = deque()

    def hold(self, channel: str, frames: Sequence[Any]) -> None:
        """Send a message along with the next one, so that the listener need not wake up twice."""
        self._held.append(wire.message(channel, frames))

    def send(self, channel: str, frames: Sequence[Any]) -> None:
        """Send a message, and wait while the other side does not listen."""
        said = wire.message(channel, frames)
        while self._held:
            try:
                said = self._held.pop() + said
            except IndexError:  # another thread takes it along
                break
        for packet in wire.packets(said):
            self.socket.send(packet)


class Channel:
    """One of a kernel's channels, as far as it is sent to."""

    def __init__(self, name: str, line: Line) -> None:
        self.name = name
        self.line = line

    def send_multipart(self, frames: Sequence[Any], *_: Any, **__: Any) -> None:
        """Send one message."""
        self.line.send(self.name, frames)

    def flush(self, *_: Any, **__: Any) -> None:
        """Do nothing: what was sent is under way."""


class HeldChannel(Channel):
    """The same for messages that others follow at once."""

    def send_multipart(self, frames: Sequence[Any], *_: Any, **__: Any) -> None:
        """Send one message along with the next."""
        self.line.hold(self.name, frames)


class ShellChannel(HeldChannel):
    """The channel that requests come in on, inside the kernel's event loop.

    Whatever is answered, the word that the kernel is idle follows it.
    """

    def __init__(self, line: Line, ended: Callable[[], None]) -> None:
        """Know what to call when nobody is left to send any."""
        super().__init__("shell", line)
        self._ended = ended
        self._begun = wire.Assembly()

    def on_recv(self, handle: Callable[[list[Frame]], Any], **_: Any) -> None:
        """Call, from now on, this for every request."""
        loop = asyncio.get_event_loop()
        under_way: set[Any] = set()

        def receive() -> None:
            try:
                packet = self.line.socket.recv(wire.LARGEST)
            except ConnectionError:
                packet = b""
            if not packet:
                loop.remove_reader(self.line.socket)
                self._ended()
                return
            for _, frames in self._begun.add(packet):
                task = loop.create_task(handle([Frame(each) for each in frames]))
                under_way.add(task)
                task.add_done_callback(under_way.discard)

        loop.add_reader(self.line.socket, receive)


class Publisher(IOPubThread):
    """What ipykernel's streams and displays take for the thread that publishes; it has none."""

    thread = None  # type: ignore[assignment]

    def __init__(self, channel: Channel) -> None:
        self.socket = channel
        self.io_loop = Timers("IOPub")  # type: ignore[assignment]
        self.background_socket = BackgroundSocket(self)  # type: ignore[no-untyped-call]

    def schedule(self, f: Callable[[], Any]) -> None:
        """Call it now."""
        f()

    def send_multipart(self, *args: Any, **kwargs: Any) -> None:
        """Send it now."""
        self.socket.send_multipart(*args, **kwargs)

    def stop(self) -> None:
        """Do nothing: there is no thread."""

    close = stop


class OrderedStream(OutStream):
    """What is printed, sent in the order in which it was printed, whoever sends it."""

    _turn = RLock()

    def _flush(self) -> None:
        with self._turn:
            super()._flush()  # type: ignore[no-untyped-call]


def _free_the_turn() -> None:
    OrderedStream._turn = RLock()


os.register_at_fork(after_in_child=_free_the_turn)
