"""`dxkit form`: the forms of the guide, sent out blank or filled and taken in again."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxkit.cli import chinese
from dxkit.cli.screen import complain, say, show_table
from dxkit.errors import ParameterError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dxkit.case import Case
    from dxkit.definitions import Definitions
    from dxkit.forms.merging.comparison import Comparison
    from dxkit.forms.returned import Returned, Stamp
    from dxkit.forms.stamping import Sending
    from dxkit.models.annex import Annex

_PURPOSES = {True: "空白表单供填写", False: "供核对和填写"}
_OFFICE_PURPOSE = "机构登记和核对"
_OUTCOMES = {"new": "新值", "deletion": "删除", "conflict": "冲突", "refused": "读不出"}
_LONGEST = 40
_ALL = 1000
EXIT_NOT_WRITTEN = 1


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
    annexes = _annexes(annex, opened.definitions)
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
    annexes = _annexes(annex, definitions)
    _refuse_careless(opened, annexes, blank, purpose)
    _refuse_no_office(annexes, kind, wishes["office"])
    _refuse_bare_phones(original, purpose)
    targets = _targets(annexes, annex == "all" or out.is_dir(), blank, kind, out)
    sending.refuse_targets(list(targets.values()), [kind], wishes["force"])
    why = purpose or (_OFFICE_PURPOSE if wishes["office"] else _PURPOSES[blank])
    wish = stamping.Sending(annexes, kind, blank, why, wishes["who"], wishes["office"], original)
    with sent(opened, wish) as (logged, stamps):
        shown = logged
        if logged is not None and not original:
            shown = without_phones(without_secrets(logged))
        sending.write_all(
            {
                targets[each.id]: sending.form_bytes(
                    each, definitions, shown, stamps[each.id], kind, wishes["office"]
                )
                for each in annexes
            }
        )
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


def _annexes(name: str, definitions: Definitions) -> list[Annex]:
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


@form.command("import", cls=chinese.Command, short_help="读回填好的表单。")
@click.argument("case", metavar="企业")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--annex", metavar="表单", help="CSV 文件是哪张表单的。")
@click.option("--table", metavar="明细表", default="", help="CSV 文件是哪张明细表，名称或标识。")
@click.option("--partial", is_flag=True, help="读不出和有冲突的留着不动，其余写入。")
@click.option(
    "--take",
    type=click.Choice(["returned", "now"]),
    help="有冲突时取退回的（returned）或案卷现有的（now）。",
)
@click.option("--take-proposed", is_flag=True, help="预置的行没有改动的也读入。")
@click.option("--dry-run", is_flag=True, help="只比较，不写入。")
@click.option("--yes", is_flag=True, help="不再询问，直接写入。")
@click.option("--who", metavar="姓名", default="未署名", help="记入流水的操作人。")
def import_(case: str, file: Path, annex: str | None, table: str, **wishes: Any) -> int:
    """读回填好的 Word、Excel 表单，或一张明细表的 CSV，列出全部改动，确认后写入。

    每项改动都比较三个值：发出时的、退回的、案卷现有的。有读不出的单元格、冲突或与别处不符时，
    一项也不写入，以退出码 2 结束；用 --partial 或 --take 另作决定。无人确认的不写入，退出码为 1。
    """
    from dxkit.case import open_case
    from dxkit.forms.opening import open_returned

    opened = open_case(case)
    asked = _one_annex(annex, opened.definitions) if annex else None
    returned = open_returned(file, opened.definitions, asked, table)
    _refuse_contradiction(returned, asked, table, file)
    return take_in(returned, opened, file, wishes)


def _one_annex(name: str, definitions: Definitions) -> Annex:
    found = _annexes(name, definitions)
    if len(found) > 1:
        raise ParameterError(Problem("--annex", "", name, "一张表单"))
    return found[0]


def _refuse_contradiction(returned: Returned, asked: Annex | None, table: str, file: Path) -> None:
    """Refuse options that only a CSV file needs where the file itself says otherwise."""
    if returned.format == "csv":
        return
    problems = []
    if table:
        problems.append(Problem("--table", "", table, f"只用于 CSV；{file.name} 自带各明细表"))
    if asked is not None and returned.annex and returned.annex != asked.id:
        found = f"{asked.id}，而 {file.name} 是 {returned.annex}"
        problems.append(Problem("--annex", "", found, "与文件一致，或不写"))
    if problems:
        raise ParameterError(problems)


def take_in(returned: Returned, opened: Case, file: Path, wishes: Mapping[str, Any]) -> int:
    """Show what returned data would change and, if that is wanted, put it into the case."""
    from dxkit.case import open_case
    from dxkit.cli.standing import show_remarks
    from dxkit.errors import FormError
    from dxkit.forms.merging.applying import Choosing, apply, misfits
    from dxkit.forms.merging.comparison import compare

    comparison = compare(returned, opened, file.name, bool(wishes.get("take_proposed")))
    _show(comparison)
    choosing = Choosing(wishes["take"], wishes["partial"])
    problems = choosing.hindrances(comparison)
    if problems := [*problems, *misfits(comparison, opened.folder, choosing)]:
        complain(f"有 {len(problems)} 项读不出、有冲突或不能写入，没有写入任何内容：")
        raise FormError(problems)
    if not any(choosing.takes(item) for item in comparison.items):
        say("没有要写入的改动，没有写入。")
        return 0
    if wishes["dry_run"] or not _agreed(wishes["yes"]):
        say("没有写入。")
        return 0 if wishes["dry_run"] else EXIT_NOT_WRITTEN
    changed = apply(comparison, opened.folder, wishes["who"], choosing)
    say(f"已写入 {changed} 项。")
    _move_apart(opened.folder, wishes["who"])
    show_remarks([comparison.annex], open_case(opened.folder))
    return 0


def _move_apart(folder: Path, who: str) -> None:
    """Move the files apart that a form just called secret; what cannot be moved is told."""
    from dxkit.errors import DxkitError
    from dxkit.evidence.apart import MEND, restrict

    try:
        for number, place in restrict(folder, who):
            say(f"{number} 已标为涉密，文件移到 {place}")
    except DxkitError as refused:
        complain(f"提醒：已标为涉密的文件没有移动，更正之后执行 {MEND}：{refused}")


def _show(comparison: Comparison) -> None:
    number = comparison.stamp.form_no if comparison.stamp else ""
    say(f"{comparison.annex.mark}　{comparison.annex.title}　{number}".rstrip())
    if not comparison.known:
        say("文件没有发出标记，不知道发出时的内容：只比较退回的和案卷现有的；空白处不作删除。")
        say("明细表中开头的名称等各栏与案卷中仅有的一行相同的，作为该行的改动；其余作为新增行。")
    rows = [
        [_OUTCOMES[item.outcome], item.place, item.label, *map(_short, _values(item))]
        for item in comparison.items
    ]
    if rows:
        show_table(["结果", "单元格", "项目", "发出时", "退回", "现有"], rows)
    for remark in comparison.remarks:
        text = remark.text and f"：{_short(remark.text)}"
        complain(f"请注意 {remark.place}{text}（{remark.why}）")
    counted = "，".join(
        f"{words} {len(comparison.of(outcome))} 项" for outcome, words in _OUTCOMES.items()
    )
    say(f"{counted}；另有 {len(comparison.remarks)} 处没有读入或需要说明。")


def _values(item: Any) -> tuple[str, str, str]:
    return item.sent, item.returned or "（空）", item.now


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _agreed(yes: bool) -> bool:
    """Ask on a terminal; elsewhere only `--yes` agrees, so that nothing is written unseen."""
    if yes:
        return True
    if not sys.stdin.isatty():
        complain("不在终端上，没有人确认；要写入请加 --yes。")
        return False
    return click.confirm("写入以上改动吗", default=False)
