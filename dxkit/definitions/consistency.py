"""What a set of definitions must satisfy as a whole: unique ids, nothing dangling, no cycle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from dxkit.definitions import annexes_agree, rules_fit
from dxkit.definitions.files import Files
from dxkit.errors import Problem
from dxkit.models.indicator import Framework, Indicator

NamedIndicators = list[tuple[str, Indicator]]


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every problem between the files; a file that could not be read is not judged again."""
    indicators = list(files.indicators.items())
    yield from _twice(indicators)
    yield from _places(files, indicators)
    yield from _cycles(indicators)
    yield from annexes_agree.problems_in(files)
    yield from rules_fit.problems_in(files)


def _twice(indicators: NamedIndicators) -> Iterator[Problem]:
    for key in ("id", "no", "code", "name"):
        seen: dict[object, str] = {}
        for file, indicator in indicators:
            value = getattr(indicator, key)
            if value in seen:
                yield Problem(file, key, f"{value}，与 {seen[value]} 相同", "每个指标各不相同")
            seen.setdefault(value, file)


def _places(files: Files, indicators: NamedIndicators) -> Iterator[Problem]:
    if Framework not in files.singles:
        return
    areas = {each.id: each.subareas for each in files.only(Framework).directions}
    for file, indicator in indicators:
        expected = f"indicators/{indicator.direction}/{indicator.id}.yaml"
        if file != expected:
            yield Problem(file, "id", indicator.id, f"文件名与标识、方向一致：{expected}")
        if indicator.direction not in areas:
            yield Problem(file, "direction", indicator.direction, _one_of(areas))
        elif indicator.subarea not in (own := [each.id for each in areas[indicator.direction]]):
            yield Problem(file, "subarea", indicator.subarea, _one_of(own))


def _cycles(indicators: NamedIndicators) -> Iterator[Problem]:
    graph = {indicator.id: set(indicator.depends_on) for _, indicator in indicators}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        circle: list[str] = exc.args[1]
        file = next(name for name, indicator in indicators if indicator.id == circle[0])
        yield Problem(file, "rule", "循环引用：" + " → ".join(circle), "指标不能由自己推出")


def _one_of(names: Iterable[str]) -> str:
    return "、".join(names) + " 之一"
