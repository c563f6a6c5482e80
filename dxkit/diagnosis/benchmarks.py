"""Which published values an indicator can be set beside, of fitting year and population."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from dxkit.assessment.explanation import IndicatorResult
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


def compare_with_published(
    result: IndicatorResult,
    definitions: Definitions,
    year: int | None,
    above_scale: bool = True,
) -> tuple[Comparison, ...]:
    """Return the published values of one indicator beside an enterprise's own."""
    rows = published(result.indicator.id, definitions, year, above_scale)
    return tuple(Comparison(row, _gap(result, row)) for row in rows)


def published(
    indicator: str, definitions: Definitions, year: int | None, above_scale: bool = True
) -> tuple[Benchmark, ...]:
    """Choose for one indicator the newest national value, and the newest targets above it.

    Only comparable rows count. A value later than the data year is not used where an earlier
    one exists, so that an enterprise is never measured against a future it had not reached. Of
    two values of one year the one of 规模以上 enterprises goes first, if the enterprise is one.
    """
    fit = partial(_fit, above_scale=above_scale)
    rows = [row for row in definitions.benchmarks if row.indicator == indicator]
    fitting = [row for row in rows if row.comparable]
    chosen = [
        _newest((r for r in fitting if r.kind == "actual" and r.region == NATION), year, fit),
        _newest((r for r in fitting if r.kind == "target" and r.region == HOME), None, fit),
        _newest((r for r in fitting if r.kind == "target" and r.region == NATION), None, fit),
    ]
    return tuple(row for row in chosen if row is not None)


def _fit(row: Benchmark, above_scale: bool) -> tuple[int, bool, bool]:
    """Rank a row: by year, then by whether it has a source, then by whether its base fits."""
    return row.year, row.standing == "sourced", ("规" in row.population) == above_scale


def _newest(
    rows: Iterable[Benchmark], year: int | None, fit: Callable[[Benchmark], tuple[int, bool, bool]]
) -> Benchmark | None:
    """Return the best fitting row not after a year, or the best of all if there is none."""
    candidates = list(rows)
    early = [row for row in candidates if year is None or row.year <= year]
    return max(early or candidates, key=fit, default=None)


def _gap(result: IndicatorResult, row: Benchmark) -> float | None:
    known_ratio = result.indicator.kind == "ratio" and result.state == "known"
    return float(result.value or 0) - row.value if known_ratio else None
