"""Whether this machine can hold a workshop: files, fonts, notebooks, kernels, clock."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import KernelManager

from dxkit import fonts, paths
from dxkit.apps import addresses
from dxkit.apps.doctor.finding import Finding, bad, good, note
from dxkit.apps.kernels import ORDINARY
from dxkit.apps.pages import VIEWS
from dxkit.apps.participants import FILE, Participants
from dxkit.case import journal, list_folders
from dxkit.definitions import load
from dxkit.errors import DxkitError, os_problem
from dxkit.kernel.process import ForkedProcess
from dxkit.kernel.specs import FORKED
from dxkit.notebook import parameters_of, read

LEAST_FREE = 1_000_000_000
READY_SECONDS = 90
BEIJING = timedelta(hours=8)
AHEAD = timedelta(minutes=5)


def examine() -> Iterator[Finding]:
    """Yield every finding; a check that breaks is a finding as well."""
    for name, check in _CHECKS.items():
        try:
            yield check(name)
        except DxkitError as exc:
            yield bad(name, str(exc.problems[0]), "按提示更正后再试")
        except OSError as exc:
            yield bad(name, str(os_problem(exc)), "检查这个位置的权限和磁盘")
        except Exception as exc:
            yield bad(name, f"检查没能进行：{type(exc).__name__}：{exc}", "重新安装 dxkit 后再试")


def _cases(name: str) -> Finding:
    found = list_folders(paths.parameters())
    place = paths.parameters()
    if not place.is_dir():
        return bad(name, f"没有 {place}", "在工作区中运行，或用环境变量 DXKIT_HOME 指明工作区")
    if not found:
        return note(name, f"{place} 下还没有企业", "用 dxkit new 建立一家")
    return good(name, f"{len(found)} 家，在 {place}")


def _disk(name: str) -> Finding:
    for place in (paths.parameters(), paths.workspace()):
        with tempfile.NamedTemporaryFile(dir=place, prefix=".doctor-") as file:
            file.write(b"\0")
            file.flush()
            os.fsync(file.fileno())
    free = shutil.disk_usage(paths.parameters()).free
    if free < LEAST_FREE:
        return bad(
            name, f"可以写入，但只剩 {free / 1e9:.1f} GB", "腾出至少 1 GB，照片每张可达 12 MB"
        )
    return good(name, f"可以写入，剩余 {free / 1e9:.0f} GB")


def _definitions(name: str) -> Finding:
    found = load()
    return good(name, f"{len(found.indicators)} 项指标、{len(found.annexes)} 张表，彼此一致")


def _fonts(name: str) -> Finding:
    for face in (fonts.sans(), fonts.serif()):
        if missing := fonts.missing_glyphs(face, "关键工序数控化率"):
            return bad(name, f"{face.name} 缺少 {missing}", "重新安装 mplfonts")
    return good(name, "黑体、宋体齐全")


def _notebooks(name: str) -> Finding:
    for view in VIEWS:
        path = paths.notebooks() / f"{view}.ipynb"
        if "case" not in parameters_of(read(path)):
            return bad(name, f"{path} 没有参数 case", "从 dxkit 的发布内容恢复这个笔记本")
    return good(name, f"{'、'.join(VIEWS.values())}各一个，在 {paths.notebooks()}")


def _kernel(name: str) -> Finding:
    """Start a kernel as a page gets it, and wait until it answers."""
    known = KernelSpecManager()
    kernel = FORKED if FORKED in known.find_kernel_specs() else ORDINARY
    try:
        manager = KernelManager(kernel_name=kernel, kernel_spec_manager=known)
        manager.start_kernel()
    except NoSuchKernel:
        return bad(
            name, "没有安装 Python 内核", "重新安装 dxkit，或运行 python -m ipykernel install"
        )
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(READY_SECONDS)
        begin = time.monotonic()
        client.execute_interactive("import dxkit.widgets", timeout=READY_SECONDS, silent=True)
        seconds = time.monotonic() - begin
        forked = isinstance(getattr(manager.provisioner, "process", None), ForkedProcess)
    except (RuntimeError, TimeoutError):
        return bad(name, f"{READY_SECONDS} 秒内没有应答", "关闭占用内存和处理器的程序后再试")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if forked:
        return good(name, f"可以从预先装好的进程分出，装入页面用 {seconds:.1f} 秒")
    words = f"可以启动，但不能从预先装好的进程分出，装入页面用 {seconds:.1f} 秒"
    return note(name, words, "不影响使用，只是打开页面较慢；Windows 上都是这样")


def _keys(name: str) -> Finding:
    if not (paths.private() / FILE).is_file():
        return note(name, "还没有发出过", "dxkit serve 会打印组长的链接")
    people = Participants()
    if os.name != "nt" and people.path.stat().st_mode & 0o077:
        return bad(name, f"{people.path} 别的用户也能读", f"运行 chmod 600 {people.path}")
    return good(name, f"{len(people.all())} 人持有链接")


def _clock(name: str) -> Finding:
    now = datetime.now().astimezone()
    latest = max(
        (datetime.fromisoformat(last.at) for last in map(journal.last, _folders()) if last),
        default=None,
    )
    if latest is not None and latest.astimezone() > now + AHEAD:
        words = f"现在是 {now:%Y-%m-%d %H:%M}，案卷中却已有 {latest:%Y-%m-%d %H:%M} 的记录"
        return bad(name, words, "校准这台电脑的时间")
    if now.utcoffset() != BEIJING:
        return note(name, f"{now:%Y-%m-%d %H:%M}，不是北京时间", "把时区设为北京时间")
    return good(name, f"{now:%Y-%m-%d %H:%M}，北京时间")


def _folders() -> list[Path]:
    return list_folders(paths.parameters())


def _network(name: str) -> Finding:
    found = addresses.in_network()
    if not found:
        return note(name, "没有连接网络，只能在这台电脑上使用", "多人使用时先连接网络或打开热点")
    return note(name, f"其他人用 --lan 启动后可经 {'、'.join(found)} 进入")


def _browser(name: str) -> Finding:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return note(name, "没有找到可以自动打开的浏览器", "手工把链接粘贴到浏览器")
    return good(name, "可以自动打开")


_CHECKS: dict[str, Callable[[str], Finding]] = {
    "企业": _cases,
    "磁盘": _disk,
    "定义": _definitions,
    "字体": _fonts,
    "笔记本": _notebooks,
    "内核": _kernel,
    "链接": _keys,
    "时钟": _clock,
    "网络": _network,
    "浏览器": _browser,
}
