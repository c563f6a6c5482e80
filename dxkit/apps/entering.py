"""How a link becomes a known browser; guessing is slow."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

from tornado.web import HTTPError

from dxkit.apps.gate import Gate

FIRST_DELAY, LONGEST_DELAY = 0.5, 8.0
FORGET_AFTER = 60.0
MOST_WAITING = 50
LONGEST_TOKEN = 200
_PLACE = re.compile(r"/case/[^/\\?#]+/[a-z]+|/region")


class Doubts:
    """How often each address failed lately; a right link is never made to wait."""

    def __init__(self) -> None:
        self._failed: Counter[str] = Counter()
        self._waiting = 0

    async def slow_down(self, address: str) -> bool:
        """Wait longer after every failure; return False where too many wait already."""
        if self._waiting >= MOST_WAITING:
            return False
        self._failed[address] += 1
        asyncio.get_running_loop().call_later(FORGET_AFTER, self._forget, address)
        delay = min(FIRST_DELAY * 2 ** (self._failed[address] - 1), LONGEST_DELAY)
        self._waiting += 1
        try:
            await asyncio.sleep(delay)
        finally:
            self._waiting -= 1
        return True

    def _forget(self, address: str) -> None:
        self._failed[address] -= 1
        if self._failed[address] <= 0:
            del self._failed[address]


class Enter(Gate):
    """Where links lead: the browser is remembered, and the token leaves the address bar."""

    def prepare(self) -> None:
        """Let everybody try."""

    async def get(self) -> None:
        """Take the token, or refuse it after a while."""
        token = self.get_query_argument("token", "")[:LONGEST_TOKEN]
        visitor = self.workshop.people.holder(token)
        if visitor is None:
            slowed = await self.workshop.doubts.slow_down(self.request.remote_ip or "")
            raise HTTPError(403 if slowed else 429)
        self.remember(visitor)
        place = self.get_query_argument("to", "")
        self.redirect(place if _PLACE.fullmatch(place) else "/", status=303)
