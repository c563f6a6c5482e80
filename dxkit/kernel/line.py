"""How a server, its zygote and a fork talk: one JSON object a line, over a socket.

Every fork has a line of its own. The server writes one request on it; the zygote answers with
the process id or with a refusal, the fork says when it is ready, and the zygote how it ended.
Nothing else is ever written: a line that closes tells either side that the other is gone.

The line itself reaches the zygote over the control socket, beside one byte, together with whatever
descriptors the fork is handed. One such message is never torn, so that many may write there.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Sequence
from typing import Any

Message = dict[str, Any]

MOST_HANDED = 16
"""Descriptors that may come with one request, the line included."""


def send(line: socket.socket, message: Message) -> None:
    """Write one message.

    JSON escapes whatever is no text, so that names of files that are no UTF-8 survive.
    """
    line.sendall(json.dumps(message).encode("ascii") + b"\n")


def hand_over(control: socket.socket, descriptors: Sequence[int]) -> None:
    """Hand a zygote the line of a new fork, which comes first, and what the fork is handed."""
    socket.send_fds(control, [b"+"], list(descriptors))


def take_over(control: socket.socket) -> tuple[socket.socket, list[int]] | None:
    """Return a line and what the fork is handed, None if nobody is left to hand over any."""
    try:
        _, descriptors, _, _ = socket.recv_fds(control, 1, MOST_HANDED)
    except ConnectionError:
        return None
    if not descriptors:
        return None
    for each in descriptors:
        os.set_inheritable(each, False)  # or a program that a fork starts would keep it open
    return socket.socket(fileno=descriptors[0]), descriptors[1:]


class Inbox:
    """What has come in on a line, cut into messages."""

    def __init__(self) -> None:
        self._bytes = b""

    def add(self, received: bytes) -> None:
        """Take in what was received."""
        self._bytes += received

    def take(self) -> Message | None:
        """Return the next whole message, None if there is none yet."""
        first, newline, rest = self._bytes.partition(b"\n")
        if not newline:
            return None
        self._bytes = rest
        message: Message = json.loads(first)
        return message
