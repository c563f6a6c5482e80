"""Where a label that is too long for its line is broken: by its sense, in lines about as long."""

from __future__ import annotations

import re

from dxkit.forms.word.runs import length_of

_SENSE = re.compile(r"(?=（)|(?<=[）、·；：])|(?<=和)|(?<=或)|(?<=及)")
_WHOLE = re.compile(r"[A-Za-z0-9.%/-]+|“[^”]{1,4}”|.")
_MOST_LINES = 3
_AT_ODDS = 2.5  # characters; how uneven two lines broken by their sense may be


def balanced(label: str, room: float) -> str:
    """Return a label of two or three lines with the breaks in it, another one as it is.

    Args:
        label: its words.
        room: how many Chinese characters a line holds.
    """
    if not room < length_of(label) <= _MOST_LINES * room:
        return label
    places = [place for place in _places(label) if _fits(label, place, room)]
    if not places:
        return _in_three(label, room)
    by_sense = [found.start() for found in _SENSE.finditer(label) if found.start() in places]
    evenly = min(places, key=lambda place: _uneven(label, place))
    best = min(by_sense, key=lambda place: _uneven(label, place), default=0)
    if best and (label[best] == "（" or _uneven(label, best) <= 2 * _AT_ODDS):
        evenly = best
    return f"{label[:evenly]}\n{label[evenly:]}"


def _in_three(label: str, room: float) -> str:
    """Return a label with its first third on a line of its own, if the rest takes two more."""
    third = length_of(label) / _MOST_LINES
    starts = [place for place in _places(label) if length_of(label[:place]) <= room]
    first = min(starts, key=lambda place: abs(length_of(label[:place]) - third), default=0)
    rest = label[first:]
    if not first or not any(_fits(rest, place, room) for place in _places(rest)):
        return label
    return f"{label[:first]}\n{balanced(rest, room)}"


def _places(label: str) -> list[int]:
    """Return where a label may be broken: not within a word, nor before a closing sign."""
    starts = [found.start() for found in _WHOLE.finditer(label)]
    return [
        place
        for place in starts
        if place and label[place] not in "）、，；：。·" and (label[place - 1] != "（")
    ]


def _fits(label: str, place: int, room: float) -> bool:
    return length_of(label[:place]) <= room and length_of(label[place:]) <= room


def _uneven(label: str, place: int) -> float:
    return abs(length_of(label[:place]) - length_of(label[place:]))
