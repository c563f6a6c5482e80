"""Who the invented enterprises are, before any question is put: place, trade, size and maturity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dxkit.definitions import Definitions
from dxkit.synth.dice import Dice, Integers, Numbers
from dxkit.synth.traits import Traits

MIDDLING = 0.45
_COMPLETE, _HARDLY_BEGUN = 0.25, 0.94  # below: nothing is missing; above: nearly everything
_MOST_MISSING = 0.4


@dataclass(frozen=True)
class Cohort:
    """One entry per enterprise; `maturity` is the hidden cause that its answers share.

    `optimism` is what it adds to its maturity when it reports itself; `missing` is the share of
    questions without an answer. Revenue is in 万元. Places refer to the definitions' and the
    traits' order.
    """

    dice: Dice
    league: Integers
    division: Integers
    trade: Integers
    staff: Integers
    revenue: Numbers
    maturity: Numbers
    optimism: Numbers
    missing: Numbers
    self_reports: npt.NDArray[np.bool_]
    has_lists: npt.NDArray[np.bool_]
    variety: Numbers
    """A share of 1: how many kinds of goods a maker of single pieces has."""
    renown: Numbers
    """What adds to maturity where levels of recognition are awarded."""

    def typical(self, few: float, many: float) -> Numbers:
        """Return an amount that grows from `few` at 20 people to `many` at 2,000."""
        position = np.clip(np.log(self.staff / 20) / np.log(100), -0.3, 1.3)
        return np.asarray(few * (many / few) ** position)


def draw_cohort(dice: Dice, definitions: Definitions, traits: Traits) -> Cohort:
    """Draw the enterprises; size and trade shift their maturity."""
    codes = [division.code for division in definitions.industries.divisions]
    leagues = [traits.leagues.get(region.code, 1) for region in definitions.regions.regions]
    division = dice.pick("division", [traits.weight_of(code) for code in codes])
    trade = np.array([traits.trade_of(code) for code in codes])[division]
    band = dice.pick("band", [band.weight for band in traits.bands])
    staff = _between(dice.roll("staff"), np.array([band.staff for band in traits.bands])[band])
    per_head = _between(dice.roll("revenue"), np.array([traits.revenue_per_head]))
    ease = np.array([band.ease for band in traits.bands])[band]
    ease = ease + np.array([trade.ease for trade in traits.trades])[trade]
    return Cohort(
        dice=dice,
        league=dice.pick("league", leagues),
        division=division,
        trade=trade,
        staff=np.rint(staff).astype(np.int64),
        revenue=np.rint(staff * per_head),
        maturity=MIDDLING + ease + _bell(dice, "maturity"),
        optimism=np.maximum(0, dice.roll("optimism") * 0.22 - 0.04),
        missing=_missing(dice.roll("missing")),
        self_reports=dice.roll("self_reports") < 0.7,
        has_lists=dice.roll("has_lists") < 0.5,
        variety=dice.roll("variety"),
        renown=dice.roll("renown"),
    )


def _between(share: Numbers, ranges: npt.NDArray[np.generic]) -> Numbers:
    """Place a share within ranges of two ends, more often near the lower one."""
    low, high = ranges.astype(float).T
    return np.asarray(low * (high / low) ** share)


def _bell(dice: Dice, name: str) -> Numbers:
    """Return deviations around 0 (standard deviation 0.17), never beyond about half."""
    total = sum((dice.roll(f"{name}.{part}") for part in range(3)), np.zeros(dice.size))
    return np.asarray((total - 1.5) * 0.34)


def _missing(share: Numbers) -> Numbers:
    spread = (share - _COMPLETE) / (_HARDLY_BEGUN - _COMPLETE) * _MOST_MISSING
    return np.where(share < _COMPLETE, 0.0, np.where(share < _HARDLY_BEGUN, spread, 0.93))
