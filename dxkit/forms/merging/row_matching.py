"""Which rows of two states of a table are the same row; nothing about what changed in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Same = Callable[[int, int], bool]


def match_returned(numbers: Sequence[int | None], sent: int, same: Same) -> list[int | None]:
    """Return for each returned row the sent one it is, None for a new row.

    A row is the one whose hidden number it carries; if its content is just that of another sent
    row, numbers and contents were moved against each other, and the content tells. A number that
    comes a second time belongs to a copy, which is new.

    Args:
        numbers: the hidden numbers, counted from 1, as they came back.
        sent: how many rows were sent.
        same: whether a returned row, by index, says just what a sent one said.
    """
    matched: list[int | None] = [None] * len(numbers)
    free = set(range(sent))

    def take(row: int, candidate: int | None) -> None:
        if candidate is not None and candidate in free and matched[row] is None:
            matched[row] = candidate
            free.discard(candidate)

    named = [None if number is None else number - 1 for number in numbers]
    for row, candidate in enumerate(named):
        if candidate is not None and candidate in free and same(row, candidate):
            take(row, candidate)
    for row in range(len(numbers)):
        if matched[row] is None:
            take(row, next((each for each in sorted(free) if same(row, each)), None))
    for row, candidate in enumerate(named):
        take(row, candidate)
    return matched


def match_by_names(matched: Sequence[int | None], present: int, alike: Same) -> list[int | None]:
    """Match the returned rows that are still without one to the only present row named alike.

    Args:
        matched: for each returned row the present one that it is, None where that is not known.
        present: how many rows there are.
        alike: whether a returned row, by index, bears the same names as a present one.
    """
    free = set(range(present)) - {each for each in matched if each is not None}
    open_rows = [row for row, each in enumerate(matched) if each is None]
    found = {row: [each for each in sorted(free) if alike(row, each)] for row in open_rows}
    wanted = Counter(each for several in found.values() for each in several)
    return [
        found[row][0]
        if row in found and len(found[row]) == 1 and wanted[found[row][0]] == 1
        else each
        for row, each in enumerate(matched)
    ]


def match_now(
    sent: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]], key: str
) -> list[int | None]:
    """Return for each sent row where it stands now, None if it was removed meanwhile.

    Rows that are alike are the same; of the others, those with the same single entry in the key
    column; last, those between the same neighbours, as long as none was added or removed there.
    """
    matched = _alike(sent, now)
    _join_by_key(matched, sent, now, key)
    _join_by_place(matched, len(now))
    return matched


def _alike(sent: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[int | None]:
    free = dict.fromkeys(range(len(now)))
    matched: list[int | None] = []
    for number, row in enumerate(sent):
        order = [number, *free] if number in free else [*free]
        found = next((each for each in order if now[each] == row), None)
        matched.append(found)
        if found is not None:
            del free[found]
    return matched


def _join_by_key(
    matched: list[int | None],
    sent: Sequence[Mapping[str, Any]],
    now: Sequence[Mapping[str, Any]],
    key: str,
) -> None:
    free = set(range(len(now))) - {each for each in matched if each is not None}
    for number, row in enumerate(sent):
        if matched[number] is None and row.get(key) is not None:
            same = [each for each in free if now[each].get(key) == row[key]]
            alone = sum(other.get(key) == row[key] for other in sent) == 1
            if len(same) == 1 and alone:
                matched[number] = same[0]
                free.discard(same[0])


def _join_by_place(matched: list[int | None], now: int) -> None:
    """Join runs of unmatched rows that are as long on both sides of the same neighbours."""
    taken = {each for each in matched if each is not None}
    number = 0
    while number < len(matched):
        if matched[number] is not None:
            number += 1
            continue
        end = next((i for i in range(number, len(matched)) if matched[i] is not None), len(matched))
        first = (matched[number - 1] or 0) + 1 if number else 0
        last = first
        while last < now and last not in taken:
            last += 1
        if last - first == end - number:
            matched[number:end] = range(first, last)
        number = end
