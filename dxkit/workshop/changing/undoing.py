"""What somebody did in this sitting, each change with its way back; rows are known by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dxkit.case import Change

Row = Mapping[str, Any]
Placed = tuple[int, dict[str, Any]]
"""A row with its place from 0."""


@dataclass(frozen=True)
class Put:
    """An answer that was changed from one raw content to another."""

    path: str
    label: str
    before: Any
    after: Any

    @property
    def back(self) -> Put:
        """Return the change that takes this one back."""
        return Put(self.path, self.label, self.after, self.before)

    def changes(self, now: Any) -> list[Change] | None:
        """Return what is to be written; None if something else stands there by now."""
        return [Change(self.path, self.after, now)] if now == self.before else None


@dataclass(frozen=True)
class Swap:
    """Rows of a table that went out, and rows that came in."""

    path: str
    label: str
    out: tuple[Placed, ...] = ()
    into: tuple[Placed, ...] = ()

    @property
    def back(self) -> Swap:
        """Return the change that takes this one back."""
        return Swap(self.path, self.label, self.into, self.out)

    def changes(self, now: Any) -> list[Change] | None:
        """Return what is to be written; None if a row that shall go is no longer there."""
        rows = list(now or [])
        after = self.made(rows)
        return None if after is None else least(self.path, now, after)

    def made(self, rows: Sequence[Row]) -> list[Row] | None:
        """Return the rows after it, None if one that shall go is no longer there."""
        left = list(rows)
        places = []
        for place, row in self.out:
            found = nearest(left, place, row)
            if found is None:
                return None
            places.append(found)
            left.pop(found)
        in_place = len(self.out) == len(self.into) == 1 and self.out[0][0] == self.into[0][0]
        for place, row in self.into:
            left.insert(places[0] if in_place else min(place, len(left)), row)
        return left


Did = Put | Swap


def nearest(rows: Sequence[Row], place: int, row: Row) -> int | None:
    """Return where a row stands, the nearest to where it stood; None if it is gone."""
    same = [number for number, each in enumerate(rows) if each == row]
    return min(same, key=lambda number: abs(number - place)) if same else None


def least(path: str, now: list[Row] | None, after: Sequence[Row]) -> list[Change]:
    """Return the fewest words in which the journal tells what became of a table."""
    before = now or []
    if len(after) == len(before):
        differ = [n for n in range(len(before)) if before[n] != after[n]]
        if len(differ) == 1:
            number = differ[0]
            return [Change(f"{path}.{number + 1}", dict(after[number]), before[number])]
    if before and after[: len(before)] == before:
        return [Change(f"{path}.+", dict(row)) for row in after[len(before) :]]
    if len(after) == len(before) - 1:
        gone = next((n for n, row in enumerate(after) if row != before[n]), len(after))
        if [*before[:gone], *before[gone + 1 :]] == [*after]:
            return [Change(f"{path}.{gone + 1}", None, before[gone])]
    return [Change(path, [dict(row) for row in after], now)]
