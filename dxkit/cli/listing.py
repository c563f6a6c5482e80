"""`dxkit list`: what the definitions contain, and which enterprises there are."""

from __future__ import annotations

from pathlib import Path

import click

from dxkit.cli import chinese
from dxkit.cli.screen import show_table

_UNREAD = "（读不出，请用 dxkit assess 查看原因）"


@click.command("list", cls=chinese.Command, short_help="列出指标、附件或企业。")
@click.argument(
    "what",
    metavar="[indicators|annexes|cases]",
    default="indicators",
    type=click.Choice(["indicators", "annexes", "cases"]),
)
def listing(what: str) -> int:
    """列出指标（indicators）、附件（annexes）或企业（cases）。"""
    {"indicators": _indicators, "annexes": _annexes, "cases": _cases}[what]()
    return 0


def _indicators() -> None:
    from dxkit.definitions import load

    definitions = load()
    areas = {
        area.id: f"{direction.name}·{area.name}"
        for direction in definitions.framework.directions
        for area in direction.subareas
    }
    rows = [
        [str(each.no), each.code, each.id, each.name, areas[each.subarea], each.basis.words]
        for each in definitions.indicators
    ]
    show_table(["序号", "代码", "标识", "指标", "方向·细分领域", "口径性质"], rows)


def _annexes() -> None:
    from dxkit.definitions import load

    rows = [
        [annex.mark, annex.id, annex.title, str(len(annex.sections)), str(len(annex.fields))]
        for annex in load().annexes.values()
    ]
    show_table(["附件", "标识", "名称", "部分", "字段"], rows)


def _cases() -> None:
    from dxkit import paths
    from dxkit.case import list_folders

    rows = [[folder.name, _name_of(folder)] for folder in list_folders(paths.parameters())]
    show_table(["标识", "企业名称"], rows)


def _name_of(folder: Path) -> str:
    """Return the name that a case file tells without checking the rest of it."""
    from dxkit.errors import DxkitError
    from dxkit.strict_yaml import read

    try:
        data = read(folder / "case.yaml").data
    except (DxkitError, OSError):
        return _UNREAD
    annex = data.get("annex_3", {}) if isinstance(data, dict) else None
    name = annex.get("enterprise_name") if isinstance(annex, dict) else None
    if not isinstance(annex, dict) or not isinstance(name, str | None):
        return _UNREAD
    return name or "（未填）"
