"""What `dxkit region` says on the screen: problems, how far leagues are, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxkit.cli.screen import complain, say, show_table

if TYPE_CHECKING:
    from dxkit.region import Region

SHOWN = 20
"""The most cases that could not be read, or are repeated, which are named on a screen."""


def tell_region(region: Region) -> None:
    """Print what there is to say of a region: what is wrong with its cases, then its figures."""
    for note in region.gathered.notes:
        complain(f"提醒：{note}")
    _tell_problems(region)
    regional = region.definitions.regional
    total = region.total
    count, assessed = int(total.count[0]), int(total.assessed[0])
    year = f"{region.year}年" if region.year else "未填年度"
    say(f"{year}：{count} 家企业中已评估 {assessed} 家。{regional.assessed}")
    if elsewhere := region.gathered.table.size - len(region.gathered.undated) - count:
        others = "、".join(str(each) for each in region.gathered.table.years if each != region.year)
        say(f"另有 {elsewhere} 份案卷属于其他年度（{others}），不在其内。")
    _show_leagues(region)
    rows = [
        [
            str(each.no),
            each.name,
            _shown(figure.mean),
            f"{_shown(figure.low)} 至 {_shown(figure.high)}" if figure.low is not None else "",
            _shown(figure.pooled),
            f"{figure.base} / {figure.count}",
            "；".join(
                f"{one.label} {_shown(one.benchmark.value)}"
                for one in region.beside(each.id, figure.mean)
            ),
        ]
        for each in region.definitions.indicators
        for figure in [total.figure(each.id)]
    ]
    heads = ["序号", "指标", "平均或占比", "界限", "合并比率", "有值 / 企业数", "公开数值"]
    show_table(heads, rows)
    say(regional.bounds)
    if region.before is not None:
        say(f"与 {region.year_before} 年相比的变化及原因，见 changes.csv。")


def _show_leagues(region: Region) -> None:
    """Show how far each league has come; what the dimension has to say goes with it."""
    for each in region.definitions.regional.dimensions:
        if each.by != "region":
            continue
        rolled = region.by(each.id)
        rows = [
            [group.name, str(int(count)), f"{int(assessed)} / {int(count)}"]
            for (group,), count, assessed in zip(
                rolled.groups, rolled.count, rolled.assessed, strict=True
            )
        ]
        show_table([each.name, "企业数", "已评估"], rows)
        say(each.note)


def _tell_problems(region: Region) -> None:
    from dxkit.region.outputs import problem_rows

    rows = problem_rows(region)
    for name, what, why in rows[:SHOWN]:
        complain(f"{name}（{what}）：{why}")
    if len(rows) > SHOWN:
        complain(f"另有 {len(rows) - SHOWN} 条，见 problems.csv。")


def _shown(share: float | None) -> str:
    from dxkit.percentages import percent

    return percent(share) if isinstance(share, float) else "—"
