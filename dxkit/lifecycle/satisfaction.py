"""How enterprises rated the service, by league, group and leader; never of too few to tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dxkit.case import Case, list_folders, open_case
from dxkit.definitions import Definitions, load
from dxkit.errors import DxkitError
from dxkit.facts import facts_of
from dxkit.lifecycle.overrides import overriders

FEWEST = 3
"""With fewer surveys than this, whose rating it is could be told."""

BY = ("全部", "盟市", "工作组", "组长")


@dataclass(frozen=True)
class Opinion:
    """What the valid surveys of some cases say; without mean and grades where they are too few."""

    by: str
    name: str
    count: int
    mean: float | None = None
    grades: dict[str, int] = field(default_factory=dict)


def satisfaction(parent: Path, definitions: Definitions | None = None) -> list[Opinion]:
    """Return the results for all cases of a folder, then by league, by group and by leader.

    Cases that cannot be read, and surveys too thin to be valid, are not counted.
    """
    rated = list(_rated(parent, definitions or load()))
    named = [
        (by, name, [score for names, score in rated if name in names[by]])
        for by in BY
        for name in sorted({name for names, _ in rated for name in names[by]})
    ]
    return [_opinion(by, name, scores) for by, name, scores in named]


def _opinion(by: str, name: str, scores: Sequence[tuple[float, str]]) -> Opinion:
    if len(scores) < FEWEST:
        return Opinion(by, name, len(scores))
    mean = sum(score for score, _ in scores) / len(scores)
    grades = Counter(grade for _, grade in scores)
    return Opinion(by, name, len(scores), round(mean, 1), dict(grades.most_common()))


_Rated = tuple[dict[str, list[str]], tuple[float, str]]


def _rated(parent: Path, definitions: Definitions) -> Iterator[_Rated]:
    for folder in list_folders(parent):
        try:
            case = open_case(folder, definitions)
        except (DxkitError, OSError):
            continue
        told = facts_of(case)
        score, grade = told["survey_score"], told["survey_grade"]
        if score is not None and grade is not None:
            yield _names(case), (score, grade)


def _names(case: Case) -> dict[str, list[str]]:
    belongs = case.definitions.lifecycle.belongs_to
    league, group = (_answer(case, path) for path in (belongs.league, belongs.group))
    names = [["全部企业"], [case.definitions.region_name(league)] if league else []]
    return dict(zip(BY, [*names, [group] if group else [], overriders(case)], strict=True))


def _answer(case: Case, path: str) -> str:
    annex, _, key = path.partition(".")
    return str(case.annex(annex).get(key) or "").strip()
