"""Which signals ask a command to stop, so that it stops as on Ctrl-C: tidily, and saying so."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Turn a request to end, or the loss of the terminal, into a KeyboardInterrupt.

    A signal that is ignored stays so: that is how `nohup` lets a batch outlive its terminal.
    """
    present = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    heeded = [each for each in present if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, _stop) for each in heeded}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
