"""The client's end: what nbclient takes for the channels of a kernel, and how it learns of its end.

Everything arrives on one pair of sockets, in the order in which the kernel sent it. There is no
asking whether it still lives: a dead kernel's socket closes, and its zygote tells how it ended.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.client import KernelClient
from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError

from dxkit.engine import wire
from dxkit.kernel.process import ForkedProcess

AT_ONCE = 64
"""Packets that are taken in before anything else gets a turn."""


class Ear:
    """What a kernel has said and nobody has taken yet, by channel; and what it is still told."""

    def __init__(self, line: socket.socket, process: ForkedProcess) -> None:
        line.setblocking(False)
        self.over = False
        self._line = line
        self._process = process
        self._begun = wire.Assembly()
        self._heard: dict[str, deque[wire.Frames]] = {"s": deque(), "i": deque(), "o": deque()}
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._to_say: deque[bytes] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def take(self, channel: str, timeout: float | None) -> wire.Frames:
        """Return the next message of a channel.

        Raises:
            Empty: if there is none in time.
            DeadKernelError: if there never will be an answer.
        """
        self._attend()
        heard = self._heard[channel]
        if not heard:
            try:
                async with asyncio.timeout(timeout):
                    await self._until_heard(channel)
            except TimeoutError:
                raise Empty from None
        return heard.popleft()

    async def until_over(self, timeout: float) -> bool:
        """Return whether the process ends in time; what it says until then is heard."""
        self._attend()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self._process.poll() is None:
                    await self._wait("over")
        return self._process.poll() is not None

    def say(self, channel: str, frames: Sequence[Any]) -> None:
        """Send a message, without waiting."""
        self._to_say.extend(wire.packets(channel, frames))
        self._say_on()

    def say_no_more(self) -> None:
        """Let the kernel know that nothing more will come."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Hear no more."""
        self._unattend()
        self._line.close()

    async def _until_heard(self, channel: str) -> None:
        while not self._heard[channel]:
            if self.over and channel == "s":
                raise DeadKernelError("Kernel died")
            await self._wait(channel)

    async def _wait(self, channel: str) -> None:
        self._waiting[channel] = waiting = asyncio.get_running_loop().create_future()
        try:
            await waiting
        finally:
            self._waiting.pop(channel, None)

    def _wake(self, channel: str) -> None:
        waiting = self._waiting.get(channel)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _attend(self) -> None:
        """Hear in the loop that runs."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._unattend()
            self._loop = loop
            if not self.over:
                loop.add_reader(self._line, self._hear)
            if self._process.poll() is None:
                loop.add_reader(self._process, self._hear_of_end)
            self._say_on()

    def _unattend(self) -> None:
        loop, self._loop = self._loop, None
        if loop is not None and not loop.is_closed():
            loop.remove_reader(self._line)
            loop.remove_writer(self._line)
            if self._process.fileno() >= 0:
                loop.remove_reader(self._process)

    def _hear(self, most: int = AT_ONCE) -> None:
        """Take in what has come."""
        try:
            for _ in range(most):
                packet = self._line.recv(2 * wire.PACKET)
                if not packet:
                    return self._end()
                if (message := self._begun.add(packet)) is not None:
                    channel, frames = message
                    self._heard[channel].append(frames)
                    self._wake(channel)
        except BlockingIOError:
            pass
        except ConnectionError:
            self._end()
        return None

    def _hear_of_end(self) -> None:
        """Take in how the process ended, after all that it said."""
        assert self._loop is not None
        self._loop.remove_reader(self._process)
        if self._process.poll() is None:
            self._loop.add_reader(self._process, self._hear_of_end)
            return
        while not self.over and self._said_more():
            pass
        self._end()

    def _said_more(self) -> bool:
        before = sum(map(len, self._heard.values()))
        self._hear()
        return sum(map(len, self._heard.values())) > before

    def _end(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._line)
        self.over = True
        for channel in ("i", "s", "over"):  # outputs first
            self._wake(channel)

    def _say_on(self) -> None:
        """Send what can be sent, and the rest once there is room for it."""
        try:
            while self._to_say:
                self._line.send(self._to_say[0])
                self._to_say.popleft()
        except BlockingIOError:
            if self._loop is not None:
                self._loop.add_writer(self._line, self._say_on)
            return
        except OSError:
            self._to_say.clear()  # nobody is there; whoever waits for an answer learns it
        if self._loop is not None:
            self._loop.remove_writer(self._line)


class HeardChannel:
    """One channel, as nbclient reads and writes it."""

    def __init__(self, name: str, ear: Ear, session: Session) -> None:
        self._name = name
        self._ear = ear
        self._session = session

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message.

        Raises:
            Empty: if there is none in time.
            DeadKernelError: if there never will be an answer.
        """
        frames = await self._ear.take(self._name[0], timeout)
        _, rest = self._session.feed_identities(frames)
        return self._session.deserialize(rest)

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self._session.send(self, message)  # type: ignore[arg-type]

    def send_multipart(self, frames: Sequence[Any], **_: Any) -> None:
        """Send what the session has made of a message."""
        self._ear.say(self._name, frames)


class NotebookKernelClient(KernelClient):
    """The usual client, which talks over one pair of sockets."""

    def __init__(self, ear: Ear) -> None:
        super().__init__(session=Session())
        self.session.key = b""  # nobody else can write on the socket
        self._ear = ear
        self._shell = HeardChannel("shell", ear, self.session)
        self._iopub = HeardChannel("iopub", ear, self.session)

    @property
    def shell_channel(self) -> Any:
        """The channel for requests and answers."""
        return self._shell

    @property
    def iopub_channel(self) -> Any:
        """The channel for outputs."""
        return self._iopub

    def start_channels(self, *_: Any, **__: Any) -> None:
        """Do nothing: they are there."""

    def stop_channels(self) -> None:
        """Close them."""
        self._ear.close()

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Do nothing: a fork is ready, or it is none."""

    def is_alive(self) -> bool:
        """Return whether the kernel has not been heard to end."""
        return not self._ear.over
