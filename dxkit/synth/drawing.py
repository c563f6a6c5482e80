"""How one question's answers are drawn, by the question's type alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dxkit.assessment.columns import Column
from dxkit.models.annex import Field, FieldType
from dxkit.synth.cohort import MIDDLING, Cohort
from dxkit.synth.dice import Numbers
from dxkit.synth.traits import Trait, Traits

Values = npt.NDArray[Any]

NOTHING_BELOW = 0.25  # the lowest quarter names nothing, as it stands on the first of four steps


@dataclass(frozen=True)
class Draw:
    """One question put to a cohort whose maturity may be the true or the reported one."""

    key: str
    field: Field
    traits: Traits
    cohort: Cohort
    maturity: Numbers
    columns: Mapping[str, Column]

    @property
    def trait(self) -> Trait:
        """Return what the question is like."""
        return self.traits.trait_of(self.key)

    def roll(self, name: str) -> Numbers:
        """Return the question's own chance for one purpose."""
        return self.cohort.dice.roll(f"{self.key}/{name}")

    def values_of(self, key: str | None) -> Values | None:
        """Return the values of a question drawn before, None if there is none."""
        return self.columns[key].values if key is not None and key in self.columns else None

    def lean(self) -> Numbers:
        """Return how far each enterprise gets, in [0, 1): it rises with maturity."""
        trait = self.trait
        shifts = np.array([trait.by_trade.get(trade.id, 0.0) for trade in self.traits.trades])
        noise = self.cohort.dice.roll(trait.noise) if trait.noise else self.roll("lean")
        if trait.noise:  # a quarter of its own keeps kindred questions from being one question
            noise = 0.75 * noise + 0.25 * self.roll("lean")
        width = 1 - 0.5 * trait.maturity  # what maturity does not decide, chance does
        lean = 0.5 + trait.maturity * (self.maturity - MIDDLING) + width * (noise - 0.5)
        lean = np.clip(lean + trait.ease + shifts[self.cohort.trade], 0, 1 - 1e-9)
        return np.asarray(1 - 1e-9 - lean if trait.inverse else lean)


def can_draw(key: str, field: Field, traits: Traits) -> bool:
    """Tell whether answers to a question can be invented; texts only where sentences are given."""
    if field.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        return key in traits.texts
    return field.type in _DRAWERS


def draw_values(draw: Draw) -> Values:
    """Return one value per enterprise, encoded as the engine's columns are; texts by place."""
    return _DRAWERS[draw.field.type](draw)


def _truth(draw: Draw) -> Values:
    return (draw.lean() >= 0.5).astype(np.int8)


def _step(draw: Draw) -> Values:
    return (draw.lean() * len(draw.field.choices)).astype(np.int8)


def _choice(draw: Draw) -> Values:
    codes = [choice.code for choice in draw.field.choices]
    order = [code for code in draw.trait.order if code in codes] or codes
    bits = np.array([1 << codes.index(code) for code in order], dtype=np.int64)
    return np.asarray(bits[(draw.lean() * len(order)).astype(np.int64)])


def _choices(draw: Draw) -> Values:
    codes = [choice.code for choice in draw.field.choices]
    named = [place for place, code in enumerate(codes) if code != "none"]
    lean = draw.lean()
    bits = np.zeros(len(lean), dtype=np.int64)
    for place in named:
        chosen = draw.roll(codes[place]) < 0.1 + 0.6 * lean
        bits |= chosen.astype(np.int64) << place
    favourite = np.array(named)[(draw.roll("favourite") * len(named)).astype(np.int64)]
    bits = np.where(bits == 0, np.int64(1) << favourite, bits)
    if "none" in codes:
        bits = np.where(lean < NOTHING_BELOW, np.int64(1 << codes.index("none")), bits)
    return bits


def _count(draw: Draw) -> Values:
    return np.rint(_amount(draw))


def _money(draw: Draw) -> Values:
    return np.round(_amount(draw), 1)


def _percent(draw: Draw) -> Values:
    return np.round(draw.trait.share * 100 * draw.lean(), 1)


def _amount(draw: Draw) -> Numbers:
    """Draw a part of its whole, something on top of a least number, or a typical amount."""
    trait = draw.trait
    least, most = draw.values_of(draw.field.at_least), draw.values_of(draw.field.at_most)
    if most is not None:
        low = np.zeros(len(most)) if least is None else least
        amount = low + trait.share * draw.lean() * (most - low)
    elif least is not None:
        amount = least * (1 + trait.share * draw.roll("amount"))
    else:
        amount = draw.cohort.typical(*trait.typical) * (0.6 + 0.8 * draw.roll("amount"))
    return np.asarray(_following(draw, _within(draw.field, amount)))


def _within(field: Field, amount: Numbers) -> Numbers:
    least = -np.inf if field.minimum is None else field.minimum
    most = np.inf if field.maximum is None else field.maximum
    return np.clip(amount, least, most)


def _following(draw: Draw, amount: Numbers) -> Numbers:
    leader = draw.values_of(draw.trait.follows)
    return amount if leader is None else np.where(leader == 1, np.maximum(amount, 1), 0)


def _text(draw: Draw) -> Values:
    return (draw.roll("text") * len(draw.traits.texts[draw.key])).astype(np.int64)


_DRAWERS: dict[FieldType, Callable[[Draw], Values]] = {
    FieldType.YES_NO: _truth,
    FieldType.LADDER: _step,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.COUNT: _count,
    FieldType.NUMBER: _money,
    FieldType.MONEY: _money,
    FieldType.PERCENT: _percent,
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
}
