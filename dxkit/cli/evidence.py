"""`dxkit evidence`: files that prove answers are taken in, reviewed, compared and verified."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxkit.cli import chinese
from dxkit.cli.progress import measuring
from dxkit.cli.proving import duplicates, release, restrict, verify
from dxkit.cli.screen import complain, say, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dxkit.definitions import Definitions
    from dxkit.errors import Problem
    from dxkit.evidence import Taken

LEDGER, PHOTOS = "annex_7.evidence", "aux_4.photos"
_NAMED = {"--indicator": "indicators", "--method": "methods", "--on": "reviewed_on"}
_LEDGER_OPTIONS = {
    "title": "--title",
    "provider": "--provider",
    "received_on": "--received",
    "issuer": "--issuer",
    "issued_on": "--issued",
    "valid_to": "--valid-to",
    "form": "--form",
    "secrecy": "--secrecy",
}
_PHOTO_OPTIONS = {
    "place": "--place",
    "node": "--node",
    "subject": "--subject",
    "photographer": "--photographer",
    "consent": "--consent",
    "secrecy": "--secrecy",
    "indicators": "--indicator",
}
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
_FILE = click.Path(path_type=Path)
_who = click.option("--who", metavar="姓名", required=True, help="办理人，记入流水。")
_again = click.option("--again", is_flag=True, help="内容已登记过的文件也再登记一次。")


@click.group(cls=chinese.Group, name="evidence", short_help="登记、审核和核对证明材料。")
def evidence() -> None:
    """登记、审核和核对证明材料与现场照片。"""


@evidence.command(cls=chinese.Command, short_help="登记材料或照片。")
@click.argument("case", metavar="企业")
@click.argument("files", metavar="文件…", nargs=-1, required=True, type=_FILE)
@click.option("--annex7", "item", metavar="材料号", help="材料清单号，如 C001；清单外的写类别 C。")
@click.option("--as", "kind", metavar="种类", help="签到表、送达回执等，记入所属表单的那一行。")
@click.option("--row", metavar="编号", help="与 --as 同写：哪一行，如会议编号 M01。")
@click.option("--title", metavar="名称", help="材料名称；不写则按材料清单。")
@click.option("--provider", metavar="姓名", help="提供部门或提供人。")
@click.option("--received", metavar="日期", help="收到日期；不写则为今天。")
@click.option("--issuer", metavar="单位", help="出具单位。")
@click.option("--issued", metavar="日期", help="出具日期。")
@click.option("--valid-to", metavar="日期", help="有效期至。")
@click.option("--form", metavar="形式", help="材料形式，如 电子文件、系统截图。")
@click.option("--secrecy", metavar="程度", help="一般、企业内部、企业秘密或不得复制。")
@click.option("--photo", is_flag=True, help="是现场照片，记入照片登记表。")
@click.option("--place", metavar="地点", help="拍摄地点。")
@click.option("--node", metavar="环节", help="拍摄环节，如 kickoff、site、closing。")
@click.option("--subject", metavar="内容", help="拍摄内容。")
@click.option("--indicator", "indicators", metavar="指标", multiple=True, help="照片支撑的指标。")
@click.option("--photographer", metavar="姓名", help="拍摄人。")
@click.option(
    "--consent",
    metavar="yes|no|masked",
    help="企业是否同意：是、否、遮盖后同意。没有默认值。",
)
@_who
@_again
def add(case: str, files: tuple[Path, ...], item: str | None, photo: bool, **told: Any) -> int:
    """把文件放进企业文件夹，算出校验值，记入附件7-1审核台账或照片登记表。

    全部文件一次登记：有一个不能收，就一个也不登记。

    签到表、承诺书、课件、回执用 --as 和 --row 记入所属的表单，如 --as 签到表 --row M01。
    """
    from dxkit.cli.options import refuse_all
    from dxkit.definitions import load
    from dxkit.errors import ParameterError, Problem
    from dxkit.evidence import Intake
    from dxkit.evidence.files import refuse_unfit
    from dxkit.evidence.rows import ledger_cells

    if told["kind"] or told["row"]:
        return _add_paper(case, files, item is not None or photo, told)
    if item is None and not photo:
        expected = "--annex7 材料号、--photo，或 --as 种类"
        raise ParameterError(Problem("dxkit evidence add", "", "没有写明记到哪里", expected))
    definitions, item = load(), _item(item)
    ledger, wrong = _read(told, _LEDGER_OPTIONS, LEDGER, definitions)
    cells, wrong_too = _read(told, _PHOTO_OPTIONS, PHOTOS, definitions) if photo else (None, [])

    def known_item() -> None:
        if item is not None:
            ledger_cells(definitions, item, {})

    refuse_all([*wrong, *wrong_too], known_item, lambda: refuse_unfit(files))
    intake = Intake(item, ledger, cells)
    _tell(_taken_in(case, [(file, intake) for file in files], told["who"], told["again"]))
    return 0


def _add_paper(case: str, files: tuple[Path, ...], otherwise: bool, told: dict[str, Any]) -> int:
    """Keep one paper that a row of a form names."""
    from dxkit.definitions import load
    from dxkit.errors import ParameterError, Problem
    from dxkit.evidence.papers import keep, kinds

    where = "dxkit evidence add"
    named = "、".join(kinds(load()))
    if not told["kind"] or not told["row"]:
        found = "--as 和 --row 只写了一个"
        raise ParameterError(Problem(where, "", found, f"两个都写；种类为 {named} 之一"))
    other = {**_LEDGER_OPTIONS, **_PHOTO_OPTIONS}.values()
    idle = [option for option in dict.fromkeys(other) if told.get(_parameter(option))]
    if otherwise or idle:
        found = "同时写了 " + "、".join([*(["--annex7 或 --photo"] if otherwise else []), *idle])
        raise ParameterError(Problem("--as", "", found, "只写 --row 和 --who"))
    if len(files) > 1:
        found = f"{len(files)} 个文件"
        raise ParameterError(Problem("--as", "", found, "一行一份，几页合成一个文件"))
    with measuring(files[0].stat().st_size if files[0].is_file() else 0, "读取文件") as read:
        place = keep(case, (told["kind"], told["row"], files[0]), told["who"], told["again"], read)
    say(f"已登记 {told['row']} {told['kind']}：{place}")
    return 0


def _item(name: str | None) -> str | None:
    """Return the number of a material as the list spells it, however wide it was typed."""
    return None if name is None else unicodedata.normalize("NFKC", name).strip().upper()


def _read(
    told: Mapping[str, Any], options: Mapping[str, str], table: str, definitions: Definitions
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the cells of a table that options tell, and what is wrong with them."""
    from dxkit.cli.options import read_told
    from dxkit.evidence.kept import table_at

    given = {key: (option, told.get(_parameter(option))) for key, option in options.items()}
    cells, problems = read_told(given, table_at(definitions, table).columns, definitions)
    return {key: value or None for key, value in cells.items()}, problems


