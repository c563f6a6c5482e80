"""What every forked process does first, whatever it is going to be.

It becomes a process as its server asked for one: a session, an environment and a folder of its own,
nothing in common with its siblings, and an end as soon as its server lets go of it.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from dxkit.kernel import zygotes
from dxkit.kernel.fresh import freshen, take_on
from dxkit.kernel.line import Message

KERNEL = "dxkit.kernel.forked:be_kernel"
"""What a fork is where the request does not say."""


def be(request: Message, line: socket.socket) -> None:
    """Become what a request describes, and be it until that is over.

    Args:
        request: see `zygotes.fork`; `handed` are the descriptors that came with it, the last of
            them the zygote's own socket if it `may_fork`.
        line: what the fork says to its server; that it is ready, if the server waits for that.
    """
    os.setsid()  # a group of its own, so that an interrupt reaches what it started as well
    signal.signal(signal.SIGINT, signal.default_int_handler)
    take_on(request["env"])
    os.chdir(request["cwd"])
    freshen()
    gc.enable()
    Thread(target=_end_with, args=(line,), name="dxkit-server-watch", daemon=True).start()
    if request.get("may_fork"):
        zygotes.inherit(request["modules"], socket.socket(fileno=request["handed"].pop()))
    _named(request.get("run") or KERNEL)(request, line)


def _named(name: str) -> Callable[[Message, socket.socket], None]:
    module, _, function = name.partition(":")
    found: Callable[[Message, socket.socket], None]
    found = getattr(importlib.import_module(module), function)
    return found


def _end_with(line: socket.socket) -> None:
    """End the fork and what it started when the line closes: its server is gone.

    The zygote does so as well, also where this thread never gets its turn; but this thread does
    without a zygote.
    """
    with suppress(OSError):
        while line.recv(512):
            pass
    os.killpg(0, signal.SIGKILL)
