"""What a forked process does to be a kernel for one notebook: ipykernel's own, but its sockets."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from threading import main_thread
from typing import Any

import ipykernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel
from traitlets import Any as AnyTrait

from dxkit.engine.streams import Channel, HeldChannel, Line, Publisher, ShellChannel
from dxkit.kernel.fresh import plot_as_told
from dxkit.kernel.line import Message, send

LAUNCHER = str(Path(ipykernel.__file__).parent.with_name("ipykernel_launcher.py"))
IN_MEMORY = "--HistoryManager.hist_file=:memory:"
"""The one option that nbclient always gives to kernels of Python."""
NOBODY = 1
"""A parent that never goes away: ipykernel watches none, and does not greet a terminal either."""


def be_kernel_of_notebook(request: Message, line: socket.socket) -> None:
    """Run a kernel on the socket that was handed until nobody sends to it any more."""
    wire = socket.socket(fileno=request["handed"][0])
    sys.argv = [LAUNCHER, "-f", os.devnull, *request["argv"]]  # many look for -f
    app = NotebookApp.instance(parent_handle=NOBODY, wire=wire)
    app.initialize(request["argv"])  # type: ignore[no-untyped-call]
    plot_as_told()
    app.log.setLevel(app.log_level)  # it makes a record of everything, only to show none of them
    send(line, {"ready": True})
    app.start()  # type: ignore[no-untyped-call]
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class NoSubshells:
    """What stands where ipykernel keeps the thread for requests: requests come in directly."""

    parent_thread = main_thread()

    def __bool__(self) -> bool:
        return False


class NotebookKernel(IPythonKernel):
    """ipykernel's kernel without the debugger's channel and without shells beside the main one."""

    shell_stream = AnyTrait()
    _supports_kernel_subshells = False
    _execute_sleep = 0.0
    """Nothing is on its way that would have to be waited for."""

    def _publish_status(self, status: str, channel: str, parent: Any = None) -> None:
        if status != "busy":
            super()._publish_status(status, channel, parent)  # type: ignore[no-untyped-call]
            return
        assert self.session is not None
        self.session.send(  # what is executed is told next
            HeldChannel("iopub", self.shell_stream.line),  # type: ignore[arg-type]
            "status",
            {"execution_state": status},
            parent=parent or self.get_parent(channel),  # type: ignore[no-untyped-call]
            ident=self._topic("status"),  # type: ignore[no-untyped-call]
        )

    def start(self) -> None:
        """Begin to handle requests."""
        if self.shell:
            self.shell.exit_now = False
        Kernel.start(self)  # type: ignore[no-untyped-call]


class NotebookApp(IPKernelApp):
    """ipykernel's application, which finds its one socket ready made and writes no file."""

    kernel_class = NotebookKernel
    outstream_class = "dxkit.engine.streams.OrderedStream"
    wire = AnyTrait()

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Take in the options; the one that is always there needs no parser."""
        if argv == [IN_MEMORY]:
            self.config.HistoryManager.hist_file = ":memory:"
        else:
            super().parse_command_line(argv)

    def init_connection_file(self) -> None:
        """Do without."""

    def write_connection_file(self, **_: Any) -> None:
        """Do without."""

    def init_heartbeat(self) -> None:
        """Do without: a socket that closes tells it."""

    def init_sockets(self) -> None:
        """Take the one socket for all channels."""
        atexit.register(self.reset_io)
        self.session.key = b""  # nobody else can write on the socket
        line = Line(self.wire)
        self.iopub_thread = Publisher(Channel("iopub", line))
        self.iopub_socket = self.iopub_thread.background_socket
        self.shell_socket = ShellChannel(line, self._end)
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]

    def init_kernel(self) -> None:
        """Make the kernel."""
        self.kernel = kernel = self.kernel_class.instance(
            parent=self,
            session=self.session,
            shell_stream=self.shell_socket,
            shell_channel_thread=NoSubshells(),
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.displayhook.get_execution_count = lambda: kernel.execution_count

    def _end(self) -> None:
        """Leave the loop: the notebook is over."""
        with suppress(AttributeError):
            self.kernel.shell.exit_now = True
        self.io_loop.add_callback(self.io_loop.stop)