def _parameter(option: str) -> str:
    """Return the name under which click tells of an option."""
    return _NAMED.get(option, option.removeprefix("--").replace("-", "_"))


def _taken_in(case: str, files: Sequence[Any], who: str, again: bool) -> list[Taken]:
    from dxkit import evidence as room

    sizes = [path.stat().st_size for path, _ in files if path.is_file()]
    with measuring(sum(sizes), "读取文件") as read:
        return room.add(case, files, who, again, read)


def _tell(taken: Sequence[Taken]) -> None:
    for each in taken:
        say(f"已登记 {'、'.join(each.numbers)}：{each.file}")
        for note in each.notes:
            complain(f"提醒：{each.numbers[0]} {note}")


@evidence.command(cls=chinese.Command, short_help="登记线上自评估的报告和问卷。")
@click.argument("case", metavar="企业")
@click.option(
    "--report", metavar="文件", type=_FILE, required=True, help="平台下载的评估诊断报告。"
)
@click.option("--questionnaire", metavar="文件", type=_FILE, required=True, help="平台下载的问卷。")
@click.option("--year", metavar="年度", type=int, help="自评估的数据年度。")
@click.option("--completed", metavar="日期", help="自评估完成日期。")
@click.option("--name", metavar="名称", help="材料上写的企业名称，与申请表核对。")
@click.option("--provider", metavar="姓名", help="提供部门或提供人。")
@click.option("--secrecy", metavar="程度", help="一般、企业内部、企业秘密或不得复制。")
@_who
@_again
def self_assessment(
    case: str, report: Path, questionnaire: Path, who: str, again: bool, **told: Any
) -> int:
    """把两化融合自评估的报告和问卷一并登记为 D 类材料，并在申请表中注明。"""
    from dxkit.cli.options import refuse_all
    from dxkit.definitions import load
    from dxkit.evidence.files import refuse_unfit
    from dxkit.evidence.self_assessment import doubt_name, keep

    doubt = doubt_name(case, told["name"])
    asked = {"provider": "--provider", "secrecy": "--secrecy", "issued_on": "--completed"}
    cells, wrong = _read(told, asked, LEDGER, load())
    refuse_all(wrong, lambda: refuse_unfit([report, questionnaire]))
    cells |= {"period": f"{told['year']}年" if told["year"] else None}
    _tell(keep(case, report, questionnaire, who, cells, again))
    if doubt:
        complain(f"提醒：{doubt}")
    return 0


@evidence.command("list", cls=chinese.Command, short_help="列出已登记的材料和照片。")
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


@evidence.command(cls=chinese.Command, short_help="写下一份材料的审核结论。")
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
    cells, wrong = _read(told, _REVIEW_OPTIONS, LEDGER, load())
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


for each in (verify, restrict, release, duplicates):
    evidence.add_command(each)
