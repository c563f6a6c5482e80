"""What a forked process does to be a kernel like any other."""

from __future__ import annotations

import socket
import sys

from ipykernel.kernelapp import IPKernelApp

from dxkit.kernel.fresh import plot_as_told
from dxkit.kernel.line import Message, send

NOBODY = 1
"""A parent that never goes away: ipykernel watches none, and does not greet a terminal either."""
CLOSING = 1.0
"""Seconds a kernel that was told to shut down waits for its control thread."""


class ForkedApp(IPKernelApp):
    """The usual application, which builds no parser for the one option that is always there."""

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Take in the options."""
        if argv and len(argv) == 2 and argv[0] == "-f":
            self.connection_file = argv[1]
        else:
            super().parse_command_line(argv)
        self.config.HistoryManager.enabled = False  # many kernels would wait for one database


def be_kernel(request: Message, line: socket.socket) -> None:
    """Run the kernel a request describes until it is shut down."""
    sys.argv = [request["program"], *request["argv"]]
    app = ForkedApp.instance(parent_handle=NOBODY)
    app.initialize(request["argv"])  # type: ignore[no-untyped-call]
    plot_as_told()
    send(line, {"ready": True})
    app.start()  # type: ignore[no-untyped-call]
    # It still flushes the output; were the output closed meanwhile, it would wait for ten seconds.
    app.control_thread.join(CLOSING)
