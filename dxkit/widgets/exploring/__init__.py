"""The page to explore the region: three choices, and what the region says of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import anywidget
from traitlets import Dict, Unicode

from dxkit.errors import DxkitError
from dxkit.notebook import begin_region
from dxkit.region import Region
from dxkit.region.view import of_year
from dxkit.report.blocks import join, paragraph
from dxkit.report.region.one import shown

_FOLDER = Path(__file__).parent
_Choices = dict[str, list[list[str]]]
_READING, _DRAWING = "正在读取各企业的案卷……", "正在汇总……"
_FAILED = "汇总没有完成，案卷没有改动。请刷新再试，仍不行请把这句话告诉维护人员："
_BETWEEN = 3.0
"""Seconds between two words on how many cases are read; screen readers say each of them."""


class Explorer(anywidget.AnyWidget):
    """Dimension, indicator and year are chosen in the browser; what they give is shown there."""

    _esm = (_FOLDER / "page.js").read_text(encoding="utf-8")
    _css = (_FOLDER / "page.css").read_text(encoding="utf-8")
    choices = Dict().tag(sync=True)
    """For each choice its values with their words, in their order; none before all is read."""
    chosen = Dict().tag(sync=True)
    shown = Unicode().tag(sync=True)
    answers = Dict().tag(sync=True)
    """The choice that `shown` answers, by which the browser knows whether it is the last one."""
    waiting = Unicode(_READING).tag(sync=True)
    """What must be waited for before there is a choice; empty once there is one, or a reason."""

    def __init__(self, cases: str) -> None:
        """Read the cases, beside the event loop of a kernel so that the page is there meanwhile."""
        super().__init__()
        self._region: Region | None = None
        self._years: dict[str, Region] = {}
        self._closed = False
        self.observe(lambda _change: self._show(), names="chosen")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # nobody waits for anything but this
            self._open(cases, lambda call: call())
            return

        def later(call: Callable[[], Any]) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody is left to be told
                loop.call_soon_threadsafe(call)

        Thread(target=self._open, args=(cases, later), name="dxkit-region", daemon=True).start()

    def close(self) -> None:
        """Take the page away; what is still being read for it is given up."""
        self._closed = True
        super().close()

    def _open(self, cases: str, tell: Callable[[Callable[[], Any]], Any]) -> None:
        """Read the cases and have told what they give, or why there is nothing to be had."""
        slowly = _Slowly(lambda words: tell(partial(self._wait, words)))

        def progress(done: int, total: int) -> None:
            if self._closed:
                raise _GivenUpError
            slowly(done, total)

        try:
            region = begin_region(cases, progress=progress)
            tell(partial(self._wait, _DRAWING))
            choices = _choices(region)
            chosen = {name: values[0][0] for name, values in choices.items()}
            found = shown(region, chosen["by"], chosen["indicator"]).html
        except _GivenUpError:
            return
        except DxkitError as exc:
            tell(partial(self._refuse, join(paragraph(str(each)) for each in exc.problems).html))
            return
        except Exception as exc:  # nobody else would tell whoever waits
            tell(partial(self._refuse, paragraph(f"{_FAILED}{type(exc).__name__}：{exc}").html))
            raise
        tell(partial(self._begin, region, choices, chosen, found))

    def _wait(self, words: str) -> None:
        self.waiting = words

    def _refuse(self, why: str) -> None:
        with self.hold_sync():
            self.shown, self.waiting = why, ""

    def _begin(self, region: Region, choices: _Choices, chosen: dict[str, str], found: str) -> None:
        with self.hold_sync():
            self.choices, self.chosen, self.shown, self.answers = choices, chosen, found, chosen
            self.waiting = ""
        self._years[chosen["year"]] = self._region = region

    def _show(self) -> None:
        """Show what the choice gives; one that is none of the choices changes nothing."""
        chosen = {name: str(self.chosen.get(name)) for name in self.choices}
        known = all(value in dict(self.choices[name]) for name, value in chosen.items())
        if self._region is None or not known:
            return
        year = chosen["year"]
        if year not in self._years:
            self._years[year] = of_year(self._region, int(year))
        found = shown(self._years[year], chosen["by"], chosen["indicator"])
        with self.hold_sync():
            self.shown, self.answers = found.html, chosen


class _GivenUpError(Exception):
    """The page is no longer there."""


class _Slowly:
    """Says how many cases are read, but not after each of thousands."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if (now := time.monotonic()) >= self._said + _BETWEEN:
            self._said = now
            self._say(f"{_READING}需读 {total} 家，已读 {done} 家")


def _choices(region: Region) -> _Choices:
    definitions = region.definitions
    years = [str(year) for year in reversed(region.gathered.table.years)] or ["0"]
    return {
        "by": [[one.id, one.name] for one in definitions.regional.dimensions if one.by != "year"],
        "indicator": [[each.id, f"{each.no} {each.name}"] for each in definitions.indicators],
        "year": [[year, f"{year}年" if year != "0" else "未填"] for year in years],
    }
