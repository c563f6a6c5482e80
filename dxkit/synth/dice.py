"""Chance that repeats itself: each name has a stream of its own, so no draw disturbs another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from zlib import crc32

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Dice:
    """Draws for `size` enterprises; the first of them are the same whatever the size."""

    seed: int
    size: int

    def roll(self, name: str) -> Numbers:
        """Return one number from [0, 1) per enterprise, always the same under the same name."""
        return np.random.default_rng([self.seed, crc32(name.encode("utf-8"))]).random(self.size)

    def pick(self, name: str, weights: Sequence[float]) -> Integers:
        """Return one place among weighted alternatives per enterprise."""
        bounds = np.cumsum(weights) / np.sum(weights)
        places = np.searchsorted(bounds, self.roll(name), side="right")
        return np.asarray(np.minimum(places, len(weights) - 1))

    def of_one(self, name: str, number: int) -> Random:
        """Return the chance that a single enterprise has under a name."""
        return Random(f"{self.seed}/{name}/{number}")
