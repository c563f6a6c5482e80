"""What enterprises of the same league, trade and size reached, beside the own values."""

from __future__ import annotations

from dxkit import paths
from dxkit.cohort.peers import PeerGroupOf, Peers, find_peers
from dxkit.diagnosis import Diagnosis
from dxkit.percentages import percent
from dxkit.report.blocks import NOTHING, Block, Head, join, paragraph, refer, table, wide

WITHHELD = "不列"
_MISSING = (
    "没有可对照的同类企业数据：工作区的 peers 文件夹中没有本地区的对照包。"
    "对照包由工信部门用 dxkit region --anonymous 生成，放入该文件夹即可，不需要联网。"
)


def peers(diagnosis: Diagnosis) -> Block:
    """Return the enterprise's values beside those of its groups, or that no pack is installed."""
    found, troubles = _found(diagnosis)
    return join([found or paragraph(_MISSING), troubles])


def peers_if_any(diagnosis: Diagnosis) -> Block:
    """Return the same for a report: nothing where no pack is installed."""
    return _found(diagnosis)[0]


def _found(diagnosis: Diagnosis) -> tuple[Block, Block]:
    chosen, problems = find_peers(diagnosis.case, paths.peers())
    troubles = join(paragraph(f"对照包没有采用：{problem}") for problem in problems)
    return (NOTHING if chosen is None else _shown(diagnosis, chosen)), troubles


def _shown(diagnosis: Diagnosis, chosen: Peers) -> Block:
    width = 60 / len(chosen.groups)
    heads = [Head("序号", 6, "mid"), Head("指标", 22), Head("本企业", 12, "mid")]
    heads += [Head(group.called, width, "mid") for group in chosen.groups]
    rows = [
        [
            str(each.indicator.no),
            each.indicator.name,
            each.words,
            *(_told(chosen, each.indicator.id, group) for group in chosen.groups),
        ]
        for each in diagnosis.results
    ]
    pack = chosen.pack
    lead = refer(f"{pack.year}年同类企业的水平见{{下表:peers}}。") + paragraph(_groups(chosen))
    listed = table("与同类企业对照", heads, rows, anchor="peers", lead=lead)
    return wide(listed + paragraph(_note(pack.protection.least) + _source(chosen), "note"))


def _told(chosen: Peers, indicator: str, group: PeerGroupOf) -> str:
    figure = chosen.figure(indicator, group)
    return WITHHELD if figure is None else f"{percent(figure.value)}\n{figure.base}家"


def _groups(chosen: Peers) -> str:
    words = (
        f"{group.called}（{group.name}）"
        + (f"{group.enterprises}家" if group.place is not None else "家数不足，不列")
        for group in chosen.groups
    )
    return f"已评估的企业：{'；'.join(words)}。"


def _note(least: int) -> str:
    return (
        "比率类为有答案的企业的简单平均，是/否类为答“是”的企业所占比例，家数为有答案的企业，本企业可能在内。"
        f"“{WITHHELD}”是为保护企业：家数不足{least}家，或者列出后有可能推算出某家企业的答案；不表示好坏。"
    )


def _source(chosen: Peers) -> str:
    pack = chosen.pack
    return (
        f"来源：{pack.region}{pack.year}年同类企业对照包，已评估{pack.enterprises}家，"
        f"定义版本{pack.edition}，校验值{pack.sha256[:12]}。"
    )
