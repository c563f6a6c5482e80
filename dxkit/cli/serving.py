"""`dxkit serve` and `dxkit doctor`: the workshop as a site, and whether all is there for it."""

from __future__ import annotations

import getpass
import os
import threading
import webbrowser
from typing import TYPE_CHECKING

import click

from dxkit.cli import chinese
from dxkit.cli.screen import complain, say

if TYPE_CHECKING:
    from dxkit.apps.participants import Participant
    from dxkit.apps.server import Workshop

MOST = 200
EXIT_LACKING = 1
_SIGNS = {True: "✓", False: "✗", None: "－"}


@click.command(cls=chinese.Command, short_help="在浏览器中多人一起诊断。")
@click.option("--case", metavar="企业", help="只开放这一家企业；不写则开放全部企业。")
@click.option(
    "--port", metavar="N", type=click.IntRange(0, 65535), help="端口；不写则从 8866 起自动选择。"
)
@click.option("--no-browser", is_flag=True, help="不自动打开浏览器。")
@click.option("--lan", is_flag=True, help="同一网络中的其他电脑和手机也能打开。")
@click.option(
    "--participants",
    metavar="N",
    type=click.IntRange(1, MOST),
    default=20,
    show_default=False,
    help="最多同时打开的页面，默认 20。",
)
def serve(
    case: str | None, port: int | None, no_browser: bool, lan: bool, participants: int
) -> int:
    """启动诊断工作台：打印组长的链接，其他人由组长在首页邀请。按 Ctrl+C 停止。

    只有持链接的人能进入，每人只看到其身份允许的内容。填写的内容随时存入案卷，
    停止或断电都不会丢失。
    """
    from dxkit.apps.server import Wanted, Workshop

    wanted = Wanted(port, lan, participants, None if case is None else _in_workspace(case))

    def ready(server: Workshop) -> None:
        _announce(server, leader, open_browser=not no_browser)

    server = Workshop(wanted, ready)
    leader = server.people.leader(os.environ.get("DXKIT_WHO") or _user())
    server.run()
    say("已停止。填写的内容都在案卷里。")
    return 0


def _in_workspace(case: str) -> str:
    """Return the id of a case; one of another workspace is not looked for here by its name."""
    from dxkit import paths
    from dxkit.case import locate
    from dxkit.errors import ParameterError, Problem

    folder = locate(case)
    if folder.parent.resolve() != paths.parameters().resolve():
        raise ParameterError(
            Problem(case, "--case", "不在这个工作区", f"{paths.parameters()} 下的一个")
        )
    return folder.name


def _announce(server: Workshop, leader: Participant, *, open_browser: bool) -> None:
    from dxkit.apps.addresses import HERE
    from dxkit.apps.landing import link_of

    here = link_of(leader, f"http://{HERE}:{server.port}")
    say(f"诊断工作台已启动。组长（{leader.name}）的链接：")
    say(f"  {here}")
    for address in server.network:
        say(f"  {link_of(leader, f'http://{address}:{server.port}')}")
    say("其他人由组长在首页“参加人”处添加，每人一条链接。按 Ctrl+C 停止。")
    if server.wanted.lan:
        complain(
            "提醒：网络中的传输没有加密，请只在自己的热点或可信的网络中使用；"
            "需要加密时见 docs/proxy.md。"
        )
        if not server.network:
            complain("提醒：没有找到可用的网络地址，请先连接网络或打开热点，再重新启动。")
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(here,), daemon=True).start()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "组长"


@click.command(cls=chinese.Command, short_help="检查诊断工作台所需的一切。")
@click.argument("link", metavar="[链接]", required=False)
def doctor(link: str | None) -> int:
    """检查这台电脑能不能开诊断工作台，每项一行，不行的说明怎样办。

    写上一位参加人的链接（加引号），就沿着这条链接检查，中间有代理也一并检查；
    不写则在本机临时启动一个来检查。
    """
    from dxkit.apps.doctor import examine

    failed = 0
    for finding in examine(link):
        failed += finding.passed is False
        mend = f"。怎样办：{finding.mend}" if finding.mend else ""
        say(f"{_SIGNS[finding.passed]} {finding.name}：{finding.words}{mend}")
    say(f"有 {failed} 项不行。" if failed else "都可以。")
    return EXIT_LACKING if failed else 0
