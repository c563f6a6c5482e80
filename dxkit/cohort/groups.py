"""Which groups a dimension divides enterprises into, and which of them a row belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
import numpy.typing as npt

from dxkit.cohort.table import NO_YEAR, NOT_TOLD, Table
from dxkit.definitions import Definitions
from dxkit.errors import ParameterError, Problem
from dxkit.models.regional import Dimension

Places = npt.NDArray[np.intp]
OUTSIDE = -1
UNPLACED, NO_MARK = "", "none"
_NO_MARK_WORDS = "以上都不是"


@dataclass(frozen=True)
class Group:
    """One group of a dimension; the code is empty for the rows that do not tell theirs."""

    code: str
    name: str


@dataclass(frozen=True)
class Division:
    """The groups of one dimension or of several crossed, and the rows of each.

    A layer has a place among the groups for every row, or `OUTSIDE`. One layer is enough unless a
    row may be in several groups; then it is in one of each layer at most.
    """

    dimensions: tuple[Dimension, ...]
    groups: tuple[tuple[Group, ...], ...]
    layers: tuple[Places, ...]


def dimension(name: str, definitions: Definitions) -> Dimension:
    """Return a dimension by its id.

    Raises:
        ParameterError: if there is none, naming those there are.
    """
    known = {each.id: each for each in definitions.regional.dimensions}
    if name not in known:
        words = "、".join(f"{each.id}（{each.name}）" for each in known.values())
        raise ParameterError(Problem("分组", "", name, f"{words} 之一"))
    return known[name]


def groups_of(each: Dimension, definitions: Definitions) -> tuple[Group, ...]:
    """Return the groups that the definitions give a dimension, in their printed order.

    The years stand in no definition: a table tells its own.
    """
    if each.by == "region":
        return tuple(Group(one.code, one.name) for one in definitions.regions.regions)
    if each.by == "section":
        return tuple(Group(*one) for one in definitions.industries.sections.items())
    if each.by == "division":
        divisions = definitions.industries.divisions
        return tuple(Group(one.code, one.name) for one in divisions)
    if each.by == "size":
        return tuple(Group(one.code, one.name) for one in definitions.sizes.sizes)
    if each.by == "choice":
        return tuple(
            Group(one.code, one.label) for one in definitions.fields[str(each.field)].choices
        )
    return tuple(Group(one.code, one.name) for one in each.marks)


def causes_in(definitions: Definitions) -> tuple[Group, ...]:
    """Return the causes that a case may give for a result that is not as the year before."""
    table = definitions.fields[definitions.regional.causes]
    column = next(each for each in table.columns if each.key == "cause")
    return tuple(Group(choice.code, choice.label) for choice in column.choices)


def divide(table: Table, definitions: Definitions, names: Sequence[str] = ()) -> Division:
    """Divide the rows of a table by dimensions crossed; by none all rows are one group.

    Raises:
        ParameterError: if a dimension is not known.
    """
    dimensions = tuple(dimension(name, definitions) for name in names)
    sides = [_one(each, table, definitions) for each in dimensions]
    groups = tuple(product(*(groups for groups, _ in sides)))
    sizes = [len(groups) for groups, _ in sides]
    crossed = product(*(layers for _, layers in sides))
    layers = tuple(_crossed(layers, sizes, table.size) for layers in crossed)
    return Division(dimensions, groups, layers)


def _crossed(layers: Sequence[Places], sizes: Sequence[int], rows: int) -> Places:
    place = np.zeros(rows, dtype=np.intp)
    outside = np.zeros(rows, dtype=bool)
    for number, layer in enumerate(layers):
        place += layer * prod(sizes[number + 1 :])
        outside |= layer == OUTSIDE
    place[outside] = OUTSIDE
    return place


def _one(
    each: Dimension, table: Table, definitions: Definitions
) -> tuple[tuple[Group, ...], list[Places]]:
    unplaced = Group(UNPLACED, definitions.regional.unplaced)
    if each.by == "marks":
        groups = (*groups_of(each, definitions), Group(NO_MARK, _NO_MARK_WORDS), unplaced)
        return groups, list(_marked(each, table))
    if each.by == "year":
        years = [*table.years, NO_YEAR]
        names = [Group(str(year), f"{year}年") for year in table.years]
        return (*names, unplaced), [_looked_up(years, table)]
    known = groups_of(each, definitions)
    place = table.places[each.id].astype(np.intp)
    return (*known, unplaced), [np.where(place == NOT_TOLD, len(known), place)]


def _looked_up(years: Sequence[int], table: Table) -> Places:
    place = np.zeros(table.size, dtype=np.intp)
    for number, year in enumerate(years):
        place[table.counted_year == year] = number
    return place


def _marked(each: Dimension, table: Table) -> Iterator[Places]:
    """Yield a layer per mark, then one for the rows that bear none, known or not."""
    bears = [table.marks[mark.code] == 1 for mark in each.marks]
    for number, own in enumerate(bears):
        yield np.where(own, number, OUTSIDE)
    bare = ~np.logical_or.reduce(bears)
    told = np.logical_and.reduce([table.marks[mark.code] == 0 for mark in each.marks])
    count = len(each.marks)
    yield np.where(told, count, np.where(bare, count + 1, OUTSIDE))
