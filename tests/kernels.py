"""Kernels for tests: started by name or with modules of their own, asked, and always ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from dxkit import kernel

FORKED = "'dxkit.kernel.forked' in __import__('sys').modules"
"""An expression that tells in a kernel whether it was forked."""


def specification(folder: Path, preload: list[str]) -> KernelSpecManager:
    """Return a manager of one specification, `lean`, that preloads what is given."""
    shipped = Path(kernel.__file__).parent / "spec" / "kernel.json"
    told = json.loads(shipped.read_text(encoding="utf-8"))
    told["metadata"]["kernel_provisioner"]["config"]["preload"] = preload
    (folder / "lean").mkdir()
    (folder / "lean" / "kernel.json").write_text(json.dumps(told), encoding="utf-8")
    return KernelSpecManager(kernel_dirs=[str(folder)], ensure_native_kernel=False)


class Kernel:
    """A running kernel and a client of it."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client

    @property
    def pid(self) -> int:
        pid: int = self.manager.provisioner.pid
        return pid

    def ask(self, expression: str) -> Any:
        """Return what an expression is in the kernel, as JSON can tell it."""
        code = f"import json\nprint(json.dumps({expression}), end='')"
        return json.loads("".join(self.run(code)))

    def run(self, code: str) -> list[str]:
        """Return what code prints in the kernel; it must not fail."""
        printed: list[str] = []

        def listen(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = self.client.execute_interactive(code, timeout=30, output_hook=listen)
        assert reply["content"]["status"] == "ok", reply["content"]
        return printed


@contextmanager
def running(specs: KernelSpecManager | None = None, **launch: Any) -> Iterator[Kernel]:
    """Start a kernel, the one that is shipped or that of a `specification`, and end it."""
    if specs is None:
        manager = KernelManager(kernel_name="dxkit")
    else:
        manager = KernelManager(kernel_name="lean", kernel_spec_manager=specs)
    manager.start_kernel(**launch)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Return whether something comes to hold in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def alive(pid: int) -> bool:
    """Return whether a process runs; one that only waits to be reaped does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
