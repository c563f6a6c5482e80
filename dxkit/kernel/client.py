"""A client that knows when a kernel is ready, instead of waiting until it has been silent.

jupyter_client waits for a fifth of a second in which nothing comes in, twice. But a kernel says
itself on its channel for outputs when it is done with a request, so that whoever has heard both the
answer and this has heard everything that came before, and hears whatever comes after.
"""

from __future__ import annotations

import asyncio
import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

FIRST_TRY, LONGEST_TRY = 0.1, 1.0
"""Seconds after which it is asked again: the word that it is idle is lost on who links up late."""
IDLE = {"execution_state": "idle"}


class PromptClient(AsyncKernelClient):
    """The usual client, which loses no time."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel answers and its outputs arrive.

        Raises:
            RuntimeError: if it has died, or the time is over.
        """
        end = None if timeout is None else time.monotonic() + timeout
        patience = FIRST_TRY
        while not await self._answers(patience):
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if end is not None and time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")
            patience = min(2 * patience, LONGEST_TRY)

    wait_for_ready = _async_wait_for_ready

    async def _answers(self, patience: float) -> bool:
        """Return whether a request is answered, and known to be done with, before long."""
        asked = self.kernel_info()
        try:
            async with asyncio.timeout(patience):
                answer = await _next_of(self.shell_channel, asked)
                while (await _next_of(self.iopub_channel, asked))["content"] != IDLE:
                    pass
        except (TimeoutError, Empty):
            return False
        self._handle_kernel_info_reply(answer)
        return True


async def _next_of(channel: Any, asked: str) -> dict[str, Any]:
    """Return the next message on a channel that is about a request."""
    while True:
        message: dict[str, Any] = await channel.get_msg()
        if message["parent_header"].get("msg_id") == asked:
            return message
