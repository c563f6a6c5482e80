"""How a batch talks to its kernels: over files of its own, so that no two ever share a port."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from traitlets.config import Config


@contextmanager
def private_connection(scratch: Path) -> Iterator[Config]:
    """Give the kernel manager a connection in a folder in `scratch` that vanishes afterwards.

    Parallel kernels on TCP choose a port, close it and bind it later, so that two of them may
    choose the same; sockets in a folder of their own cannot clash, and nobody else can listen.
    Windows has no such sockets for kernels and keeps TCP.
    """
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        own: dict[str, str] = {"connection_file": str(Path(folder) / "kernel.json")}
        if os.name != "nt":
            own |= {"transport": "ipc", "ip": str(Path(folder) / "kernel")}
        yield Config({"KernelManager": own})
