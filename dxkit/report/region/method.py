"""The last chapter: how figures are formed, on what each indicator rests, and what was counted."""

from __future__ import annotations

from dxkit.region import Region
from dxkit.report.blocks import Block, Cell, Head, Row, bullets, form, paragraph, refer, table
from dxkit.report.region import counted
from dxkit.report.region.words import SMALL_BASE


def method(region: Region) -> Block:
    """Return how a group's figures are formed, in sentences."""
    regional = region.definitions.regional
    lines = [
        f"{regional.source}（{regional.basis.words}）",
        regional.assessed,
        "均值是有值企业的简单平均；是/否类的占比是“是”除以“是”与“否”之和；"
        "合并比率是分子之和除以分母之和，只计分子、分母都已知的企业。",
        regional.bounds,
        *(each.note for each in regional.dimensions if each.by == "year" and each.note),
        f"没有填写所属类别的企业归入“{regional.unplaced}”，计入合计。",
        f"有值企业不足 {SMALL_BASE} 家的数值标 *，在图中用浅色；一家企业都没有的组不列出。",
        "四分位数按有值企业的数值线性内插。",
    ]
    return bullets(lines)


def readings(region: Region) -> Block:
    """Return the indicators with what each rests on, assumptions named as such."""
    heads = [Head("序号", 8, "mid"), Head("指标", 42), Head("类型", 14, "mid")]
    heads += [Head("口径的依据性质", 22), Head("指南条款", 14, "mid")]
    rows: list[Row] = [
        [
            str(each.no),
            each.name,
            "比率" if each.kind == "ratio" else "是/否",
            each.basis.words,
            each.clause,
        ]
        for each in region.definitions.indicators
    ]
    assumed = sum("假定" in each.basis.words for each in region.definitions.indicators)
    said = f"24项指标中有 {assumed} 项的口径是假定，以主管部门正式文本为准，见{{下表:readings}}。"
    return table("指标口径的依据", heads, rows, anchor="readings", lead=refer(said))


def basis(region: Region) -> Block:
    """Return what was counted, by which definitions, with the checksum over all of it."""
    read, assessed = int(region.table.read.sum()), counted.assessed(region)
    rows = [
        (
            "企业数",
            f"{counted.count(region)} 家，其中能读取 {read} 家、已评估 {assessed} 家",
        ),
        ("数据年度", counted.year_words(region)),
        ("口径版本", f"第 {region.definitions.edition} 版，摘要 {region.table.definitions[:16]}"),
        ("数据校验", counted.checksum(region)),
    ]
    told = form([[Cell(label, "label"), Cell(text)] for label, text in rows], (18, 82))
    words = (
        "数据校验由各企业的数据、口径和年度算出，与上一年度相比的，含上一年度的；"
        "数据校验相同的报告，由完全相同的数据汇总而成。"
    )
    return told + paragraph(words, "note") + bullets(region.gathered.notes)
