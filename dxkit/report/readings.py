"""How results are read by charts: a fraction, a yes or no, or why there is neither."""

from __future__ import annotations

from collections.abc import Sequence

from dxkit.assessment.explanation import IndicatorResult
from dxkit.charts import Band, Benchmark, Chart, Gap, Ratio, Reading, Tile, panorama, ratio_bars
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.profile import Profile


def bars(diagnosis: Diagnosis, ratios: Sequence[IndicatorResult]) -> Chart:
    """Draw ratios as bars with the published values beside them."""
    return ratio_bars([_ratio(diagnosis, each) for each in ratios])


def _ratio(diagnosis: Diagnosis, result: IndicatorResult) -> Ratio:
    marks = tuple(
        Benchmark(each.benchmark.value, each.label, each.benchmark.kind == "target")
        for each in diagnosis.comparisons[result.indicator.id]
    )
    low, high = result.low or 0.0, 1.0 if result.high is None else result.high
    return Ratio(result.indicator.short_name, _fraction(result), low, high, marks)


def _fraction(result: IndicatorResult) -> float | Gap:
    reading = reading_of(result)
    return reading if isinstance(reading, Gap) else float(reading)


def tiles(profiles: Sequence[Profile]) -> Chart:
    """Draw one strip of tiles for each direction."""
    return panorama(
        [
            Band(
                profile.direction.name,
                tuple(
                    Tile(each.indicator.no, each.indicator.short_name, reading_of(each))
                    for each in profile.results
                ),
            )
            for profile in profiles
        ]
    )


def reading_of(result: IndicatorResult) -> Reading:
    """Return what a chart shows of a result: a fraction, a yes or no, or why there is neither."""
    if result.state == "not_applicable":
        return Gap.NOT_APPLICABLE
    if result.value is None:
        return Gap.UNKNOWN
    return result.value
