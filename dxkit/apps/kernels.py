"""The kernels behind open pages: whose each is, how many there may be, and when one has to go."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import PeriodicCallback
from traitlets import Float, Integer

from dxkit.apps.pace import Pace

GONE, ASLEEP, WITHDRAWN = 4001, 4002, 4003
"""Why a link is closed: the kernel is gone, nobody used it, its owner was turned away."""
ORDINARY = "python3"
"""The kernel where none can be forked."""
WATCH_EVERY = 1000
_SECRET = ("TOKEN", "SECRET", "PASSW", "CREDENTIAL", "API_KEY", "APIKEY")


class Link(Protocol):
    """What needs a kernel: the websocket of a page, or the page while it is being written."""

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Close it."""


class FullError(Exception):
    """There are as many pages open as there may be: everybody's, or this visitor's own."""

    def __init__(self, own: bool) -> None:
        self.own = own
        super().__init__("own" if own else "all")


@dataclass
class Tenant:
    """One kernel: who opened it and when it was last linked to and used."""

    visitor: str
    links: set[Link] = field(default_factory=set)
    used: float = field(default_factory=time.monotonic)
    left: float = field(default_factory=time.monotonic)
    """When its last link closed."""
    pace: Pace = field(default_factory=Pace)

    def alone_for(self) -> float:
        """Return how many seconds no page has been linked to it."""
        return 0.0 if self.links else time.monotonic() - self.left


