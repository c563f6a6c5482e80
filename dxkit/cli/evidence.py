"""`dxkit evidence`: files that prove answers are taken in, reviewed, compared and verified."""

from __future__ import annotations

from typing import Any

import click

from dxkit.cli import chinese
from dxkit.cli.proving import duplicates, release, restrict, verify
from dxkit.cli.registering import LEDGER, add, read_cells, self_assessment
from dxkit.cli.screen import complain, say, show_table

_REVIEW_OPTIONS = {
    "outcome": "--outcome",
    "finding": "--finding",
    "fix_request": "--fix-request",
    "fix_due": "--fix-due",
    "fixed_on": "--fixed-on",
    "provider": "--provider",
    "reviewed_on": "--on",
    "review_method": "--method",
}


@click.group(cls=chinese.Group, name="evidence", short_help="登记、审核和核对证明材料。")
def evidence() -> None:
    """登记、审核和核对证明材料与现场照片。"""


@click.command("list", cls=chinese.Command, short_help="列出已登记的材料和照片。")
@click.argument("case", metavar="企业")
def listed(case: str) -> int:
    """列出已登记的材料和照片，以及能否对外提供。"""
    from dxkit.case import open_case
    from dxkit.case.words import shown
    from dxkit.evidence import items
    from dxkit.evidence.secrecy import stays

    opened = open_case(case)
    rows = []
    for item in items(opened):
        columns = {column.key: column for column in item.table.columns}
        title = item.row.get("title") or item.row.get("subject") or item.row.get("caption") or ""
        outcome = columns.get("outcome")
        said = shown(outcome, item.row.get("outcome"), opened.definitions) if outcome else ""
        leaves = stays(opened, item) or "可以对外"
        rows.append([item.number, str(title), said, leaves, item.file or "未留存文件"])
    if not rows:
        say(f"{opened.name} 还没有登记材料或照片；用 dxkit evidence add 登记。")
        return 0
    show_table(["编号", "名称", "审核结论", "对外", "文件"], rows, opened.name)
    return 0


@click.command(cls=chinese.Command, short_help="写下一份材料的审核结论。")
@click.argument("case", metavar="企业")
@click.argument("number", metavar="证据编号")
@click.option("--outcome", metavar="结论", help="如 accepted（通过）、fix_needed（需补正）。")
@click.option("--finding", metavar="文字", help="问题描述；除通过外都要写。")
@click.option("--method", "methods", metavar="方式", multiple=True, help="审核方式，可写多次。")
@click.option("--fix-request", metavar="文字", help="补正要求。")
@click.option("--fix-due", metavar="日期", help="补正期限。")
@click.option("--fixed-on", metavar="日期", help="补正完成日期。")
@click.option("--provider", metavar="姓名", help="提供部门或提供人。")
@click.option("--on", "reviewed_on", metavar="日期", help="审核日期；不写则为今天。")
@click.option("--who", metavar="姓名", help="审核人，写结论时必填，记入流水。")
def review(case: str, number: str, who: str | None, methods: tuple[str, ...], **told: Any) -> int:
    """写下一份材料的审核结论；不写 --outcome 则只列出已有的审核轨迹。"""
    from dxkit.cli.options import refuse_all
    from dxkit.definitions import load
    from dxkit.errors import ParameterError, Problem
    from dxkit.evidence import review as conclude
    from dxkit.evidence.reviewing import doubt_days

    told["methods"] = list(methods) or None
    cells, wrong = read_cells(told, _REVIEW_OPTIONS, LEDGER, load())
    refuse_all(wrong)
    given = {key: value for key, value in cells.items() if value is not None}
    asked = {"--outcome": told["outcome"], "--who": who}
    begun = any(value is not None for value in told.values())
    if begun and (missing := [option for option, value in asked.items() if not value]):
        raise ParameterError(
            Problem("dxkit evidence review", each, "没有写", "写下审核结论时必填")
            for each in missing
        )
    reviewed = conclude(case, number, given, who) if who and given else {}
    if doubt := doubt_days(reviewed):
        complain(f"提醒：{number} {doubt}")
    _show_log(case, number)
    return 0


def _show_log(case: str, number: str) -> None:
    from dxkit.case import open_case
    from dxkit.errors import EvidenceError, Problem
    from dxkit.evidence import review_log
    from dxkit.evidence.kept import table_at
    from dxkit.evidence.rows import LEDGER

    opened = open_case(case)
    steps = review_log(opened, number)
    if not steps:
        expected = f"台账中的证据编号，见 dxkit evidence list {opened.id}"
        raise EvidenceError(Problem(number, "", "台账中没有这份材料的审核记录", expected))
    columns = {column.key: column for column in table_at(opened.definitions, LEDGER).columns}
    rows = [
        [
            step.at[:16].replace("T", " "),
            step.who,
            columns["outcome"].label_of(step.before) if step.before else "",
            columns["outcome"].label_of(step.after) if step.after else "",
            step.note or "",
        ]
        for step in steps
    ]
    show_table(["时间（UTC）", "办理人", "原结论", "结论", "说明"], rows, f"{number} 审核轨迹")


for each in (add, self_assessment, listed, review, verify, restrict, release, duplicates):
    evidence.add_command(each)
