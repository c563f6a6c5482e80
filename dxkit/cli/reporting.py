"""`dxkit batch` and `dxkit export`: reports for many enterprises, or one notebook as a document."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxkit.cli import chinese
from dxkit.cli.following import Following, end_in_json, following
from dxkit.cli.screen import complain, say, show_table
from dxkit.cli.stopping import stopped_by_signals
from dxkit.errors import ExportError, ParameterError, Problem

if TYPE_CHECKING:
    from dxkit.batch import Outcome, Run
    from dxkit.batch.task import Again

FORMATS = ("html", "docx", "pdf")
SHOWN = 50
"""The most cases that are listed one by one on a screen."""


def _formats(_context: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    chosen = {part.strip() for part in value.split(",") if part.strip()}
    if not chosen or chosen - set(FORMATS):
        expected = "、".join(FORMATS) + " 中的一种或几种，用逗号隔开"
        raise ParameterError(Problem("--formats", "", value, expected))
    return tuple(each for each in FORMATS if each in chosen)


@click.command(cls=chinese.Command, short_help="为许多企业生成诊断报告。")
@click.argument("directory", metavar="[文件夹]", required=False)
@click.option("--out", metavar="文件夹", help="结果存放处，默认 outputs。")
@click.option(
    "--formats",
    metavar="格式",
    default=",".join(FORMATS),
    callback=_formats,
    help="html、docx、pdf 中的几种，默认全部。",
)
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1), help="同时进行的数目，默认为处理器核数。"
)
@click.option(
    "--timeout",
    metavar="秒",
    type=click.IntRange(1),
    default=600,
    help="一家企业最多用多少秒，默认 600；超过的停止并记为超时。",
)
@click.option(
    "--memory",
    metavar="MB",
    type=click.IntRange(64),
    help="一家企业最多用多少内存，默认 2048，机器内存少的更少；超过的停止并记为超出内存。",
)
@click.option(
    "--scheduler",
    metavar="地址",
    help="交给 Dask 集群做，如 tcp://192.168.1.10:8786；文件夹须各台机器都能读写。",
)
@click.option("--only", metavar="企业", multiple=True, help="只做这一家，可写几次。")
@click.option("--failed", is_flag=True, help="只重做上次没有完成的。")
@click.option("--force", is_flag=True, help="没有变化的也重新生成。")
@click.option("--archive", is_flag=True, help="另生成只随案卷存档的归档补充页 archive.*。")
@click.option("--quiet", is_flag=True, help="不显示进度，只显示最后的汇总。")
@click.option("--steps", is_flag=True, help="逐行说明每家企业做到哪一步，不显示进度条。")
@click.option("--json", "as_json", is_flag=True, help="每件事输出一行 JSON，供程序读取。")
def batch(
    directory: str | None,
    out: str | None,
    formats: tuple[str, ...],
    jobs: int | None,
    **wishes: Any,
) -> int:
    """为文件夹下的每家企业生成诊断报告，默认 parameters/。

    每家企业得到 outputs/企业/report.{ipynb,html,docx,pdf} 和 assessment.json，
    全部企业的情况汇总在 outputs/batch_report.html 和 .csv。一家出错不影响其他各家，
    有出错的以退出码 1 结束。再运行一次只做没有完成的和改过的，中断后也是如此。
    这次要的格式少于已有的，没有变化的企业照旧；重新生成的企业，不再要的旧文件随之删去。
    出错企业以前的报告移入其 previous 文件夹；不是 batch 生成或者生成后改过的
    同名文件也移到那里，不覆盖。文件夹也可以写 s3://桶/路径 这样的地址。
    """
    from dxkit import paths
    from dxkit.batch import ARCHIVE, REPORT, Limits, Means, Wanted, run
    from dxkit.batch.memory import allowed_for
    from dxkit.batch.places import place

    where = place(directory) if directory else paths.parameters()
    folders = _chosen(where, wishes["only"])
    jobs = jobs or os.cpu_count() or 1
    notebooks = (REPORT, ARCHIVE) if wishes["archive"] else (REPORT,)
    wanted = Wanted(formats, notebooks, _again(wishes["force"], wishes["failed"]))
    limits = Limits(wishes["timeout"], wishes["memory"] or allowed_for(jobs))
    means = Means(jobs, limits, wishes["scheduler"], wishes["steps"])
    told = following(Following(wishes["quiet"], wishes["steps"], wishes["as_json"]))
    with stopped_by_signals(), told as tell:
        finished = run(folders, place(out) if out else paths.outputs(), wanted, means, tell)
    if wishes["as_json"]:
        say(end_in_json(finished))
    else:
        _summarise(finished)
    return 1 if finished.failed else 0


def _chosen(where: Path, only: Sequence[str]) -> list[Path]:
    """Return the case folders in a folder, or those of them that are named.

    Raises:
        ParameterError: if there are none, or one that is named is not there.
    """
    from dxkit.batch.places import case_folders

    folders = {each.name: each for each in case_folders(where)}
    if not folders:
        found = _nothing_in(where)
        raise ParameterError(
            Problem(str(where), "", found, "其下每家企业一个含 case.yaml 的文件夹")
        )
    if strangers := [name for name in only if name not in folders]:
        expected = f"{where} 下的企业文件夹名"
        raise ParameterError(
            Problem("--only", name, "没有这家企业", expected) for name in strangers
        )
    return [folders[name] for name in dict.fromkeys(only)] if only else list(folders.values())


def _nothing_in(where: Path) -> str:
    if where.is_dir():
        return "没有企业文件夹"
    return "是文件，不是文件夹" if where.is_file() else "没有这个文件夹"


def _again(force: bool, failed: bool) -> Again:
    if force and failed:
        raise ParameterError(Problem("--force", "", "同时写了 --failed", "两种选一种"))
    return "all" if force else "failed" if failed else "changed"


def _summarise(finished: Run) -> None:
    """Show every case of a small batch, what is wrong in any, and where the rest is told."""
    from dxkit.batch.summary import PAGE, WORDS

    outcomes = finished.outcomes
    if len(outcomes) <= SHOWN:
        rows = [
            [each.case, each.name, WORDS[each.status], f"{each.seconds:.1f}"] for each in outcomes
        ]
        show_table(["企业", "名称", "结果", "用时（秒）"], rows)
    for outcome in outcomes:
        _explain(outcome)
    done, kept = (sum(each.status == status for each in outcomes) for status in ("ok", "unchanged"))
    unchanged = f"，{kept} 家没有变化，沿用已有的" if kept else ""
    say(f"共 {len(outcomes)} 家，完成 {done} 家{unchanged}，结果在 {finished.out}")
    say(f"汇总见 {finished.out / PAGE}")


def _explain(outcome: Outcome) -> None:
    """Say why a case did not come out, and which files were set aside."""
    if not outcome.stands:
        complain(f"{outcome.case} 没有完成：")
        for problem in outcome.problems:
            complain(f"  {problem}")
        for line in outcome.lines:
            complain(f"  | {line}")
        if outcome.previous:
            complain(f"  以前的报告已移入 {Path(outcome.previous[0]).parent.as_posix()}")
        return
    for doubt in outcome.doubts:
        complain(f"提醒：{doubt}")
    if outcome.previous:
        where = "、".join(outcome.previous)
        complain(f"{outcome.case} 中原有的同名文件不是上次生成的原样，没有覆盖，已移为 {where}")


@click.command(cls=chinese.Command, short_help="把运行过的笔记本导出为文档。")
@click.argument("notebook", metavar="笔记本", type=click.Path(path_type=Path))
@click.option(
    "--formats",
    metavar="格式",
    default=",".join(FORMATS),
    callback=_formats,
    help="html、docx、pdf 中的几种，默认全部。",
)
@click.option(
    "--out", metavar="文件夹", type=click.Path(path_type=Path), help="存放处，默认与笔记本同处。"
)
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
def export(notebook: Path, formats: tuple[str, ...], out: Path | None, force: bool) -> int:
    """把一个已经运行过的笔记本导出为网页、Word 或 PDF。"""
    from dxkit.export import export_all
    from dxkit.forms.sending import refuse_targets, write_all
    from dxkit.notebook import read

    source = read(notebook)
    targets = {each: (out or notebook.parent) / f"{notebook.stem}.{each}" for each in formats}
    refuse_targets(list(targets.values()), formats, force)
    try:
        documents = export_all(source, formats)
    except ExportError as exc:
        raise ExportError(
            replace(each, where=f"{notebook}：{each.where}") for each in exc.problems
        ) from None
    write_all({targets[suffix]: content for suffix, content in documents.items()})
    for suffix in documents:
        say(str(targets[suffix]))
    return 0
