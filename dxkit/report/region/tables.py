"""The appendix: every figure of every group, direction by direction."""

from __future__ import annotations

from dxkit.region import Region
from dxkit.report.blocks import Block, Head, Row, join, paragraph, refer, table, wide
from dxkit.report.region import counted
from dxkit.report.region.covering import notes
from dxkit.report.region.words import FEW, whole


def full(region: Region, dimension_id: str) -> Block:
    """Return the tables of a dimension: a group a row, an indicator a column."""
    rolled = region.by(dimension_id)
    each = rolled.dimensions[0]
    note = paragraph("各格依次为数值、有未知时的界限、有值企业数。" + FEW, "note")
    return join(
        wide(_direction(region, dimension_id, place)) for place in range(len(_directions(region)))
    ) + (notes([each]) + note)


def _directions(region: Region) -> list[tuple[str, frozenset[str]]]:
    return [
        (one.name, frozenset(area.id for area in one.subareas))
        for one in region.definitions.framework.directions
    ]


def _direction(region: Region, dimension_id: str, place: int) -> Block:
    rolled = region.by(dimension_id)
    name, areas = _directions(region)[place]
    indicators = [one for one in region.definitions.indicators if one.subarea in areas]
    width = 80 / len(indicators)
    heads = [Head(rolled.dimensions[0].name, 14), Head("企业数", 6, "mid")]
    heads += [Head(f"{one.no} {one.short_name}", width, "mid") for one in indicators]
    rows: list[Row] = [
        [
            group.name,
            str(int(rolled.count[at])),
            *(whole(rolled.figure(one.id, at)) for one in indicators),
        ]
        for at, (group,) in enumerate(rolled.groups)
    ]
    total = [whole(region.total.figure(one.id)) for one in indicators]
    rows.append(["全部企业", str(counted.count(region)), *total])
    anchor = f"full-{dimension_id}-{place}"
    title = f"{name}方向指标，按{rolled.dimensions[0].name}"
    lead = refer(f"{title}的汇总见{{下表:{anchor}}}。")
    return table(title, heads, rows, anchor=anchor, lead=lead)
