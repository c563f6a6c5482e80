"""What stands at the head of every form: the fields whose definitions say so."""

from __future__ import annotations

from dataclasses import dataclass

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.forms.values import value_elsewhere
from dxkit.models.annex import Annex

_TO_FILL = "________"


@dataclass(frozen=True)
class Told:
    """One thing that is told at the head: where it stands, its label and its words."""

    path: str
    label: str
    text: str

    @property
    def key(self) -> str:
        """Return the name by which the paragraphs of a form call it."""
        return self.path.rpartition(".")[2]


def header_of(
    case: Case | None, definitions: Definitions, annex: Annex | None = None
) -> tuple[Told, ...]:
    """Return what a form says at its head, in order; without a case no words stand there.

    What the annex itself asks for is left out.
    """
    found = [
        (field.header, f"{each.id}.{field.key}", field.label)
        for each in definitions.annexes.values()
        for field in each.fields
        if field.header is not None and each != annex
    ]
    return tuple(
        Told(path, label, value_elsewhere(case, path) if case is not None else "")
        for _, path, label in sorted(found)
    )


def filled_in(text: str, told: tuple[Told, ...]) -> str:
    """Return a paragraph with what stands at the head in the place of its names."""
    for each in told:
        text = text.replace(f"{{{each.key}}}", each.text or _TO_FILL)
    return text
