"""Chapter 8: how the figures moved since the year before, and how much of it is put to what."""

from __future__ import annotations

from dxkit.charts import Cause, Stand, waterfall
from dxkit.cohort import Change, Changes, Group
from dxkit.percentages import percent, points
from dxkit.region import Region
from dxkit.report.blocks import Block, Head, Row, figure, join, paragraph, refer, table, wide
from dxkit.report.region import counted

_DIMENSION = "league"


def total(region: Region) -> Block:
    """Return the change of every indicator by cause, or why none can be told."""
    found = region.changes()
    told = {} if found is None else {key: each for _, key, each in found.every()}
    if not told:
        return paragraph(_nothing(region), "empty")
    lead = refer(
        f"与{region.year_before}年度相比，各项指标的变化及其原因见{{下表:change}}。"
        "各部分之和等于变化；由于四舍五入，末位可能相差 0.01。"
    )
    return wide(_table(region, told, lead)) + _explained() + _pictures(region, told)


def by_league(region: Region) -> Block:
    """Return the change of the headline indicators in every league."""
    found = region.changes(_DIMENSION)
    told = None if found is None else _leagues(region, found)
    return told or paragraph(_nothing(region), "empty")


def _nothing(region: Region) -> str:
    if region.before is None:
        return f"只有{counted.year_words(region)}的数据，没有上一年度可比，不列变化。"
    return f"与{region.year_before}年度之间没有两年都有数值的指标，不列变化。"


def _table(region: Region, told: dict[str, Change], lead: Block) -> Block:
    parts = _moving(told)
    width = 52 / max(len(parts), 1)
    heads = [Head("序号", 5, "mid"), Head("指标", 19)]
    heads += [Head(f"{region.year_before}年", 8, "mid"), Head(f"{region.year}年", 8, "mid")]
    heads += [Head("变化", 8, "mid"), *(Head(part.name, width, "mid") for part in parts)]
    rows: list[Row] = []
    for each in region.definitions.indicators:
        change = told.get(each.id)
        if change is None:
            rows.append([str(each.no), each.name, *[""] * (3 + len(parts))])
            continue
        rows.append(
            [
                str(each.no),
                each.name,
                f"{percent(float(change.before))}\n{change.base_before}家",
                f"{percent(float(change.after))}\n{change.base_after}家",
                points(float(change.total)),
                *(points(float(change.parts[part])) for part in parts),
            ]
        )
    return table("比上年的变化及原因（百分点）", heads, rows, anchor="change", lead=lead)


def _moving(told: dict[str, Change]) -> list[Group]:
    """Return the parts that moved any indicator; a column of noughts would only narrow the rest."""
    every = next(iter(told.values())).parts
    return [part for part in every if any(change.parts[part] for change in told.values())]


def _explained() -> Block:
    return paragraph(
        "注：只有两年都有数值的企业才能说明结果为什么变了；企业增减、由未知变为有数值的，各自单列。"
        "案卷中没有说明原因的变化列为“原因未说明”，不当作实际进步。各项指标都没有的原因不列。",
        "note",
    )


def _pictures(region: Region, told: dict[str, Change]) -> Block:
    return join(
        _picture(region, each.id, each.name, told[each.id])
        for each in counted.headline(region)
        if each.id in told
    )


def _picture(region: Region, key: str, name: str, change: Change) -> Block:
    before = Stand(f"{region.year_before}年（{change.base_before}家）", float(change.before))
    after = Stand(f"{region.year}年（{change.base_after}家）", float(change.after))
    causes = [Cause(part.name, float(by)) for part, by in change.parts.items()]
    chart = waterfall(before, causes, after)
    lead = refer(f"{name}的变化分解见{{下图:change-{key}}}。")
    return lead + figure(chart, f"{name}：变化分解", anchor=f"change-{key}")


def _leagues(region: Region, found: Changes) -> Block:
    heads = [Head(found.dimensions[0].name, 25), Head("指标", 30)]
    heads += [Head(f"{region.year_before}年", 15, "mid"), Head(f"{region.year}年", 15, "mid")]
    heads.append(Head("变化（百分点）", 15, "mid"))
    wanted = {each.id: each.name for each in counted.headline(region)}
    rows: list[Row] = [
        [
            group[0].name,
            wanted[key],
            f"{percent(float(each.before))}（{each.base_before}家）",
            f"{percent(float(each.after))}（{each.base_after}家）",
            points(float(each.total)),
        ]
        for group, key, each in found.every()
        if key in wanted
    ]
    if not rows:
        return Block("")
    lead = refer("有自治区目标的指标在各盟市的变化见{下表:change-league}。")
    return table("各盟市比上年的变化", heads, rows, anchor="change-league", lead=lead)
