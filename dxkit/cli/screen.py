"""What the commands print: plain lines, and tables that know wide characters."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dxkit.case import Case

PIPE_WIDTH = 200
EXIT_ABSENT = 3
"""What is here is unaltered, and what is kept elsewhere was not proved."""


def say(text: str = "") -> None:
    """Print one line."""
    click.echo(text)


def complain(text: str) -> None:
    """Print one line where errors go."""
    click.echo(text, err=True)


def warn_of_case(case: Case) -> None:
    """Print what is odd about a case as a whole, whatever was asked of it."""
    from dxkit.evidence.apart import exposures

    if doubt := case.edition_doubt:
        complain(f"提醒：{doubt}")
    warn_of_apart(case.restricted_problems)
    for exposure in exposures(case):
        complain(f"提醒：{exposure}")


def warn_of_apart(problems: Iterable[object], name: str = "") -> None:
    """Print why what a case keeps apart cannot be read."""
    for problem in problems:
        complain(f"提醒：{name}限制存放的部分读不出：{problem}")


def tell_absent(files: Sequence[str]) -> int:
    """Print which files are kept elsewhere and were not proved; return the exit code for them."""
    from dxkit.case.stores import RESTRICTED

    if not files:
        return 0
    say(f"{len(files)} 个文件另行存放（{RESTRICTED} 文件夹不在这里），没有核对，不能说有没有改动：")
    for file in files:
        say(f"  {file}")
    return EXIT_ABSENT


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """Print a table; columns align although Chinese is two cells wide, and nothing is cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    columns = (Column(head, overflow="fold") for head in heads)
    table = Table(*columns, title=title or None, box=box.SIMPLE, title_justify="left")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, markup=False, emoji=False).print(
        table
    )
