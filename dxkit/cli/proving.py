"""`dxkit evidence`: files that are there are verified, compared, and kept apart where secret."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from dxkit.cli import chinese
from dxkit.cli.progress import progress
from dxkit.cli.screen import complain, say

EXIT_ALTERED = 1


@click.command(cls=chinese.Command, short_help="核对文件和流水未被改动。")
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
    counted = (
        f"{result.files} 个文件" if result.files or result.absent else "0 个文件（还没有登记）"
    )
    say(
        f"核对了 {counted}、{result.entries} 条流水："
        f"{f'{len(problems)} 处不符' if problems else '全部相符'}。"
    )
    away = tell_absent(result.absent)
    return EXIT_ALTERED if problems else away


@click.command(cls=chinese.Command, short_help="把标为涉密的文件移到限制知悉的文件夹。")
@click.argument("case", metavar="企业")
@click.option("--who", metavar="姓名", required=True, help="办理人，记入流水。")
def restrict(case: str, who: str) -> int:
    """把登记之后才标为企业秘密或不得复制的文件，移到限制知悉的文件夹（restricted）。

    台账、照片登记表和其他提到这个文件的地方一并改写，原处不留副本。没有移动之前，不能办理下一步。

    涉密程度降低的不自动移出：用 dxkit evidence release。
    """
    from dxkit.evidence.apart import restrict as move

    moved = move(case, who)
    _tell_moved(moved)
    if not moved:
        say("没有要移动的文件。")
    return 0


@click.command(cls=chinese.Command, short_help="把不再涉密的文件移回一般材料。")
@click.argument("case", metavar="企业")
@click.argument("number", metavar="编号")
@click.option("--who", metavar="姓名", required=True, help="办理人，记入流水。")
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


@click.command(cls=chinese.Command, short_help="查找重复的文件和相近的照片。")
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
