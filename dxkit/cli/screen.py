"""What the commands print: plain lines, and tables that know wide characters."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click

PIPE_WIDTH = 200


def say(text: str = "") -> None:
    """Print one line."""
    click.echo(text)


def complain(text: str) -> None:
    """Print one line where errors go."""
    click.echo(text, err=True)


def warn_of(problems: Iterable[object], about: str) -> None:
    """Print what is wrong beside what was asked for."""
    for problem in problems:
        complain(f"提醒：{about}：{problem}")


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
