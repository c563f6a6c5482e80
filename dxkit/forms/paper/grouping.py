"""Which labels share a line and which boxes stand beside each other on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from dxkit.forms.paper.sheets import Pair, Pairs, Signing
from dxkit.forms.written.printed import unit_of
from dxkit.models.annex import FieldType

_ACROSS = {FieldType.LONG_TEXT, FieldType.INDICATORS, FieldType.EVIDENCE}
_WIDE = {FieldType.EMAIL: 15, FieldType.CREDIT_CODE: 10, FieldType.INDUSTRY: 15}
_LONGEST_FIELD = 60
_BOX = 2
_LOOKED_AHEAD = 3


@dataclass(frozen=True)
class Grouping:
    """How much a page has room for: labels across, characters of words in the first such share.

    Each further share of a line that a label takes adds `more` characters.
    """

    across: int
    first: int
    more: int
    signs_across: int
    seals_across: int

    def pairs(self, pairs: Sequence[Pair]) -> Iterator[Pairs]:
        """Yield the lines of labels, short ones beside each other; the last fills its line.

        A short one that would stand alone, soon after those that have no room beside the last,
        takes the room left there; two that stand beside each other are not parted.
        """
        lines: list[list[Pair]] = []
        room = 0
        waiting = [replace(pair, span=self._span(pair)) for pair in pairs]
        while waiting:
            place = self._next(waiting, room)
            if place is None:
                _fill(lines, room)
                lines.append([])
                room, place = self.across, 0
            pair = waiting.pop(place)
            lines[-1].append(pair)
            room -= pair.span
        _fill(lines, room)
        if lines:
            yield Pairs(tuple(map(tuple, lines)))

    def _next(self, waiting: Sequence[Pair], room: int) -> int | None:
        """Return the place of the pair that goes on a line with some room left, None if none."""
        if waiting[0].span <= room:
            return 0
        for place in range(1, min(len(waiting), _LOOKED_AHEAD + 1)):
            span = waiting[place].span
            beside = waiting[place + 1].span if place + 1 < len(waiting) else self.across
            before = waiting[place - 1].span
            if span <= room and span + beside > self.across and before + span > self.across:
                return place
        return None

    def boxes(self, pairs: Sequence[Pair]) -> Iterator[Signing]:
        """Yield the boxes to sign and seal in: those to sign beside a seal if that saves room."""
        seals = [pair for pair in pairs if pair.field.type is FieldType.SEAL]
        signs = [pair for pair in pairs if pair.field.type is not FieldType.SEAL]
        lines = [*_even(signs, self.signs_across), *_even(seals, self.seals_across)]
        if seals and _mixed_is_lower(len(signs), len(seals), self.seals_across):
            lines = _even(pairs, self.seals_across)
        if lines:
            yield Signing(tuple(lines))

    def _span(self, pair: Pair) -> int:
        """Return how many shares of a line a label and its words take."""
        field, entry = pair.field, pair.entry
        if field.type in _ACROSS or (field.longest or 0) > _LONGEST_FIELD or "\n" in entry.text:
            return self.across
        needed = max(_length(pair), _WIDE.get(field.type, 0))
        return min(1 + max(ceil((needed - self.first) / self.more), 0), self.across)


def _length(pair: Pair) -> int:
    entry = pair.entry
    if entry.options:
        return sum(len(option.label) + _BOX for option in entry.options)
    return len(entry.text) + len(unit_of(pair.field))


def _fill(lines: list[list[Pair]], room: int) -> None:
    if lines:
        last = lines[-1][-1]
        lines[-1][-1] = replace(last, span=last.span + room)


def _mixed_is_lower(signs: int, seals: int, across: int) -> bool:
    """Tell whether the boxes to sign find room beside the seals, which are far higher."""
    return signs > 0 and ceil((signs + seals) / across) == ceil(seals / across)


def _even(pairs: Sequence[Pair], across: int) -> list[tuple[Pair, ...]]:
    """Return boxes in as few lines as can be, about as many in each."""
    count = ceil(len(pairs) / across)
    step = ceil(len(pairs) / count) if count else 1
    return [tuple(pairs[start : start + step]) for start in range(0, len(pairs), step)]


PORTRAIT = Grouping(across=2, first=11, more=20, signs_across=3, seals_across=3)
LANDSCAPE = Grouping(across=3, first=12, more=20, signs_across=4, seals_across=4)
