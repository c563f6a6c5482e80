"""Where a row that was seen stands by now, told by what the journal says became of its table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dxkit.workshop.seeing.log import Step

Row = Mapping[str, Any]
FARTHEST = 500
"""The most changes of a table that are followed back."""


@dataclass
class _Back:
    """A table as it was some changes ago, each row with its place by now; None if it is gone."""

    rows: list[Row]
    places: list[int | None]

    def before(self, step: Step) -> bool:
        """Go back over a change; False if what it tells does not fit the table."""
        if not step.inner:
            return self._whole(step.before)
        column, place = step.inner.partition(".")[2], _place_of(step)
        if column:
            return self._cell(place, column, step.before)
        if step.before is None:
            return self._taken_out(place)
        if step.after is None:
            return self._put_back(place, step.before)
        if not 0 <= place < len(self.rows):
            return False
        self.rows[place] = step.before
        return True

    def _taken_out(self, place: int) -> bool:
        if not 0 <= place < len(self.rows):
            return False
        del self.rows[place], self.places[place]
        return True

    def _put_back(self, place: int, row: Row) -> bool:
        if not 0 <= place <= len(self.rows):
            return False
        self.rows.insert(place, row)
        self.places.insert(place, None)
        return True

    def _cell(self, place: int, column: str, value: Any) -> bool:
        if not 0 <= place < len(self.rows):
            return False
        self.rows[place] = {**self.rows[place], column: value}
        return True

    def _whole(self, rows: Any) -> bool:
        """Go back over a change of the table as a whole: equal rows are the same ones, in order."""
        left = [*zip(self.rows, self.places, strict=True)]
        places: list[int | None] = []
        for row in rows or ():
            found = next((n for n, (each, _) in enumerate(left) if each == row), None)
            places.append(None if found is None else left.pop(found)[1])
        self.rows, self.places = [*(rows or ())], places
        return True


def trace(
    rows: Sequence[Row],
    steps: Iterable[Step],
    is_meant: Callable[[Row], bool],
    near: int,
) -> tuple[int | None, bool]:
    """Return where the row that was seen stands by now, from 0, and whether it is as it was seen.

    Args:
        rows: the table by now.
        steps: its changes, the newest first.
        is_meant: whether a row is as it was seen.
        near: where it stood; among equal rows the nearest is meant.
    """
    back = _Back([*rows], [*range(len(rows))])
    if (found := _nearest(back, is_meant, near)) is not None:
        return found, True
    for step in islice(steps, FARTHEST):
        if not back.before(step):
            return None, False
        if (found := _nearest(back, is_meant, near)) is not None:
            return back.places[found], False
    return None, False


def told_of(
    rows: Sequence[Row], steps: Iterable[Step], is_shown: Callable[[Row], bool]
) -> Iterator[Step]:
    """Yield the changes, newest first, but none of a row that is not shown by now.

    What was open once and was called secret later is told no more. Of a row that is gone counts how
    it was last; where the journal does not tell which row a change was about, it is left out.
    """
    shown: list[bool] = [is_shown(row) for row in rows]
    back = _Back([*rows], [*range(len(rows))])
    follows = True
    for step in steps:
        if not step.inner:
            follows = follows and back.before(step)
            yield step
            continue
        place = _place_of(step)
        if follows and step.after is None and isinstance(step.before, Mapping):
            follows = back.before(step)
            if follows:
                back.places[place] = len(shown)
                shown.append(is_shown(step.before))
                if shown[-1]:
                    yield step
            continue
        now = back.places[place] if follows and 0 <= place < len(back.places) else None
        follows = follows and back.before(step)
        if now is not None and shown[now]:
            yield step


def _place_of(step: Step) -> int:
    """Return which row a change is about, from 0; -1 if it does not say so."""
    number = step.inner.partition(".")[0]
    return int(number) - 1 if number.isdecimal() else -1


def _nearest(back: _Back, is_meant: Callable[[Row], bool], near: int) -> int | None:
    found = [place for place, row in enumerate(back.rows) if is_meant(row)]
    return min(found, key=lambda place: abs(place - near)) if found else None
