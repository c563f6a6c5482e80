"""How a share is shown as a percentage: two decimals, halves rounded up; the one place for it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def percent(fraction: float) -> str:
    """Return a fraction as a percentage: 0.125 as 12.50%."""
    return f"{_hundredths(fraction)}%"


def points(difference: float) -> str:
    """Return the difference of two fractions in percentage points, with its sign: +6.67."""
    change = _hundredths(difference)
    return f"{change:+.2f}" if change else "0.00"


def _hundredths(fraction: float) -> Decimal:
    return (Decimal(repr(float(fraction))) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
