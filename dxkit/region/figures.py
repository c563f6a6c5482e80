"""The region's figures as rows: every group and indicator, the changes, the published values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dxkit.cohort import Change, Figure, Group
from dxkit.cohort.change import MEMBERS, RESTATED, SETTLED, UNEXPLAINED
from dxkit.cohort.groups import causes_in
from dxkit.definitions import Definitions
from dxkit.percentages import percent
from dxkit.region.view import Region
from dxkit.spreadsheets import Cell

TOTAL = "合计"
_GROUP = ("分组", "组")
_INDICATOR = ("序号", "指标", "类别")
KINDS = {"ratio": "比率的平均", "yes_no": "“是”的占比"}
FIGURE_HEADS = (
    *_GROUP,
    *_INDICATOR,
    "企业数",
    "已评估",
    "有值",
    "未知",
    "不适用",
    "“是”的家数",
    "平均或占比（%）",
    "下限（%）",
    "上限（%）",
    "分子合计",
    "分母合计",
    "合并比率（%）",
    "合并下限（%）",
    "合并上限（%）",
    "下四分位（%）",
    "中位数（%）",
    "上四分位（%）",
)
BESIDE_HEADS = (
    *_INDICATOR,
    "全区（%）",
    "有值",
    "企业数",
    "对照",
    "对照值（%）",
    "差（百分点）",
    "年度",
    "统计范围",
    "来源",
    "说明",
)
_STANDING = {"sourced": "", "general_knowledge": "通行引用数据，未核到原文"}


def groupings(definitions: Definitions) -> list[tuple[str, ...]]:
    """Return everything that figures are told by: all, each dimension, each crossing."""
    regional = definitions.regional
    return [(), *((each.id,) for each in regional.dimensions), *regional.crossings]


def figure_rows(region: Region) -> Iterator[list[Cell]]:
    """Yield a row for every indicator in every group."""
    for names in groupings(region.definitions):
        rolled = region.by(*names)
        title = _title(names, region.definitions)
        for group, key, figure in rolled.every():
            yield [title, words_of(group), *_about(key, region.definitions), *_told(figure)]


def change_heads(definitions: Definitions) -> tuple[str, ...]:
    """Return the heads of the changes: from what, to what, and a part for every cause."""
    parts = (f"{each.name}（百分点）" for each in _parts(definitions))
    bases = ("上年有值", "本年有值", "两年都有值")
    return (*_GROUP, *_INDICATOR, *bases, "上年（%）", "本年（%）", "变化（百分点）", *parts)


def change_rows(region: Region) -> Iterator[list[Cell]]:
    """Yield a row for every indicator in every group that has a mean in both years."""
    for names in groupings(region.definitions):
        found = region.changes(*names) if "year" not in names else None
        for group, key, change in found.every() if found is not None else ():
            title = _title(names, region.definitions)
            told = _changed(change, _parts(region.definitions))
            yield [title, words_of(group), *_about(key, region.definitions), *told]


def beside_rows(region: Region) -> Iterator[list[Cell]]:
    """Yield a row for every published value that the region's mean can be set beside."""
    for each in region.definitions.indicators:
        figure = region.total.figure(each.id)
        for one in region.beside(each.id, figure.mean):
            row = one.benchmark
            yield [
                *_about(each.id, region.definitions),
                hundredths(figure.mean),
                figure.base,
                figure.count,
                one.label,
                hundredths(row.value),
                hundredths(one.gap),
                row.as_of or f"{row.year}年",
                row.population,
                row.source,
                "；".join(filter(None, (_STANDING[row.standing], row.note))),
            ]


def words_of(group: Sequence[Group]) -> str:
    """Return what a group is called; that of all enterprises is the total."""
    return " × ".join(each.name for each in group) or TOTAL


def hundredths(share: float | Fraction | None) -> float | None:
    """Return a share in per cent with two decimals, as they are shown everywhere."""
    return None if share is None else float(percent(float(share)).removesuffix("%"))


def _title(names: Sequence[str], definitions: Definitions) -> str:
    known = {each.id: each.name for each in definitions.regional.dimensions}
    return " × ".join(known[name] for name in names) or TOTAL


def _about(key: str, definitions: Definitions) -> list[Cell]:
    indicator = definitions.by_id[key]
    return [indicator.no, indicator.name, KINDS[indicator.kind]]


def _told(figure: Figure) -> list[Cell]:
    quarters = figure.quartiles or (None, None, None)
    return [
        figure.count,
        figure.assessed,
        figure.base,
        figure.unknown,
        figure.not_applicable,
        figure.yes,
        *map(hundredths, (figure.mean, figure.low, figure.high)),
        figure.part,
        figure.whole,
        *map(hundredths, (figure.pooled, figure.pooled_low, figure.pooled_high)),
        *map(hundredths, quarters),
    ]


def _parts(definitions: Definitions) -> tuple[Group, ...]:
    return (MEMBERS, SETTLED, RESTATED, *causes_in(definitions), UNEXPLAINED)


def _changed(change: Change, parts: Sequence[Group]) -> list[Cell]:
    bases = change.base_before, change.base_after, change.both
    shares = (change.before, change.after, change.total, *(change.parts[each] for each in parts))
    return [*bases, *map(hundredths, shares)]
