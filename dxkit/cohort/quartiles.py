"""How the known values of a ratio are spread within each group: its three quartiles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from dxkit.cohort.groups import OUTSIDE, Places
from dxkit.cohort.table import Column

QUARTERS = (0.25, 0.5, 0.75)


def quartiles(column: Column, layers: Iterable[Places], groups: int) -> npt.NDArray[np.float64]:
    """Return the quartiles of each group's known values, interpolated; NaN where there are none.

    The rows of the result are groups, its columns the lower quartile, the median and the upper one.
    """
    known = np.flatnonzero(~np.isnan(column.value))
    layers = [layer[known] for layer in layers]
    values = np.tile(column.low[known], len(layers))
    places = np.concatenate(layers) if layers else np.zeros(0, dtype=np.intp)
    values, places = values[places != OUTSIDE], places[places != OUTSIDE]
    by_value = np.argsort(values, kind="stable")
    order = by_value[np.argsort(places[by_value].astype(np.int32), kind="stable")]
    values, ends = values[order], np.cumsum(np.bincount(places, minlength=groups))
    starts = np.concatenate([[0], ends[:-1]])
    return np.stack([_at(quarter, values, starts, ends) for quarter in QUARTERS], axis=1)


def _at(
    share: float,
    values: npt.NDArray[np.float64],
    starts: npt.NDArray[np.intp],
    ends: npt.NDArray[np.intp],
) -> npt.NDArray[np.float64]:
    """Return the value at a share of the way from each group's least value to its greatest."""
    found = np.full(len(starts), np.nan)
    some = ends > starts
    way = (ends[some] - 1 - starts[some]) * share
    below = np.floor(way).astype(np.intp)
    above = np.ceil(way).astype(np.intp)
    least, most = values[starts[some] + below], values[starts[some] + above]
    found[some] = least + (most - least) * (way - below)
    return found
