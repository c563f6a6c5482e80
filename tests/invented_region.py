"""Small skewed regions for trials of protection, and packs of them as they would be handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dxkit.models.peers import PeerPack
from dxkit.protection import Answers, Labels, Publication, Rules, publish
from dxkit.protection.packs import sealed

TABLES = ((), ("size",), ("league",), ("section",), ("division",), ("league", "size"))
YES_NO, RATE = ("mostly_yes", "rarely_yes", "evenly"), ("rate", "low_rate")
SHARES = {"mostly_yes": 0.85, "rarely_yes": 0.15, "evenly": 0.5}
RULES = Rules(least=5, step=0.1)


@dataclass(frozen=True)
class Region:
    """Invented enterprises: what the public lists call them, and what they answered."""

    lists: dict[str, Labels]
    answers: dict[str, Answers]

    def answered(self) -> dict[str, frozenset[str]]:
        """Return who gave an answer to which indicator."""
        return {name: frozenset(self.known(name)) for name in self.answers}

    def known(self, name: str) -> dict[str, float]:
        """Return the answers to an indicator by enterprise."""
        values = zip(self.lists, self.answers[name].values, strict=True)
        return {each: float(value) for each, value in values if not np.isnan(value)}


def draw(seed: int, size: int) -> Region:
    """Draw a region: a few large leagues and trades, and many with hardly anybody."""
    dice = np.random.default_rng(seed)
    lists: dict[str, Labels] = {}
    for number in range(size):
        division = min(int(dice.geometric(0.25)), 12)
        types = ["above"] * int(dice.random() < 0.8) + ["srdi"] * int(dice.random() < 0.2)
        lists[f"e{number:04d}"] = {
            "league": (f"1{min(int(dice.geometric(0.3)), 9)}",),
            "division": (f"{division:02d}",),
            "section": ("B" if division % 4 == 0 else "C",),
            "size": (str(dice.choice(["large", "medium", "small"], p=[0.1, 0.3, 0.6])),),
            "type": tuple(types),
        }
    answers = {}
    for name in (*YES_NO, *RATE):
        values = np.round(dice.beta(*((2, 2) if name == "rate" else (1, 9)), size), 4)
        if name in YES_NO:
            values = (dice.random(size) < SHARES[name]).astype(float)
        values[dice.random(size) < dice.choice([0, 0.2])] = np.nan
        answers[name] = Answers(values, name in RATE)
    return Region(lists, answers)


def pack_of(
    publication: Publication, size: int, rules: Rules = RULES, year: int = 2026
) -> PeerPack:
    """Return a publication as a pack."""
    places = {key: place for place, key in enumerate(publication.groups)}
    return sealed(
        {
            "region": "虚构区",
            "region_code": "150000",
            "year": year,
            "edition": "2026-11",
            "definitions": "d",
            "enterprises": size,
            "note": "虚构",
            "protection": {
                "least": rules.least,
                "insiders": rules.insiders,
                "step": rules.step,
                "earlier_releases": 0,
                "groups_too_small": publication.groups_too_small,
                "figures_withheld": publication.figures_withheld,
            },
            "groups": [
                {
                    "by": dict(key),
                    "name": "·".join(map("".join, key)) or "全区",
                    "enterprises": count,
                }
                for key, count in publication.groups.items()
            ],
            "indicators": {
                name: {
                    "name": name,
                    "kind": "ratio" if name in RATE else "yes_no",
                    "figures": [
                        {"group": places[key], "base": figure.base, "value": figure.value}
                        for key, figure in figures.items()
                    ],
                }
                for name, figures in publication.figures.items()
            },
        }
    )


def release(region: Region, **how: object) -> PeerPack:
    """Publish a region and return the pack."""
    publication = publish(region.lists, region.answers, TABLES, RULES, **how)  # type: ignore[arg-type]
    return pack_of(publication, len(region.lists))


def view(
    region: Region, pack: PeerPack
) -> tuple[PeerPack, Mapping[str, Labels], Mapping[str, frozenset[str]], Mapping[str, str]]:
    """Return what an attacker holds of one release."""
    return pack, region.lists, region.answered(), {}


def neighbours(region: Region, victim: str, indicator: str, count: int) -> Sequence[str]:
    """Return those with an answer who share most with an enterprise, the closest first."""
    own = region.lists[victim]
    others = [each for each in region.known(indicator) if each != victim]
    alike = {each: sum(own[key] == region.lists[each][key] for key in own) for each in others}
    return sorted(others, key=lambda each: (-alike[each], each))[:count]
