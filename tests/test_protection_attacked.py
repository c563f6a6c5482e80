"""Whether an attacker with all packs finds an enterprise, and that he does where none protects."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from dxkit.models.peers import PeerPack
from dxkit.protection import Answers, Publication, Rules, publish
from dxkit.protection.withholding import Asked
from tests.attacker import Found, attack, bound, force, knowing, told
from tests.invented_region import (
    RATE,
    RULES,
    TABLES,
    YES_NO,
    Region,
    draw,
    neighbours,
    pack_of,
    release,
    view,
)

INDICATORS = (*YES_NO, *RATE)
SIZES = {1: 40, 2: 80, 3: 120, 4: 160}


def large_enough(asked: Asked, rules: Rules) -> np.ndarray:
    """Tell of every group that is large enough: what k-anonymity alone does."""
    return asked.groups.sizes >= rules.least


def large_and_mixed(asked: Asked, rules: Rules) -> np.ndarray:
    """Tell of every large group that is not all alike: primary suppression without the rest."""
    return np.array(
        [
            size >= rules.least and len(np.unique(asked.values[asked.groups.counts[:, each]])) > 1
            for each, size in enumerate(asked.groups.sizes)
        ]
    )


def found_in(region: Region, pack: PeerPack, indicator: str, whole: bool = False) -> list[Found]:
    what = told([view(region, pack)], indicator)
    return attack(what, indicator, RULES.least, RULES.step, whole)


@pytest.mark.parametrize("seed", SIZES)
def test_nobody_is_found_by_subtraction_algebra_programs_or_whole_numbers(seed: int) -> None:
    region = draw(seed, SIZES[seed])
    pack = release(region)
    assert any(each.figures for each in pack.indicators.values()), "nothing told proves nothing"
    for indicator in INDICATORS:
        assert found_in(region, pack, indicator, whole=seed <= 2) == []


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("half", [large_enough, large_and_mixed])
def test_the_attacker_finds_many_where_only_groups_by_themselves_are_judged(
    seed: int, half: object
) -> None:
    region = draw(seed, SIZES[seed])
    pack = release(region, chosen_by=half)
    found = [each for name in INDICATORS for each in found_in(region, pack, name)]
    assert {each.by for each in found} >= {"相减", "线性代数", "线性规划"}
    for each in found:
        if each.by == "线性规划":
            truth = region.known(each.indicator)[each.enterprise]
            assert each.low - 1e-6 <= truth <= each.high + 1e-6


@pytest.mark.parametrize("seed", [2, 3])
def test_nobody_is_found_by_three_neighbours_who_join_what_they_know(seed: int) -> None:
    region = draw(seed, SIZES[seed])
    pack = release(region)
    for indicator in INDICATORS:
        what, known = told([view(region, pack)], indicator), region.known(indicator)
        for victim in list(known)[::5]:
            joined = neighbours(region, victim, indicator, RULES.insiders)
            seen = knowing(what, {each: known[each] for each in joined})
            assert [*bound(seen, indicator, RULES.step, of=[victim])] == []
            assert [*force(seen, indicator, of=[victim])] == []


def test_one_neighbour_more_than_promised_may_find_somebody() -> None:
    """Five enterprises, two of them yes: four who join know the fifth, and no rule can help."""
    lists = {f"e{each}": {"league": ("1",)} for each in range(8)}
    region = Region(lists, {"evenly": Answers(np.array([1.0] * 4 + [0.0] * 4), False)})
    pack = release(region)
    assert pack.indicators["evenly"].figures
    what, known = told([view(region, pack)], "evenly"), region.known("evenly")
    few = knowing(what, {each: known[each] for each in ("e1", "e2", "e3")})
    many = knowing(what, {each: known[each] for each in ("e1", "e2", "e3", "e4", "e5", "e6", "e7")})
    assert [*force(few, "evenly")] == []
    assert [each.enterprise for each in force(many, "evenly")] == ["e0"]


def later(region: Region) -> Region:
    """Return the region with one enterprise more, one gone, and one that changed its answers."""
    lists = dict(region.lists)
    gone, changed, *_ = list(lists)
    del lists[gone]
    lists["newcomer"] = region.lists[changed]
    answers = {}
    for name, column in region.answers.items():
        values = np.append(column.values[1:], 1.0)
        values[0] = 1 - np.nan_to_num(values[0])
        answers[name] = replace(column, values=values)
    return Region(lists, answers)


def both(first: Region, one: PeerPack, second: Region, two: PeerPack, name: str) -> list[Found]:
    """Attack two releases at once; whoever answers as before is the same unknown."""
    before, after = first.known(name), second.known(name)
    called = {each: f"{each} later" for each in after if before.get(each) != after[each]}
    packs = [view(first, one), (*view(second, two)[:3], called)]
    return attack(told(packs, name), name, RULES.least, RULES.step)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_two_releases_together_find_nobody_and_without_the_register_they_do(seed: int) -> None:
    first = draw(seed, SIZES[seed])
    publication = publish(first.lists, first.answers, TABLES, RULES)
    one = pack_of(publication, len(first.lists))
    second = later(first)
    recorded = publication.release(one.sha256, first.lists, first.answers)
    careful, careless = release(second, earlier=[recorded]), release(second)
    for name in INDICATORS:
        assert both(first, one, second, careful, name) == []
    assert any(both(first, one, second, careless, name) for name in INDICATORS)


ONE_TABLE = [
    ((6, 6), 3),
    ((6, 7, 8), 3),
    ((2, 6, 9), 3),
    ((4, 5, 6, 7), 3),
    ((10, 12, 3), 5),
    ((3, 4, 20), 3),
]


@pytest.mark.parametrize(("sizes", "least"), ONE_TABLE)
def test_who_knows_this_program_and_tries_all_answers_finds_nobody_in_one_table(
    sizes: tuple[int, ...], least: int
) -> None:
    given, _ = given_away(by_league(*sizes), Rules(least, 0.1))
    assert given == set()


def test_who_knows_the_program_reads_withheld_groups_where_each_is_judged_by_itself() -> None:
    given, _ = given_away(by_league(6, 7, 8), Rules(3, 0.1), chosen_by=large_and_mixed)
    assert given


def test_in_two_crossed_tables_of_very_few_the_program_gives_away_next_to_nothing() -> None:
    """Of 13 enterprises: a limit that is told (`dxkit.protection`), not a promise that is kept."""
    cells = {("a", "s"): 3, ("a", "t"): 3, ("b", "s"): 3, ("b", "t"): 4}
    given, ways = given_away(cells, Rules(3, 0.1))
    assert ways == 4 * 4 * 4 * 5
    assert len(given) <= ways // 100


def by_league(*sizes: int) -> dict[tuple[str, str], int]:
    return {(str(league), ""): size for league, size in enumerate(sizes)}


def given_away(
    cells: dict[tuple[str, str], int], rules: Rules, **how: object
) -> tuple[set[tuple[int, ...]], int]:
    """Publish every way all could have answered, and lay packs together that are alike.

    Returns the ways in which what is told and withheld gives a cell away as all yes or all no, and
    how many ways there are.
    """
    alike = defaultdict(list)
    lists = {
        f"e{league}{size}-{each}": {"league": (league,), **({"size": (size,)} if size else {})}
        for (league, size), count in cells.items()
        for each in range(count)
    }
    sizes = list(cells.values())
    for yes in product(*(range(size + 1) for size in sizes)):
        each_cell = zip(sizes, yes, strict=True)
        values = [each < count for size, count in each_cell for each in range(size)]
        answers = {"x": Answers(np.array(values, float), False)}
        publication = publish(lists, answers, [(), ("league",), ("size",)], rules, **how)  # type: ignore[arg-type]
        alike[_figures(publication)].append(yes)
    assert len(alike) > 15, "a program that tells nothing gives nothing away"
    given = {
        yes
        for possible in alike.values()
        for cell, size in enumerate(sizes)
        for yes in possible
        if {each[cell] for each in possible} in ({0}, {size})
    }
    return given, sum(map(len, alike.values()))


def _figures(publication: Publication) -> tuple[object, ...]:
    told_of = publication.figures["x"].items()
    return tuple(sorted((key, each.base, each.value) for key, each in told_of))
