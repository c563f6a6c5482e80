"""How much memory processes take, and how much one case may."""

from __future__ import annotations

from contextlib import suppress

import psutil

MOST = 2048
"""MB that one case may take where the machine has them."""
LEFT = 0.2
"""The share of a machine's memory that a batch leaves to others."""


def allowed_for(jobs: int) -> int:
    """Return the MB that each of so many cases may take at once, without the machine swapping."""
    share = psutil.virtual_memory().total * (1 - LEFT) / jobs
    return max(256, min(MOST, int(share) >> 20))


def used_by(*pids: int | None) -> dict[int, int]:
    """Return the bytes that processes and those they started take, by process id."""
    taken: dict[int, int] = {}
    for pid in filter(None, pids):
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            for each in (process, *process.children(recursive=True)):
                with suppress(psutil.Error):
                    taken[each.pid] = each.memory_info().rss
    return taken
