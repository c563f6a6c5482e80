"""Why a figure is not last year's: parts by cause that add up exactly, and no cause is made up."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.case import Case
from dxkit.cohort import Table, Years, changes, roll_up, table_of
from dxkit.cohort.belonging import causes_of
from dxkit.cohort.building import Row
from dxkit.cohort.change import Change
from dxkit.cohort.groups import causes_in
from dxkit.definitions import load
from tests.answers import partly_answered
from tests.definition_set import copy_to, edit

DEFINITIONS = load()
RATE = "key_process_nc_rate"
CONTROL = "control_integration"
CAUSES = {each.code: place for place, each in enumerate(causes_in(DEFINITIONS))}
LEAGUES = {each.name: place for place, each in enumerate(DEFINITIONS.regions.regions)}


def row(key: str, part: int | None, whole: int | None, **more: Any) -> Row:
    answers = {"key_processes_nc": part, "key_processes": whole}
    cause = more.pop("cause", "")
    league = more.pop("league", "")
    return Row(
        f"case-{key}",
        key,
        answers={k: v for k, v in answers.items() if v is not None},
        causes={RATE: CAUSES[cause]} if cause else {},
        places={"league": LEAGUES[league]} if league else {},
        **more,
    )


def table(*rows: Row) -> Table:
    return table_of(rows, DEFINITIONS)


def parts(change: Change) -> dict[str, float]:
    return {each.code: float(part) for each, part in change.parts.items() if part}


def total(last: Table, now: Table, key: str = RATE) -> Change:
    ((_, found),) = changes(Years.of(last, now), DEFINITIONS).found.items()
    return found[key]


def test_a_change_worked_by_hand() -> None:
    """Last year a 0.2, b 0.4, c 0.5, gone 0.9: mean 0.5. This year a 0.4, b 0.5, c 0.4, new 0.7:
    mean 0.5 too. Of a, b, c the mean rose from 1.1/3 to 1.3/3: a by 0.2 in fact, b by 0.1 by
    evidence, c fell by 0.1 without a word; each counts a third. The new one lifts the mean by
    (0.7 - 1.3/3) / 4, the one that is gone had lifted it by (0.9 - 1.1/3) / 4.
    """
    last = table(row("a", 2, 10), row("b", 4, 10), row("c", 5, 10), row("gone", 9, 10))
    now = table(
        row("a", 4, 10, cause="real_change"),
        row("b", 5, 10, cause="better_evidence"),
        row("c", 4, 10),
        row("new", 7, 10),
    )
    change = total(last, now)
    assert (float(change.before), float(change.after)) == pytest.approx((0.5, 0.5), abs=1e-9)
    assert (change.base_before, change.base_after, change.both) == (4, 4, 3)
    assert parts(change) == pytest.approx(
        {
            "members": (0.7 - 1.3 / 3) / 4 - (0.9 - 1.1 / 3) / 4,
            "real_change": 0.2 / 3,
            "better_evidence": 0.1 / 3,
            "unexplained": -0.1 / 3,
        },
        abs=1e-9,
    )


def test_a_result_that_came_to_be_known_is_no_change_of_the_enterprise() -> None:
    """a 0.5 both years; b unknown, then 1.0: the mean rises by 0.25 because b is known now."""
    change = total(
        table(row("a", 1, 2), row("b", None, 2)),
        table(row("a", 1, 2), row("b", 2, 2, cause="real_change")),
    )
    assert parts(change) == {"settled": 0.25}


def test_with_nobody_in_both_years_only_the_members_changed() -> None:
    change = total(table(row("a", 1, 4)), table(row("b", 3, 4)))
    assert (change.both, parts(change)) == (0, {"members": 0.5})


def test_who_moves_to_another_league_leaves_one_and_comes_to_the_other() -> None:
    last = table(row("a", 1, 4, league="包头市"), row("b", 2, 4, league="包头市"))
    now = table(row("a", 1, 4, league="乌海市"), row("b", 2, 4, league="包头市"))
    found = changes(Years.of(last, now), DEFINITIONS, "league").found
    assert {group[0].name: parts(each[RATE]) for group, each in found.items()} == {
        "包头市": {"members": 0.125}
    }
    assert parts(total(last, now)) == {}


def test_without_a_credit_code_nobody_is_taken_for_the_same() -> None:
    change = total(table(row("", 1, 4)), table(row("", 3, 4)))
    assert (change.both, parts(change)) == (0, {"members": 0.5})


def test_a_year_without_any_value_has_no_change() -> None:
    years = Years.of(table(row("a", None, 4)), table(row("a", 3, 4)))
    assert RATE not in changes(years, DEFINITIONS).found.get((), {})


def test_a_year_of_which_nothing_is_left_has_no_change() -> None:
    for last, now in ((table(row("a", 1, 4)), table()), (table(), table(row("a", 1, 4)))):
        assert not changes(Years.of(last, now), DEFINITIONS, "league").found


def test_of_two_rows_with_one_credit_code_only_one_is_followed() -> None:
    change = total(table(row("a", 1, 4), row("a", 3, 4)), table(row("a", 1, 4)))
    assert change.both == 1
    assert sum(change.parts.values()) == change.total


def test_what_a_changed_definition_does_is_told_by_working_out_last_year_again(
    tmp_path: Path,
) -> None:
    """Orders had to come down at step D, now at C: the same answers give yes where it was no."""
    folder = copy_to(tmp_path)
    rule = folder / "indicators" / "networked" / f"{CONTROL}.yaml"
    edit(rule, "question: orders_downward, at_least: C", "question: orders_downward, at_least: D")
    old = load(folder)
    answers = {"data_upward": "D", "orders_downward": "C"}
    weak = {"data_upward": "A", "orders_downward": "A"}
    rows = [Row("a", "a", answers=answers), Row("b", "b", answers=weak)]
    better = [Row("a", "a", answers=answers), Row("b", "b", answers=answers)]
    years = Years.of(table(*rows), table(*better), table_of(rows, old))
    change = changes(years, DEFINITIONS).found[()][CONTROL]
    assert (float(change.before), float(change.after)) == (0.0, 1.0)
    assert parts(change) == {"restated": 0.5, "unexplained": 0.5}


def test_the_cause_is_what_this_years_case_says_of_the_indicator() -> None:
    told = [
        {"indicator": [RATE, CONTROL], "cause": "corrected_error", "explanation": "笔误"},
        {"indicator": [RATE], "cause": "other", "explanation": "其他"},
    ]
    case = Case(Path("a"), {"annex_2": {"year_changes": told}}, DEFINITIONS, "")
    assert causes_of(case) == dict.fromkeys((RATE, CONTROL), CAUSES["corrected_error"])


@st.composite
def years(draw: st.DrawFn) -> tuple[Table, Table]:
    def one() -> Table:
        keys = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1))
        return table(
            *(
                Row(
                    f"case-{key}",
                    key,
                    answers=draw(partly_answered(DEFINITIONS))[1],
                    places={"league": draw(st.integers(-1, 2))},
                    marks={"srdi": draw(st.integers(-1, 1)), "above_scale": 1, "little_giant": 0},
                    causes={RATE: draw(st.integers(-1, len(CAUSES) - 1))},
                )
                for key in keys
            )
        )

    return one(), one()


@settings(max_examples=30, deadline=None)
@given(years(), st.sampled_from(["", "league", "type"]))
def test_the_parts_add_up_to_the_change_exactly(drawn: tuple[Table, Table], by: str) -> None:
    names = (by,) if by else ()
    last, now = (
        {(group, key): figure for group, key, figure in roll_up(each, DEFINITIONS, *names).every()}
        for each in drawn
    )
    found = changes(Years.of(*drawn), DEFINITIONS, *names)
    told = {(group, key) for group, key, _ in found.every()}
    both = {where for where in last.keys() & now.keys() if last[where].base and now[where].base}
    assert told == both
    for group, key, change in found.every():
        assert sum(change.parts.values(), Fraction(0)) == change.total
        figures = last[group, key].mean, now[group, key].mean
        assert (float(change.before), float(change.after)) == pytest.approx(figures, abs=1e-9)
