"""How far a long command has come: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dxkit.cli.screen import complain

if TYPE_CHECKING:
    from rich.progress import Progress

    from dxkit.batch import Outcome, Step


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal; give a function to call when one more is done."""
    with _bar() as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def measuring(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar in per cent on a terminal; give a function to call with every amount done."""
    with _bar() as bar:
        task = bar.add_task(f"{label}（%）", total=100)
        yield lambda amount: bar.advance(task, 100 * amount / max(total, 1))


@contextmanager
def following(
    total: int, quiet: bool = False, steps: bool = False
) -> Iterator[Callable[[Outcome | Step], None]]:
    """Show how a batch goes; give a function to call with every outcome, and with every step."""
    from dxkit.batch import Step

    counts = {"ok": 0, "failed": 0}
    step = step_by_step(steps)
    with _bar(quiet or steps) as bar:
        task = bar.add_task(_counted(counts), total=total)

        def tell(outcome: Outcome | Step) -> None:
            if isinstance(outcome, Step):
                step(outcome.case, outcome.done, outcome.total, outcome.words)
                return
            counts[outcome.status] += 1
            bar.update(task, advance=1, description=_counted(counts))
            if bar.disable and not quiet:
                complain(_line(outcome, sum(counts.values()), total))

        yield tell


def step_by_step(wanted: bool) -> Callable[[str, int, int, str], None]:
    """Return what tells, in lines of their own, what is being done of what; nothing unless wanted.

    The page of a workshop reads these lines.
    """

    def tell(what: str, done: int, total: int, words: str) -> None:
        if wanted:
            complain(f"{what} [{done}/{total}] {words}")

    return tell


def in_words(outcome: Outcome) -> str:
    """Return how a case went in one word."""
    return "完成" if outcome.status == "ok" else "出错"


def _counted(counts: dict[str, int]) -> str:
    return f"完成 {counts['ok']} 家，出错 {counts['failed']} 家"


def _line(outcome: Outcome, done: int, total: int) -> str:
    return f"[{done}/{total}] {outcome.case} {in_words(outcome)} {outcome.seconds:.1f} 秒"


def _bar(quiet: bool = False) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    console = Console(stderr=True)
    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), MofNCompleteColumn(), TextColumn("尚需"), Remaining())
    off = quiet or not console.is_terminal
    return Progress(*columns, console=console, disable=off, transient=True)
