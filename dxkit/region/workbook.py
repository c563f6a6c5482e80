"""Which sheets the region's workbook has: figures by group, coverage, changes, every enterprise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from dxkit.cohort import Figure
from dxkit.models.regional import Dimension
from dxkit.region import figures, listing
from dxkit.region.sheets import Head, Sheet, workbook_of
from dxkit.region.view import Region
from dxkit.spreadsheets import Cell

TITLE = "内蒙古自治区规模以上工业企业数字化评估诊断汇总表"
_BY = (
    ("分盟市", ("league",)),
    ("分行业门类", ("section",)),
    ("分行业大类", ("division",)),
    ("分规模", ("size",)),
    ("分类型", ("type",)),
    ("分生产类型", ("production_type",)),
    ("盟市×行业", ("league", "division")),
)
# So wide that the longest name stands on one line: rows keep the height that they have.
_INDICATOR = (Head("序号", 6), Head("指标", 40, "text"), Head("类别", 13, "text"))
_FIGURES = (
    Head("企业数", 8),
    Head("已评估", 8),
    Head("有值", 8),
    Head("未知", 8),
    Head("不适用", 8),
    Head("“是”的家数", 9),
    Head("平均或占比", 11, "percent"),
    Head("下限", 10, "percent"),
    Head("上限", 10, "percent"),
    Head("分子合计", 11),
    Head("分母合计", 11),
    Head("合并比率", 10, "percent"),
    Head("合并下限", 10, "percent"),
    Head("合并上限", 10, "percent"),
    Head("下四分位", 10, "percent"),
    Head("中位数", 10, "percent"),
    Head("上四分位", 10, "percent"),
)
_COVERED = (
    Head("分组", 16, "text"),
    Head("组", 36, "text"),
    Head("企业数"),
    Head("已评估"),
    Head("评估率", 11, "percent"),
)
_WIDTHS = {"分组": 14.0, "组": 36.0, **{each.label: each.width for each in _INDICATOR[1:]}}


def workbook(region: Region, day: datetime | None = None) -> bytes:
    """Return the workbook of a region; its dates within are those of a day."""
    return workbook_of(TITLE, _facts(region), list(sheets_of(region)), day)


def sheets_of(region: Region) -> Iterator[Sheet]:
    """Yield every sheet but the first, which lists them."""
    heads = (*_INDICATOR, *_FIGURES)
    yield Sheet("总体", "全部企业24项指标", heads, _figures(region, ()), kept=2)
    for name, dimensions in _BY:
        known = _in_turn(region, dimensions)
        sides = tuple(Head(each.name, 24, "text") for each in known)
        note = "".join(each.note for each in known)
        about = f"24项指标，按{'×'.join(each.name for each in known)}"
        rows = _figures(region, dimensions)
        yield Sheet(name, about, (*sides, *heads), rows, note, len(known) + 2)
    yield Sheet("覆盖", "各组企业数和已评估的企业数", _COVERED, _covered(region))
    if region.before is not None:
        yield _changes(region)
    yield _enterprises(region)


def _in_turn(region: Region, dimensions: Sequence[str]) -> list[Dimension]:
    known = {each.id: each for each in region.definitions.regional.dimensions}
    return [known[each] for each in dimensions]


def _figures(region: Region, dimensions: tuple[str, ...]) -> list[list[Cell]]:
    by_id = region.definitions.by_id
    return [
        [
            *(each.name for each in group),
            by_id[key].no,
            by_id[key].name,
            figures.KINDS[by_id[key].kind],
            *_told(figure),
        ]
        for group, key, figure in region.by(*dimensions).every()
    ]


def _told(figure: Figure) -> list[Cell]:
    return [
        figure.count,
        figure.assessed,
        figure.base,
        figure.unknown,
        figure.not_applicable,
        figure.yes,
        figure.mean,
        figure.low,
        figure.high,
        figure.part,
        figure.whole,
        figure.pooled,
        figure.pooled_low,
        figure.pooled_high,
        *(figure.quartiles or (None, None, None)),
    ]


def _covered(region: Region) -> list[list[Cell]]:
    rows: list[list[Cell]] = [_share("合计", "全部企业", region.table.size, _assessed(region))]
    for each in region.definitions.regional.dimensions:
        if each.by == "year":
            continue
        rolled = region.by(each.id)
        rows += [
            _share(each.name, group.name, int(count), int(done))
            for (group,), count, done in zip(
                rolled.groups, rolled.count, rolled.assessed, strict=True
            )
        ]
    return rows


def _share(title: str, group: str, count: int, done: int) -> list[Cell]:
    return [title, group, count, done, done / count if count else None]


def _assessed(region: Region) -> int:
    return int(region.table.assessed.sum())


def _changes(region: Region) -> Sheet:
    labels = figures.change_heads(region.definitions)
    heads = tuple(Head(label, *_looks(label)) for label in labels)
    about = f"{region.year}年与{region.year_before}年相比的变化及原因（百分点）"
    return Sheet("与上年相比", about, heads, list(figures.change_rows(region)), kept=4)


def _looks(label: str) -> tuple[float, str]:
    """Return how wide a column of changes is and what its cells are."""
    if label in _WIDTHS:
        return _WIDTHS[label], "text"
    if "百分点" in label:
        return 11, "points"
    return 11, "number" if "%" in label else "count"


def _enterprises(region: Region) -> Sheet:
    labels = listing.heads_of(region.definitions)
    ratios = {label for label in labels if label.endswith("（%）")}
    wide = {"企业名称": 36, "统一社会信用代码": 22, "标识": 16}
    heads = tuple(
        Head(
            label.removesuffix("（%）"),
            wide.get(label, 13),
            "percent" if label in ratios else "count" if label == "年度" else "text",
        )
        for label in labels
    )
    rows = [
        [
            cell / 100 if label in ratios and isinstance(cell, int | float) else cell
            for label, cell in zip(labels, row, strict=True)
        ]
        for row in listing.rows_of(region)
    ]
    about = "各企业24项指标；比率为百分数，是/否类为“是”或“否”，另有“未知”“不适用”"
    return Sheet("24项明细", about, heads, rows, kept=3)


def _facts(region: Region) -> list[tuple[str, str]]:
    regional = region.definitions.regional
    year = f"{region.year}年度" if region.year else "未填"
    unread, undated = int((~region.table.read).sum()), len(region.gathered.undated)
    left_out = f"；另有 {undated} 家不能读取，年度不明，没有计入" if undated else ""
    return [
        ("数据年度", year),
        (
            "企业数",
            f"{region.table.size} 家中评估 {_assessed(region)} 家，不能读取 {unread} 家{left_out}",
        ),
        ("口径版本", f"第 {region.definitions.edition} 版，摘要 {region.table.definitions[:16]}"),
        ("口径性质", f"{regional.source}（{regional.basis.words}）各项指标的假定见汇总报告。"),
        ("已评估", regional.assessed),
        ("界限", regional.bounds),
        (
            "保密",
            "内有企业名称和信用代码，各组数值可能推知单家企业，须与案卷同样保管，不对外公布。",
        ),
        ("核对", "每张表写明行数和校验值，dxkit region --check 逐表核对，缺行、改动都会指出。"),
    ]
