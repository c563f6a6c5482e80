"""`dxkit new` and `dxkit synth`: a folder for a new enterprise, or many invented ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from dxkit.cli import chinese
from dxkit.cli.progress import progress
from dxkit.cli.screen import complain, say
from dxkit.errors import ParameterError, Problem


@click.command(cls=chinese.Command, short_help="建立一家新企业。")
@click.argument("name", metavar="标识")
@click.option("--enterprise", metavar="名称", help="企业全称，与营业执照一致。")
@click.option("--uscc", metavar="代码", help="18 位统一社会信用代码。")
@click.option("--league", metavar="代码", help="盟市行政区划代码，如 150200。")
@click.option("--industry", metavar="代码", help="GB/T 4754 两位大类代码，如 32。")
@click.option("--who", metavar="姓名", default="dxkit new", help="记入流水的操作人。")
def new(
    name: str,
    enterprise: str | None,
    uscc: str | None,
    league: str | None,
    industry: str | None,
    who: str,
) -> int:
    """在 parameters/ 下为一家企业建立文件夹；其余内容可以以后再填。"""
    from dxkit.case import create, place_for
    from dxkit.case.credit_code import doubt
    from dxkit.cli.options import read_told, refuse_all
    from dxkit.definitions import load

    definitions = load()
    told = {
        "enterprise_name": ("--enterprise", enterprise),
        "uscc": ("--uscc", uscc),
        "league": ("--league", league),
        "industry_division": ("--industry", industry),
    }
    read, problems = read_told(told, definitions.annexes["annex_3"].fields, definitions)
    refuse_all(problems, lambda: place_for(name))
    answers = {key: value for key, value in read.items() if value}
    content = {"created_on": date.today().isoformat(), **({"annex_3": answers} if answers else {})}
    case = create(place_for(name), content, definitions, who)
    if uscc and (warning := doubt(str(read["uscc"]))):
        complain(f"提醒：{warning}")
    say(f"已建立 {case.folder}。请填写其中的 case.yaml，或在笔记本中填写。")
    return 0


@click.command(cls=chinese.Command, short_help="生成虚构企业供试验。")
@click.argument("count", metavar="N", type=click.IntRange(1, 1_000_000))
@click.option("--seed", metavar="S", type=int, default=1, help="随机种子；同一种子结果相同。")
@click.option(
    "--out", metavar="文件夹", type=click.Path(path_type=Path), required=True, help="存放处。"
)
def synth(count: int, seed: int, out: Path) -> int:
    """生成 N 家虚构企业，涵盖各盟市、行业、规模和类型，供试验使用。"""
    from dxkit.case import case_around
    from dxkit.definitions import load
    from dxkit.synth import synthesise

    if case_around(out) is not None:
        found = "在企业文件夹之内"
        raise ParameterError(Problem(str(out), "--out", found, "企业文件夹之外的文件夹"))
    if out.exists() and any(out.iterdir()):
        raise ParameterError(Problem(str(out), "--out", "文件夹不是空的", "一个新的或空的文件夹"))
    with progress(count, "生成虚构企业") as done:
        folders = synthesise(count, seed, out, load(), lambda _done, _total: done())
    say(f"已生成 {len(folders)} 家虚构企业，在 {out}")
    return 0
