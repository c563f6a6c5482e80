"""`dxkit status` and `dxkit advance`: where cases stand, what blocks them, and moving on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from dxkit.cli import chinese
from dxkit.cli.screen import say
from dxkit.errors import CaseError, ParameterError, Problem


@click.command(cls=chinese.Command, short_help="查看办到哪一步、下一步缺什么。")
@click.argument("what", metavar="[企业或文件夹]", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--nodes", is_flag=True, help="按节点列出须有的材料和须打印的表，缺哪些。")
@click.option("--progress", "figures", is_flag=True, help="按盟市和工作组汇总进展（用于辅-7）。")
@click.option(
    "--satisfaction", "satisfaction", is_flag=True, help="按盟市、工作组、组长汇总满意度（附件8）。"
)
@click.option(
    "--out",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="与 --progress 一起：写成辅-7汇总表，.docx 或 .xlsx。",
)
@click.option("--force", is_flag=True, help="与 --out 一起：覆盖已有的文件。")
@click.option("--group", metavar="工作组", help="与 --out 一起：只汇总一个工作组。")
@click.option("--league", metavar="盟市", help="与 --out 一起：只汇总一个盟市，名称或区划代码。")
@click.option(
    "--compare",
    "versions",
    metavar="版本 版本",
    nargs=2,
    help="列出两版已发布报告的填写内容有何不同，如 --compare V1.0 V1.1。",
)
def status(what: str | None, as_json: bool, versions: tuple[str, str] | None, **wishes: Any) -> int:
    """查看一家企业办到哪一步，下一步缺什么、怎样办；不写企业时列出全部企业。

    加 --progress 按盟市和工作组汇总进展，再加 --out 写成辅-7汇总表，问题和下一步安排留待填写；
    加 --satisfaction 汇总满意度，不足3家的不列出得分。
    """
    from dxkit import paths
    from dxkit.case import list_folders

    _refuse_idle(wishes)
    folder = Path(what) if what is not None else paths.parameters()
    if what is None or list_folders(folder) or (folder.is_dir() and not _is_case(what)):
        if versions:
            raise ParameterError(Problem("--compare", "", "没有写明企业", "一家企业"))
        if wishes["nodes"]:
            raise ParameterError(Problem("--nodes", "", "没有写明企业", "一家企业"))
        return _status_of_all(folder, as_json, wishes)
    if versions:
        return _compare(what, versions, as_json)
    for option in ("figures", "satisfaction"):
        if wishes[option]:
            named = {"figures": "--progress"}.get(option, "--satisfaction")
            raise ParameterError(Problem(what, named, "只有一家企业", "存放各企业的文件夹"))
    return _nodes_of(what, as_json) if wishes["nodes"] else _status_of_one(what, as_json)


def _is_case(what: str) -> bool:
    from dxkit.case import locate

    try:
        locate(what)
    except CaseError:
        return False
    return True


def _nodes_of(name: str, as_json: bool) -> int:
    import json

    from dxkit.case import open_case
    from dxkit.cli.standing import show_nodes
    from dxkit.lifecycle import Circumstances
    from dxkit.lifecycle.checklists import checklists, plain_checklists

    checked = checklists(Circumstances(open_case(name), date.today()))
    if as_json:
        say(json.dumps(plain_checklists(checked), ensure_ascii=False, indent=1))
    else:
        show_nodes(checked)
    return 0


def _refuse_idle(wishes: dict[str, Any]) -> None:
    """Refuse options that would be passed over in silence."""
    for option in ("out", "group", "league"):
        if wishes[option] is not None and not wishes["figures"]:
            raise ParameterError(Problem(f"--{option}", "", "没有写 --progress", "两者一起写"))
    for option in ("group", "league"):
        if wishes[option] is not None and wishes["out"] is None:
            raise ParameterError(Problem(f"--{option}", "", "没有写 --out", "辅-7汇总表的文件名"))
    if wishes["force"] and wishes["out"] is None:
        raise ParameterError(Problem("--force", "", "没有写 --out", "辅-7汇总表的文件名"))


def _status_of_one(name: str, as_json: bool) -> int:
    import json

    from dxkit.case import open_case
    from dxkit.cli.standing import show_standing
    from dxkit.lifecycle import as_plain, standing

    stands = standing(open_case(name), date.today())
    if as_json:
        say(json.dumps(as_plain(stands), ensure_ascii=False, indent=1))
    else:
        show_standing(stands)
    return 0


def _compare(name: str, versions: tuple[str, str], as_json: bool) -> int:
    import json

    from dxkit.case import open_case
    from dxkit.cli.standing import show_differences
    from dxkit.lifecycle import differences_between, results_between

    opened = open_case(name)
    told = [*results_between(opened, *versions), *differences_between(opened, *versions)]
    if as_json:
        say(json.dumps([vars(each) for each in told], ensure_ascii=False, indent=1))
    else:
        show_differences(told)
    return 0


def _status_of_all(folder: Path, as_json: bool, wishes: dict[str, Any]) -> int:
    import json
    from dataclasses import asdict

    from dxkit.cli.standing import show_all, show_progress, show_satisfaction, show_unread
    from dxkit.lifecycle import progress, survey
    from dxkit.lifecycle.satisfaction import satisfaction

    if wishes["out"] is not None:
        return _report(folder, wishes)
    rows = survey(folder, date.today())
    if not rows:
        raise CaseError(Problem(str(folder), "", "没有企业文件夹", "其下每家企业一个文件夹"))
    views = satisfaction(folder) if wishes["satisfaction"] else []
    told = views if wishes["satisfaction"] else progress(rows) if wishes["figures"] else rows
    if as_json:
        say(json.dumps([asdict(each) for each in told], ensure_ascii=False, indent=1))
    elif wishes["satisfaction"]:
        show_satisfaction(views)
    elif wishes["figures"]:
        show_progress(progress(rows))
    else:
        show_all(rows)
        return 0
    if wishes["satisfaction"] or wishes["figures"]:
        show_unread(rows)
    return 0


def _report(folder: Path, wishes: dict[str, Any]) -> int:
    """Write the progress report as a form, and list the cases that are not in it."""
    from dxkit.cli.standing import show_unread
    from dxkit.definitions import load
    from dxkit.forms.sending import refuse_targets, write_whole
    from dxkit.handover.progress_report import Chosen, progress_report

    out: Path = wishes["out"]
    refuse_targets([out], ["docx", "xlsx"], wishes["force"])
    kind = out.suffix.lower().removeprefix(".")
    chosen = Chosen(wishes["group"], wishes["league"])
    report = progress_report(folder, chosen, date.today(), load(), kind)  # type: ignore[arg-type]
    write_whole(out, report.content)
    say(f"{out}：辅-7汇总了 {report.cases} 户，问题及下一步安排请填写，由组长签字。")
    show_unread(report.unread)
    return 0


@click.command(cls=chinese.Command, short_help="办理下一步，或中止、退回、更正。")
@click.argument("case", metavar="企业")
@click.option("--to", metavar="步骤或状态", help="如 T08 或“具备进场条件”；不写则办理下一步。")
@click.option("--who", metavar="姓名", required=True, help="办理人；放行规则的须为组长。")
@click.option("--reason", metavar="文字", default="", help="说明或理由，记入办理经过。")
@click.option(
    "--override",
    "overrides",
    metavar="规则 理由",
    nargs=2,
    multiple=True,
    help="由组长放行一条规则，如 --override R-04 企业规模小；可以写多次。",
)
@click.option("--suspend", "suspend", metavar="理由", help="中止。")
@click.option("--resume", "resume", is_flag=True, help="恢复中止的项目。")
@click.option("--terminate", "terminate", metavar="理由", help="终止。")
@click.option("--return", "return", metavar="理由", help="工信局退回，回到修改报告。")
@click.option("--correct", "correct", metavar="理由", help="更正已发布的报告，另出新版。")
@click.option("--dry-run", is_flag=True, help="只看能否办理，不写入。")
def advance(
    case: str, to: str | None, who: str, reason: str, dry_run: bool, **asked_for: Any
) -> int:
    """办理一步：逐条核对规则，有一条不满足即不办理，并列出全部原因。"""
    from dxkit.case import open_case
    from dxkit.cli.issuing import issue
    from dxkit.cli.standing import show_moved
    from dxkit.lifecycle import Asked, advance, chosen, foresee, of_kind

    overrides = _overrides(asked_for.pop("overrides"))
    kind, why = _off_the_way(asked_for, to)
    if why and reason:
        twice = f"--{kind} 已经写了理由，又写了 --reason"
        raise ParameterError(Problem("dxkit advance", "--reason", twice, "理由只写一处"))
    found = open_case(case)
    step = of_kind(found, kind) if kind else chosen(found, to)
    asked = Asked(who, why or reason, overrides)
    if dry_run:
        show_moved(foresee(found, step.id, asked), written=False)
    elif step.issues:
        show_moved(issue(found, step.id, asked), written=True)
    else:
        show_moved(advance(found.folder, step.id, asked), written=True)
    return 0


def _overrides(said: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the reasons by rule; a rule is let pass for one reason only."""
    reasons = dict(said)
    if len(reasons) < len(said):
        rules = [rule for rule, _ in said]
        twice = "、".join(rule for rule in reasons if rules.count(rule) > 1)
        expected = "每条规则写一次，理由写在一起"
        raise ParameterError(Problem("dxkit advance", "--override", f"{twice}写了几次", expected))
    return reasons


def _off_the_way(asked_for: dict[str, Any], to: str | None) -> tuple[str | None, str]:
    """Return which kind of step off the straight way was asked for, and its reason."""
    # An empty reason still asks for its step, which then refuses it; only a flag can be unset.
    chosen = {kind: why for kind, why in asked_for.items() if why not in (None, False)}
    if len(chosen) + (to is not None) > 1:
        said = "、".join(f"--{kind}" for kind in chosen)
        found = f"同时写了 {said}" + (" 和 --to" if to else "")
        raise ParameterError(Problem("dxkit advance", "", found, "一次只办理一步"))
    kind, why = next(iter(chosen.items()), (None, ""))
    return kind, why if isinstance(why, str) else ""
