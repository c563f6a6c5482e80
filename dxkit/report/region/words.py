"""How one figure of a group is said: its value, its bounds, on how many it rests; in one place."""

from __future__ import annotations

from dxkit.charts import Gap, Heat, Ranked
from dxkit.charts.heat import Field
from dxkit.cohort import Figure
from dxkit.percentages import percent, points

SMALL_BASE = 5
"""Below so many enterprises one more moves a mean by twenty points or so: marked, not hidden."""
FEW = f"* 有值企业不足 {SMALL_BASE} 家，一家企业的变动就可使数值改变很多，不宜比较。"
UNKNOWN, NOT_APPLICABLE = Gap.UNKNOWN.value, Gap.NOT_APPLICABLE.value


def is_small(figure: Figure) -> bool:
    """Tell whether a figure rests on so few that it is to be marked; on none it says so itself."""
    return 0 < figure.base < SMALL_BASE


def reading(figure: Figure) -> float | Gap:
    """Return the mean, or why there is none: unknown if any answer is lacking, else exempt."""
    if figure.mean is not None:
        return figure.mean
    return Gap.UNKNOWN if figure.unknown or not figure.not_applicable else Gap.NOT_APPLICABLE


def mean(figure: Figure) -> str:
    """Return the mean as printed."""
    found = reading(figure)
    if isinstance(found, Gap):
        return found.value
    return percent(found) + ("*" if is_small(figure) else "")


def bounds(figure: Figure) -> str:
    """Return the least and the greatest mean; one number where nothing is open."""
    if figure.low is None or figure.high is None:
        return ""
    if figure.low == figure.high:
        return percent(figure.low)
    return f"{percent(figure.low)}–{percent(figure.high)}"


def pooled(figure: Figure) -> str:
    """Return the pooled ratio with the sums it divides; nothing for a yes/no."""
    if figure.pooled is None:
        return ""
    return f"{percent(figure.pooled)}\n{figure.part}/{figure.whole}"


def whole(figure: Figure) -> str:
    """Return a figure in three short lines: mean, bounds, and how many have a value."""
    if isinstance(reading(figure), Gap):
        return mean(figure)
    lines = [mean(figure)]
    if figure.unknown:
        lines.append(bounds(figure).replace("%", ""))
    return "\n".join([*lines, f"{figure.base}家"])


def gap_words(figure: Figure, value: float) -> str:
    """Say how far the mean is from a published value."""
    return "" if figure.mean is None else f"{points(figure.mean - value)}个百分点"


def field_of(figure: Figure | None) -> Field:
    """Return what a heat map shows of a figure; None of a group that has nobody."""
    if figure is None:
        return None
    found = reading(figure)
    return found if isinstance(found, Gap) else Heat(found, is_small(figure))


def ranked_of(name: str, figure: Figure) -> Ranked:
    """Return what a ranking shows of a figure."""
    low = 0.0 if figure.low is None else figure.low
    high = 1.0 if figure.high is None else figure.high
    return Ranked(name, reading(figure), low, high, figure.base, is_small(figure))
