"""`dxkit pack`, `unpack`, `verify` and `filing`: what leaves a case, and how it is checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxkit.cli import chinese
from dxkit.cli.screen import complain, say
from dxkit.errors import HandoverError, ParameterError, Problem

if TYPE_CHECKING:
    from dxkit.handover.packing import Packed
    from dxkit.handover.sealing import Lock, Unlock

EXIT_ALTERED = 1
_PATH = click.Path(path_type=Path)
_identity = click.option(
    "--identity", metavar="私钥文件", type=_PATH, help="收件人的 age 私钥文件，打开加密的包时用。"
)


@click.command(cls=chinese.Command, short_help="生成报送、送企业或存档的材料包。")
@click.argument("case", metavar="企业")
@click.option(
    "--for", "purpose", metavar="bureau|enterprise|archive", required=True, help="给谁的包。"
)
@click.option("--out", metavar="文件", type=_PATH, help="存放处，默认 outputs/企业/ 之下。")
@click.option(
    "--to", metavar="公钥", multiple=True, help="加密给谁：age1 开头的公钥，或公钥文件；可写几次。"
)
@click.option("--passphrase", is_flag=True, help="用口令加密，运行时输入两遍。")
@click.option("--again", is_flag=True, help="收到回执之后再次报送：原清单存档，另起一份。")
@click.option("--who", metavar="姓名", required=True, help="办理人，记入流水。")
def pack(case: str, purpose: str, out: Path | None, who: str, **wishes: Any) -> int:
    """把应交的材料打成一个包，附目录、清单和核对程序，并在案卷中记下这次导出。

    企业秘密和不得复制的材料不进包，在目录中列出编号和理由。报送盟市工信局的包，
    报告没有发布、必备材料没有形成的，不生成，一次列出全部所缺；目录逐项对照附件7-2，
    有缺的在屏幕上提醒。收到回执之后不再改动原清单，确需再次报送的加 --again。
    """
    from dxkit.handover.packing import Wish, make_pack

    lock = _lock(wishes["to"], wishes["passphrase"])
    with _supplement(case, purpose) as pages:
        _tell_packed(make_pack(case, purpose, who, out, lock, Wish(pages, wishes["again"])))
    return 0


@contextmanager
def _supplement(case: str, purpose: str) -> Iterator[list[Path]]:
    """Make the pages that only the archive copy of a report has, where the pack takes them."""
    from dxkit.batch import ARCHIVE, Means, Wanted, run
    from dxkit.case import open_case
    from dxkit.handover.plan import pack_for
    from dxkit.scratch import scratch

    opened = open_case(case)
    if not pack_for(opened.definitions.handover, purpose).takes_supplement:
        yield []
        return
    with scratch("pack", opened.id) as out:
        wanted = Wanted(("docx", "pdf"), (ARCHIVE,))
        (outcome,) = run([opened.folder], out, wanted, Means(1)).outcomes
        if outcome.problems:
            raise HandoverError(Problem(each) for each in outcome.problems)
        yield [out / opened.id / name for name in outcome.files if not name.endswith(".ipynb")]


def _lock(to: tuple[str, ...], passphrase: bool) -> Lock | None:
    from dxkit.handover.sealing import Lock, read_recipients

    if to and passphrase:
        raise ParameterError(Problem("--passphrase", "", "同时写了 --to", "两种加密方式选一种"))
    if passphrase:
        return Lock(passphrase=_asked(twice=True))
    return Lock(read_recipients(to)) if to else None


def _asked(twice: bool) -> str:
    said = click.prompt("口令", hide_input=True, err=True)
    if twice and said != click.prompt("再输入一遍", hide_input=True, err=True):
        raise HandoverError(Problem("口令", "", "两遍不一样", "相同的口令"))
    return str(said)


def _tell_packed(packed: Packed) -> None:
    say(f"{packed.path}")
    say(f"{packed.files} 个文件，{packed.bytes} 字节，SHA-256 {packed.sha256}")
    for stays in packed.left_out:
        say(f"未列入：{stays.table} {stays.number}（{stays.reason}）")
    for each in packed.short:
        complain(f"提醒：附件7-2必备材料第 {each}")
    if packed.absent:
        complain(f"提醒：这份材料包是草稿，不完整。没有列入：{'；'.join(packed.absent)}")
    for form in packed.unfilled:
        say(f"未填写，没有列入：{form}")
    say("请把上面的 SHA-256 另行告知收件人，用来确认收到的就是这一份。")


@click.command(cls=chinese.Command, short_help="核对并解开材料包。")
@click.argument("file", metavar="文件", type=_PATH)
@click.option("--out", metavar="文件夹", type=_PATH, required=True, help="一个新的文件夹。")
@_identity
def unpack(file: Path, out: Path, identity: Path | None) -> int:
    """解开 dxkit 打的包：逐个文件核对校验值，有一处不符就什么也不留下。"""
    from dxkit.handover.unpacking import unpack as take_out

    found = take_out(file, out, _unlock(file, identity))
    say(f"已解开 {found.files} 个文件到 {found.folder}，与包内清单的校验值全部相符。")
    _tell_sum(file)
    return 0


@click.command(cls=chinese.Command, short_help="核对材料包或案卷未被改动。")
@click.argument("place", metavar="文件|文件夹|企业", type=_PATH)
@_identity
def verify(place: Path, identity: Path | None) -> int:
    """核对一个材料包、解开的文件夹或一家企业的案卷；有改动的逐条列出，以退出码 1 结束。

    案卷的限制知悉文件夹（restricted）整个不在的，其中的文件另行列出；其余没有改动时，退出码为 3。
    """
    from dxkit.cli.screen import tell_absent
    from dxkit.handover.verification import verify as check

    unlock = _unlock(place, identity) if place.is_file() else None
    found = check(place, unlock)
    for problem in found.problems:
        complain(str(problem))
    for note in found.notes:
        complain(f"提醒：{note}")
    say(f"{found.kind}：核对了 {found.files} 个文件，{len(found.problems)} 处不符。")
    away = tell_absent(found.absent)
    if place.is_file():
        _tell_sum(place)
    return EXIT_ALTERED if found.problems else away


def _tell_sum(file: Path) -> None:
    """Say what only a comparison with the sender can prove: that nobody made another pack."""
    from dxkit.evidence.files import hash_of

    say(f"材料包的 SHA-256：{hash_of(file)}")
    say("清单没有签名：请与打包人另行告知的 SHA-256 核对，一致的才是打包人发出的那一份。")


def _unlock(file: Path, identity: Path | None) -> Unlock | None:
    from dxkit.handover.sealing import Unlock, read_identities
    from dxkit.handover.unpacking import needs

    if identity is not None:
        return Unlock(read_identities(identity))
    if needs(file) == "passphrase":
        return Unlock(passphrase=_asked(twice=False))
    return None


@click.command(cls=chinese.Command, short_help="导出线上填报用的24项指标值。")
@click.argument("case", metavar="企业")
@click.option("--out", metavar="文件", type=_PATH, required=True, help="要写的 CSV 文件。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
def filing(case: str, out: Path, force: bool) -> int:
    """把24项指标写成 CSV，供线上填报时照录；未知的项目没有填报值。"""
    from dxkit.case import open_case
    from dxkit.forms.sending import refuse_targets, write_whole
    from dxkit.handover.filing import filing_table

    refuse_targets([out], ["csv"], force)
    write_whole(out, filing_table(open_case(case)))
    say(str(out))
    return 0
