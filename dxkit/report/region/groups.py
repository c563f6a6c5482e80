"""Chapters 3 to 7: the 24 indicators by one dimension, as a map, a ranking and a short table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from dxkit.charts import TEXT_WIDTH, WIDE, Line, heat_map, ranked_bars
from dxkit.charts.heat import Field
from dxkit.charts.ranked import ranked
from dxkit.cohort import Figure, Group, RollUp
from dxkit.models.indicator import Indicator
from dxkit.region import Region
from dxkit.report.blocks import NOTHING, Block, figure, join, paragraph, refer, wide
from dxkit.report.region import counted
from dxkit.report.region.covering import notes
from dxkit.report.region.words import FEW, field_of, ranked_of

T = TypeVar("T")
MOST_BARS = 22
"""Bars that fit on one page."""
MOST_TURNED = 14
"""Rows of a map that fit on a page turned sideways, below a heading."""
MOST_UPRIGHT = 8
"""Columns of a map that fit on an upright page."""


def heat(region: Region, dimension_id: str) -> Block:
    """Return the map of all indicators by the groups of a dimension, turned if it is wide."""
    rolled = region.by(dimension_id)
    each = rolled.dimensions[0]
    columns = [group.name for (group,) in rolled.groups]
    lines = [
        (
            f"{one.no} {one.short_name}",
            [field_of(rolled.figure(one.id, place)) for place in range(len(columns))],
        )
        for one in region.definitions.indicators
    ]
    lead = f"24项指标按{each.name}的数值，单位为百分比；比率类为均值，是/否类为“是”的占比"
    sideways = len(columns) > MOST_UPRIGHT
    anchor, title = f"heat-{dimension_id}", f"{each.name}×指标热力图"
    shown = refer(f"{lead}，见{{下图:{anchor}}}。") + _maps(lines, columns, title, anchor, sideways)
    return (wide(shown) if sideways else shown) + under(rolled)


def _maps(
    lines: Sequence[tuple[str, Sequence[Field]]],
    columns: Sequence[str],
    title: str,
    anchor: str,
    sideways: bool,
) -> Block:
    """Return a map as one figure, or as several where it is turned and would not fit its page."""
    pages = _pages(lines, MOST_TURNED if sideways else len(lines))
    width = WIDE if sideways else TEXT_WIDTH
    shown = NOTHING
    for number, page in enumerate(pages):
        chart = heat_map([name for name, _ in page], columns, [line for _, line in page], width)
        place = anchor if number == 0 else f"{anchor}-{number + 1}"
        shown += figure(chart, title + _part(number, pages), anchor=place)
    return shown


def _part(number: int, pages: Sequence[object]) -> str:
    return f"（{number + 1}/{len(pages)}）" if len(pages) > 1 else ""


def under(rolled: RollUp) -> Block:
    """Return the notes that stand under whatever is divided: by what, and that few are few."""
    return notes(rolled.dimensions) + paragraph(FEW, "note")


def ranking(region: Region, dimension_id: str) -> Block:
    """Return the rankings of a dimension's groups for the indicators that have a target."""
    rolled = region.by(dimension_id)
    name = rolled.dimensions[0].name
    indicators = counted.headline(region)
    where = "，".join(f"{one.name}见{{下图:{_place(dimension_id, one)}}}" for one in indicators)
    lead = refer(f"按{name}由高到低排列，{where}。") if indicators else NOTHING
    return lead + join(_ranking(region, rolled, dimension_id, one) for one in indicators)


def _place(dimension_id: str, indicator: Indicator) -> str:
    return f"rank-{dimension_id}-{indicator.id}"


def _ranking(region: Region, rolled: RollUp, dimension_id: str, indicator: Indicator) -> Block:
    total = region.total.figure(indicator.id).mean
    rows = [
        ranked_of(group.name, rolled.figure(indicator.id, place))
        for place, (group,) in enumerate(rolled.groups)
    ]
    anchor = _place(dimension_id, indicator)
    line = None if total is None else Line("全部企业", total)
    pages = _pages(ranked(rows), MOST_BARS)
    shown = NOTHING
    for number, page in enumerate(pages):
        place = anchor if number == 0 else f"{anchor}-{number + 1}"
        title = f"{indicator.name}：按{rolled.dimensions[0].name}{_part(number, pages)}"
        shown += figure(ranked_bars(page, line), title, anchor=place)
    return shown


def _pages(rows: Sequence[T], most: int) -> list[Sequence[T]]:
    """Return the rows as pages of about the same length."""
    count = -(-len(rows) // most)
    size = -(-len(rows) // count)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def crossing(region: Region, down: str, across: str) -> Block:
    """Return the maps of two dimensions crossed, for the indicators that have a target."""
    rolled = region.by(down, across)
    return join(_crossing(region, rolled, each) for each in counted.headline(region)) + under(
        rolled
    )


def _crossing(region: Region, rolled: RollUp, indicator: Indicator) -> Block:
    first, second = rolled.dimensions
    rows, columns = _sides(region, first.id), _sides(region, second.id)
    found: dict[tuple[str, str], Figure] = {
        (one.code, other.code): rolled.figure(indicator.id, place)
        for place, (one, other) in enumerate(rolled.groups)
    }
    fields = [[field_of(found.get((a.code, b.code))) for b in columns] for a in rows]
    anchor = f"cross-{first.id}-{second.id}-{indicator.id}"
    title = f"{indicator.name}：{first.name}×{second.name}"
    lines = [(row.name, line) for row, line in zip(rows, fields, strict=True)]
    lead = f"{indicator.name}按{first.name}和{second.name}交叉，单位为百分比，见{{下图:{anchor}}}。"
    return wide(refer(lead) + _maps(lines, [each.name for each in columns], title, anchor, True))


def _sides(region: Region, dimension_id: str) -> list[Group]:
    return [group for (group,) in region.by(dimension_id).groups]
