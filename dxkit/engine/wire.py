"""How Jupyter's messages travel between two processes: whole, in order, over a pair of sockets.

A message is cut into packets that the system passes on whole or not at all. Whoever sends may
therefore be interrupted anywhere, by a signal or by its end, without harm to what others send:
other threads, and processes that a kernel has forked. No lock is needed, and none can be left held.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator, Sequence
from threading import get_ident

Frames = list[bytes]

PACKET = 64 * 1024
"""Bytes in a packet; the system takes a few of them before a sender must wait."""
FIRST, LAST = 1, 2
_HEAD = struct.Struct("!IQB")
"""In front of every packet: who sends it, as process and thread, and which part it is."""
LARGEST = _HEAD.size + PACKET
_COUNT = struct.Struct("!cI")
"""In front of every message: its channel, the first letter of its name, and how many frames."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends.

    Raises:
        OSError: if this system knows no such sockets, as macOS and Windows.
    """
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def message(channel: str, frames: Sequence[bytes | memoryview]) -> bytes:
    """Return a message as it travels, alone or behind others."""
    lengths = struct.pack(f"!{len(frames)}Q", *(memoryview(each).nbytes for each in frames))
    count = _COUNT.pack(channel[:1].encode("ascii"), len(frames))
    return b"".join([count, lengths, *frames])


def packets(whole: bytes) -> Iterator[bytes]:
    """Cut messages into packets."""
    process, thread = os.getpid(), get_ident()
    for begin in range(0, len(whole), PACKET):
        end = begin + PACKET
        part = (FIRST if begin == 0 else 0) | (LAST if end >= len(whole) else 0)
        yield _HEAD.pack(process, thread, part) + whole[begin:end]


class Assembly:
    """What has come in so far from every sender."""

    def __init__(self) -> None:
        self._begun: dict[tuple[int, int], list[bytes]] = {}

    def add(self, packet: bytes) -> Iterator[tuple[str, Frames]]:
        """Take in a packet; return channel and frames of the messages that are whole by it."""
        process, thread, part = _HEAD.unpack_from(packet)
        if part == FIRST | LAST:
            return _opened(packet, _HEAD.size)
        sender = process, thread
        if part & FIRST:  # what its sender began before, it has given up
            self._begun[sender] = []
        if sender not in self._begun:
            return iter(())
        self._begun[sender].append(packet[_HEAD.size :])
        return _opened(b"".join(self._begun.pop(sender))) if part & LAST else iter(())


def _opened(whole: bytes, begin: int = 0) -> Iterator[tuple[str, Frames]]:
    while begin < len(whole):
        channel, count = _COUNT.unpack_from(whole, begin)
        lengths = struct.unpack_from(f"!{count}Q", whole, begin + _COUNT.size)
        begin += _COUNT.size + 8 * count
        frames = []
        for length in lengths:
            frames.append(whole[begin : begin + length])
            begin += length
        yield channel.decode("ascii"), frames
