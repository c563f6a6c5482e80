"""`dxkit evidence add` and its like: files are taken in as what they prove."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxkit.cli import chinese
from dxkit.cli.progress import measuring
from dxkit.cli.screen import complain, say

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
_FILE = click.Path(path_type=Path)
_who = click.option("--who", metavar="姓名", required=True, help="办理人，记入流水。")
_again = click.option("--again", is_flag=True, help="内容已登记过的文件也再登记一次。")


@click.command(cls=chinese.Command, short_help="登记材料或照片。")
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
    ledger, wrong = read_cells(told, _LEDGER_OPTIONS, LEDGER, definitions)
    cells, wrong_too = (
        read_cells(told, _PHOTO_OPTIONS, PHOTOS, definitions) if photo else (None, [])
    )

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


def read_cells(
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


@click.command("self-assessment", cls=chinese.Command, short_help="登记线上自评估的报告和问卷。")
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
    cells, wrong = read_cells(told, asked, LEDGER, load())
    refuse_all(wrong, lambda: refuse_unfit([report, questionnaire]))
    cells |= {"period": f"{told['year']}年" if told["year"] else None}
    _tell(keep(case, report, questionnaire, who, cells, again))
    if doubt:
        complain(f"提醒：{doubt}")
    return 0
