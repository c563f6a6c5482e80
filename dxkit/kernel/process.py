"""A forked kernel as its server sees it: what `subprocess.Popen` is for a started program."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from multiprocessing.connection import wait
from subprocess import TimeoutExpired

from dxkit.kernel.line import Inbox

LOST = -int(signal.SIGTERM)
"""The exit code of a kernel that ended when there was no zygote left to say how."""


class ForkedProcess:
    """The process at the other end of a line; it ends when this object lets go of the line."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, line: socket.socket, inbox: Inbox) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._line = line
        self._inbox = inbox

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self.returncode is None:
            self._listen()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once there is one.

        Raises:
            TimeoutExpired: if there is none within the seconds given.
        """
        while self.poll() is None:
            if not wait([self._line], timeout):
                raise TimeoutExpired("kernel", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to a process that is known to run."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def fileno(self) -> int:
        """Return the descriptor that can be read when there is news; -1 when all is known."""
        return self._line.fileno()

    def let_go(self) -> None:
        """End it, and ask no more how."""
        self.returncode = self.returncode if self.returncode is not None else LOST
        self._line.close()

    def _listen(self) -> None:
        """Take in what has been told so far: the exit code, or that nobody is there to tell it."""
        try:
            while received := self._line.recv(512, socket.MSG_DONTWAIT):
                self._inbox.add(received)
        except BlockingIOError:
            closed = False
        except OSError:
            closed = True
        else:
            closed = True
        while (message := self._inbox.take()) is not None:
            if "status" in message:
                self.returncode = message["status"]
        if closed and self.returncode is None:
            self.returncode = LOST
        if self.returncode is not None:
            self._line.close()
