"""What the commands print: plain lines, tables that know wide characters, and a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

PIPE_WIDTH = 200


def say(text: str = "") -> None:
    """Print one line."""
    click.echo(text)


def complain(text: str) -> None:
    """Print one line where errors go."""
    click.echo(text, err=True)


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """Print a table; columns align although Chinese characters are two cells wide."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, title=title or None, box=box.SIMPLE, title_justify="left")
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, markup=False).print(table)


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal; give a function to call when one more is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=total)
        yield lambda text: bar.update(task, advance=1, description=text)


def _plain(cell: str) -> str:
    return cell.replace("[", "\\[")
