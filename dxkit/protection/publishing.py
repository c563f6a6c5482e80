"""From the answers of all enterprises to the figures that are told, and how many are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dxkit.protection.groups import Booleans, Key, Labels, Table, groups_of
from dxkit.protection.releases import Release, joined
from dxkit.protection.withholding import Asked, Rules, choose

DECIMALS = 3
"""A mean is told to a tenth of a percentage point."""

Choose = Callable[[Asked, Rules], Booleans]


@dataclass(frozen=True)
class Answers:
    """The answers to one indicator: one per enterprise, NaN where it is not known or not asked."""

    values: npt.NDArray[np.float64]
    is_rate: bool

    def known(self, ids: Sequence[str]) -> dict[str, float]:
        """Return the answers there are, by the ids of their enterprises."""
        places = np.flatnonzero(~np.isnan(self.values)).tolist()
        return {ids[each]: float(self.values[each]) for each in places}


@dataclass(frozen=True)
class Figure:
    """What is told of one group: how many answered, and their mean."""

    base: int
    value: float


@dataclass(frozen=True)
class Publication:
    """All figures told, by indicator and group."""

    groups: Mapping[Key, int]
    """How many enterprises each group has, where there are enough."""
    figures: Mapping[str, Mapping[Key, Figure]]
    groups_too_small: int
    figures_withheld: int

    def release(
        self,
        sha256: str,
        enterprises: Mapping[str, Labels],
        answers: Mapping[str, Answers],
    ) -> Release:
        """Return what a register must keep of this publication."""
        return Release.of(
            {
                "sha256": sha256,
                "enterprises": {each: dict(labels) for each, labels in enterprises.items()},
                "answers": {
                    name: column.known(list(enterprises)) for name, column in answers.items()
                },
                "told": {name: list(told) for name, told in self.figures.items()},
            }
        )


def publish(
    enterprises: Mapping[str, Labels],
    answers: Mapping[str, Answers],
    tables: Sequence[Table],
    rules: Rules,
    earlier: Sequence[Release] = (),
    chosen_by: Choose = choose,
) -> Publication:
    """Return the figures of all groups of some tables that may be told.

    Args:
        enterprises: those assessed, by id, with what each is called in each dimension.
        answers: a column per indicator, in the order of the enterprises.
        tables: the dimensions to tell by; the smaller groups are withheld first.
        rules: how well hidden an answer must be.
        earlier: what was told before.
        chosen_by: what chooses; another than the default tells how far it is, or is for proving
            what the default is good for.
    """
    ids, groups = list(enterprises), groups_of(list(enterprises.values()), tables)
    large = [each for each, size in enumerate(groups.sizes) if size >= rules.least]
    figures: dict[str, dict[Key, Figure]] = {}
    for name, column in answers.items():
        asked = joined(ids, groups, column.values, column.is_rate, name, earlier)
        told = chosen_by(asked, rules)
        figures[name] = {
            groups.keys[each]: _figure(asked, each) for each in np.flatnonzero(told).tolist()
        }
    counted = sum(len(each) for each in figures.values())
    return Publication(
        {groups.keys[each]: int(groups.sizes[each]) for each in large},
        figures,
        groups_too_small=len(groups.keys) - len(large),
        figures_withheld=len(large) * len(answers) - counted,
    )


def _figure(asked: Asked, group: int) -> Figure:
    values = asked.values[asked.groups.counts[:, group]]
    return Figure(len(values), round(float(np.sum(np.sort(values))) / len(values), DECIMALS))
