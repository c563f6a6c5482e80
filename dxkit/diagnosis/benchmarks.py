"""Which published values an indicator can be set beside, of fitting year and population."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dxkit.assessment.explanation import IndicatorResult
from dxkit.assessment.words import percent
from dxkit.definitions import Definitions
from dxkit.models.reference import Benchmark

HOME = "内蒙古自治区"
NATION = "全国"


@dataclass(frozen=True)
class Comparison:
    """A published value beside an enterprise's own."""

    benchmark: Benchmark
    gap: float | None

    @property
    def label(self) -> str:
        """Return the short label of a chart mark, such as 全国2021 or 内蒙古2025目标."""
        region = self.benchmark.region.removesuffix("自治区").removesuffix("省")
        return f"{region}{self.benchmark.year}{'目标' if self.benchmark.kind == 'target' else ''}"

    @property
    def words(self) -> str:
        """Say the value with year, population and source, and that it is to be checked if it is."""
        row = self.benchmark
        kind = "目标" if row.kind == "target" else "实际"
        doubt = "" if row.standing == "sourced" else "；通行引用，待核对原文"
        head = f"{row.region} {row.as_of or row.year} 年{kind} {percent(row.value)}"
        return f"{head}（{row.population}；{row.source}{doubt}）"


def compare_with_published(
    result: IndicatorResult, definitions: Definitions, year: int | None
) -> tuple[Comparison, ...]:
    """Choose for one indicator the newest national value, and the newest targets above it.

    Only comparable rows count. A value later than the data year is not used where an earlier
    one exists, so that an enterprise is never measured against a future it had not reached.
    """
    rows = [row for row in definitions.benchmarks if row.indicator == result.indicator.id]
    fitting = [row for row in rows if row.comparable]
    chosen = [
        _newest((row for row in fitting if row.kind == "actual" and row.region == NATION), year),
        _newest((row for row in fitting if row.kind == "target" and row.region == HOME), None),
        _newest((row for row in fitting if row.kind == "target" and row.region == NATION), None),
    ]
    return tuple(Comparison(row, _gap(result, row)) for row in chosen if row is not None)


def _newest(rows: Iterable[Benchmark], year: int | None) -> Benchmark | None:
    """Return the newest row not after a year; rows with a source go before general knowledge."""
    candidates = list(rows)
    early = [row for row in candidates if year is None or row.year <= year]
    ranked = sorted(early or candidates, key=lambda row: (row.year, row.standing == "sourced"))
    return ranked[-1] if ranked else None


def _gap(result: IndicatorResult, row: Benchmark) -> float | None:
    known_ratio = result.indicator.kind == "ratio" and result.state == "known"
    return float(result.value or 0) - row.value if known_ratio else None
