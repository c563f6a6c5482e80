"""What changes cost together, told so that a cost that nobody set is never taken for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dxkit.advice.prices import YUAN


@dataclass(frozen=True)
class Total:
    """The sum of the costs that are known, in 万元, and how many are not."""

    known: float
    priced: int
    unpriced: int

    @property
    def cost(self) -> float | None:
        """Return the cost of all together; None if one is not known."""
        return None if self.unpriced else self.known

    def words(self, unit: str) -> str:
        """Say the sum, or what it is at least."""
        if not self.unpriced:
            return f"{self.known:.2f} {unit}"
        if not self.priced:
            return f"未知，{self.unpriced} 项均未定价"
        return f"至少 {self.known:.2f} {unit}，另有 {self.unpriced} 项未定价"


def total_of(yuan: Iterable[int | None]) -> Total:
    """Return what costs in whole yuan come to, those that nobody knows among them."""
    costs = list(yuan)
    known = [each for each in costs if each is not None]
    return Total(sum(known) / YUAN, len(known), len(costs) - len(known))
