"""What a finished chart is, and the readings that charts are drawn from."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from enum import Enum
from math import isfinite
from numbers import Real
from typing import TypeAlias, TypeGuard

from dxkit.charts.picture import Fill, Picture
from dxkit.errors import DxkitError, Problem
from dxkit.percentages import percent


class ChartError(DxkitError):
    """A chart was asked for that has nothing, or nothing drawable, to show."""


class Gap(Enum):
    """Why there is no value; the value is the word that is printed."""

    UNKNOWN = "未知"
    NOT_APPLICABLE = "不适用"


Reading: TypeAlias = float | bool | Gap
"""A fraction (0.55 for 55 %), a yes/no, or the reason why there is neither."""


@dataclass(frozen=True)
class Chart:
    """A drawn chart: `png` for the page, `alt` for those who cannot see it."""

    png: bytes
    alt: str
    width_cm: float


def finish(picture: Picture, alt: str) -> Chart:
    """Draw `picture`; `alt` says in Chinese what it shows, with its numbers."""
    # Imported late, so that asking for charts costs nothing until one is drawn.
    from dxkit.charts import drawing  # noqa: PLC0415

    return Chart(drawing.to_png(picture), alt, picture.width)


def require(items: Sized, what: str) -> None:
    """Refuse to draw nothing.

    Raises:
        ChartError: `items` is empty.
    """
    if not items:
        raise ChartError(Problem(what, found="没有数据", expected="至少一项"))


def amount(value: float) -> str:
    """Return a number with two decimals at most and none that are zero."""
    _refuse_nonsense(value)
    return f"{value:.2f}".rstrip("0").rstrip(".")


def say(reading: Reading) -> str:
    """Return the word or the percentage that stands for `reading`."""
    if isinstance(reading, Gap):
        return reading.value
    if isinstance(reading, bool):
        return "是" if reading else "否"
    _refuse_nonsense(reading)
    return percent(reading)


def fill_of(reading: Reading) -> Fill:
    """Return the fill that stands for a yes, a no or a gap; a fraction has none of its own."""
    if isinstance(reading, bool):
        return "main" if reading else "paper"
    if isinstance(reading, Gap):
        return "dots" if reading is Gap.UNKNOWN else "hatch"
    return "clear"


def is_fraction(reading: Reading) -> TypeGuard[float]:
    """Return whether `reading` is a number, not a yes/no and not a gap."""
    return not isinstance(reading, bool | Gap)


def drawable(fraction: float) -> float:
    """Return `fraction` kept within 0 and 1, so that a wrong count cannot leave the paper."""
    _refuse_nonsense(fraction)
    return min(max(fraction, 0.0), 1.0)


def _refuse_nonsense(number: float) -> None:
    # A yes/no of numpy is no number to Python, and would otherwise be printed as 100 %.
    if not (isinstance(number, Real) and isfinite(number)):
        raise ChartError(Problem("图表数据", found=str(number), expected="一个数，或“未知”"))
