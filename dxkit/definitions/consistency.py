"""What a set of definitions must satisfy as a whole: one edition, unique ids, no cycle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from dxkit.definitions import (
    annexes_agree,
    checks_fit,
    costs_fit,
    form_checks_fit,
    handover_fit,
    judging_fit,
    lifecycle_fit,
    papers_fit,
    printing_fit,
    reference_fit,
    regional_fit,
    roles_fit,
    rules_fit,
    seeds_fit,
    sources_fit,
)
from dxkit.definitions.files import QUESTIONS, Files
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.indicator import Direction, Framework, Indicator


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every problem between the files; a file that could not be read is not judged again."""
    indicators = files.of(Indicator)
    yield from _twice(indicators)
    for file, framework in files.of(Framework).items():
        yield from _editions(files, framework.edition)
        yield from _directions(file, framework.directions)
        yield from _places(indicators, framework.directions)
    yield from _cycles(indicators)
    yield from annexes_agree.problems_in(files)
    yield from printing_fit.problems_in(files)
    yield from papers_fit.problems_in(files)
    yield from _references(files)


def _references(files: Files) -> Iterator[Problem]:
    yield from reference_fit.problems_in(files)
    yield from sources_fit.problems_in(files)
    yield from seeds_fit.problems_in(files)
    yield from judging_fit.problems_in(files)
    yield from lifecycle_fit.problems_in(files)
    yield from form_checks_fit.problems_in(files)
    yield from handover_fit.problems_in(files)
    yield from roles_fit.problems_in(files)
    yield from regional_fit.problems_in(files)
    annex = files.annex(QUESTIONS)
    if annex is not None and files.indicators_by_id:
        yield from rules_fit.problems_in(files, annex)
        yield from checks_fit.problems_in(files, annex)
        yield from costs_fit.problems_in(files)


def _twice(indicators: dict[str, Indicator]) -> Iterator[Problem]:
    """Name each repetition once: a copied file repeats its id, and everything else with it."""
    first: dict[str, tuple[str, Indicator]] = {}
    for file, indicator in indicators.items():
        if indicator.id in first:
            other = first[indicator.id][0]
            yield Problem(file, "id", f"{indicator.id}，与 {other} 相同", "每个指标各不相同")
        first.setdefault(indicator.id, (file, indicator))
    for key in ("no", "code", "name"):
        yield from _same(key, first.values())


def _same(key: str, indicators: Iterable[tuple[str, Indicator]]) -> Iterator[Problem]:
    seen: dict[object, str] = {}
    for file, indicator in indicators:
        value = getattr(indicator, key)
        if value in seen:
            yield Problem(file, key, f"{value}，与 {seen[value]} 相同", "每个指标各不相同")
        seen.setdefault(value, file)


def _editions(files: Files, edition: str) -> Iterator[Problem]:
    for file, shape in files.read.items():
        found = getattr(shape, "edition", edition)
        if found != edition:
            yield Problem(file, "edition", found, f"与 framework.yaml 相同的 {edition}")


def _directions(file: str, directions: tuple[Direction, ...]) -> Iterator[Problem]:
    yield from repeated(file, "directions.id", (each.id for each in directions))
    areas = (area.id for each in directions for area in each.subareas)
    yield from repeated(file, "directions.subareas.id", areas)


def _places(
    indicators: dict[str, Indicator], directions: tuple[Direction, ...]
) -> Iterator[Problem]:
    areas = {each.id: [area.id for area in each.subareas] for each in directions}
    for file, indicator in indicators.items():
        expected = f"indicators/{indicator.direction}/{indicator.id}.yaml"
        if file != expected:
            yield Problem(file, "id", indicator.id, f"文件名与标识、方向一致：{expected}")
        if indicator.direction not in areas:
            yield Problem(file, "direction", indicator.direction, _one_of(areas))
        elif indicator.subarea not in (own := areas[indicator.direction]):
            yield Problem(file, "subarea", indicator.subarea, _one_of(own))


def _cycles(indicators: dict[str, Indicator]) -> Iterator[Problem]:
    graph = {each.id: set(each.depends_on) for each in indicators.values()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        circle: list[str] = exc.args[1]
        file = next(name for name, each in indicators.items() if each.id == circle[0])
        yield Problem(file, "rule", "循环引用：" + " → ".join(circle), "指标不能由自己推出")


def _one_of(names: Iterable[str]) -> str:
    return "、".join(names) + " 之一"
