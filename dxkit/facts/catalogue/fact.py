"""What a fact is: its label and unit, and the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dxkit.definitions import Definitions
from dxkit.facts.view import View


@dataclass(frozen=True)
class Fact:
    """One thing that a case says without anybody writing it down."""

    label: str
    unit: str
    compute: Callable[[View], Any]
    define: Callable[[Definitions], Any] | None = None
    """What the definitions alone say, whatever the case, so that a blank form says it too."""


def fact(label: str, compute: Callable[[View], Any], unit: str = "") -> Fact:
    """Return what a case says."""
    return Fact(label, unit, compute)


def defined(label: str, define: Callable[[Definitions], Any]) -> Fact:
    """Return what the definitions say already."""
    return Fact(label, "", lambda view: define(view.definitions), define)
