"""The index of a pack that people read: a page for any browser, to be printed and signed off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dxkit.handover.accounting import Account
from dxkit.handover.entries import Entry, LeftOut
from dxkit.handover.manifest import Listed

NAME = "目录.html"
_STYLE = """
@page { size: A4 landscape; margin: 18mm 16mm }
body { font-family: "FangSong", "仿宋", "Noto Serif CJK SC", serif; font-size: 11pt; margin: 2em;
  line-height: 1.5; color: #000; background: #fff }
h1 { font-family: "SimHei", "黑体", "Noto Sans CJK SC", sans-serif; font-size: 18pt;
  text-align: center; margin: 0 0 .8em }
h2 { font-family: "SimHei", "黑体", "Noto Sans CJK SC", sans-serif; font-size: 13pt;
  margin: 1.4em 0 .4em }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #444; padding: .25em .5em; vertical-align: top; text-align: left }
th { background: #eee; font-weight: bold; white-space: nowrap }
td.mid { text-align: center; white-space: nowrap }
td.right { text-align: right; white-space: nowrap }
td.lines { white-space: pre-line; width: 46% }
td.hash { font-family: monospace; font-size: 8pt; word-break: break-all; width: 17em }
thead { display: table-header-group } tr { break-inside: avoid }
p { margin: .3em 0 }
"""


_HOW_TO_CHECK = (
    "<p>在解开的文件夹中运行 python verify_evidence.py，或用 dxkit verify 核对："
    "每个文件的校验值（SHA-256）应与 manifest.json 一致。</p>"
    "<p>这样核对能发现传送、保存中的损坏和对个别文件的改动；清单本身没有签名，"
    "连同清单一起改动的，这样核对不出来。要确认材料包就是打包人发出的那一份，"
    "请向打包人另行核对整个材料包的 SHA-256（打包时显示），"
    "或者在签字盖章的纸质清单（辅-8）上核对各文件校验值的前16位。</p>"
)


@dataclass(frozen=True)
class Beside:
    """What an index tells besides the files: what stays, what is not there yet, the ledger."""

    left_out: Sequence[LeftOut]
    absent: Sequence[str]
    unfilled: Sequence[str]
    accounts: Sequence[Account]


def index_of(
    title: str,
    head: Mapping[str, str],
    entries: Sequence[tuple[Entry, Listed]],
    beside: Beside,
) -> bytes:
    """Return the index as one HTML page that loads nothing from elsewhere."""
    left_out, absent = beside.left_out, [*beside.absent, *beside.unfilled]
    told = "".join(f"<p>{escape(label)}：{escape(text)}</p>" for label, text in head.items())
    total = sum(listed.bytes for _, listed in entries)
    parts = [
        f"<h1>{escape(title)}　目录</h1>{told}",
        f"<h2>一、包内文件（{len(entries)} 个，共 {size_words(total)}）</h2>{_files(entries)}",
        f"<h2>二、未列入的材料（{len(left_out)} 项）</h2>{_left_out(left_out)}",
        f"<h2>三、没有列入的报告和未填写的表单（{len(absent)} 项）</h2>{_absent(absent)}",
        f"<h2>四、核对方法</h2>{_HOW_TO_CHECK}",
    ]
    if beside.accounts:
        short = sum(each.is_short for each in beside.accounts)
        title = f"五、服务过程材料（附件7-2）对照（必备材料有缺 {short} 项）"
        parts.append(f"<h2>{title}</h2>{_accounts(beside.accounts)}")
    page = (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(title)}　目录</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )
    return page.encode("utf-8")


def size_words(count: int) -> str:
    """Return a number of bytes in words: 512 字节, 1.5 KB, 3.2 MB."""
    if count < 1024:
        return f"{count} 字节"
    return f"{count / 1024:.1f} KB" if count < 2**20 else f"{count / 2**20:.1f} MB"


def _files(entries: Sequence[tuple[Entry, Listed]]) -> str:
    heads = ("序号", "编号", "名称", "位置", "大小", "校验值（SHA-256）")
    rows = (
        _row(
            ("mid", str(number)),
            ("mid", entry.number),
            ("", entry.title),
            ("", entry.path),
            ("right", size_words(listed.bytes)),
            ("hash", listed.sha256),
        )
        for number, (entry, listed) in enumerate(entries, start=1)
    )
    return _table(heads, "".join(rows))


def _left_out(left_out: Sequence[LeftOut]) -> str:
    if not left_out:
        return "<p>没有。</p>"
    rows = (_row(("", each.table), ("mid", each.number), ("", each.reason)) for each in left_out)
    return _table(("所在表", "编号", "理由"), "".join(rows))


def _absent(things: Sequence[str]) -> str:
    return "".join(f"<p>{escape(each)}</p>" for each in things) or "<p>没有。</p>"


def _accounts(accounts: Sequence[Account]) -> str:
    heads = ("序号", "材料", "必备", "包内文件", "说明")
    rows = (
        _row(
            ("mid", str(each.number)),
            ("", each.title),
            ("mid", "是" if each.needed else "否"),
            ("lines", "\n".join(each.paths)),
            ("", each.words),
        )
        for each in accounts
    )
    return _table(heads, "".join(rows))


def _table(heads: Sequence[str], rows: str) -> str:
    cells = "".join(f"<th>{escape(head)}</th>" for head in heads)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"


def _row(*cells: tuple[str, str]) -> str:
    told = (f'<td class="{kind}">{escape(text)}</td>' for kind, text in cells)
    return f"<tr>{''.join(told)}</tr>"
