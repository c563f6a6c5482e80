"""Which groups of enterprises figures can be told of: who counts in each, by table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Booleans = npt.NDArray[np.bool_]
Labels = Mapping[str, tuple[str, ...]]
"""What one enterprise is called in each dimension; several names where it may be several."""
Table = tuple[str, ...]
"""The dimensions that a table is told by; none for the total."""
Key = tuple[tuple[str, str], ...]
"""A group: its value in each dimension of its table."""


@dataclass(frozen=True)
class Groups:
    """Groups of the same enterprises, by table; an entry of `counts` says who is in which."""

    keys: tuple[Key, ...]
    counts: Booleans
    """A row per enterprise, a column per group."""

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Return the table that each group stands in."""
        return tuple(tuple(name for name, _ in key) for key in self.keys)

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Return how many enterprises each group has."""
        return np.asarray(self.counts.sum(axis=0), np.int64)


def groups_of(enterprises: Sequence[Labels], tables: Sequence[Table]) -> Groups:
    """Return every group that has an enterprise, table by table, in the order of their names.

    An enterprise counts once in each group it belongs to; one without a name in a dimension stands
    in no group of that dimension, but in the total.
    """
    members: dict[Key, list[int]] = {}
    for table in tables:
        here: dict[Key, list[int]] = {}
        for place, labels in enumerate(enterprises):
            for key in _keys(labels, table):
                here.setdefault(key, []).append(place)
        members |= dict(sorted(here.items()))
    counts = np.zeros((len(enterprises), len(members)), dtype=bool)
    for column, places in enumerate(members.values()):
        counts[places, column] = True
    return Groups(tuple(members), counts)


def _keys(labels: Labels, table: Table) -> Iterator[Key]:
    """Yield the groups of a table that one enterprise is in."""
    if not table:
        yield ()
        return
    for label in labels.get(table[0], ()):
        for rest in _keys(labels, table[1:]):
            yield ((table[0], label), *rest)
