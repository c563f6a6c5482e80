"""Where a label too long for its line is broken: between words, by its sense if possible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from dxkit.forms.word.label_words import WORDS
from dxkit.forms.word.runs import length_of

_SENSE = re.compile(r"(?=（)|(?<=[）、·；：])|(?<=和)|(?<=或)|(?<=及)")
_WHOLE = re.compile(
    "|".join(
        [
            r"[A-Za-z0-9.%-]+",
            "“[^”]{1,4}”",
            "（[^）]{1,2}）",
            *sorted(WORDS, key=len, reverse=True),
            ".",
        ]
    )
)
_NOT_FIRST = "）、，；：。·/的"
_MOST_LINES = 3
_PAUSE, _BRACKET = 5.0, 20.0
"""How many characters more uneven lines may be that all end at a pause, or before a bracket."""


def balanced(label: str, room: float, before: float = 0.0) -> str:
    """Return a label of several lines with the breaks in it, another one as it is.

    Args:
        label: its words.
        room: how many Chinese characters a line holds.
        before: how many of them are taken in the first line.
    """
    if length_of(label) + before <= room:
        return label
    for lines in (2, _MOST_LINES):
        best = _parted(label, lines, room, before)
        if best:
            return "\n".join(best)
    return "\n".join(_filled(label, room, before) or [label])


def _parted(label: str, lines: int, room: float, before: float) -> Sequence[str]:
    """Return a label in as many lines that fit, best by sense, else about as long; or nothing."""
    ways = [
        way for way in _ways(label, lines) if length_of(way[0]) + before <= room and _fit(way, room)
    ]
    if not ways:
        return ()
    return min(ways, key=_awkward)


def _ways(label: str, lines: int) -> list[tuple[str, ...]]:
    """Return all ways to part a label between its words."""
    if lines == 1:
        return [(label,)]
    return [
        (label[:place], *rest)
        for place in _places(label)
        for rest in _ways(label[place:], lines - 1)
    ]


def _filled(label: str, room: float, before: float) -> Sequence[str]:
    """Return a label in as many lines as its words take; nothing if one is too long for a line."""
    made, start, left = list[str](), 0, room - before
    edges = [*_places(label), len(label)]
    while start < len(label):
        ends = [edge for edge in edges if edge > start and length_of(label[start:edge]) <= left]
        if not ends:
            return ()
        made.append(label[start : ends[-1]])
        start, left = ends[-1], room
    return made


@cache
def _places(label: str) -> tuple[int, ...]:
    """Return where a label may be broken: not within a word, nor before a closing sign."""
    starts = (found.start() for found in _WHOLE.finditer(label))
    return tuple(
        place
        for place in starts
        if place and label[place] not in _NOT_FIRST and label[place - 1] not in "（ "
    )


def _fit(way: Sequence[str], room: float) -> bool:
    return all(length_of(line) <= room for line in way)


def _awkward(way: Sequence[str]) -> float:
    """Return how uneven lines are, less what ending at a pause makes up for."""
    lengths = [length_of(line) for line in way]
    return max(lengths) - min(lengths) - sum(_gain(way))


def _gain(way: Sequence[str]) -> Iterator[float]:
    label, end = "".join(way), 0
    pauses = {found.start() for found in _SENSE.finditer(label)}
    for line in way[:-1]:
        end += len(line)
        if end in pauses:
            yield (_BRACKET if label[end] == "（" else _PAUSE) / (len(way) - 1)
