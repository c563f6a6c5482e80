"""The zygotes of this server: started on first need, one for each set of modules.

They are this process's own, or that which it was forked from and which it `inherit`ed.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock

from dxkit.kernel.folders import private_folder
from dxkit.kernel.line import Inbox, Message, hand_over, send
from dxkit.kernel.process import ForkedProcess

START_TIMEOUT = 60.0
"""Seconds a fork may take to be ready, its zygote's imports included."""
FAREWELL = 2.0
"""Seconds for which a server waits for the end of its zygotes as it ends."""
READ_AT_START = ("PYTHON", "LD_", "DYLD_")
"""How variables begin that are read when a process starts, so that a fork comes too late."""

Recipe = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
"""What makes a zygote fit for a fork: the modules, and the variables read at the start."""

_living: dict[Recipe, Zygote] = {}
_retired: list[Zygote] = []
_inherited: list[list[str]] = []
_lock = Lock()


class NotForkedError(Exception):
    """A process could not be forked, for a reason that the text tells."""


def available() -> bool:
    """Return whether this system can fork kernels at all."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


def prepare(modules: Sequence[str], env: Mapping[str, str] | None = None) -> None:
    """Start importing now, so that the first kernel need not wait for it."""
    if available():
        _zygote(_recipe(modules, os.environ if env is None else env))


async def fork(
    modules: Sequence[str], request: Message, handed: Sequence[int] = ()
) -> ForkedProcess:
    """Return a new process that is ready to be spoken to.

    Args:
        modules: what it finds imported, as `module` or as `module:function` that was called.
        request: `env` and `cwd` of the process; what it shall `run`, as `module:function` called
            with the request and its line, a kernel for Jupyter if that is not told; whether it
            `may_fork` in its turn, from the same zygote.
        handed: descriptors that the process gets as its `handed`, under numbers of its own.

    Raises:
        NotForkedError: if there is none after all.
    """
    recipe = _recipe(modules, request["env"])
    request = {**request, "modules": list(modules)}
    try:
        async with asyncio.timeout(START_TIMEOUT):
            for _ in range(2):  # a zygote may have become stale, or have died, since the last one
                zygote = _zygote(recipe)
                process = await zygote.fork(request, handed)
                if process is not None:
                    return process
                _retire(recipe, zygote)
    except TimeoutError:
        raise NotForkedError(f"it was not ready within {START_TIMEOUT:.0f} s") from None
    except OSError as exc:
        raise NotForkedError(str(exc)) from exc
    raise NotForkedError("its zygote ended twice")


def fork_now(modules: Sequence[str], request: Message, handed: Sequence[int] = ()) -> ForkedProcess:
    """Return the same as `fork`, in a thread that has no event loop, or one that may wait.

    Raises:
        NotForkedError: if there is none after all.
    """
    with asyncio.Runner() as runner:
        return runner.run(fork(modules, request, handed))


def inherit(modules: Sequence[str], control: socket.socket) -> None:
    """Fork, from now on, from the zygote that this process was forked from itself."""
    recipe = _recipe(modules, os.environ)
    with _lock:
        _end_at_exit()
        _living[recipe] = Zygote(control)
        _inherited.append(list(modules))


def inherited() -> list[str] | None:
    """Return what the zygote has imported that this process was forked from, None if from none."""
    return _inherited[0] if _inherited else None


class Zygote:
    """A zygote as its server sees it; it ends with its forks when the server lets go of it."""

    def __init__(
        self, control: socket.socket, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        """Know a zygote by its control socket; one that was inherited is somebody else's child."""
        self._control = control
        self._process = process

    @classmethod
    def start(cls, modules: Sequence[str], env: Mapping[str, str]) -> Zygote:
        """Return a new one."""
        control, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "dxkit.kernel.zygote", str(private_folder()), *modules],
                stdin=theirs.fileno(),
                env={**env, "MALLOC_ARENA_MAX": "1"},  # one heap for all threads wastes less of it
                start_new_session=True,  # Ctrl-C in a terminal is for the server
            )
        return cls(control, process)

    async def fork(self, request: Message, handed: Sequence[int]) -> ForkedProcess | None:
        """Return a fork once it is ready, None if this zygote is of no further use.

        Raises:
            NotForkedError: if a fork was born and ended before it was ready.
        """
        line, theirs = socket.socketpair()
        if self._process is None:
            request = {**request, "like_me": True}
        if request.get("may_fork"):
            handed = [*handed, self._control.fileno()]
        try:
            with theirs:
                hand_over(self._control, [theirs.fileno(), *handed])
            send(line, request)
            process = await _born(line)
        except ConnectionError:
            process = None
        except BaseException:
            line.close()
            raise
        if process is None:
            line.close()
        return process

    def reap(self) -> bool:
        """Return whether the process has ended, or is not this one's to look after."""
        return self._process is None or self._process.poll() is not None

    def let_go(self) -> None:
        """End the process and its forks, unless others hold on to it."""
        self._control.close()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(FAREWELL)


async def _born(line: socket.socket) -> ForkedProcess | None:
    """Return the fork once it says that it is ready, None if the zygote refuses or is gone."""
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    inbox, pid, ready = Inbox(), None, False
    while True:
        while (message := inbox.take()) is not None:
            if "refused" in message:
                return None
            if "status" in message:
                raise NotForkedError(f"it ended with {message['status']} before it was ready")
            pid = message.get("pid", pid)
            ready = ready or "ready" in message
            if ready and pid is not None:  # whichever comes first: two processes tell them
                return ForkedProcess(pid, line, inbox)
        received = await loop.sock_recv(line, 4096)
        if not received:
            return None
        inbox.add(received)


def _recipe(modules: Sequence[str], env: Mapping[str, str]) -> Recipe:
    early = sorted((key, env[key]) for key in env if key.startswith(READ_AT_START))
    return tuple(modules), tuple(early)


def _zygote(recipe: Recipe) -> Zygote:
    modules, early = recipe
    with _lock:
        _end_at_exit()
        if recipe not in _living:
            env = {key: os.environ[key] for key in os.environ if not key.startswith(READ_AT_START)}
            _living[recipe] = Zygote.start(modules, env | dict(early))
        return _living[recipe]


def _retire(recipe: Recipe, zygote: Zygote) -> None:
    """Use a zygote no more, but keep hold of it while kernels of it live."""
    with _lock, suppress(KeyError):
        if _living[recipe] is zygote:
            del _living[recipe]
            _retired.append(zygote)
        _retired[:] = [each for each in _retired if not each.reap()]


def _end_at_exit() -> None:
    if not _living and not _retired:
        atexit.register(_let_go_of_all)


def _let_go_of_all() -> None:
    for zygote in (*_living.values(), *_retired):
        zygote.let_go()
