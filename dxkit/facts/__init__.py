"""What a case says by itself: numbers, days and lists of culprits, each under one name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.facts.catalogue import FACTS, Fact
from dxkit.facts.view import View

__all__ = ["FACTS", "Fact", "Facts", "defined", "fact", "facts_of"]


@dataclass(frozen=True)
class Facts:
    """The facts of one case on one day, each worked out once when first asked for."""

    view: View
    known: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """Return a fact; None if the case cannot say it yet.

        Raises:
            KeyError: if there is no fact of that name.
        """
        if name not in self.known:
            self.known[name] = FACTS[name].compute(self.view)
        return self.known[name]


def facts_of(case: Case, today: date | None = None) -> Facts:
    """Return the facts of a case, on a certain day where they depend on it."""
    return Facts(View(case, today or date.today()))


def fact(case: Case, name: str, today: date | None = None) -> Any:
    """Return one fact: a number, ISO date, text, mapping by row code, or tuple; None if unsaid.

    Raises:
        KeyError: if there is no fact of that name.
    """
    return facts_of(case, today)[name]


def defined(name: str, definitions: Definitions) -> Any:
    """Return what a fact says of every case alike; None if it takes a case to say it.

    Raises:
        KeyError: if there is no fact of that name.
    """
    say = FACTS[name].define
    return say(definitions) if say is not None else None
