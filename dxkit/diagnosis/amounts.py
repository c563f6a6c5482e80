"""Which amounts of money are so large that they were probably not given in 万元."""

from __future__ import annotations

from dxkit.case.words import shown
from dxkit.definitions import Definitions
from dxkit.models.annex import Field


def doubt(field: Field, amount: float, definitions: Definitions) -> str | None:
    """Return what is odd about an amount, None if nothing is; it may still be right."""
    bounds = (check.amount for check in definitions.checks if check.kind == "money_unit")
    most = next(bounds, None)
    if most is None or abs(amount) <= most:
        return None
    words = shown(field, amount, definitions)
    return f"{words} {field.unit}，超过 {most:.0f} 万元，单位是否为万元？"
