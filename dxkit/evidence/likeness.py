"""Which files are the same, and which pictures look so alike that somebody should look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import TypeVar

from PIL import Image

MOST_APART = 6
BITS = 64
# By the pigeonhole: of seven parts at least one is equal if at most six bits differ.
_PARTS = MOST_APART + 1
_LEAST_CONTRAST = 12

Key = TypeVar("Key", bound=Hashable)


def fingerprint_of(image: Image.Image) -> int | None:
    """Return 64 bits that change little when a picture is resized or saved again.

    Each bit says whether a cell of an 8 by 8 grid is darker than its right neighbour (a difference
    hash). A picture without contrast has none: all blank pages would look alike.
    """
    grey = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    cells = grey.tobytes()
    if max(cells) - min(cells) < _LEAST_CONTRAST:
        return None
    rows = (cells[start : start + 9] for start in range(0, len(cells), 9))
    bits = (left < right for row in rows for left, right in pairwise(row))
    return sum(bit << place for place, bit in enumerate(bits))


def apart(one: int, other: int) -> int:
    """Return in how many bits two fingerprints differ."""
    return (one ^ other).bit_count()


def same(hashes: Mapping[Key, str]) -> list[list[Key]]:
    """Return the groups of keys whose files have the same bytes."""
    groups: dict[str, list[Key]] = defaultdict(list)
    for key, sha256 in hashes.items():
        groups[sha256].append(key)
    return [group for group in groups.values() if len(group) > 1]


def near(fingerprint: int, others: Mapping[Key, int]) -> list[Key]:
    """Return the keys of the pictures that look much like one with a fingerprint."""
    return [key for key, other in others.items() if apart(fingerprint, other) <= MOST_APART]


def alike(fingerprints: Mapping[Key, int]) -> list[tuple[Key, Key, int]]:
    """Return the pairs of pictures that differ in at most six bits, with the number of them."""
    found: dict[tuple[Key, Key], int] = {}
    for one, other in _candidates(fingerprints):
        distance = apart(fingerprints[one], fingerprints[other])
        if distance <= MOST_APART:
            found[(one, other)] = distance
    return [(one, other, distance) for (one, other), distance in found.items()]


def _candidates(fingerprints: Mapping[Key, int]) -> Iterator[tuple[Key, Key]]:
    """Yield pairs that agree in one part, so that not everything is compared with everything."""
    size = -(-BITS // _PARTS)
    for part in range(_PARTS):
        shelves: dict[int, list[Key]] = defaultdict(list)
        for key, value in fingerprints.items():
            shelves[(value >> (part * size)) & ((1 << size) - 1)].append(key)
        yield from _pairs(shelves.values())


def _pairs(groups: Iterable[list[Key]]) -> Iterator[tuple[Key, Key]]:
    for group in groups:
        yield from combinations(group, 2)
