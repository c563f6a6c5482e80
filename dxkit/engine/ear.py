"""What a kernel has said to its client, and how that learns of the kernel's end.

Everything arrives on one pair of sockets, in the order in which the kernel sent it. There is no
asking whether it still lives: a dead kernel's socket closes, and its zygote tells how it ended.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty
from typing import Any

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
        self._news = os.dup(process.fileno())  # its own closes as soon as the end is known
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
        self._to_say.extend(wire.packets(wire.message(channel, frames)))
        self._say_on()

    def say_no_more(self) -> None:
        """Let the kernel know that nothing more will come."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Hear no more; who still waits is told to give up."""
        for waiting in self._waiting.values():
            waiting.cancel()
        self._unattend()
        self._line.close()
        if self._news >= 0:
            os.close(self._news)
            self._news = -1

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
            loop.add_reader(self._news, self._hear_of_end)
            self._say_on()

    def _unattend(self) -> None:
        loop, self._loop = self._loop, None
        if loop is not None and not loop.is_closed():
            loop.remove_reader(self._line)
            loop.remove_writer(self._line)
            loop.remove_reader(self._news)

    def _hear(self) -> bool:
        """Take in what has come; return whether there may be more."""
        try:
            for _ in range(AT_ONCE):
                packet = self._line.recv(wire.LARGEST)
                if not packet:
                    self._end()
                    return False
                for channel, frames in self._begun.add(packet):
                    self._heard[channel].append(frames)
                    self._wake(channel)
        except BlockingIOError:
            return False
        except ConnectionError:
            self._end()
            return False
        return True

    def _hear_of_end(self) -> None:
        """Take in how the process ended, after all that it said."""
        if self._loop is None or self._process.poll() is None:
            return
        self._loop.remove_reader(self._news)
        while self._hear():
            pass
        self._end()

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
