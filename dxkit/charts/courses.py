"""Where each step of a process stands: one column after what it follows, one row per branch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Link: TypeAlias = tuple[int, int]
"""From one node to one in the next column."""


@dataclass(frozen=True)
class Bundle:
    """Nodes of one column that all lead to the same nodes of the next: they may share one line."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True)
class Course:
    """Steps and the links between them, on a grid.

    Nodes are numbered as the steps are; numbers beyond the steps are places in between, through
    which a link passes on its way to a later column.
    """

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    links: tuple[Link, ...]
    onward: tuple[Link, ...]
    """Links to a later step, from step to step."""
    returns: tuple[Link, ...]
    """Links back to an earlier step, from step to step; they have no way on the grid."""

    @property
    def length(self) -> int:
        """Return the number of columns."""
        return max(self.columns) + 1

    def bundles(self, column: int) -> tuple[Bundle, ...]:
        """Return the links out of `column`, those that start lowest first."""
        targets: dict[int, list[int]] = {}
        for start, end in self.links:
            if self.columns[start] == column:
                targets.setdefault(start, []).append(end)
        groups: dict[tuple[int, ...], list[int]] = {}
        for start, ends in targets.items():
            groups.setdefault(tuple(ends), []).append(start)
        found = [Bundle(tuple(sources), ends) for ends, sources in groups.items()]
        return tuple(sorted(found, key=lambda b: -max(self.rows[node] for node in b.sources)))


def course(steps: Sequence[tuple[str, tuple[str, ...]]]) -> Course:
    """Lay out steps, each given as its number and the numbers that it follows.

    If no step follows any, they follow one another as listed. Numbers that no step has are passed
    over. What would close a circle becomes a return; of several ways to break it, the one that
    keeps the order of the list is taken.
    """
    onward, returns = _parted(_followed(steps), len(steps))
    columns = _columns(onward, len(steps))
    links = _stretched(onward, columns)
    rows = _rows(columns, links, len(steps))
    return Course(tuple(columns), tuple(rows), tuple(links), tuple(onward), returns)


def _followed(steps: Sequence[tuple[str, tuple[str, ...]]]) -> list[Link]:
    if not any(follows for _, follows in steps):
        return list(pairwise(range(len(steps))))
    known: dict[str, int] = {}
    for i, (number, _) in enumerate(steps):
        known.setdefault(number, i)
    links = [
        (known[number], i)
        for i, (_, follows) in enumerate(steps)
        for number in follows
        if known.get(number, i) != i
    ]
    return list(dict.fromkeys(links))


def _parted(links: Iterable[Link], count: int) -> tuple[list[Link], tuple[Link, ...]]:
    """Return the links that lead onward and those that would close a circle."""
    after: list[set[int]] = [set() for _ in range(count)]
    onward: list[Link] = []
    returns: list[Link] = []
    for link in sorted(links, key=lambda link: (link[0] > link[1], link)):
        start, end = link
        if _leads(after, end, start):
            returns.append(link)
        else:
            after[start].add(end)
            onward.append(link)
    return onward, tuple(returns)


def _leads(after: Sequence[set[int]], start: int, end: int) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for node in after[waiting.pop()] - seen:
            seen.add(node)
            waiting.append(node)
    return end in seen


def _columns(onward: Sequence[Link], count: int) -> list[int]:
    columns = [0] * count
    # The longest way has fewer links than there are steps.
    for _ in range(count):
        for start, end in onward:
            columns[end] = max(columns[end], columns[start] + 1)
    for node in set(range(count)) - {end for _, end in onward}:
        # What starts on its own stands just before it is needed.
        columns[node] = min((columns[e] - 1 for s, e in onward if s == node), default=columns[node])
    return columns


def _stretched(onward: Sequence[Link], columns: list[int]) -> list[Link]:
    """Return links between neighbouring columns only; the nodes in between join `columns`."""
    links: list[Link] = []
    for start in range(len(columns)):
        ends = [end for s, end in onward if s == start]
        carrier = start
        for column in range(columns[start] + 1, max((columns[e] for e in ends), default=0) + 1):
            links += [(carrier, end) for end in ends if columns[end] == column]
            if any(columns[end] > column for end in ends):
                links.append((carrier, len(columns)))
                carrier = len(columns)
                columns.append(column)
    return links


def _rows(columns: Sequence[int], links: Sequence[Link], count: int) -> list[int]:
    """Return rows in which a branch goes straight on, the first branch uppermost."""
    rows = [0] * len(columns)
    sources: list[list[int]] = [[] for _ in columns]
    for start, end in links:
        sources[end].append(start)
    for column in range(max(columns) + 1):
        nodes = [node for node, found in enumerate(columns) if found == column]
        wished = {node: [rows[source] for source in sources[node]] or [0] for node in nodes}
        free = 0
        for node in sorted(nodes, key=lambda n: (sum(wished[n]) / len(wished[n]), n >= count, n)):
            rows[node] = max(free, min(wished[node]))
            free = rows[node] + 1
    return rows
