"""Which pack of the plan is meant."""

from __future__ import annotations

from dxkit.errors import HandoverError, Problem
from dxkit.models.handover import HandoverPlan, Pack


def pack_for(plan: HandoverPlan, purpose: str) -> Pack:
    """Return the pack for a recipient by its id.

    Raises:
        HandoverError: if there is none, naming those there are.
    """
    found = next((each for each in plan.packs if each.id == purpose), None)
    if found is None:
        known = "、".join(f"{each.id}（{each.label}）" for each in plan.packs)
        raise HandoverError(Problem("--for", "", purpose, f"{known} 之一"))
    return found
