"""The regional view is data: what dangles in it is refused, and what is added works."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxkit.cohort import roll_up, table_of
from dxkit.cohort.building import Row
from dxkit.definitions import load
from tests.definition_set import copy_to, edit, problems_of

FILE = "regional.yaml"
CHAMPION = "      - {code: champion, name: 单项冠军, field: annex_3.srdi_level, has: champion}\n"
LAST_MARK = (
    "      - {code: little_giant, name: 小巨人, field: annex_3.srdi_level, has: little_giant}\n"
)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("field: annex_3.league", "field: annex_3.county", "annex_3.county"),
        ("field: annex_3.league", "field: annex_3.banner", "类型为 region"),
        ("by: section", "by: sector", "sector"),
        ("has: srdi}", "has: special}", "special"),
        ("field: annex_3.is_above_scale}", "field: annex_3.is_above_scale, has: yes_}", "是非题"),
        ("[league, division]", "[league, trade]", "trade"),
        ("years: [annex_2.data_period_year", "years: [annex_2.author", "annex_2.author"),
        ("causes: annex_2.year_changes", "causes: annex_2.problems", "indicator（指标）"),
        ("credit_code: annex_3.uscc", "credit_code: annex_3.park", "credit_code"),
        ("  - {id: section,", "  - {id: league,", "league"),
        ("    by: region\n    field: annex_3.league\n", "    by: region\n", "须有 field"),
        ('edition: "2026-11"', 'edition: "2020-01"', "2020-01"),
    ],
)
def test_what_dangles_is_refused_in_one_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    folder = copy_to(tmp_path)
    edit(folder / FILE, old, new)
    lines = problems_of(folder)
    assert len(lines) == 1, lines
    assert FILE in lines[0]
    assert words in lines[0]


def test_a_further_type_is_a_line_of_data(tmp_path: Path) -> None:
    folder = copy_to(tmp_path)
    edit(folder / FILE, LAST_MARK, LAST_MARK + CHAMPION)
    definitions = load(folder)
    rows = [Row("a", marks={"champion": 1, "srdi": 1}), Row("b", marks={"srdi": 1})]
    rolled = roll_up(table_of(rows, definitions), definitions, "type")
    assert {
        group.name: int(n) for (group,), n in zip(rolled.groups, rolled.count, strict=True)
    } == {
        "专精特新": 2,
        "单项冠军": 1,
    }
