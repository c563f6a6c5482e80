"""The kernel of one notebook as nbclient manages it: forked, interrupted, ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from dxkit.engine import wire
from dxkit.engine.channels import NotebookKernelClient
from dxkit.engine.ear import Ear
from dxkit.kernel import zygotes
from dxkit.kernel.process import ForkedProcess

ROLE = "dxkit.engine.app:be_kernel_of_notebook"
PATIENCE = 2.5
"""Seconds for a kernel to end by itself, and again after it was told to; as jupyter_client's."""


class NotebookProcess:
    """What nbclient takes for the manager of a kernel."""

    ipykernel = True

    def __init__(self, modules: Sequence[str], told: Callable[[int], None] | None = None) -> None:
        """Be ready to fork one; `told` is called with the id of its process."""
        self.kernel_id = None
        self._modules = modules
        self._told = told
        self._process: ForkedProcess | None = None
        self._ear: Ear | None = None

    @property
    def has_kernel(self) -> bool:
        """Whether it was started."""
        return self._process is not None

    async def start_kernel(
        self,
        extra_arguments: Sequence[str] = (),
        cwd: str | None = None,
        env: dict[str, str] | None = None,
    ) -> None:
        """Fork the kernel.

        Raises:
            NotForkedError: if that cannot be.
        """
        request = {
            "run": ROLE,
            "argv": list(extra_arguments),
            "cwd": str(Path(cwd or Path.cwd()).absolute()),
            "env": dict(os.environ if env is None else env),
        }
        try:
            ours, theirs = wire.pair()
        except OSError as exc:
            raise zygotes.NotForkedError(str(exc)) from exc
        try:
            with theirs:
                self._process = await zygotes.fork(self._modules, request, [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        self._ear = Ear(ours, self._process)
        if self._told is not None:
            self._told(self._process.pid)

    def client(self) -> NotebookKernelClient:
        """Return the client of the kernel."""
        assert self._ear is not None
        return NotebookKernelClient(self._ear)

    def is_alive(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def interrupt_kernel(self) -> None:
        """Interrupt the kernel and what it started."""
        self._signal(signal.SIGINT)

    async def shutdown_kernel(self, now: bool = False) -> None:
        """End the kernel: at once, or as an interpreter ends, which flushes and closes files."""
        assert self._ear is not None
        self.interrupt_kernel()  # as jupyter_client does; a cell that still runs says how it ended
        if not now:
            self._ear.say_no_more()
            if await self._ear.until_over(PATIENCE):
                return
            self._signal(signal.SIGTERM)
            if await self._ear.until_over(PATIENCE):
                return
        self._signal(signal.SIGKILL)

    def cleanup_resources(self) -> None:
        """Let go of the process, which ends it if it has not ended."""
        if self._process is not None and self._ear is not None:
            self._ear.close()
            self._process.let_go()

    def _signal(self, signum: int) -> None:
        if self.is_alive():
            assert self._process is not None
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signum)
