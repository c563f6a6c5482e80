"""Which project runs when: bars over quarters, hatched by phase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import Chart, ChartError, finish, require
from dxkit.charts.legend import legend, swatch
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, width_of, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Fill, Label, Mark, Picture, Stroke
from dxkit.errors import Problem

_PHASES: dict[str, Fill] = {"近期": "main", "中期": "hatch", "远期": "paper"}
_NAME = 4.6
_PRIORITY = 0.95
_YEAR = 0.5
_QUARTER = 0.42
_BAR = 0.38
_PADDING = 0.13
_MARGIN = 0.12


@dataclass(frozen=True)
class Project:
    """One suggestion on the road map; `start` reads 2027Q1, `phase` 近期, 中期 or 远期."""

    name: str
    start: str
    months: int
    phase: str
    priority: str = ""


@dataclass(frozen=True)
class _Calendar:
    """Whole years from `first`, drawn from x = `left` on, `quarter` cm for three months."""

    first: int
    years: int
    left: float
    quarter: float

    def x(self, quarters: float) -> float:
        return self.left + (quarters - self.first * 4) * self.quarter


def roadmap(projects: Sequence[Project], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw one bar per project, in the order given.

    Raises:
        ChartError: there is no project, or one with a start, a length or a phase that is none.
    """
    return finish(compose(projects, width_cm), _alt(projects))


def compose(projects: Sequence[Project], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `roadmap`."""
    require(projects, "实施路线图")
    _refuse_faults(projects)
    calendar = _calendar(projects, width_cm)
    top = _YEAR + _QUARTER
    marks: list[Mark] = []
    y = top
    for project in projects:
        name = wrap(project.name, _NAME)
        height = max(block_height(name), _BAR) + 2 * _PADDING
        middle = y + height / 2
        marks += block(name, 0, middle)
        marks.append(Label(_NAME + _PRIORITY / 2, middle, project.priority, SMALL, "center"))
        marks += _bar(project, calendar, width_cm, middle)
        y += height
        marks.append(Stroke(0, y, width_cm, y))
    used = [phase for phase in _PHASES if phase in {project.phase for project in projects}]
    entries = [(swatch(_PHASES[phase]), phase) for phase in used]
    explained, bottom = legend(entries, calendar.left, y + _MARGIN, width_cm)
    head = _head(calendar, top, y, width_cm)
    return Picture(width_cm, bottom + 0.05, (*head, *marks, *explained))


def _start(project: Project) -> int:
    """Return the quarters from year 0 to the start of `project`."""
    year, quarter = project.start.split("Q")
    return int(year) * 4 + int(quarter) - 1


def _end(project: Project) -> float:
    return _start(project) + project.months / 3


def _refuse_faults(projects: Sequence[Project]) -> None:
    problems = [problem for project in projects for problem in _faults(project)]
    if problems:
        raise ChartError(problems)


def _faults(project: Project) -> list[Problem]:
    checks = (
        (re.fullmatch(r"\d{4}Q[1-4]", project.start), "计划开始", project.start, "如2027Q1"),
        (project.months > 0, "实施周期", str(project.months), "大于0的月数"),
        (project.phase in _PHASES, "期段", project.phase, "、".join(_PHASES)),
    )
    return [
        Problem(f"建议“{project.name}”", key, found, expected)
        for valid, key, found, expected in checks
        if not valid
    ]


def _calendar(projects: Sequence[Project], width: float) -> _Calendar:
    first = min(map(_start, projects)) // 4
    years = int(-(-max(map(_end, projects)) // 4)) - first
    left = _NAME + _PRIORITY
    return _Calendar(first, years, left, (width - 0.05 - left) / (years * 4))


def _head(calendar: _Calendar, top: float, bottom: float, width: float) -> list[Mark]:
    marks: list[Mark] = [Label(_NAME + _PRIORITY / 2, top / 2, "优先级", SMALL, "center", "soft")]
    for year in range(calendar.first, calendar.first + calendar.years):
        marks += _year(year, calendar, bottom)
    right = calendar.x((calendar.first + calendar.years) * 4)
    marks.append(Stroke(right, 0.05, right, bottom))
    return [*marks, Stroke(0, top, width, top, "axis")]


def _year(year: int, calendar: _Calendar, bottom: float) -> list[Mark]:
    start = calendar.x(year * 4)
    # Many years leave no room for the quarters, and at last none for the century.
    title = str(year) if width_of("0000", SIZE) < calendar.quarter * 4 else f"{year % 100:02}"
    marks: list[Mark] = [
        Stroke(start, 0.05, start, bottom, "grid"),
        Label(start + calendar.quarter * 2, _YEAR / 2, title, SIZE, "center"),
    ]
    if calendar.quarter < width_of("00", SMALL):
        return marks
    for i in range(4):
        x = start + i * calendar.quarter
        middle = _YEAR + _QUARTER / 2
        name = f"{i + 1}季" if calendar.quarter > width_of("10季", SMALL) else str(i + 1)
        marks.append(Label(x + calendar.quarter / 2, middle, name, SMALL, "center", "soft"))
        marks.append(Stroke(x, _YEAR, x, bottom))
    return marks


def _bar(project: Project, calendar: _Calendar, edge: float, middle: float) -> list[Mark]:
    left, right = calendar.x(_start(project)), calendar.x(_end(project))
    bar = Box(left, middle - _BAR / 2, right - left, _BAR, _PHASES[project.phase])
    words = f"{project.months}个月"
    width = width_of(words, SMALL)
    if right + _MARGIN + width <= edge:
        return [bar, *_words(words, right + _MARGIN, width, middle)]
    return [bar, *_words(words, left - _MARGIN - width, width, middle)]


def _words(words: str, x: float, width: float, y: float) -> list[Mark]:
    # White ground keeps the lines of the calendar out of the letters.
    ground = Box(x - 0.04, y - _BAR / 2, width + 0.08, _BAR, outlined=False)
    return [ground, Label(x, y, words, SMALL)]


def _alt(projects: Sequence[Project]) -> str:
    listed = "；".join(map(_sentence, projects))
    return f"实施路线图，共{len(projects)}项。{listed}。"


def _sentence(project: Project) -> str:
    priority = f"（{project.priority}）" if project.priority else ""
    when = f"{project.start.replace('Q', '年第')}季度开始，{project.months}个月"
    return f"{project.name}{priority}{when}，{project.phase}"
