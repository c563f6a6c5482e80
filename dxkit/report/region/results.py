"""Chapter 2: the 24 indicators over all enterprises, published values beside them, the spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dxkit.charts import Ranked, Spread, ranked_bars, spreads
from dxkit.diagnosis.benchmarks import HOME, NATION
from dxkit.models.indicator import Indicator
from dxkit.models.reference import Benchmark
from dxkit.percentages import percent, points
from dxkit.region import Region
from dxkit.report.blocks import Block, Head, Row, figure, join, paragraph, refer, table, wide
from dxkit.report.region import counted
from dxkit.report.region.words import FEW, bounds, mean, pooled, ranked_of


def results(region: Region) -> Block:
    """Return the table of all indicators: base, unknown, mean, bounds, pooled ratio."""
    heads = [
        Head("序号", 5, "mid"),
        Head("指标", 27),
        Head("有值企业", 7, "mid"),
        Head("“是”", 6, "mid"),
        Head("未知", 6, "mid"),
        Head("不适用", 7, "mid"),
        Head("均值或占比", 9, "mid"),
        Head("界限", 18, "mid"),
        Head("合并比率", 15, "mid"),
    ]
    rows = [_row(region, each) for each in region.definitions.indicators]
    lead = refer("全部企业24项指标的汇总结果见{下表:results}。")
    note = paragraph(
        "比率类的“均值”是各企业比率的简单平均，“合并比率”是分子之和除以分母之和，大企业的分量更重；"
        "是/否类为回答“是”的企业占“是”“否”两类企业的比例。未知和不适用的企业不计入分母。" + FEW,
        "note",
    )
    return wide(table("24项指标汇总表", heads, rows, anchor="results", lead=lead)) + note


def _row(region: Region, indicator: Indicator) -> Row:
    figure = region.total.figure(indicator.id)
    return [
        str(indicator.no),
        indicator.name,
        str(figure.base),
        "" if figure.yes is None else str(figure.yes),
        str(figure.unknown),
        str(figure.not_applicable),
        mean(figure),
        bounds(figure),
        pooled(figure),
    ]


def ranking(region: Region) -> Block:
    """Return two rankings with bounds: of the ratios, and of the shares of yes."""
    kinds = (
        ("ratios", "比率类指标均值", counted.ratios(region)),
        ("shares", "是/否类指标“是”的占比", counted.yes_no(region)),
    )
    leads = "，".join(f"{title}见{{下图:ranking-{anchor}}}" for anchor, title, _ in kinds)
    return refer(f"各指标由高到低排列，{leads}。") + join(
        figure(ranked_bars(_ranked(region, indicators)), title, anchor=f"ranking-{anchor}")
        for anchor, title, indicators in kinds
    )


def _ranked(region: Region, indicators: Sequence[Indicator]) -> list[Ranked]:
    return [
        ranked_of(f"{each.no} {each.short_name}", region.total.figure(each.id))
        for each in indicators
    ]


def benchmarks(region: Region) -> Block:
    """Return the published values and targets beside the region's own, and why some do not fit."""
    heads = [
        Head("指标", 18),
        Head("本次汇总", 12, "mid"),
        Head("公布值", 12, "mid"),
        Head("相差（百分点）", 12, "mid"),
        Head("地区与时间", 15),
        Head("统计范围与来源", 31),
    ]
    rows: list[Row] = []
    for each in region.definitions.indicators:
        own = region.total.figure(each.id)
        for one in region.beside(each.id, own.mean):
            row = one.benchmark
            gap = "" if one.gap is None else points(one.gap)
            rows.append([*_beside(each, mean(own), row), gap, *_whose(row)])
    caveat = paragraph(
        "公布值的统计范围和年份与本次汇总不尽相同，只作参照。本次汇总的比率类取均值，是/否类取“是”的占比。"
    )
    lead = refer("汇总结果与公布值、目标值的对照见{下表:benchmarks}。")
    listed = table(
        "与公布值和目标值对照",
        heads,
        rows,
        anchor="benchmarks",
        empty="没有可对照的公布值",
        lead=lead,
    )
    return caveat + listed + _not_comparable(region)


def _not_comparable(region: Region) -> Block:
    heads = [Head("指标", 18), Head("公布值", 12, "mid"), Head("地区与时间", 14)]
    heads += [Head("统计范围与来源", 25), Head("说明", 31)]
    rows: list[Row] = [
        [
            f"{each.no} {each.name}",
            percent(row.value),
            *_whose(row),
            row.note or "口径不同",
        ]
        for each in region.definitions.indicators
        for row in region.definitions.benchmarks
        if row.indicator == each.id and not row.comparable and row.region in (HOME, NATION)
    ]
    if not rows:
        return Block("")
    lead = refer("下列公布值口径不同，不可比，只列出备查，见{下表:not-comparable}。")
    return table("不可比的公布值", heads, rows, anchor="not-comparable", lead=lead)


def _beside(indicator: Indicator, own: str, row: Benchmark) -> list[str]:
    return [f"{indicator.no} {indicator.name}", own, percent(row.value)]


def _whose(row: Benchmark) -> list[str]:
    time = row.as_of or f"{row.year}年"
    doubt = "" if row.standing == "sourced" else "；通行引用，待核对原文"
    aim = "目标" if row.kind == "target" else ""
    return [f"{row.region}{time}{aim}", f"{row.population}；{row.source}{doubt}"]


def spread(region: Region) -> Block:
    """Return how the ratios are spread among the enterprises that have them."""
    rows = [_spread(region, each) for each in counted.ratios(region)]
    lead = refer("比率类指标在企业之间的分布见{下图:spread}。")
    return lead + figure(spreads(rows), "比率类指标的分布", anchor="spread")


def _spread(region: Region, indicator: Indicator) -> Spread:
    own = region.total.figure(indicator.id)
    values = region.table.columns[indicator.id].value
    known = tuple(float(each) for each in np.sort(values[~np.isnan(values)]))
    return Spread(f"{indicator.no} {indicator.short_name}", known, own.quartiles, own.mean)
