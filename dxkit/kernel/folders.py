"""The folder for the sockets of a server's kernels, which only its user can enter.

It goes with the server, or with a zygote if the server could not see to it; and if both were
killed, with the start of the next server.
"""

from __future__ import annotations

import atexit
from functools import lru_cache
from pathlib import Path

from dxkit.scratch import Held

PREFIX = "dxkit-kernels-"


@lru_cache(maxsize=1)
def private_folder() -> Path:
    """Return the folder of this server."""
    held = Held(PREFIX)
    atexit.register(held.let_go)
    return held.folder
