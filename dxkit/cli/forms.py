"""`dxkit form`: the forms of the guide, listed, checked, and sent out blank or filled."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxkit.cli import chinese
from dxkit.cli.progress import step_by_step
from dxkit.cli.screen import complain, say, show_table
from dxkit.errors import ParameterError, Problem

if TYPE_CHECKING:
    from dxkit.case import Case
    from dxkit.definitions import Definitions
    from dxkit.forms.returned import Stamp
    from dxkit.forms.stamping import Sending
    from dxkit.models.annex import Annex

_PURPOSES = {True: "空白表单供填写", False: "供核对和填写"}
_OFFICE_PURPOSE = "机构登记和核对"
_ALL = 1000


@click.group(cls=chinese.Group, name="form", short_help="各附件表单：发出、收回。")
def form() -> None:
    """把附件和辅助表单导出为 Word 或 Excel，填好之后再读回。"""


@form.command("list", cls=chinese.Command, short_help="列出各表单及填写、发出情况。")
@click.argument("case", metavar="[企业]", required=False)
def listing(case: str | None) -> int:
    """列出全部表单；给出企业时，再列出已填的项数和最近一次发出的编号。

    只数要人填的项：程序计算和记载的、按其他答案不必填的不计。
    """
    from dxkit.case import open_case
    from dxkit.definitions import load

    opened = open_case(case) if case else None
    definitions = opened.definitions if opened else load()
    heads = ["附件", "标识", "名称", "填写人"]
    rows = [_described(annex, opened) for annex in definitions.annexes.values()]
    show_table([*heads, *(["已填", "最近发出"] if opened else [])], rows)
    return 0


def _described(annex: Annex, case: Case | None) -> list[str]:
    about = [annex.mark, annex.id, annex.title, annex.filled_by]
    if case is None:
        return about
    from dxkit.forms.asked import filled_of

    sent = [row for row in _exports(case) if row.get("annex") == annex.id]
    filled, asked = filled_of(case, annex)
    return [*about, f"{filled}/{asked}", str(sent[-1].get("form_no", "")) if sent else ""]


def _exports(case: Case) -> list[dict[str, Any]]:
    from dxkit.forms.stamping import EXPORTS

    annex_id, _, key = EXPORTS.partition(".")
    return case.annex(annex_id).get(key) or []


@form.command(cls=chinese.Command, short_help="核对表单：缺什么、哪里对不上。")
@click.argument("case", metavar="企业")
@click.option(
    "--annex", metavar="表单", default="all", help="3、附件3、aux_2、辅-2 等；不写则全部。"
)
def check(case: str, annex: str) -> int:
    """核对已开始填写的表单：必填而未填的，视其他答案须填的，以及相互对不上的。

    有需要核对之处时以退出码 1 结束。
    """
    from dxkit.case import open_case
    from dxkit.cli.standing import show_remarks

    opened = open_case(case)
    annexes = annexes_named_on(annex, opened.definitions)
    count = show_remarks(annexes, opened, _ALL)
    say(f"共 {count} 条。" if count else "没有需要核对之处。")
    return 1 if count else 0


@form.command("export", cls=chinese.Command, short_help="导出表单，空白的或已填的。")
@click.argument("case", metavar="[企业]", required=False)
@click.option("--annex", metavar="表单", required=True, help="3、附件3、aux_2、辅-2 等，或 all。")
@click.option(
    "--format", "kind", type=click.Choice(["docx", "xlsx"]), required=True, help="docx 或 xlsx。"
)
@click.option("--blank", is_flag=True, help="不填内容；不给企业时只能这样。")
@click.option("--purpose", metavar="文字", help="用途，记入导出记录；限制存放的表单必须写明。")
@click.option(
    "--original",
    is_flag=True,
    help="用于打印纸质原件：电话号码和涉密的行都照原样，须写明 --purpose，并记入导出记录。",
)
@click.option(
    "--out",
    metavar="文件或文件夹",
    required=True,
    type=click.Path(path_type=Path),
    help="存放处；--annex all 时是文件夹。",
)
@click.option("--office", is_flag=True, help="机构自用：连同只由机构登记的部分，不交给企业。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@click.option("--who", metavar="姓名", default="未署名", help="记入流水的操作人。")
@click.option("--steps", is_flag=True, help="逐行说明做到哪一张。")
def export(case: str | None, annex: str, out: Path, **wishes: Any) -> int:
    """导出一张表单，或全部表单（--annex all，限制存放的除外）。

    发出的同时记入本企业的导出记录，没有写成的不留记录；表上带有编号和隐藏的标记，退回时据此与发出时的内容比较。
    除纸质原件（--original）外，参会人员等个人的电话号码隐去中间四位；照原样退回的不算改动。
    """
    from dxkit.case import open_case
    from dxkit.definitions import load
    from dxkit.forms import sending, stamping
    from dxkit.forms.phone_masks import without_phones
    from dxkit.forms.secret_masks import holds_secrets, without_secrets
    from dxkit.forms.values import answers_of

    kind, blank, purpose = wishes["kind"], wishes["blank"], wishes["purpose"]
    original = wishes["original"]
    opened = open_case(case) if case else None
    definitions = opened.definitions if opened else load()
    annexes = annexes_named_on(annex, definitions)
    _refuse_careless(opened, annexes, blank, purpose)
    _refuse_no_office(annexes, kind, wishes["office"])
    _refuse_bare_phones(original, purpose)
    targets = _targets(annexes, annex == "all" or out.is_dir(), blank, kind, out)
    sending.refuse_targets(list(targets.values()), [kind], wishes["force"])
    why = purpose or (_OFFICE_PURPOSE if wishes["office"] else _PURPOSES[blank])
    wish = stamping.Sending(annexes, kind, blank, why, wishes["who"], wishes["office"], original)
    told = step_by_step(wishes["steps"])
    with sent(opened, wish) as (logged, stamps):
        shown = logged
        if logged is not None and not original:
            shown = without_phones(without_secrets(logged))
        made = {}
        for done, each in enumerate(annexes):
            told(each.id, done, len(annexes), f"生成 {each.mark} {each.title}")
            made[targets[each.id]] = sending.form_bytes(
                each, definitions, shown, stamps[each.id], kind, wishes["office"]
            )
        sending.write_all(made)
    for each in annexes:
        say(f"{targets[each.id]}　{stamps[each.id].form_no}".rstrip())
    if opened is not None and not (original or blank):
        hidden = [e.mark for e in annexes if holds_secrets(e, answers_of(opened, e))]
        if hidden:
            complain(f"{'、'.join(hidden)} 中涉密的行已隐去内容；照原样退回的不算改动。")
    if annex == "all" and (kept := [e.mark for e in definitions.annexes.values() if e.restricted]):
        complain(f"没有导出限制知悉范围的 {'、'.join(kept)}；确需的用 --annex 单独指明。")
    return 0


def sent(
    case: Case | None, wish: Sending
) -> AbstractContextManager[tuple[Case | None, dict[str, Stamp]]]:
    """Note in a case, if it is for one, what is being sent out."""
    from dxkit.case.continuity import journal_problems
    from dxkit.forms.stamping import noted, stamp_for_nobody

    if case is None:
        return nullcontext((None, {each.id: stamp_for_nobody(each) for each in wish.annexes}))
    for problem in journal_problems(case):
        complain(f"提醒：流水受损，收回这张表单时不能得知发出时的内容：{problem}")
    return noted(case, wish)


def annexes_named_on(name: str, definitions: Definitions) -> list[Annex]:
    """Return the forms that somebody named, and refuse a name that is none."""
    from dxkit.forms.stamping import annexes_named

    found = annexes_named(name, definitions)
    if not found:
        known = "、".join(f"{each.id}（{each.mark}）" for each in definitions.annexes.values())
        raise ParameterError(Problem("--annex", "", name, f"all，或 {known} 之一"))
    return found


def _refuse_careless(
    case: Case | None, annexes: list[Annex], blank: bool, purpose: str | None
) -> None:
    """Refuse a filled form of nobody, and a restricted one that nobody says the purpose of."""
    if case is None and not blank:
        found = "没有给出企业"
        raise ParameterError(Problem("--blank", "", found, "给出企业，或加 --blank 导出空白表单"))
    restricted = [each.mark for each in annexes if each.restricted]
    if restricted and not blank and not purpose:
        found = f"{'、'.join(restricted)}限制知悉范围，没有写明用途"
        raise ParameterError(Problem("--purpose", "", found, "写明用途，如 --purpose 报送"))


def _refuse_no_office(annexes: list[Annex], kind: str, office: bool) -> None:
    """Refuse to make for the office what has no part for it alone."""
    if office and (kind != "xlsx" or not any(each.for_office for each in annexes)):
        found = f"{annexes[0].mark}，{kind}"
        expected = "有机构登记部分的表单（附件8），以 xlsx 导出"
        raise ParameterError(Problem("--office", "", found, expected))


def _refuse_bare_phones(original: bool, purpose: str | None) -> None:
    if original and not purpose:
        found = "电话号码和涉密的行照原样导出，没有写明用途"
        raise ParameterError(Problem("--purpose", "", found, "如 --purpose 打印签到表原件"))


def _targets(
    annexes: list[Annex], several: bool, blank: bool, kind: str, out: Path
) -> dict[str, Path]:
    from dxkit.forms.sending import file_name

    if not several:
        return {annexes[0].id: out}
    if not out.is_dir() and (out.exists() or out.suffix.lower() in (".docx", ".xlsx")):
        raise ParameterError(Problem("--out", "", str(out), "导出多张表单时为一个文件夹"))
    return {each.id: out / file_name(each, blank, kind) for each in annexes}  # type: ignore[arg-type]
