"""How a server, its zygote and a forked kernel talk: one JSON object a line, over a socket.

Every kernel has a line of its own. The server writes one request on it; the zygote answers with
the process id or with a refusal, the kernel says when it is ready, and the zygote how it ended.
Nothing else is ever written: a line that closes tells either side that the other is gone.
"""

from __future__ import annotations

import json
import socket
from typing import Any

Message = dict[str, Any]


def send(line: socket.socket, message: Message) -> None:
    """Write one message.

    JSON escapes whatever is no text, so that names of files that are no UTF-8 survive.
    """
    line.sendall(json.dumps(message).encode("ascii") + b"\n")


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
