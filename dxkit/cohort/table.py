"""What a table of enterprises holds: one row per enterprise and year, with its 24 results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from dxkit.assessment.columns import Booleans
from dxkit.assessment.logic import KNOWN, UNKNOWN, Numbers

Texts = npt.NDArray[np.object_]
NOT_TOLD = -1
"""The place of a row whose case does not say to which group it belongs."""
NO_YEAR = 0


@dataclass(frozen=True)
class Column:
    """One indicator over all rows: state, least and greatest value, and what a ratio divides.

    Bounds of a yes/no are whole numbers of one byte, since they are 0 or 1; those of a ratio are
    fractions. `part` and `whole` are NaN where they are not known, and None for a yes/no. Where an
    indicator does not apply its bounds mean nothing.
    """

    state: npt.NDArray[np.int8]
    low: npt.NDArray[Any]
    high: npt.NDArray[Any]
    part: Numbers | None = None
    whole: Numbers | None = None

    @property
    def value(self) -> Numbers:
        """Return the value where it is known, NaN elsewhere."""
        return np.where(self.state == KNOWN, self.low, np.nan)

    @property
    def is_ratio(self) -> bool:
        """Tell whether the indicator divides a part by a whole."""
        return self.part is not None

    def take(self, index: Any) -> Column:
        """Return the rows at an index, slice or mask as a column."""
        part, whole = (None if side is None else side[index] for side in (self.part, self.whole))
        return Column(self.state[index], self.low[index], self.high[index], part, whole)


@dataclass(frozen=True)
class Table:
    """Enterprises as columns.

    `keys` name the enterprise over the years: its credit code, empty if not told. `places`
    give for every dimension with one group a row the place of that group, `marks` for every group
    that a row may bear besides others 1, 0 or `NOT_TOLD`. `read` is false where a case could not be
    read: such a row counts, and everything about it is unknown. `year` is `NO_YEAR` if not told.
    """

    definitions: str
    """The digest of the definitions that the results were worked out by."""
    ids: Texts
    keys: Texts
    names: Texts
    digests: Texts
    read: Booleans
    year: npt.NDArray[np.int16]
    places: Mapping[str, npt.NDArray[np.int16]]
    marks: Mapping[str, npt.NDArray[np.int8]]
    columns: Mapping[str, Column]
    causes: Mapping[str, npt.NDArray[np.int8]]
    """By indicator why it is not as the year before: a place among the causes, or `NOT_TOLD`."""

    @property
    def size(self) -> int:
        """Return how many rows there are."""
        return len(self.year)

    @cached_property
    def named(self) -> Texts:
        """Return what tells a row's enterprise from all others: its credit code, else its id."""
        named = np.empty(self.size, dtype=object)
        named[:] = [key or by_id(one) for key, one in zip(self.keys, self.ids, strict=True)]
        return named

    @cached_property
    def assessed(self) -> Booleans:
        """Tell which rows have at least one result: a value, or that it does not apply."""
        nothing = np.zeros(self.size, dtype=bool)
        found = [column.state != UNKNOWN for column in self.columns.values()]
        return np.asarray(np.logical_or.reduce([nothing, *found]))

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years that rows tell, the earliest first."""
        return tuple(int(year) for year in np.unique(self.year) if year != NO_YEAR)

    def take(self, index: Any) -> Table:
        """Return the rows at an index, slice or mask as a table."""
        return replace(
            self,
            ids=self.ids[index],
            keys=self.keys[index],
            names=self.names[index],
            digests=self.digests[index],
            read=self.read[index],
            year=self.year[index],
            places={key: each[index] for key, each in self.places.items()},
            marks={key: each[index] for key, each in self.marks.items()},
            columns={key: each.take(index) for key, each in self.columns.items()},
            causes={key: each[index] for key, each in self.causes.items()},
        )

    @cached_property
    def counted_year(self) -> npt.NDArray[np.int16]:
        """Return the year that each row counts to: its own, or the latest where it tells none.

        Of a row that could not be read nobody knows the year; where there are several, it counts
        to none of them and has `NO_YEAR`.
        """
        latest = max(self.years, default=NO_YEAR)
        counted = np.where(self.year == NO_YEAR, latest, self.year)
        if len(self.years) > 1:
            counted[~self.read & (self.year == NO_YEAR)] = NO_YEAR
        return counted.astype(np.int16)

    def of_year(self, year: int) -> Table:
        """Return the rows that count to one year."""
        return self.take(self.counted_year == year)


def by_id(one: str) -> str:
    """Return what an enterprise without a credit code is named by; no code has small letters."""
    return f"id:{one}"


def joined(tables: Sequence[Table]) -> Table:
    """Return the rows of several tables of the same definitions as one table.

    Raises:
        ValueError: if there are none, or their definitions differ.
    """
    if len({table.definitions for table in tables}) != 1:
        raise ValueError("tables of one set of definitions can be joined, and no others")
    first = tables[0]
    return replace(
        first,
        ids=np.concatenate([each.ids for each in tables]),
        keys=np.concatenate([each.keys for each in tables]),
        names=np.concatenate([each.names for each in tables]),
        digests=np.concatenate([each.digests for each in tables]),
        read=np.concatenate([each.read for each in tables]),
        year=np.concatenate([each.year for each in tables]),
        places={key: np.concatenate([t.places[key] for t in tables]) for key in first.places},
        marks={key: np.concatenate([t.marks[key] for t in tables]) for key in first.marks},
        columns={
            key: joined_columns([each.columns[key] for each in tables]) for key in first.columns
        },
        causes={key: np.concatenate([t.causes[key] for t in tables]) for key in first.causes},
    )


def joined_columns(columns: Sequence[Column]) -> Column:
    """Return the rows of several columns of one indicator as one column."""
    sides = ("state", "low", "high", *(("part", "whole") if columns[0].is_ratio else ()))
    return Column(*(np.concatenate([getattr(each, side) for each in columns]) for side in sides))
