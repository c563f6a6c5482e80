"""`dxkit form import`: what came back on a form is shown, agreed to and put into the case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxkit.cli import chinese
from dxkit.cli.forms import annexes_named_on
from dxkit.cli.screen import complain, say, show_table
from dxkit.errors import ParameterError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dxkit.case import Case
    from dxkit.definitions import Definitions
    from dxkit.forms.merging.comparison import Comparison
    from dxkit.forms.returned import Returned, Unmatched
    from dxkit.models.annex import Annex

_OUTCOMES = {"new": "新值", "deletion": "删除", "conflict": "冲突", "refused": "读不出"}
_LONGEST = 40
_TOLD_EACH = 5
EXIT_NOT_WRITTEN = 1


@click.command("import", cls=chinese.Command, short_help="读回填好的表单。")
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
    found = annexes_named_on(name, definitions)
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
    _show_remarks(comparison.remarks)
    counted = "，".join(
        f"{words} {len(comparison.of(outcome))} 项" for outcome, words in _OUTCOMES.items()
    )
    say(f"{counted}；另有 {len(comparison.remarks)} 处没有读入或需要说明。")


def _show_remarks(remarks: Sequence[Unmatched]) -> None:
    """Tell each remark; where many say the same, tell it once with all places."""
    alike: dict[str, list[Unmatched]] = {}
    for remark in remarks:
        alike.setdefault(remark.why, []).append(remark)
    for why, several in alike.items():
        told = [f"{each.place}{each.text and f'：{_short(each.text)}'}" for each in several]
        if len(told) > _TOLD_EACH:
            told = [f"{len(told)} 处 {'；'.join(told)}"]
        for each in told:
            complain(f"请注意 {each}（{why}）")


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
