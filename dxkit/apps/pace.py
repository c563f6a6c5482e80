"""How fast a page may talk to its kernel: whoever is faster waits, so that nobody else has to."""

from __future__ import annotations

import time
from dataclasses import dataclass

MESSAGES, BYTES = 100, 20 * 2**20
"""What a page may say in a second, on average; a person at a keyboard says a twentieth of it."""
AT_ONCE = 5.0
"""The seconds' worth of it that may be said at once, as after a lost link or in an upload."""


@dataclass
class Pace:
    """What was said to one kernel lately, as the moment until which the allowance is used up."""

    used_until: float = float("-inf")

    def wait(self, size: int, now: float | None = None) -> float:
        """Note a message of so many bytes and return the seconds until the next may be read."""
        now = time.monotonic() if now is None else now
        cost = 1 / MESSAGES + size / BYTES
        self.used_until = max(self.used_until, now - AT_ONCE) + cost
        return max(0.0, self.used_until - now)
