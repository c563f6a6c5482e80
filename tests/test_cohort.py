"""Many enterprises rolled up: worked by hand, recounted in plain Python, bounded by brute force."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.assessment import KNOWN, NOT_APPLICABLE, assess, tabulate
from dxkit.assessment.explanation import explain
from dxkit.cohort import Figure, Table, joined, roll_up, table_of
from dxkit.cohort.building import Row
from dxkit.cohort.groups import divide
from dxkit.cohort.table import NO_YEAR
from dxkit.cohort.tally import tally
from dxkit.definitions import load
from dxkit.errors import ParameterError
from dxkit.models.rules import Ratio
from tests.answers import partly_answered

DEFINITIONS = load()
RATE = "key_process_nc_rate"
CLOSE = 1e-9
LEAGUES = {each.name: place for place, each in enumerate(DEFINITIONS.regions.regions)}
FEW = settings(max_examples=40, deadline=None)


def row(number: int, answers: dict[str, Any], league: str = "", **more: Any) -> Row:
    places = {"league": LEAGUES[league]} if league else {}
    return Row(f"e{number}", answers=answers, places={**places, **more.pop("places", {})}, **more)


def processes(part: int | None, whole: int | None) -> dict[str, Any]:
    given = {"key_processes_nc": part, "key_processes": whole}
    return {key: value for key, value in given.items() if value is not None}


def total_of(*rows: Row) -> dict[str, Figure]:
    rolled = roll_up(table_of(rows, DEFINITIONS), DEFINITIONS)
    return {key: rolled.figure(key) for key in rolled.figures}


def by_name(table: Table, *dimensions: str) -> dict[str, dict[str, Figure]]:
    found: dict[str, dict[str, Figure]] = {}
    for groups, key, figure in roll_up(table, DEFINITIONS, *dimensions).every():
        found.setdefault("·".join(each.name for each in groups), {})[key] = figure
    return found


def test_four_enterprises_worked_by_hand() -> None:
    """5 of 10, 30 of 40, an unknown part of 10, and nothing at all.

    Mean (0.5 + 0.75) / 2 = 0.625; pooled 35 / 50 = 0.7. With the two that are missing the mean lies
    between 1.25 / 4 = 0.3125 and 3.25 / 4 = 0.8125.
    """
    found = total_of(
        row(1, processes(5, 10)),
        row(2, processes(30, 40)),
        row(3, processes(None, 10)),
        row(4, {}),
    )[RATE]
    assert (found.count, found.assessed, found.base, found.unknown) == (4, 2, 2, 2)
    assert (found.mean, found.pooled, found.part, found.whole) == (0.625, 0.7, 35, 50)
    assert (found.low, found.high) == (0.3125, 0.8125)
    assert (found.pooled_low, found.pooled_high) == (0.0, 1.0)
    assert found.quartiles == (0.5625, 0.625, 0.6875)


def test_a_pooled_ratio_with_only_a_part_missing_is_bounded_by_its_whole() -> None:
    """With 10 more of which none to all are controlled: 35 / 60 to 45 / 60."""
    found = total_of(row(1, processes(35, 50)), row(2, processes(None, 10)))[RATE]
    assert (found.pooled_low, found.pooled_high) == (35 / 60, 45 / 60)


def test_a_share_counts_yes_among_yes_and_no_only() -> None:
    """Two yes, one no, one unknown, one not applicable: 2 of 3, between 2 of 4 and 3 of 4."""
    yes, no = {"customisation_mode": "C"}, {"customisation_mode": "A"}
    exempt = {"customisation_mode": NOT_APPLICABLE}
    rows = [row(n, each) for n, each in enumerate([yes, yes, no, {}, exempt])]
    found = total_of(*rows)["customisation"]
    assert (found.base, found.yes, found.unknown, found.not_applicable) == (3, 2, 1, 1)
    assert found.mean == pytest.approx(2 / 3, abs=CLOSE)
    assert (found.low, found.high) == (0.5, 0.75)


def test_an_unknown_that_may_not_apply_never_pulls_the_bounds_up() -> None:
    """Without a design tool it is no, or does not apply: low counts it as 0, high leaves it out."""
    yes = {"has_design_activity": True, "design_tools": ["cad_2d"], "design_tools_use": "D"}
    tools = DEFINITIONS.questions["design_tools"].choices
    yes["design_tools"] = [next(each.code for each in tools if each.code != "none")]
    found = total_of(row(1, yes), row(2, {"design_tools": ["none"]}))["digital_rd_tools"]
    assert (found.base, found.unknown, found.mean) == (1, 1, 1.0)
    assert (found.low, found.high) == (0.5, 1.0)


def test_nothing_known_gives_no_mean_and_the_widest_bounds() -> None:
    found = total_of(row(1, {}))[RATE]
    assert (found.base, found.mean, found.pooled, found.quartiles) == (0, None, None, None)
    assert (found.low, found.high, found.assessed) == (0.0, 1.0, 0)


def test_the_planned_cities_stand_alone_and_nothing_is_counted_twice() -> None:
    rows = [
        row(1, processes(1, 2), "满洲里市"),
        row(2, processes(1, 4), "呼伦贝尔市"),
        row(3, processes(4, 4), "二连浩特市"),
        row(4, processes(0, 4), "锡林郭勒盟"),
        row(5, processes(3, 4)),
    ]
    found = by_name(table_of(rows, DEFINITIONS), "league")
    means = {name: each[RATE].mean for name, each in found.items()}
    assert means == {
        "呼伦贝尔市": 0.25,
        "锡林郭勒盟": 0.0,
        "满洲里市": 0.5,
        "二连浩特市": 1.0,
        "未填": 0.75,
    }
    assert sum(each[RATE].count for each in found.values()) == 5


def test_an_enterprise_of_several_types_counts_once_in_each_and_once_in_all() -> None:
    marks = [
        {"above_scale": 1, "srdi": 1, "little_giant": 1},
        {"above_scale": 1, "srdi": 0, "little_giant": 0},
        {"above_scale": 0, "srdi": 0, "little_giant": 0},
        {"above_scale": 0, "srdi": -1, "little_giant": -1},
    ]
    shares = (1, 0, 3, 2)
    rows = [row(n, processes(shares[n], 4), marks=each) for n, each in enumerate(marks)]
    table = table_of(rows, DEFINITIONS)
    found = {name: (e[RATE].count, e[RATE].mean) for name, e in by_name(table, "type").items()}
    assert found == {
        "规上": (2, 0.125),
        "专精特新": (1, 0.25),
        "小巨人": (1, 0.25),
        "以上都不是": (1, 0.75),
        "未填": (1, 0.5),
    }
    assert roll_up(table, DEFINITIONS).figure(RATE).count == 4


def test_two_dimensions_cross() -> None:
    steel = [each.code for each in DEFINITIONS.industries.divisions].index("31")
    rows = [
        row(1, processes(1, 2), "包头市", places={"division": steel}),
        row(2, processes(2, 2), "包头市", places={"division": steel}),
        row(3, processes(0, 2), "乌海市", places={"division": steel}),
    ]
    found = by_name(table_of(rows, DEFINITIONS), "league", "division")
    name = DEFINITIONS.industry_name("31")
    assert {key: each[RATE].mean for key, each in found.items()} == {
        f"包头市·{name}": 0.75,
        f"乌海市·{name}": 0.0,
    }


def test_an_unknown_dimension_is_refused_with_those_there_are() -> None:
    with pytest.raises(ParameterError, match="league（盟市）"):
        roll_up(table_of([], DEFINITIONS), DEFINITIONS, "province")


def test_a_row_without_a_year_belongs_to_the_latest() -> None:
    rows = [row(1, {}, year=2024), row(2, {}, year=2025), row(3, {})]
    table = table_of(rows, DEFINITIONS)
    assert list(table.of_year(2025).ids) == ["e2", "e3"]
    assert list(table.of_year(2024).ids) == ["e1"]
    by_year = {name: next(iter(e.values())).count for name, e in by_name(table, "year").items()}
    assert by_year == {"2024年": 1, "2025年": 2}


def test_a_row_that_was_not_read_belongs_to_none_of_several_years() -> None:
    rows = [row(1, {}, year=2024), row(2, {}, year=2025), Row("e3", read=False)]
    table = table_of(rows, DEFINITIONS)
    assert list(table.of_year(2025).ids) == ["e2"]
    assert set(by_name(table, "year")) == {"2024年", "2025年", "未填"}
    assert list(table_of(rows[1:], DEFINITIONS).of_year(2025).ids) == ["e2", "e3"]


def test_without_any_year_all_rows_are_of_one() -> None:
    table = table_of([row(1, {}), Row("e2", read=False)], DEFINITIONS)
    assert table.of_year(NO_YEAR).size == 2
    assert set(by_name(table, "year")) == {"未填"}


@st.composite
def cohorts(draw: st.DrawFn, most: int = 6) -> list[Row]:
    answers = draw(st.lists(partly_answered(DEFINITIONS), min_size=1, max_size=most))
    return [
        row(
            number,
            some,
            draw(st.sampled_from(["", "包头市", "满洲里市", "呼伦贝尔市"])),
            marks={key: draw(st.integers(-1, 1)) for key in ("above_scale", "srdi")},
        )
        for number, (_, some, _) in enumerate(answers)
    ]


def recount(rows: Sequence[Row], key: str) -> dict[str, Any]:
    """Count one indicator over rows, each assessed alone, in exact fractions."""
    indicator = DEFINITIONS.by_id[key]
    states, values = [], []
    for each in rows:
        told = explain(assess(DEFINITIONS, tabulate(DEFINITIONS, [each.answers])))
        result = next(one for one in told if one.indicator.id == key)
        states.append(result.state)
        if result.state == "known" and isinstance(indicator.rule, Ratio):
            part, whole = (each.answers[k] for k in (indicator.rule.part, indicator.rule.whole))
            values.append(Fraction(part, whole))
        elif result.state == "known":
            values.append(Fraction(bool(result.value)))
    return {
        "count": len(rows),
        "base": states.count("known"),
        "unknown": states.count("unknown"),
        "not_applicable": states.count("not_applicable"),
        "mean": float(sum(values) / len(values)) if values else None,
    }


@FEW
@given(cohorts(), st.sampled_from(sorted(DEFINITIONS.by_id)))
def test_a_roll_up_equals_a_recount_of_single_enterprises(rows: list[Row], key: str) -> None:
    found = by_name(table_of(rows, DEFINITIONS), "league")
    names = {place: name for name, place in LEAGUES.items()}
    for name, figures in found.items():
        own = [e for e in rows if names.get(e.places.get("league", -1), "未填") == name]
        for what, expected in recount(own, key).items():
            held = getattr(figures[key], what)
            assert held == (expected if expected is None else pytest.approx(expected, abs=CLOSE))


@settings(max_examples=25, deadline=None)
@given(st.lists(partly_answered(DEFINITIONS), min_size=1, max_size=6))
def test_bounds_contain_what_completed_answers_give(drawn: list[Any]) -> None:
    """A result that is known stays what it is; the engine's own laws see to that.

    Marking another question as not applicable is no completion where the indicator was decided
    without it, so such draws are left out.
    """
    tables = [
        table_of([row(n, each[side]) for n, each in enumerate(drawn)], DEFINITIONS)
        for side in (1, 0)
    ]
    before, after = (roll_up(table, DEFINITIONS) for table in tables)
    for key in DEFINITIONS.by_id:
        was, now = (table.columns[key].state for table in tables)
        if ((was == KNOWN) & (now != KNOWN)).any():
            continue
        held, figure = before.figure(key), after.figure(key)
        if figure.mean is not None:
            assert bounded(held.low, figure.mean, held.high), key
        if figure.pooled is not None:
            assert bounded(held.pooled_low, figure.pooled, held.pooled_high), key


def bounded(low: float | None, value: float, high: float | None) -> bool:
    return low is not None and high is not None and low - CLOSE <= value <= high + CLOSE


def completions(rate: tuple[int | None, int | None], most: int) -> Iterator[tuple[int, int]]:
    part, whole = rate
    for one, other in product(range(most + 1), repeat=2):
        if part in (None, one) and whole in (None, other) and one <= other:
            yield one, other


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(0, 3)), st.one_of(st.none(), st.integers(0, 3))),
        min_size=1,
        max_size=3,
    )
)
def test_bounds_of_a_ratio_are_those_that_every_completion_gives(rates: list[Any]) -> None:
    """All completions with counts up to 3: none lies outside; means reach both ends where a count
    of 3 is enough to reach them, that is where every whole is known.
    """
    rates = [(p, w) for p, w in rates if p is None or w is None or p <= w]
    found = total_of(*(row(n, processes(*rate)) for n, rate in enumerate(rates)))[RATE]
    means, pooled = [], []
    for several in product(*(list(completions(rate, 3)) for rate in rates)):
        known = [Fraction(part, whole) for part, whole in several if whole]
        if known:
            means.append(float(sum(known) / len(known)))
            pooled.append(float(Fraction(*map(sum, zip(*several, strict=True)))))
    assert bool(means) == (found.low is not None)
    for value, shared in zip(means, pooled, strict=True):
        assert bounded(found.low, value, found.high)
        assert bounded(found.pooled_low, shared, found.pooled_high)
    if means and all(whole is not None for _, whole in rates):
        assert (min(means), max(means)) == pytest.approx((found.low, found.high), abs=CLOSE)
        ends = (found.pooled_low, found.pooled_high)
        assert (min(pooled), max(pooled)) == pytest.approx(ends, abs=CLOSE)


DESIGN = ("has_design_activity", "design_tools", "design_tools_use")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=3))
def test_bounds_of_a_share_are_the_ends_of_all_completions(drawn: list[Any]) -> None:
    """Each of three answers is missing, weak or strong; every completion is tried."""
    tool = next(c.code for c in DEFINITIONS.questions["design_tools"].choices if c.code != "none")
    choices = ((None, False, True), (None, ["none"], [tool]), (None, "A", "D"))

    def answers(picked: Sequence[int]) -> dict[str, Any]:
        told = [choices[question][pick] for question, pick in enumerate(picked)]
        return {k: v for k, v in zip(DESIGN, told, strict=True) if v is not None}

    found = total_of(*(row(n, answers(each)) for n, each in enumerate(drawn)))["digital_rd_tools"]
    ways = [list(product(*([pick] if pick else [1, 2] for pick in each))) for each in drawn]
    completed = [
        total_of(*(row(n, answers(each)) for n, each in enumerate(several)))["digital_rd_tools"]
        for several in product(*ways)
    ][:64]
    means = [each.mean for each in completed if each.mean is not None]
    assert all(bounded(found.low, mean, found.high) for mean in means)
    if means and math.prod(map(len, ways)) <= 64:
        assert (min(means), max(means)) == pytest.approx((found.low, found.high), abs=CLOSE)


@FEW
@given(cohorts(10), st.randoms(), st.integers(0, 10))
def test_order_and_partition_of_rows_change_no_digit(rows: list[Row], dice: Any, cut: int) -> None:
    table = table_of(rows, DEFINITIONS)
    order = list(range(len(rows)))
    dice.shuffle(order)
    shuffled = table.take(np.array(order))
    parts = [table_of(each, DEFINITIONS) for each in (rows[:cut], rows[cut:])]
    assert same(table, shuffled)
    assert same(table, joined(parts))


def same(one: Table, other: Table) -> bool:
    first, second = (list(roll_up(each, DEFINITIONS, "league").every()) for each in (one, other))
    return first == second


@FEW
@given(cohorts(10))
def test_the_tallies_of_disjoint_groups_add_up_to_that_of_all(rows: list[Row]) -> None:
    table = table_of(rows, DEFINITIONS)
    leagues, whole = (divide(table, DEFINITIONS, names) for names in (("league",), ()))
    for column in table.columns.values():
        apart = tally(column, leagues.layers, len(leagues.groups))
        together = tally(column, whole.layers, 1)
        merged = apart.take(np.array([0]))
        for place in range(1, len(leagues.groups)):
            merged = merged + apart.take(np.array([place]))
        for name in vars(merged):
            assert getattr(merged, name) == getattr(together, name), name


def test_tables_of_other_definitions_are_not_joined() -> None:
    table = table_of([row(1, {})], DEFINITIONS)
    with pytest.raises(ValueError, match="one set of definitions"):
        joined([table, replace(table, definitions="other")])
