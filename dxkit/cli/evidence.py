"""`dxkit evidence`: files that prove answers are taken in, reviewed, compared and verified."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxkit.cli import chinese
from dxkit.cli.progress import measuring, progress
from dxkit.cli.screen import complain, say, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dxkit.definitions import Definitions
    from dxkit.errors import Problem
    from dxkit.evidence import Taken

EXIT_ALTERED = 1
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
    help="企业是否同意：同意、不同意、脱敏后可用。没有默认值。",
)
@_who
@_again
def add(case: str, files: tuple[Path, ...], item: str | None, photo: bool, **told: Any) -> int:
    """把文件放进企业文件夹，算出校验值，记入附件7-1审核台账或照片登记表。

    全部文件一次登记：有一个不能收，就一个也不登记。
    """
    from dxkit.cli.options import refuse_all
    from dxkit.definitions import load
    from dxkit.errors import ParameterError, Problem
    from dxkit.evidence import Intake
    from dxkit.evidence.files import refuse_unfit
    from dxkit.evidence.rows import ledger_cells

    if item is None and not photo:
        raise ParameterError(Problem("dxkit evidence add", "", "", "--annex7 材料号，或 --photo"))
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
        raise EvidenceError(Problem(number, "", "台账中没有这份材料的审核记录", "台账中的证据编号"))
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


@evidence.command(cls=chinese.Command, short_help="核对文件和流水未被改动。")
@click.argument("case", metavar="企业")
def verify(case: str) -> int:
    """核对已登记的文件都在、内容未变，流水前后相连；有不符的以退出码 1 结束。

    限制知悉的文件夹（restricted）整个不在的，其中的文件另行列出；其余相符时，退出码为 3。
    """
    from dxkit.case import look_at
    from dxkit.cli.screen import tell_absent
    from dxkit.evidence import items
    from dxkit.evidence import verify as check
    from dxkit.lifecycle import edits_by_hand

    lying = look_at(case)
    with progress(len(items(lying)), "核对文件") as done:
        result = check(lying, done)
    edits = edits_by_hand(lying)
    problems = [*result.problems, *(each.as_problem(lying) for each in edits if each.closed)]
    for problem in problems:
        complain(f"不符：{problem}")
    for note in (*result.notes, *(each.as_problem(lying) for each in edits if not each.closed)):
        complain(f"提醒：{note}")
    say(
        f"核对了 {result.files} 个文件、{result.entries} 条流水："
        f"{f'{len(problems)} 处不符' if problems else '全部相符'}。"
    )
    away = tell_absent(result.absent)
    return EXIT_ALTERED if problems else away


@evidence.command(cls=chinese.Command, short_help="把标为涉密的文件移到限制知悉的文件夹。")
@click.argument("case", metavar="企业")
@_who
def restrict(case: str, who: str) -> int:
    """把登记之后才标为企业秘密或不得复制的文件，移到限制知悉的文件夹（restricted）。

    台账、照片登记表和其他提到这个文件的地方一并改写，原处不留副本。没有移动之前，
    不能办理下一步。涉密程度降低的不自动移出：用 dxkit evidence release。
    """
    from dxkit.evidence.apart import restrict as move

    moved = move(case, who)
    _tell_moved(moved)
    if not moved:
        say("没有要移动的文件。")
    return 0


@evidence.command(cls=chinese.Command, short_help="把不再涉密的文件移回一般材料。")
@click.argument("case", metavar="企业")
@click.argument("number", metavar="编号")
@_who
def release(case: str, number: str, who: str) -> int:
    """把一份不再涉密的材料或照片，从限制知悉的文件夹移回一般材料。

    先经企业确认，把登记的涉密程度改为一般或企业内部；同一文件还有别处标为涉密的，不能移出。
    """
    from dxkit.evidence.apart import release as move

    _tell_moved(move(case, number, who))
    return 0


def _tell_moved(moved: Sequence[tuple[str, str]]) -> None:
    for number, place in moved:
        say(f"已移动 {number}：{place}")


@evidence.command(cls=chinese.Command, short_help="查找重复的文件和相近的照片。")
@click.argument("what", metavar="[企业或文件夹]", required=False)
def duplicates(what: str | None) -> int:
    """在各企业之内和各企业之间查找内容相同的文件和画面相近的照片。

    写一家企业的，只列出与它有关的；写存放各企业的文件夹或者不写的，列出全部。
    有企业读不出、没有比对的，以退出码 1 结束。
    """
    from dxkit import evidence as room

    folders, only = _compared(what)
    with progress(len(folders), "比对各企业的文件") as done:
        search = room.duplicates(folders, progress=done)
    for problem in search.unread:
        complain(f"未能比对：{problem}")
    told = [f for f in search.found if only is None or only in {spot.case for spot in f.spots}]
    for found in told:
        spots = "；".join(f"{spot.case} {spot.number}（{spot.file}）" for spot in found.spots)
        kind = "内容相同" if found.apart is None else f"画面相近，请核对（差 {found.apart} 位）"
        say(f"{kind}：{spots}")
    left = f"；{search.left_out} 家读不出，没有比对" if search.left_out else ""
    say(f"比对了 {len(folders) - search.left_out} 家企业，发现 {len(told)} 处{left}。")
    return EXIT_ALTERED if search.left_out else 0


def _compared(what: str | None) -> tuple[list[Path], str | None]:
    """Return the cases to compare, and the one that is meant if it is one."""
    from dxkit import paths
    from dxkit.case import list_folders, locate
    from dxkit.errors import CaseError, Problem

    parent = paths.parameters() if what is None else Path(what)
    if folders := list_folders(parent):
        return folders, None
    try:
        folder = locate(str(parent))
    except CaseError:
        expected = "一家企业，或其下每家企业一个文件夹"
        raise CaseError(Problem(str(parent), "", "没有企业文件夹", expected)) from None
    return list_folders(folder.parent) or [folder], folder.name