class Kernels(AsyncMappingKernelManager):
    """The kernels of the site; every one belongs to one visitor, and no other may reach it."""

    most = Integer(20, help="How many kernels there may be.")
    most_each = Integer(4, help="How many one visitor may have.")
    most_links = Integer(6, help="How many websockets may lead to one kernel.")
    idle_seconds = Float(1800, help="How long nobody may use a page before its kernel goes.")
    alone_seconds = Float(60, help="How long a kernel stays when no page is linked to it.")
    patience = Float(15, help="How long a page may take to link before others may have its place.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.tenants: dict[str, Tenant] = {}
        self._starting: Counter[str] = Counter()
        self._closing: set[asyncio.Task[None]] = set()
        self._watch: PeriodicCallback | None = None
        self.holds: Callable[[str], bool] = lambda _visitor: True
        """Tells whether a visitor's link still holds, whoever withdrew it."""

    def begin_watching(self) -> None:
        """Look after the kernels from now on."""
        self._watch = PeriodicCallback(self.look_after, WATCH_EVERY)
        self._watch.start()

    def open_for(
        self, visitor: str, page: Link, kernel: str, env: Mapping[str, str], cwd: Path
    ) -> tuple[str, asyncio.Task[Any]]:
        """Begin to start a kernel for a visitor; return its id and what its manager will be.

        The page is linked to it from the beginning, until `unlinked`.

        Raises:
            FullError: if there is no room; a page that was left goes before anybody is refused.
        """
        self._make_room(visitor)
        kernel_id = str(uuid.uuid4())
        self._starting[visitor] += 1
        return kernel_id, asyncio.create_task(
            self._start(kernel_id, Tenant(visitor, {page}), kernel_name=kernel, env=env, cwd=cwd)
        )

    async def _start(
        self, kernel_id: str, tenant: Tenant, *, kernel_name: str, env: Mapping[str, str], cwd: Path
    ) -> Any:
        try:
            await self._async_start_kernel(
                kernel_id=kernel_id, kernel_name=kernel_name, env=dict(env), cwd=str(cwd)
            )
        finally:
            self._starting[tenant.visitor] -= 1
        tenant.used = time.monotonic()
        self.tenants[kernel_id] = tenant
        return self.get_kernel(kernel_id)

    def _make_room(self, visitor: str) -> None:
        own = {key: each for key, each in self.tenants.items() if each.visitor == visitor}
        if len(own) + self._starting[visitor] >= self.most_each:
            self._let_go_of_one(own, 0.0, own=True)
        if len(self.tenants) + self._starting.total() >= self.most:
            self._let_go_of_one(self.tenants, self.patience, own=False)

    def _let_go_of_one(self, among: Mapping[str, Tenant], alone: float, *, own: bool) -> None:
        left = [key for key, each in among.items() if not each.links and each.alone_for() >= alone]
        if not left:
            raise FullError(own)
        self.dismiss(min(left, key=lambda key: among[key].left), GONE)

    def belongs_to(self, kernel_id: str, visitor: str) -> bool:
        """Tell whether a kernel is this visitor's; one that is not there is nobody's."""
        tenant = self.tenants.get(kernel_id)
        return tenant is not None and tenant.visitor == visitor

    def count_of(self, visitor: str) -> int:
        """Return how many kernels a visitor has."""
        return sum(each.visitor == visitor for each in self.tenants.values())

    def takes_another(self, kernel_id: str) -> bool:
        """Tell whether a kernel may have one more link; a page that heals needs two at once."""
        tenant = self.tenants.get(kernel_id)
        return tenant is not None and len(tenant.links) < self.most_links

    def linked(self, kernel_id: str, link: Link) -> None:
        """Note that a page is linked to a kernel."""
        if tenant := self.tenants.get(kernel_id):
            tenant.links.add(link)
            tenant.used = time.monotonic()

    def unlinked(self, kernel_id: str, link: Link) -> None:
        """Note that a link is closed."""
        if tenant := self.tenants.get(kernel_id):
            tenant.links.discard(link)
            tenant.left = time.monotonic()

    def was_used(self, kernel_id: str) -> None:
        """Note that somebody did something on a page."""
        if tenant := self.tenants.get(kernel_id):
            tenant.used = time.monotonic()

    def pause_after(self, kernel_id: str, size: int) -> float:
        """Return the seconds until a kernel's pages may be heard again after a message."""
        tenant = self.tenants.get(kernel_id)
        return tenant.pace.wait(size) if tenant else 0.0

    def dismiss(self, kernel_id: str, code: int) -> None:
        """Give up a kernel: its place is free at once, its pages are told, and it ends soon."""
        tenant = self.tenants.pop(kernel_id, None)
        if tenant is None:
            return
        for link in tuple(tenant.links):
            link.close(code)
        task = asyncio.ensure_future(self._end(kernel_id))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def dismiss_all_of(self, visitor: str) -> None:
        """Give up every kernel of somebody whose link was withdrawn."""
        for key in [key for key, each in self.tenants.items() if each.visitor == visitor]:
            self.dismiss(key, WITHDRAWN)

    async def _end(self, kernel_id: str) -> None:
        if kernel_id in self:
            await self._async_shutdown_kernel(kernel_id)  # type: ignore[no-untyped-call]

    async def look_after(self) -> None:
        """Give up the kernels that died, that nobody may, is linked to or uses."""
        now = time.monotonic()
        for key, tenant in [*self.tenants.items()]:
            dead = not await self.lives(key)
            if dead and key in self.tenants:
                self.log.error("kernel %s of visitor %s died", key, tenant.visitor)
            if not self.holds(tenant.visitor):
                self.dismiss(key, WITHDRAWN)
            elif dead or tenant.alone_for() > self.alone_seconds:
                self.dismiss(key, GONE)
            elif now - tenant.used > self.idle_seconds:
                self.dismiss(key, ASLEEP)

    async def lives(self, kernel_id: str) -> bool:
        """Tell whether a kernel is still there."""
        if kernel_id not in self.tenants or kernel_id not in self:
            return False
        return bool(await ensure_async(self.get_kernel(kernel_id).is_alive()))

    async def end_all(self) -> None:
        """End every kernel, those that are still ending too."""
        if self._watch is not None:
            self._watch.stop()
        for key in [*self.tenants]:
            self.dismiss(key, GONE)
        await asyncio.gather(*self._closing, return_exceptions=True)
        left = (self._async_shutdown_kernel(each, now=True) for each in self.list_kernel_ids())  # type: ignore[no-untyped-call]
        await asyncio.gather(*left, return_exceptions=True)  # some may just be ending themselves

    def pre_start_kernel(self, kernel_name: str | None, kwargs: Any) -> tuple[Any, str, str]:
        """Let every kernel talk over socket files of its own, where the system has them.

        Kernels that choose a port, close it and bind it later may choose the same one.
        """
        manager, name, kernel_id = super().pre_start_kernel(kernel_name, kwargs)
        manager.autorestart = False  # a kernel begun anew would know nothing of its page
        if os.name != "nt":
            manager.transport = "ipc"
            manager.cache_ports = False
            manager.ip = str(Path(self.connection_dir) / kernel_id[:8])
        return manager, name, kernel_id


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return what a kernel's process is told: what this one was, without keys, and its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not any(word in name.upper() for word in _SECRET)
    }
    return {**kept, "PYTHONUTF8": "1", **own}
