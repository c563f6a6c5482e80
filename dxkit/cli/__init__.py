"""The `dxkit` command: what can be called, and how every error ends as a Chinese line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

import click

from dxkit import __version__
from dxkit.cli import (
    assessing,
    chinese,
    course,
    evidence,
    forms,
    handing_over,
    listing,
    making,
    phone_forms,
    regional,
    reporting,
    returned_forms,
    serving,
)
from dxkit.cli.screen import complain
from dxkit.errors import DxkitError, os_problem

EXIT_REFUSED = 2
EXIT_INTERRUPTED = 130
EXIT_BUG = 70


@click.group(cls=chinese.Group, name="dxkit")
@click.version_option(__version__, message="dxkit %(version)s", help="显示版本号。")
def commands() -> None:
    """工业企业线下数字化评估诊断工作台。

    \b
    常用：
      dxkit batch             为 parameters/ 下的全部企业生成报告
      dxkit assess 企业        查看一家企业的24项指标
      dxkit status 企业        查看办到哪一步、下一步缺什么
      dxkit pack 企业          生成报送、送企业或存档的材料包
      dxkit new 标识           建立一家新企业
    """  # noqa: D301  # \b keeps click from rewrapping the list


for _command in (
    reporting.batch,
    assessing.assess,
    assessing.check,
    course.status,
    course.advance,
    evidence.evidence,
    forms.form,
    handing_over.pack,
    handing_over.unpack,
    handing_over.verify,
    handing_over.filing,
    making.new,
    reporting.export,
    regional.region,
    making.synth,
    serving.serve,
    serving.doctor,
    listing.listing,
):
    commands.add_command(_command)
for _command in (returned_forms.import_, phone_forms.xlsform, phone_forms.collect):
    forms.form.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code."""
    _write_utf8()
    try:
        code = commands.main(arguments, prog_name="dxkit", standalone_mode=False)
    except DxkitError as exc:
        for problem in exc.problems:
            complain(str(problem))
        code = exc.exit_code
    except click.exceptions.Exit as exc:
        code = exc.exit_code
    except click.ClickException as exc:
        complain(chinese.explain(exc))
        code = chinese.EXIT_USAGE
    except OSError as exc:
        complain(str(os_problem(exc)))
        code = EXIT_REFUSED
    except (KeyboardInterrupt, click.Abort):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is ending: asking again breaks the ending
        complain("已中断。")
        code = EXIT_INTERRUPTED
    except Exception as exc:
        if os.environ.get("DXKIT_DEBUG"):
            raise
        complain(f"程序出错：{type(exc).__name__}：{exc}。设置 DXKIT_DEBUG=1 可看到详细过程。")
        code = EXIT_BUG
    sys.exit(code or 0)


def _write_utf8() -> None:
    """Write UTF-8 into files and pipes on every system; a terminal knows its own coding."""
    for stream in (sys.stdout, sys.stderr):
        if not stream.isatty() and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
