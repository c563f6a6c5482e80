"""Whether a value keeps a bound that a form's check sets: numbers, years, days and times."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from dxkit.lifecycle.terms import as_day

_TO_THE_CENT = 0.005
_BOUNDS: Mapping[str, tuple[Callable[[Any, Any], bool], str]] = {
    "at_least": (operator.ge, "不应小于或早于"),
    "at_most": (operator.le, "不应大于或晚于"),
    "above": (operator.gt, "应大于或晚于"),
    "below": (operator.lt, "应小于或早于"),
    "equals": (operator.eq, "应等于"),
    "differs_from": (operator.ne, "不应等于"),
}


def wanted(name: str) -> str:
    """Say in Chinese what a bound asks, to be followed by the bound."""
    return _BOUNDS[name][1]


def keeps(name: str, value: Any, bound: Any) -> bool:
    """Tell whether a value keeps a bound; what cannot be compared with it breaks none."""
    pair = _comparable(value, bound)
    if pair is None:
        return True
    if name == "equals" and isinstance(pair[0], float):
        return math.isclose(*pair, abs_tol=_TO_THE_CENT)
    return _BOUNDS[name][0](*pair)


def _comparable(value: Any, bound: Any) -> tuple[Any, Any] | None:
    """Return two values as they compare: numbers, a year and a day, days, times; None if unlike."""
    if _is_number(value) and _is_number(bound):
        return float(value), float(bound)
    if _is_number(value) and (day := as_day(bound)):
        return value, day.year
    if isinstance(value, str) and isinstance(bound, str):
        length = min(len(value), len(bound)) if as_day(value) and as_day(bound) else None
        return value[:length], bound[:length]
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
