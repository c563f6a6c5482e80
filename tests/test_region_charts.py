"""What charts over many enterprises draw: bounds, unknowns and few are seen as what they are."""

from __future__ import annotations

import pytest

from dxkit.charts import (
    Cause,
    ChartError,
    Covered,
    Gap,
    Heat,
    Line,
    Ranked,
    Spread,
    Stand,
    coverage,
    heat,
    heat_map,
    ranked,
    ranked_bars,
    spread,
    spreads,
    waterfall,
)
from dxkit.charts.picture import Box, Diamond, Dot, Label, Picture, Stroke


def texts(picture: Picture) -> list[str]:
    return [mark.text for mark in picture.marks if isinstance(mark, Label)]


def boxes(picture: Picture, fill: str, least_width: float = 0.47) -> list[Box]:
    """Return the areas of a fill that are wider than a sign of the legend."""
    return [
        mark
        for mark in picture.marks
        if isinstance(mark, Box) and mark.fill == fill and mark.width >= least_width
    ]


def test_groups_are_ranked_and_those_without_a_value_come_last() -> None:
    rows = [Ranked("甲", 0.2), Ranked("乙", Gap.UNKNOWN), Ranked("丙", 0.9), Ranked("丁", 0.2)]
    assert [row.name for row in ranked.ranked(rows)] == ["丙", "甲", "丁", "乙"]


def test_a_bar_is_as_long_as_its_share_and_the_bounds_lie_beneath_it() -> None:
    whole = boxes(ranked.compose([Ranked("甲", 1.0, 1.0, 1.0, 9)]), "main")[0]
    picture = ranked.compose([Ranked("甲", 0.5, 0.25, 0.75, 9)])
    bar = boxes(picture, "main")[0]
    assert bar.width == pytest.approx(whole.width / 2)
    below = bar.y + bar.height
    lines = [
        mark
        for mark in picture.marks
        if isinstance(mark, Stroke) and mark.y1 == mark.y2 and mark.y1 > below and mark.x1 > bar.x
    ]
    bounds = next(each for each in lines if each.x1 == pytest.approx(bar.x + whole.width / 4))
    assert bounds.x2 - bounds.x1 == pytest.approx(whole.width / 2)


def test_an_unknown_group_is_hatched_over_its_range_and_no_bar_of_zero() -> None:
    picture = ranked.compose([Ranked("甲", Gap.UNKNOWN, 0.2, 0.8, 0)])
    assert boxes(picture, "main") == []
    assert len(boxes(picture, "hatch")) == 1
    assert "未知" in texts(picture)
    assert "0.00%" not in texts(picture)


def test_a_group_of_few_is_pale_and_bears_a_star() -> None:
    picture = ranked.compose([Ranked("甲", 0.6, 0.6, 0.6, 3, small=True)])
    assert boxes(picture, "main") == []
    assert len(boxes(picture, "tint")) == 1
    assert "3*" in texts(picture)


def test_the_words_of_a_ranking_tell_its_numbers() -> None:
    chart = ranked_bars([Ranked("甲", 0.5, 0.25, 0.75, 9)], Line("全区", 0.4))
    expected = "排序条形图（全区40.00%）：甲50.00%（9家），介于25.00%与75.00%之间。"
    assert chart.alt == expected


def test_a_field_is_the_darker_the_greater_and_gaps_are_no_zero() -> None:
    fields = [[Heat(0.0), Heat(0.2), Heat(0.59), Heat(1.0), Gap.UNKNOWN, None]]
    picture = heat.compose(["甲"], list("abcdef"), fields)
    fills = [m.fill for m in picture.marks if isinstance(m, Box) and m.outlined][:6]
    assert fills == ["shade1", "shade2", "shade3", "shade5", "dots", "paper"]
    words = texts(picture)
    assert {"0.00", "20.00", "59.00", "100.00", "?"} <= {*words}
    assert words.count("0.00") == 1


def test_a_map_with_a_missing_field_is_refused() -> None:
    with pytest.raises(ChartError, match="每行2格"):
        heat_map(["甲"], ["a", "b"], [[Heat(0.1)]])


def test_few_values_are_drawn_one_by_one_and_many_as_a_box() -> None:
    few = spread.compose([Spread("甲", (0.1, 0.2, 0.6), (0.15, 0.2, 0.4), 0.3)])
    assert sum(isinstance(mark, Dot) for mark in few.marks) == 3 + 1
    many = spread.compose([Spread("甲", (0.0,) * 6 + (1.0,) * 6, (0.0, 0.5, 1.0), 0.5)])
    assert not any(isinstance(mark, Dot) for mark in many.marks)
    assert len(boxes(many, "tint")) == 1
    assert sum(isinstance(mark, Diamond) for mark in many.marks) == 1 + 1


def test_a_spread_without_values_says_unknown() -> None:
    chart = spreads([Spread("甲", ())])
    assert chart.alt == "分布图：甲未知。"
    assert "未知" in texts(spread.compose([Spread("甲", ())]))


def test_coverage_tells_how_many_of_how_many() -> None:
    assert coverage([Covered("甲", 41, 58)]).alt == "覆盖图：甲58家中41家。"
    with pytest.raises(ChartError, match="完成数"):
        coverage([Covered("甲", 2, 1)])


def test_a_change_tells_every_cause() -> None:
    chart = waterfall(Stand("2025年", 0.4), [Cause("实际变化", 0.1)], Stand("2026年", 0.5))
    assert chart.alt == "变化分解图：2025年40.00%；实际变化+10.00个百分点；2026年50.00%。"
