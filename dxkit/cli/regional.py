"""`dxkit region`: all enterprises in one view, as tables with counts and checksums."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxkit.cli import chinese
from dxkit.cli.progress import progress
from dxkit.cli.regional_screen import tell_region
from dxkit.cli.screen import complain, say
from dxkit.cli.stopping import stopped_by_signals
from dxkit.errors import ParameterError, Problem

if TYPE_CHECKING:
    from dxkit.cohort import Gathered
    from dxkit.definitions import Definitions
    from dxkit.region import Region
    from dxkit.region.writing import Output

_FOLDER = click.Path(path_type=Path)


@click.command(cls=chinese.Command, short_help="汇总全区企业。")
@click.argument("directory", metavar="[文件夹]", required=False, type=_FOLDER)
@click.option("--out", metavar="文件夹", type=_FOLDER, help="结果存放处，默认 outputs/region。")
@click.option("--year", metavar="年度", type=int, help="汇总哪一年，默认最近一年。")
@click.option("--last", metavar="文件夹", type=_FOLDER, help="上一年度的案卷另存在这里。")
@click.option(
    "--last-definitions",
    metavar="文件夹",
    type=_FOLDER,
    help="上一年度当时所用的定义，用来分出定义修订的影响。",
)
@click.option("--cache", metavar="文件", type=_FOLDER, help="缓存文件，默认在结果文件夹中。")
@click.option("--no-cache", is_flag=True, help="不用也不留缓存，全部重读。")
@click.option("--tables", is_flag=True, help="只写 CSV 和 Excel 表格，不生成汇总报告。")
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="用几个进程读，默认按核数。")
@click.option("--force", is_flag=True, help="覆盖别的程序写的或者改过的同名文件。")
@click.option(
    "--anonymous",
    metavar="文件",
    type=_FOLDER,
    help="另生成同类企业对照包（.json 文件，或放它的文件夹），其中找不出任何一家企业。",
)
@click.option("--check", is_flag=True, help="只核对：写明结果文件夹，或其中的 Excel 工作簿。")
def region(
    directory: Path | None, out: Path | None, force: bool, check: bool, **wishes: object
) -> int:
    """汇总文件夹下全部企业的24项指标，默认 parameters/。

    按盟市、行业、规模、类型、生产类型和年度给出平均、合并比率、占比、界限、基数和覆盖情况；
    满洲里、二连浩特单列，不重复计算。两个年度的案卷都有时，另给出变化及其原因。
    结果为汇总报告 region.{docx,pdf,html}、Excel 工作簿 region.xlsx 和 CSV，附行数和校验值；
    其中有企业名称和信用代码，须与案卷同样保管。
    --anonymous 另生成可以对外提供的对照包，放入各工作区的 peers/ 即可对照；每次提供的内容
    记在本工作区的 releases/ 中，防止几次相减推算出企业，须与案卷同样保管，不可删除。
    读不出的案卷逐一列出，仍计入企业数；文件夹中有几个年度时不知道它属于哪一年，不计入任何年度。
    本年或 --last 中有这样的案卷时以退出码 1 结束。
    """
    from dxkit import paths

    if check:
        if out is not None and directory is not None:
            found = f"已经写明文件夹 {directory}"
            raise ParameterError(Problem("--out", str(out), found, "--check 时只写其中一个"))
        return _check(out or directory or paths.outputs() / "region")
    return _make(directory or paths.parameters(), out or paths.outputs() / "region", force, wishes)


def _check(place: Path) -> int:
    from dxkit.region.checking import check

    checked = check(place)
    for problem in checked.problems:
        complain(str(problem))
    for note in checked.notes:
        say(f"提醒：{note}")
    if not checked.problems:
        say(f"{place} 的内容与生成时一致。")
    return 1 if checked.problems else 0


def _make(directory: Path, out: Path, force: bool, wishes: dict[str, object]) -> int:
    from dxkit.definitions import load
    from dxkit.region.outputs import CACHE, outputs_of
    from dxkit.region.writing import CHECKSUMS, PREVIOUS, write

    cache = None if wishes["no_cache"] else wishes["cache"] or out / CACHE
    _refuse_within_cases({"--out": out, "--cache": cache, "--anonymous": wishes["anonymous"]})
    if wishes["last_definitions"] is not None and wishes["last"] is None:
        raise ParameterError(Problem("--last-definitions", "", "没有写 --last", "与 --last 同用"))
    definitions = load()
    with stopped_by_signals():
        gathered = _gathered(directory, definitions, cache, wishes["jobs"], "读取案卷")
        region = _compared(_opened(gathered, definitions, wishes["year"]), wishes)
        out.mkdir(parents=True, exist_ok=True)
        outputs = outputs_of(region)
        if not wishes["tables"]:
            outputs = {**_report(region, cache, wishes), **outputs}
        before = write(out, outputs, force)
        tell_region(region)
        say(f"已写入 {out}：{'、'.join([*outputs, CHECKSUMS])}。")
        if before.moved:
            say(f"上次的 {'、'.join(before.moved)} 这次没有生成，已移入 {out / PREVIOUS}。")
        if before.changed:
            names = "、".join(before.changed)
            complain(
                f"{out} 中上次的 {names} 这次没有生成，生成后改过，没有动它；与这次的结果无关。"
            )
        if pack := _pack(region, wishes["anonymous"], force):
            say(pack)
    return 1 if region.unread else 0


def _refuse_within_cases(places: dict[str, object]) -> None:
    """Refuse to write into the folder of an enterprise, before anything is read."""
    from dxkit.case import case_around

    expected = "企业文件夹之外的位置"
    if problems := [
        Problem(str(place), option, "在企业文件夹之内", expected)
        for option, place in places.items()
        if isinstance(place, Path) and case_around(place) is not None
    ]:
        raise ParameterError(problems)


def _report(region: Region, cache: object, wishes: dict[str, object]) -> dict[str, Output]:
    """Return the report in all formats; it is drawn from the cases as they were just read."""
    from dxkit.batch.region_report import NOTEBOOK, region_report
    from dxkit.region.writing import Output

    last = {
        name: str(given.absolute())
        for name in ("last", "last_definitions")
        if isinstance(given := wishes[name], Path)
    }
    with progress(1, "生成汇总报告") as done:
        documents = region_report(
            region.gathered.folder,
            {"year": region.year, **last},
            cache if isinstance(cache, Path) else None,
        )
        done()
    return {
        f"{NOTEBOOK}.{each}": Output("全区汇总报告", region.table.size, content)
        for each, content in documents.items()
    }


def _pack(region: Region, place: object, force: bool) -> str:
    """Write the benchmark pack where one is wished for, and return what is to be said of it."""
    if not isinstance(place, Path):
        return ""
    from dxkit import paths
    from dxkit.protection.packs import name_of, to_bytes, write_pack
    from dxkit.region.anonymous import make_pack

    with progress(len(region.definitions.indicators), "生成对照包") as done:
        pack = make_pack(region, paths.releases(), done)
    target = place if place.suffix == ".json" else place / name_of(pack)
    write_pack(target, to_bytes(pack), force)
    told = sum(len(each.figures) for each in pack.indicators.values())
    hidden = pack.protection
    return (
        f"已写入对照包 {target}：{pack.enterprises} 家企业，列出 {told} 个数值；"
        f"为保护企业，{hidden.groups_too_small} 个组家数不足 {hidden.least} 家，"
        f"另有 {hidden.figures_withheld} 个数值不列；已计入此前 {hidden.earlier_releases} 次发布。"
    )


def _gathered(
    folder: Path, definitions: Definitions, cache: object, jobs: object, label: str
) -> Gathered:
    from dxkit.case import list_folders
    from dxkit.cohort import gather

    with progress(len(list_folders(folder)), label) as done:
        return gather(
            folder,
            definitions,
            cache if isinstance(cache, Path) else None,
            jobs if isinstance(jobs, int) else None,
            lambda _done, _total: done(),
        )


def _opened(gathered: Gathered, definitions: Definitions, year: object) -> Region:
    from dxkit.region.view import of_gathered, of_year

    region = of_gathered(gathered, definitions)
    return of_year(region, year) if isinstance(year, int) else region


def _compared(region: Region, wishes: dict[str, object]) -> Region:
    """Set the region beside the year before, where that is in a folder of its own."""
    from dxkit.definitions import load
    from dxkit.region.view import beside_earlier

    last, folder = wishes["last"], wishes["last_definitions"]
    if not isinstance(last, Path):
        return region
    jobs = wishes["jobs"]
    now = _gathered(last, region.definitions, None, jobs, "读取上一年度")
    then = None
    if isinstance(folder, Path):
        then = _gathered(last, load(folder), None, jobs, "按当时的定义读取")
    return beside_earlier(region, now, then)
