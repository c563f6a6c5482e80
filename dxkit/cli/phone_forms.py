"""`dxkit form xlsform` and `collect`: the record form on phones, and what comes back from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dxkit.cli import chinese
from dxkit.cli.forms import sent
from dxkit.cli.returned_forms import take_in
from dxkit.cli.screen import say
from dxkit.errors import ParameterError, Problem

_PATH = click.Path(path_type=Path)


@click.command(cls=chinese.Command, short_help="导出手机填报用的 XLSForm。")
@click.argument("case", metavar="[企业]", required=False)
@click.option("--blank", is_flag=True, help="不属于任何企业的空白表，填写时再写企业名称。")
@click.option("--out", metavar="文件", type=_PATH, required=True, help="要写的 xlsx 文件。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@click.option("--who", metavar="姓名", default="未署名", help="办理人，记入流水。")
def xlsform(case: str | None, blank: bool, out: Path, force: bool, who: str) -> int:
    """把附件6写成 XLSForm，上传到 ODK Central 或 KoboToolbox 后在手机上填报。

    计算得出的、要签字盖章的内容不在手机上填。发出的表带有编号，收回的数据据此对照。
    """
    from dxkit.case import open_case
    from dxkit.definitions import QUESTIONS, load
    from dxkit.forms.sending import refuse_targets, write_whole
    from dxkit.forms.stamping import Sending
    from dxkit.forms.xlsform.write import write_xlsform

    if (case is None) != blank:
        raise ParameterError(
            Problem("xlsform", "", "企业和 --blank 应写其一", "企业标识，或 --blank")
        )
    refuse_targets([out], ["xlsx"], force)
    definitions = load()
    annex = definitions.annexes[QUESTIONS]
    whose = open_case(case) if case is not None else None
    told = Sending([annex], "xlsform", True, "现场手机填报", who)
    with sent(whose, told) as (shown, stamps):
        stamp = stamps[annex.id]
        write_whole(out, write_xlsform(annex, definitions, stamp, shown))
    say(f"{out}{'　' + stamp.form_no if stamp.form_no else ''}")
    return 0


@click.command(cls=chinese.Command, short_help="读入手机填报的数据。")
@click.argument("case", metavar="企业")
@click.argument("file", metavar="文件", type=_PATH)
@click.option("--partial", is_flag=True, help="读不出、有冲突和找不到归属的留着不动，其余写入。")
@click.option(
    "--take",
    type=click.Choice(["returned", "now"]),
    help="有冲突时取手机填的（returned）或案卷现有的（now）。",
)
@click.option("--dry-run", is_flag=True, help="只比较，不写入。")
@click.option("--yes", is_flag=True, help="不再询问，直接写入。")
@click.option("--who", metavar="姓名", default="未署名", help="记入流水的操作人。")
def collect(case: str, file: Path, **wishes: Any) -> int:
    """读入 ODK Central 或 KoboToolbox 导出的 xlsx、CSV 或 zip，对照后一次写入案卷。

    多人分别填报的合在一起；填得不一样的，以及找不到所属填报记录的明细行，逐条列出，一项也不写入，
    以退出码 2 结束，加 --partial 时写入其余的。
    照片只列文件名，另行登记为证据。
    """
    from dxkit.case import open_case
    from dxkit.definitions import QUESTIONS
    from dxkit.forms.xlsform.news import only_news
    from dxkit.forms.xlsform.read import read_returned_data

    opened = open_case(case)
    annex = opened.definitions.annexes[QUESTIONS]
    returned = read_returned_data(file, annex, opened.definitions, opened.id)
    return take_in(only_news(returned, opened), opened, file, wishes)
