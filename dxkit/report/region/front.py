"""What comes before chapter 1: cover, statement, summary in numbers, contents."""

from __future__ import annotations

from html import escape

from dxkit.case.words import chinese_date
from dxkit.models.indicator import Indicator
from dxkit.percentages import percent
from dxkit.region import Region
from dxkit.report.blocks import Block, Cell, form, front_page, join, paragraph
from dxkit.report.front import places
from dxkit.report.region import counted
from dxkit.report.region.words import bounds, gap_words, mean, reading

TITLE = ("内蒙古自治区规模以上工业企业", "数字化评估诊断汇总报告")
MARK = "内部资料　注意保存"


def cover(region: Region) -> Block:
    """Return the cover: mark, title, year, how many enterprises, and until when it tells."""
    day = counted.day_of(region)
    dated = day.isoformat() if day else ""
    lines = [
        f"数据年度：{counted.year_words(region)}",
        f"企业数量：{counted.count(region)} 家，已评估 {counted.assessed(region)} 家",
        f"数据校验：{counted.checksum(region)}",
    ]
    inner = join(
        [
            paragraph(MARK, "mark"),
            *(paragraph(line, "title") for line in TITLE),
            *(paragraph(line, "cover-line") for line in lines),
            paragraph(f"数据截至：{chinese_date(dated) if day else '未记录'}", "cover-foot"),
        ]
    )
    return Block(
        f'<section class="cover" data-title="{"".join(TITLE)}" '
        f'data-subject="{escape(counted.year_words(region))}" data-date="{dated}" '
        f'data-number="{counted.checksum(region)}" data-version="">{inner.html}</section>'
    )


def statement(region: Region) -> Block:
    """Return the page on what the figures are, what they rest on and who may read them."""
    regional = region.definitions.regional
    lines = (
        "本报告由各企业的线下诊断数据逐家汇总而成，只反映已经建档的企业，不代表全区全部规模以上工业企业。",
        regional.source,
        regional.bounds,
        "各组数值含单家企业可以推知的内容，供主管部门内部掌握，不对外公布；"
        "对外提供的，须使用经过保护处理的发布口径。",
        f"本报告由 dxkit 依据第 {region.definitions.edition} 版口径生成，"
        f"数据校验 {counted.checksum(region)}。"
        "凡标注“假定”的定义和判定规则均为本工具设定，以主管部门正式文本为准。",
    )
    return front_page("声　明", join(map(paragraph, lines)))


def summary(region: Region) -> Block:
    """Return the one-page summary in numbers."""
    facts = {
        "评估范围": coverage_words(region),
        "数据年度": counted.year_words(region),
        "目标对照": _aims(region),
    }
    rows = [[Cell(label, "label"), Cell(text)] for label, text in facts.items()]
    return front_page("摘　要", form(rows, (13, 87)) + _directions(region))


def coverage_words(region: Region) -> str:
    """Say how many of how many enterprises were assessed, and how many could not be read."""
    share = (
        percent(counted.assessed(region) / counted.count(region)) if counted.count(region) else "—"
    )
    words = f"{counted.count(region)} 家中评估 {counted.assessed(region)} 家，占 {share}"
    if unread := int((~region.table.read).sum()):
        words += f"；其中 {unread} 家的数据不能读取，按未知计"
    if undated := len(region.gathered.undated):
        words += f"；另有 {undated} 家的数据不能读取，年度不明，没有计入"
    return words + "。"


def _aims(region: Region) -> str:
    """Say how far the region is from each target of its own."""
    lines = []
    for each in counted.headline(region):
        figure = region.total.figure(each.id)
        aims = [
            row
            for row in region.definitions.benchmarks
            if row.indicator == each.id and row.kind == "target" and row.comparable
            if row.region.startswith("内蒙古")
        ]
        for row in aims:
            gap = gap_words(figure, row.value)
            against = f"自治区{row.year}年目标 {percent(row.value)}" + (
                f"，相差 {gap}" if gap else ""
            )
            lines.append(f"{each.name}：均值 {mean(figure)}（{figure.base} 家），{against}。")
    return "\n".join(lines) or "没有自治区公布的目标值。"


def _directions(region: Region) -> Block:
    heads = [("评价方向", 16), ("指标", 44), ("有值企业", 12), ("数值", 14), ("界限", 24)]
    lines = [[Cell(label, "label") for label, _ in heads]]
    for direction in region.definitions.framework.directions:
        areas = {area.id for area in direction.subareas}
        own = [each for each in region.definitions.indicators if each.subarea in areas]
        shown = _best_and_worst(region, own)
        for place, each in enumerate(shown):
            figure = region.total.figure(each.id)
            first = [Cell(direction.name, "label", down=len(shown))] if place == 0 else []
            lines.append(
                [
                    *first,
                    Cell(f"{each.no}. {each.name}"),
                    Cell(str(figure.base), "mid"),
                    Cell(mean(figure), "mid"),
                    Cell(bounds(figure), "mid"),
                ]
            )
    note = paragraph(
        "每个方向列出数值最高和最低的指标；比率类为各企业的简单平均，是/否类为“是”的占比。", "note"
    )
    total = sum(width for _, width in heads)
    return form(lines, [100 * width / total for _, width in heads]) + note


def _best_and_worst(region: Region, own: list[Indicator]) -> list[Indicator]:
    """Return the indicators of a direction with the greatest and the least known value."""
    known = [each for each in own if isinstance(reading(region.total.figure(each.id)), int | float)]
    if len(known) < 2:
        return own[:2]
    ordered = sorted(known, key=lambda each: -(region.total.figure(each.id).mean or 0.0))
    return [ordered[0], ordered[-1]]


def contents(_region: Region) -> Block:
    """Return the places for contents, list of tables and list of figures."""
    return places()
