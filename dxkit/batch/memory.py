"""How much memory processes take, and how much one case may."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

import psutil

MOST = 2048
"""MB that one case may take where the machine has them."""
LEFT = 0.2
"""The share of a machine's memory that a batch leaves to others."""
BETWEEN_CENSUSES = 2.0
"""Seconds between two searches for processes that others have started."""


def allowed_for(jobs: int) -> int:
    """Return the MB that each of so many cases may take at once, without the machine swapping."""
    share = psutil.virtual_memory().total * (1 - LEFT) / jobs
    return max(256, min(MOST, int(share) >> 20))


class Family:
    """The processes that make one case: those that are known, and what they have started.

    Who started whom is only found by going through all processes of the machine; it is looked for
    now and then, while the memory of those that were found is looked at each time.
    """

    def __init__(self, *known: int) -> None:
        self._known = known
        self._members: list[psutil.Process] = []
        self._stale_at = 0.0

    def taken(self) -> dict[int, int]:
        """Return the bytes that each process takes, by its id."""
        if time.monotonic() >= self._stale_at:
            self._members = [*_with_offspring(self._known)]
            self._stale_at = time.monotonic() + BETWEEN_CENSUSES
        found = {}
        for each in self._members:
            with suppress(psutil.Error):
                found[each.pid] = each.memory_info().rss
        return found


def _with_offspring(pids: Iterable[int]) -> Iterator[psutil.Process]:
    for pid in pids:
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            yield from (process, *process.children(recursive=True))
