"""How a batch is told while it goes: a bar, lines, lines for programs, or nothing."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dxkit.cli.progress import bar_shown, step_by_step
from dxkit.cli.screen import complain, say

if TYPE_CHECKING:
    from dxkit.batch import Begun, Outcome, Run, Step

    Told = Outcome | Step | Begun


@dataclass(frozen=True)
class Following:
    """What somebody wants to be told."""

    quiet: bool = False
    steps: bool = False
    as_json: bool = False


@contextmanager
def following(wish: Following) -> Iterator[Callable[[Told], None]]:
    """Give a function to call with whatever a batch tells."""
    if wish.as_json:
        yield _json_lines(wish.steps)
        return
    from dxkit.batch import Begun, Step

    step, count = step_by_step(wish.steps), _Count()
    with bar_shown(wish.quiet or wish.steps) as bar:
        task = bar.add_task("准备", total=None)

        def tell(told: Told) -> None:
            if isinstance(told, Begun):
                count.begin(told)
                bar.update(task, total=told.making, description=count.words)
                if told.standing and not wish.quiet:
                    complain(f"{told.standing} 家没有变化，不必重新生成；要生成 {told.making} 家")
            elif isinstance(told, Step):
                step(told.case, told.done, told.total, told.words)
            else:
                count.add(told)
                bar.update(task, advance=1, description=count.words)
                if bar.disable and not wish.quiet:
                    complain(count.line(told))

        yield tell


def _json_lines(steps: bool) -> Callable[[Told], None]:
    """Return what prints each event as one line of JSON, steps only if they are wanted."""
    from dxkit.batch import Begun, Step

    def tell(told: Told) -> None:
        if isinstance(told, Step) and not steps:
            return
        kind = "begun" if isinstance(told, Begun) else "step" if isinstance(told, Step) else "case"
        say(json.dumps({"event": kind, **asdict(told)}, ensure_ascii=False))

    return tell


def end_in_json(finished: Run) -> str:
    """Return the last line for a program: how many cases went how, and where the results are."""
    counts = Counter(each.status for each in finished.outcomes)
    return json.dumps({"event": "end", "counts": counts, "out": str(finished.out)})


class _Count:
    """How many cases went how, and how fast they come."""

    def __init__(self) -> None:
        self._total = 0
        self._began = time.monotonic()
        self._found: Counter[bool] = Counter()

    def begin(self, told: Begun) -> None:
        """Take in how many there will be."""
        self._total, self._began = told.making, time.monotonic()

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        self._found[outcome.stands] += 1

    @property
    def words(self) -> str:
        """Return the counts, and the rate once there is one."""
        rate = f"，每分钟 {self._rate:.0f} 家" if self._found.total() else ""
        return f"完成 {self._found[True]} 家，出错 {self._found[False]} 家{rate}"

    @property
    def _rate(self) -> float:
        """Return cases a minute."""
        return 60 * self._found.total() / max(time.monotonic() - self._began, 0.001)

    def line(self, outcome: Outcome) -> str:
        """Return one line about one case, with the time that is left as far as it is known."""
        from dxkit.batch.summary import WORDS

        done = self._found.total()
        said = f"[{done}/{self._total}] {outcome.case} {WORDS[outcome.status]}"
        left = _spell((self._total - done) / self._rate * 60)
        return f"{said} {outcome.seconds:.1f} 秒{f'，尚需约 {left}' if self._total > done else ''}"


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
