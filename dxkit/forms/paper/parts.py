"""Which parts of a recorded answer stand on paper, in columns or below, and what is ticked."""

from __future__ import annotations

from dxkit.forms.record_parts import LABELS, part_field
from dxkit.models.annex import Choice, Field, FieldType
from dxkit.models.shape import Basis

COLUMNS = ("onsite", "verified", "methods", "informant", "evidence", "remark")
"""The parts that have a column, in the order they are printed."""
BELOW = ("self_reported", "strength", "recorder", "recorded_at", "diff_reason")
"""The parts that are printed in a line below, and only where they say something."""
TICKED = frozenset({"onsite", "methods"})
STRENGTHS = ("E0", "E1", "E2", "E3")
REASON, DISPUTE = "not_applicable", "disputed"


def printed_part(question: Field, part: str) -> Field:
    """Return what a part holds on paper, where the strength of evidence is one of four."""
    if part != "strength":
        return part_field(question, part)
    choices = tuple(Choice(code=each, label=each) for each in STRENGTHS)
    return Field(
        key=part, label=LABELS[part], type=FieldType.CHOICE, choices=choices, basis=Basis.DESIGN
    )
