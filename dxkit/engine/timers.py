"""Calls that are made later, by a thread that is not started before there are any."""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic
from typing import Any


class Timers:
    """Calls later what it is told to, as an event loop does."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._due: list[tuple[float, int, Callable[[], Any]]] = []
        self._changed = Condition()
        self._runs_in = 0
        self._number = 0

    def call_later(self, seconds: float, call: Callable[[], Any]) -> None:
        """Call this in so many seconds."""
        due = monotonic() + seconds
        with self._changed:
            self._number += 1
            heapq.heappush(self._due, (due, self._number, call))
            if self._runs_in != os.getpid():  # a process that was forked has no thread yet
                self._runs_in = os.getpid()
                Thread(target=self._run, name=self._name, daemon=True).start()
            elif self._due[0][1] == self._number:  # else it wakes up early enough anyway
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._due or (wait := self._due[0][0] - monotonic()) > 0:
                    self._changed.wait(wait if self._due else None)
                _, _, call = heapq.heappop(self._due)
            call()
