"""The page to explore the region: three choices, and what the region says of them."""

from __future__ import annotations

from pathlib import Path

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


class Explorer(anywidget.AnyWidget):
    """Dimension, indicator and year are chosen in the browser; what they give is shown there."""

    _esm = (_FOLDER / "page.js").read_text(encoding="utf-8")
    _css = (_FOLDER / "page.css").read_text(encoding="utf-8")
    choices = Dict().tag(sync=True)
    """For each choice its values with their words, in their order."""
    chosen = Dict().tag(sync=True)
    shown = Unicode().tag(sync=True)
    answers = Dict().tag(sync=True)
    """The choice that `shown` answers, by which the browser knows whether it is the last one."""

    def __init__(self, cases: str) -> None:
        super().__init__()
        try:
            self._region: Region | None = begin_region(cases)
        except DxkitError as exc:
            self._region = None
            self.shown = join(paragraph(str(each)) for each in exc.problems).html
            return
        self._years: dict[str, Region] = {str(self._region.year): self._region}
        self.choices = _choices(self._region)
        self.chosen = {name: values[0][0] for name, values in self.choices.items()}
        self._show()
        self.observe(lambda _change: self._show(), names="chosen")

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


def _choices(region: Region) -> _Choices:
    definitions = region.definitions
    years = [str(year) for year in reversed(region.gathered.table.years)] or ["0"]
    return {
        "by": [[one.id, one.name] for one in definitions.regional.dimensions if one.by != "year"],
        "indicator": [[each.id, f"{each.no} {each.name}"] for each in definitions.indicators],
        "year": [[year, f"{year}年" if year != "0" else "未填"] for year in years],
    }
