"""How Jupyter gets a forked kernel: the kernel provisioner `dxkit-fork`.

Everything but the launch is jupyter_client's own: signals, restarts, the connection file. Where a
kernel cannot be forked, or somebody asks for what a fork cannot give, it launches that as well.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.localinterfaces import localhost
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, List, Unicode

from dxkit.kernel import zygotes
from dxkit.kernel.folders import private_folder
from dxkit.kernel.process import ForkedProcess

LAUNCHER = "ipykernel_launcher"
LONGEST_PREFIX = 90
"""Characters of a socket's path, of which the narrowest system takes 103, its number included."""
USUAL_CLIENT = "jupyter_client.asynchronous.AsyncKernelClient"
PROMPT_CLIENT = "dxkit.kernel.client.PromptClient"


_numbers = itertools.count(1)


class ForkProvisioner(LocalProvisioner):
    """Forks kernels from a process that has imported the modules named in the specification."""

    preload = List(Unicode(), config=True, help="Modules, or module:function to be called.")
    fork = Bool(
        os.environ.get("DXKIT_KERNEL") != "ordinary",
        config=True,
        help="Whether to fork at all; DXKIT_KERNEL=ordinary says no.",
    )

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare a launch, over sockets of its own where nothing else was asked for."""
        self._choose_private_sockets()
        self._choose_prompt_client()
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch a kernel: forked if that is possible, by its command otherwise."""
        try:
            process = await zygotes.fork(self.preload, self._request(cmd, kwargs))
        except zygotes.NotForkedError as reason:
            self.log.warning("An ordinary kernel is started instead of a forked one: %s", reason)
            return await super().launch_kernel(cmd, **kwargs)
        self._adopt(process)
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    def _adopt(self, process: ForkedProcess) -> None:
        """Look after a process as if it had been started here; it leads a group of its own."""
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid

    def _request(self, cmd: list[str], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return what a fork must be told.

        Raises:
            NotForkedError: if what is asked for differs from what a fork can be.
        """
        if not (self.fork and zygotes.available()):
            raise zygotes.NotForkedError("forking is switched off or unknown to this system")
        if cmd[:3] != [sys.executable, "-m", LAUNCHER]:
            raise zygotes.NotForkedError(f"its command is not that of ipykernel: {cmd[:3]}")
        asked = {key for key, value in kwargs.items() if value is not None and value is not False}
        if others := sorted(asked - {"cwd", "env", "extra_arguments", "kernel_id"}):
            raise zygotes.NotForkedError(f"a fork knows nothing of {', '.join(others)}")
        return {
            "program": cmd[2],
            "argv": cmd[3:],
            "cwd": str(Path(kwargs.get("cwd") or Path.cwd()).absolute()),
            "env": kwargs["env"],
        }

    def _choose_private_sockets(self) -> None:
        """Let the kernel talk over files in a private folder.

        Kernels on TCP choose a port, close it and bind it later, so that two may choose the same,
        and whoever is on the machine can connect. What was asked for otherwise is left alone, as
        is a kernel that is started anew; without such sockets, as on Windows, TCP remains.
        """
        manager = self.parent
        if os.name == "nt" or manager is None or any(manager.ports):
            return
        if manager.transport != "tcp" or manager.ip != localhost():
            return
        prefix = str(private_folder() / str(next(_numbers)))
        if len(prefix) <= LONGEST_PREFIX:
            manager.cache_ports = False
            manager.transport, manager.ip = "ipc", prefix

    def _choose_prompt_client(self) -> None:
        """Let whoever runs a notebook talk through a client that loses no time."""
        if self.parent is not None and self.parent.client_class == USUAL_CLIENT:
            self.parent.client_class = PROMPT_CLIENT
