"""Whether reference data is whole: benchmarks of known indicators, units and classes in order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from dxkit.definitions.files import Files
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.reference import Benchmarks, Industries, Regions, Sizes

NATION = "全国"
_PROVINCES = ("省", "自治区", "市")


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every problem of benchmarks, regions, industries and sizes."""
    for file, benchmarks in files.of(Benchmarks).items():
        yield from _benchmarks(file, benchmarks, files)
    for file, regions in files.of(Regions).items():
        yield from _regions(file, regions)
    for file, industries in files.of(Industries).items():
        yield from _industries(file, industries)
    for file, sizes in files.of(Sizes).items():
        yield from _sizes(file, sizes)


def _benchmarks(file: str, benchmarks: Benchmarks, files: Files) -> Iterator[Problem]:
    known = files.indicators_by_id
    leagues = {each.name for regions in files.of(Regions).values() for each in regions.regions}
    for number, row in enumerate(benchmarks.benchmarks, start=1):
        place = f"benchmarks.{number}"
        if known and row.indicator not in known:
            yield Problem(file, f"{place}.indicator", row.indicator, "已有指标的标识")
        if row.region not in {NATION, *leagues} and not row.region.endswith(_PROVINCES):
            expected = f"{NATION}，或省、自治区、市、盟的名称"
            yield Problem(file, f"{place}.region", row.region, expected)


def _regions(file: str, regions: Regions) -> Iterator[Problem]:
    codes = {each.code for each in regions.regions}
    for key in ("code", "name", "order"):
        yield from repeated(file, f"regions.{key}", (getattr(e, key) for e in regions.regions))
    for each in regions.regions:
        if each.within is not None and each.within not in codes - {each.code}:
            place = f"regions“{each.name}”.within"
            yield Problem(file, place, each.within, "另一个盟市的代码")


def _industries(file: str, industries: Industries) -> Iterator[Problem]:
    yield from repeated(file, "divisions.code", (each.code for each in industries.divisions))
    for each in industries.divisions:
        if each.section not in industries.sections:
            expected = "、".join(industries.sections) + " 之一"
            yield Problem(file, f"divisions“{each.name}”.section", each.section, expected)


def _sizes(file: str, sizes: Sizes) -> Iterator[Problem]:
    yield from repeated(file, "sizes.code", (each.code for each in sizes.sizes))
    for larger, smaller in pairwise(sizes.sizes):
        for key in ("staff", "revenue"):
            high, low = getattr(larger, key), getattr(smaller, key)
            if not high > low:
                place = f"sizes“{smaller.name}”.{key}"
                yield Problem(file, place, f"{low:g}", f"小于“{larger.name}”的 {high:g}")
