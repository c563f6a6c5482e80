"""What a forked process must make anew, lest it share a secret or a series with its siblings.

`random`, `tempfile`, `uuid` and `ssl` see to it themselves.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Mapping

_set_by_imports: dict[str, str] = {}


def remember_what_imports_set(before: Mapping[str, str]) -> None:
    """Remember what was put into the environment since, as a fork's own imports would do it."""
    _set_by_imports.update((key, os.environ[key]) for key in os.environ if key not in before)


def take_on(env: Mapping[str, str]) -> None:
    """Let the environment be this one, and what imports have put into it."""
    os.environ.clear()
    os.environ.update(_set_by_imports | dict(env))


def freshen() -> None:
    """Seed anew what was seeded before the fork, and read the environment that came after it."""
    multiprocessing.current_process().authkey = os.urandom(32)
    if numpy_random := sys.modules.get("numpy.random"):
        numpy_random.seed()
    time.tzset()


def plot_as_told() -> None:
    """Let matplotlib draw where the environment says, which it read before the fork."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib and "MPLBACKEND" in os.environ:
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
