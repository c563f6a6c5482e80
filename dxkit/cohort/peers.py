"""What enterprises like one reached: the figures of an installed benchmark pack that concern it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dxkit.case import Case
from dxkit.cohort.belonging import places_of, year_of
from dxkit.cohort.groups import dimension, groups_of
from dxkit.cohort.table import NO_YEAR, NOT_TOLD
from dxkit.definitions import Definitions
from dxkit.errors import DxkitError, Problem
from dxkit.models.peers import PeerFigure, PeerPack
from dxkit.protection.packs import read_pack

WHOLE = "全区"


@dataclass(frozen=True)
class PeerGroupOf:
    """A group that an enterprise belongs to, and its place in the pack; None if it is too small."""

    called: str
    """What it is in common with the others, as 同盟市."""
    name: str
    place: int | None
    enterprises: int = 0


@dataclass(frozen=True)
class Peers:
    """One enterprise's groups in one pack."""

    pack: PeerPack
    groups: tuple[PeerGroupOf, ...]

    def figure(self, indicator: str, group: PeerGroupOf) -> PeerFigure | None:
        """Return what a group reached in an indicator; None if that is withheld."""
        told = self.pack.indicators.get(indicator)
        figures = told.figures if told is not None else ()
        return next((each for each in figures if each.group == group.place), None)


def find_peers(case: Case, folder: Path) -> tuple[Peers | None, tuple[Problem, ...]]:
    """Return an enterprise's groups in the fitting pack of a folder, and which packs are no good.

    Packs of other regions do not count. The newest year not after the enterprise's own goes first,
    else the newest; of one year the one released last.
    """
    packs: list[PeerPack] = []
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            packs.append(read_pack(file))
        except DxkitError as exc:
            problems += exc.problems
    own = [each for each in packs if each.region_code == case.definitions.regions.code]
    year = year_of(case)
    early = [each for each in own if year == NO_YEAR or each.year <= year]
    newest = max(
        early or own, key=lambda each: (each.year, each.protection.earlier_releases), default=None
    )
    return (None if newest is None else _peers(case, newest)), tuple(problems)


def _peers(case: Case, pack: PeerPack) -> Peers:
    definitions, places = case.definitions, places_of(case)
    groups = []
    for table in definitions.regional.anonymous:
        by: dict[str, str] = {}
        names = []
        for name in table:
            known = groups_of(dimension(name, definitions), definitions)
            if places.get(name, NOT_TOLD) != NOT_TOLD:
                by[name] = known[places[name]].code
                names.append(known[places[name]].name)
        if len(by) == len(table):
            called = "、".join(f"同{_short(name, definitions)}" for name in table) or WHOLE
            groups.append(_group(pack, by, called, "·".join(names) or definitions.regions.name))
    return Peers(pack, tuple(groups))


def _short(name: str, definitions: Definitions) -> str:
    return dimension(name, definitions).name.removeprefix("企业")


def _group(pack: PeerPack, by: Mapping[str, str], called: str, name: str) -> PeerGroupOf:
    for place, each in enumerate(pack.groups):
        if each.by == by:
            return PeerGroupOf(called, name, place, each.enterprises)
    return PeerGroupOf(called, name, None)
