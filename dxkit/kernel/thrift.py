"""What keeps forked kernels from taking for themselves memory that they could share.

A page of memory is shared until one of the kernels writes to it, and Python writes to an object
when it only looks at it, for it counts the references.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

from ipykernel import ipkernel

POOL = 16 * 1024
"""The bytes in which Python keeps small objects of one size together."""
LARGEST = 512
"""The bytes of the largest object that is kept so, in steps of `STEP`."""
STEP = 16
MOST = 16 * 1024 * 1024
"""Bytes of one size after which holes are looked for no more, under another allocator."""
_HEADER = b"".__sizeof__()

_kept: list[object] = []


def fill_holes() -> None:
    """Fill up what is free between living small objects, so that a fork puts its own elsewhere.

    A fork would otherwise strew what it makes over thousands of shared pages. Objects of a size are
    made until half a pool of them lie side by side, in a pool that nothing else is in.
    """
    for size in range(STEP, LARGEST + 1, STEP):
        make = _maker(size)
        row, last = 0, 0
        for _ in range(MOST // size):
            new = make()
            _kept.append(new)
            row = row + 1 if id(new) - last == size else 0
            last = id(new)
            if row > POOL // size // 2:
                break


def _maker(size: int) -> Callable[[], object]:
    """Return what makes an object of exactly so many bytes, which no free list hands out again."""
    if size == STEP:
        return object
    if size < _HEADER:
        return lambda: float(len(_kept))
    return lambda: bytes(size - _HEADER)


def list_modules_once() -> None:
    """Let ipykernel find the list of all files of modules ready made.

    Every kernel draws it up, so that its debugger passes over what is not the user's, and touches
    every module by it: nine megabytes. Here it is drawn up once, before anything of the user's is
    imported, with copies of the names that lie close together.
    """
    listed = {
        name: SimpleNamespace(__file__=f"{module.__file__} "[:-1])
        for name, module in list(sys.modules.items())
        if getattr(module, "__file__", None)
    }
    vars(ipkernel)["sys"] = _Sys(listed)


class _Sys(ModuleType):
    """The module `sys` in every respect but its list of modules."""

    def __init__(self, modules: dict[str, Any]) -> None:
        super().__init__("sys")
        self.modules = modules

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)
