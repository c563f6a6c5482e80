"""How far a long command has come: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dxkit.cli.screen import complain

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal; give a function to call when one more is done."""
    with bar_shown() as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def measuring(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar in per cent on a terminal; give a function to call with every amount done."""
    with bar_shown() as bar:
        task = bar.add_task(f"{label}（%）", total=100)
        yield lambda amount: bar.advance(task, 100 * amount / max(total, 1))


def step_by_step(wanted: bool) -> Callable[[str, int, int, str], None]:
    """Return what tells, in lines of their own, what is being done of what; nothing unless wanted.

    The page of a workshop reads these lines.
    """

    def tell(what: str, done: int, total: int, words: str) -> None:
        if wanted:
            complain(f"{what} [{done}/{total}] {words}")

    return tell


def bar_shown(quiet: bool = False) -> Progress:
    """Return a bar, hidden where it is not wanted or nobody would see it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    console = Console(stderr=True)
    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), MofNCompleteColumn(), TextColumn("尚需"), Remaining())
    off = quiet or not console.is_terminal
    return Progress(*columns, console=console, disable=off, transient=True)
