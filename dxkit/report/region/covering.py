"""Chapter 1: how many enterprises there are in each group, and how many of them are assessed."""

from __future__ import annotations

import os
from collections.abc import Sequence

from dxkit.charts import Covered, coverage
from dxkit.cohort import Gathered, RollUp
from dxkit.models.regional import Dimension
from dxkit.percentages import percent
from dxkit.region import Region
from dxkit.report.blocks import (
    NOTHING,
    Block,
    Cell,
    Head,
    Row,
    figure,
    join,
    paragraph,
    refer,
    table,
)
from dxkit.report.region import counted
from dxkit.report.region.front import coverage_words

CHARTED = "league"


def whole(region: Region) -> Block:
    """Return how many of how many are assessed, and what counts as assessed."""
    return paragraph(coverage_words(region)) + paragraph(
        region.definitions.regional.assessed, "note"
    )


def by(region: Region, dimension_id: str) -> Block:
    """Return the coverage by one dimension: the chart for leagues, the table for all."""
    rolled = region.by(dimension_id)
    name = rolled.dimensions[0].name
    anchor = f"coverage-{dimension_id}"
    if dimension_id == CHARTED:
        rows = [
            Covered(group.name, int(done), int(count))
            for (group,), count, done in zip(
                rolled.groups, rolled.count, rolled.assessed, strict=True
            )
        ]
        chart = figure(coverage(rows), f"各{name}评估覆盖", anchor=f"{anchor}-chart")
        lead = refer(f"各{name}的评估进度见{{下表:{anchor}}}和{{下图:{anchor}-chart}}。")
        return _table(region, rolled, anchor, lead) + chart
    lead = refer(f"按{name}的评估进度见{{下表:{anchor}}}。")
    return _table(region, rolled, anchor, lead)


def _table(region: Region, rolled: RollUp, anchor: str, lead: Block = NOTHING) -> Block:
    name = rolled.dimensions[0].name
    heads = [Head(name, 40), Head("企业数", 20, "mid"), Head("已评估", 20, "mid")]
    heads.append(Head("评估率", 20, "mid"))
    rows: list[Row] = [
        _row(group.name, int(count), int(done))
        for (group,), count, done in zip(rolled.groups, rolled.count, rolled.assessed, strict=True)
    ]
    rows.append(_row("合计", counted.count(region), counted.assessed(region)))
    shown = table(f"按{name}的评估覆盖", heads, rows, anchor=anchor, lead=lead)
    return shown + notes(rolled.dimensions)


def notes(dimensions: Sequence[Dimension]) -> Block:
    """Return what is to be known of how dimensions divide, under a table."""
    return join(paragraph(f"注：{each.note}", "note") for each in dimensions if each.note)


def _row(name: str, count: int, done: int) -> list[str | Cell]:
    return [name, str(count), str(done), percent(done / count) if count else ""]


def unread(region: Region) -> Block:
    """Return the cases that could not be read and those left out, by name and reason.

    Those of the year before follow where they lie in a folder of their own.
    """
    told = _unread(region.gathered, "", "计入企业数，各项按未知计", "unread")
    if not region.gathered.unread:
        told = paragraph("全部企业的数据都能读取。")
    told += _repeated(region.gathered, "", "repeated")
    if region.last is None:
        return told
    when = f"{region.year_before}年度"
    told += _unread(region.last, when, "各项按未知计", "unread-last")
    return told + _repeated(region.last, when, "repeated-last")


def _unread(gathered: Gathered, when: str, counted_as: str, anchor: str) -> Block:
    if not gathered.unread:
        return NOTHING
    heads = [Head("企业标识", 24), Head("原因", 76)]
    where = f"{gathered.folder}{os.sep}"  # a place of this machine has no business in a report
    rows: list[Row] = [
        [each.id, "\n".join(each.problems).replace(where, "")] for each in gathered.unread
    ]
    if gathered.undated:
        counted_as = "年度不明，没有计入任何年度"
    words = f"{when}有 {len(rows)} 家企业的数据不能读取，{counted_as}。"
    return paragraph(words) + table(f"{when}不能读取的企业", heads, rows, anchor=anchor)


def _repeated(gathered: Gathered, when: str, anchor: str) -> Block:
    repeated = gathered.repeated
    if not repeated:
        return NOTHING
    heads = [Head("未计入的", 26), Head("已计入的", 26), Head("统一社会信用代码", 30)]
    heads.append(Head("年度", 18, "mid"))
    rows: list[Row] = [[each.id, each.of, each.key, str(each.year or "未填")] for each in repeated]
    words = f"{when}同一企业同一年度有几份数据的，只计内容最多的一份，{len(rows)} 份没有计入。"
    return paragraph(words) + table(f"{when}重复的企业数据", heads, rows, anchor=anchor)
