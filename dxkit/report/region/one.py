"""One indicator by one dimension, as the page to explore shows it: a ranking and its figures."""

from __future__ import annotations

from dxkit.charts import Line, ranked_bars
from dxkit.cohort import Figure
from dxkit.percentages import percent
from dxkit.region import Region
from dxkit.report.blocks import NOTHING, Block, Head, Row, figure, heading, join, paragraph, table
from dxkit.report.region import counted
from dxkit.report.region.covering import notes
from dxkit.report.region.front import coverage_words
from dxkit.report.region.words import FEW, bounds, mean, pooled, ranked_of


def shown(region: Region, dimension_id: str, indicator_id: str) -> Block:
    """Return what there is to say of an indicator by the groups of a dimension.

    Raises:
        ParameterError: if the dimension is not known.
        KeyError: if the indicator is not.
    """
    rolled = region.by(dimension_id)
    indicator = region.definitions.by_id[indicator_id]
    each = rolled.dimensions[0]
    title = f"{indicator.no}. {indicator.name}，按{each.name}"
    total = region.total.figure(indicator.id)
    rows = [
        ranked_of(group.name, rolled.figure(indicator.id, place))
        for place, (group,) in enumerate(rolled.groups)
    ]
    line = None if total.mean is None else Line("全部企业", total.mean)
    return join(
        [
            heading(2, title),
            paragraph(f"{counted.year_words(region)}，{coverage_words(region)}"),
            figure(ranked_bars(rows, line), title) if rows else NOTHING,
            _table(region, dimension_id, indicator_id),
            notes([each]),
            paragraph(FEW + region.definitions.regional.bounds, "note"),
            _beside(region, indicator_id),
        ]
    )


def _table(region: Region, dimension_id: str, indicator_id: str) -> Block:
    rolled = region.by(dimension_id)
    words = ("企业数", "已评估", "有值", "未知", "不适用", "均值或占比", "界限", "合并比率")
    heads = [Head(rolled.dimensions[0].name, 20), *(Head(each, 10, "num") for each in words)]
    rows = [
        _row(rolled.figure(indicator_id, place), group.name)
        for place, (group,) in enumerate(rolled.groups)
    ]
    rows.append(_row(region.total.figure(indicator_id), "全部企业"))
    return table("", heads, rows)


def _row(own: Figure, name: str) -> Row:
    counts = (own.count, own.assessed, own.base, own.unknown, own.not_applicable)
    told = (mean(own), bounds(own), pooled(own).replace("\n", "，"))
    return [name, *map(str, counts), *told]


def _beside(region: Region, indicator_id: str) -> Block:
    own = region.total.figure(indicator_id)
    words = "；".join(
        f"{each.label} {percent(each.benchmark.value)}（{each.benchmark.population}）"
        for each in region.beside(indicator_id, own.mean)
    )
    return paragraph(f"公布值和目标值：{words}。只作参照。") if words else NOTHING
