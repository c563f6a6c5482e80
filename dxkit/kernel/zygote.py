"""The process that imports once and then forks a kernel, or something else, for every request.

Its server runs it as `python -m dxkit.kernel.zygote FOLDER MODULE…`; its standard input is a
socket on which it is handed the lines of new forks. It has no thread, no event loop and no
ZeroMQ context, so that a fork of it is a clean beginning. It ends with its server, however that
ends, and with whatever forks share the server's end of the socket; it takes its forks along.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import selectors
import shutil
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from dxkit.kernel.deferred import put_off_grammar
from dxkit.kernel.fresh import remember_what_imports_set
from dxkit.kernel.line import Inbox, Message, send, take_over
from dxkit.kernel.sources import Sources

PATIENCE = 10.0
"""Seconds within which a request follows its line; a server writes it at once."""

OF_A_KERNEL = (
    "dxkit.kernel.born",
    "dxkit.kernel.forked",
    "faulthandler",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
)
"""What a kernel imports by itself as it starts; the debugger alone takes a quarter of a second."""


def main() -> None:
    """Import what is named, fork until the server is gone; in a fork be what it shall be."""
    folder, *modules = sys.argv[1:]
    control = _take_over_stdin()
    _forget_the_start()
    _import(modules)
    born = Zygote(control, Path(folder)).serve()
    if born is not None:
        from dxkit.kernel.born import be  # noqa: PLC0415 - see _import

        be(*born)


class Zygote:
    """What is known of the living forks: the process ids and their lines."""

    def __init__(self, control: socket.socket, folder: Path) -> None:
        self._control = control
        self._folder = folder
        self._forks: dict[int, socket.socket] = {}
        self._sources = Sources()
        self._retired = False
        self._deaths, self._knock = socket.socketpair()
        self._knock.setblocking(False)
        self._deaths.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes through the descriptor only
        signal.set_wakeup_fd(self._knock.fileno(), warn_on_full_buffer=False)
        self._selector = selectors.DefaultSelector()

    def serve(self) -> tuple[Message, socket.socket] | None:
        """Fork per request; return the request and the line in a fork, None at the end.

        A fork leaves this loop by returning, so that it runs on an unwound stack and ends as any
        interpreter does.
        """
        self._selector.register(self._control, selectors.EVENT_READ)
        self._selector.register(self._deaths, selectors.EVENT_READ)
        while not (self._retired and not self._forks):
            ready = [key for key, _ in self._selector.select()]
            for key in ready:
                if key.fileobj is self._deaths:
                    self._bury()
                elif key.data is not None:
                    self._let_go(key.data)
            if any(key.fileobj is self._control for key in ready):
                if (handed := take_over(self._control)) is None:
                    self._end()
                    return None
                if (born := self._fork_for(*handed)) is not None:
                    return born
        return None

    def _fork_for(
        self, line: socket.socket, handed: list[int]
    ) -> tuple[Message, socket.socket] | None:
        """Answer what stands on the line; return request and line in the forked process only."""
        request = _read_request(line)
        if request is None or self._refuses(request):
            _tell(line, {"refused": "stale"})
            line.close()
        elif pid := os.fork():
            self._forks[pid] = line
            self._selector.register(line, selectors.EVENT_READ, pid)
            _tell(line, {"pid": pid})
        else:
            self._be_born()
            return {**request, "handed": handed}, line
        for each in handed:
            os.close(each)
        return None

    def _refuses(self, request: Message) -> bool:
        """Return whether a fork would not be what a process started now would be.

        Forks that were born here go on as they began: their forks shall be like themselves.
        """
        if request.get("like_me"):
            return False
        self._retired = self._retired or self._sources.changed()
        return self._retired

    def _be_born(self) -> None:
        """Let go, in the fork, of everything that is the zygote's."""
        _hear_of_no_more_deaths()
        self._selector.close()
        for each in (self._control, self._deaths, self._knock, *self._forks.values()):
            each.close()

    def _let_go(self, pid: int) -> None:
        """End a fork whose line was closed, and what it started: nobody knows of it any more."""
        if pid in self._forks:  # else it has just been buried
            self._selector.unregister(self._forks[pid])
            _kill(pid)

    def _bury(self) -> None:
        """Reap every fork that has ended and say on its line how."""
        with suppress(BlockingIOError):
            while self._deaths.recv(512):
                pass
        for pid in list(self._forks):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                line = self._forks.pop(pid)
                with suppress(KeyError):  # its server may have closed it first
                    self._selector.unregister(line)
                _tell(line, {"status": os.waitstatus_to_exitcode(status)})
                line.close()

    def _end(self) -> None:
        """Leave nothing behind: the server is gone and nobody else knows of the forks."""
        _hear_of_no_more_deaths()
        for pid in self._forks:
            _kill(pid)
        shutil.rmtree(self._folder, ignore_errors=True)


def _hear_of_no_more_deaths() -> None:
    """Before the descriptor goes: a death told to a closed one is a complaint on the terminal."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _kill(pid: int) -> None:
    """End a fork and its group; it may not have come to lead one yet."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _take_over_stdin() -> socket.socket:
    """Return the socket that stands as standard input and put the null device in its place."""
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return control


def _forget_the_start() -> None:
    """Take out of this process what only belongs to how it was started.

    The folder it was started in would come first where modules are looked for; and a process id
    meant for another kernel would make ipykernel watch the wrong parent.
    """
    if sys.path[0] == "" or Path(sys.path[0]) == Path.cwd():
        del sys.path[0]
    os.environ.pop("JPY_PARENT_PID", None)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # or the debugger warns that it is imported


def _import(names: list[str]) -> None:
    """Import ipykernel and the modules; call a function where one is named as `module:function`.

    What cannot be had is told and left out: whoever needs it will meet the error where it belongs.
    Collecting garbage is off meanwhile and what lives is frozen, since looking at an object
    writes to its page of memory, which then no longer is shared.
    """
    gc.disable()
    before = dict(os.environ)
    put_off_grammar()
    for name in OF_A_KERNEL:
        importlib.import_module(name)
    from dxkit.kernel.thrift import fill_holes, list_modules_once  # noqa: PLC0415 - needs ipykernel

    list_modules_once()
    for name in names:
        module, _, function = name.partition(":")
        try:
            loaded = importlib.import_module(module)
            if function:
                getattr(loaded, function)()
        except Exception as exc:
            logging.warning("%s is not preloaded: %r", name, exc)
    remember_what_imports_set(before)
    gc.collect()
    fill_holes()
    gc.freeze()


def _read_request(line: socket.socket) -> Message | None:
    line.settimeout(PATIENCE)
    inbox = Inbox()
    try:
        while (request := inbox.take()) is None:
            received = line.recv(65536)
            if not received:
                return None
            inbox.add(received)
    except OSError:
        return None
    line.settimeout(None)
    return request


def _tell(line: socket.socket, message: Message) -> None:
    """Write on a line; whoever no longer listens need not know."""
    with suppress(OSError):
        send(line, message)


if __name__ == "__main__":
    main()
