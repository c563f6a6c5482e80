"""The widget of a page: it carries messages between a browser and a sitting, and nothing else."""

from __future__ import annotations

import asyncio
import atexit
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anywidget
from traitlets import Unicode

from dxkit.widgets import assets
from dxkit.workshop import Session

LOOK_EVERY = 0.5
"""The seconds between two looks at what others did."""
GONE_AFTER = 15.0
"""The seconds without a word from the browser after which nothing is looked for any more."""
MOST_WAITING, MOST_BYTES = 300, 32 * 2**20
"""The requests that may wait for their turn, and the bytes that may have come with them."""
BYTES = "bytes"
"""The key under which a reply holds what goes out as a buffer, not as words."""


class Page(anywidget.AnyWidget):
    """One page of a sitting.

    Requests are answered one after the other in a thread of their own, so that a ping is answered
    at once whatever takes long.
    """

    _esm = assets.script()
    _css = assets.style()
    view = Unicode("record").tag(sync=True)

    def __init__(self, session: Session, view: str = "record") -> None:
        super().__init__(view=view)
        self.session = session
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sitting")
        self._looking: asyncio.Task[None] | None = None
        self._heard = 0.0
        self._waiting: list[int] = []
        self.on_msg(self._asked)
        atexit.register(session.close)

    def close(self) -> None:
        """End the sitting together with the widget."""
        if self._looking is not None:
            self._looking.cancel()
        self._worker.shutdown(wait=False, cancel_futures=True)
        self.session.close()
        atexit.unregister(self.session.close)
        super().close()

    def _asked(self, _widget: Any, message: Mapping[str, Any], buffers: list[memoryview]) -> None:
        """Answer a request of the browser."""
        self._heard = time.monotonic()
        loop = asyncio.get_running_loop()
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._look())
        if isinstance(message, Mapping) and message.get("do") == "ping":
            self._say(self.session.handle(message))
            return
        copies = [bytes(each) for each in buffers]
        size = sum(map(len, copies))
        if len(self._waiting) >= MOST_WAITING or sum(self._waiting) + size > MOST_BYTES:
            number = message.get("id") if isinstance(message, Mapping) else None
            self._say({"re": number, "problem": "请求太多，请稍候再试"})
            return
        self._waiting.append(size)
        asked = self._work(loop, lambda: [self.session.handle(message, copies)])
        asked.add_done_callback(lambda _: self._waiting.remove(size))

    def _work(
        self, loop: asyncio.AbstractEventLoop, work: Callable[[], list[dict[str, Any]]]
    ) -> asyncio.Future[list[dict[str, Any]]]:
        """Do something in the thread of the sitting and say what it returns."""
        future = loop.run_in_executor(self._worker, work)
        future.add_done_callback(self._say_all)
        return future

    def _say_all(self, future: asyncio.Future[list[dict[str, Any]]]) -> None:
        if not future.cancelled() and future.exception() is None:
            for told in future.result():
                self._say(told)

    def _say(self, told: dict[str, Any]) -> None:
        content = told.pop(BYTES, None)
        self.send(told, None if content is None else [content])

    async def _look(self) -> None:
        """Tell what is new until the browser has been silent for a while."""
        loop = asyncio.get_running_loop()
        while time.monotonic() - self._heard < GONE_AFTER:
            await asyncio.sleep(LOOK_EVERY)
            await self._work(loop, self.session.news)
        self.session.rest()
