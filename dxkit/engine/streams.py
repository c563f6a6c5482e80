"""The ends that ipykernel sends to and receives from, in place of its sockets and their threads.

What it prints goes through ipykernel's own streams, which collect for a fifth of a second; but
what is sent is sent at once, by whoever sends it, instead of by a thread that must be woken.
"""

from __future__ import annotations

import heapq
import os
import socket
from collections.abc import Callable, Sequence
from threading import Condition, RLock, Thread
from time import monotonic
from typing import Any

from ipykernel.iostream import BackgroundSocket, IOPubThread, OutStream
from zmq import Frame

from dxkit.engine import wire


class Channel:
    """One of a kernel's channels, as far as it is sent to."""

    def __init__(self, name: str, line: socket.socket) -> None:
        self.name = name
        self._line = line

    def send_multipart(self, frames: Sequence[Any], *_: Any, **__: Any) -> None:
        """Send one message, and wait while the other side does not listen."""
        for packet in wire.packets(self.name, frames):
            self._line.send(packet)

    def flush(self, *_: Any, **__: Any) -> None:
        """Do nothing: what was sent is under way."""


class ShellChannel(Channel):
    """The channel that requests come in on, inside the kernel's event loop."""

    def __init__(self, line: socket.socket, ended: Callable[[], None]) -> None:
        """Know what to call when nobody is left to send any."""
        super().__init__("shell", line)
        self._ended = ended
        self._begun = wire.Assembly()

    def on_recv(self, handle: Callable[[list[Frame]], Any], **_: Any) -> None:
        """Call, from now on, this for every request."""
        import asyncio  # noqa: PLC0415

        loop = asyncio.get_event_loop()
        under_way: set[Any] = set()

        def receive() -> None:
            try:
                packet = self._line.recv(2 * wire.PACKET)
            except ConnectionError:
                packet = b""
            if not packet:
                loop.remove_reader(self._line)
                self._ended()
            elif (message := self._begun.add(packet)) is not None:
                task = loop.create_task(handle([Frame(each) for each in message[1]]))
                under_way.add(task)
                task.add_done_callback(under_way.discard)

        loop.add_reader(self._line, receive)


class Publisher(IOPubThread):
    """What ipykernel's streams and displays take for the thread that publishes; it has none."""

    thread = None  # type: ignore[assignment]

    def __init__(self, channel: Channel) -> None:
        self.socket = channel
        self.io_loop = Timers()  # type: ignore[assignment]
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


class Timers:
    """Calls later what it is told to, as an event loop does, in a thread that is started late."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], Any]]] = []
        self._changed = Condition()
        self._runs_in = 0
        self._number = 0

    def call_later(self, seconds: float, call: Callable[[], Any]) -> None:
        """Call this in so many seconds."""
        due = monotonic() + seconds
        with self._changed:
            self._number += 1
            heapq.heappush(self._due, (due, self._number, call))
            if self._runs_in != os.getpid():  # a process that was forked has no thread yet
                self._runs_in = os.getpid()
                Thread(target=self._run, name="IOPub", daemon=True).start()
            elif self._due[0][1] == self._number:  # else it wakes up early enough anyway
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._due or (wait := self._due[0][0] - monotonic()) > 0:
                    self._changed.wait(wait if self._due else None)
                _, _, call = heapq.heappop(self._due)
            call()


class OrderedStream(OutStream):
    """What is printed, sent in the order in which it was printed, whoever sends it."""

    _turn = RLock()

    def _flush(self) -> None:
        with self._turn:
            super()._flush()  # type: ignore[no-untyped-call]


def _free_the_turn() -> None:
    OrderedStream._turn = RLock()


os.register_at_fork(after_in_child=_free_the_turn)
