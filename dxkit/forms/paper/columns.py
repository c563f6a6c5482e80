"""How wide the columns of a printed table are, and into how many parts a wide table is cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from dxkit.models.annex import CHOOSING, TEXT_WIDTH, Field, FieldType

NUMBER_WIDTH = 10
_CHARACTER, _PADDING = 3.2, 3
_LEAST: dict[FieldType, float] = {
    FieldType.COUNT: 14,
    FieldType.NUMBER: 16,
    FieldType.PERCENT: 15,
    FieldType.MONEY: 20,
    FieldType.YEAR: 14,
    FieldType.DATE: 27,
    FieldType.TIME: 15,
    FieldType.DATETIME: 30,
    FieldType.YES_NO: 13,
    FieldType.CHOICES: 26,
    FieldType.INDICATORS: 20,
    FieldType.EVIDENCE: 18,
    FieldType.PHONE: 25,
    FieldType.EMAIL: 34,
    FieldType.CREDIT_CODE: 38,
    FieldType.LONG_TEXT: 36,
    FieldType.SEAL: 46,
}
_USUAL, _COMPUTED = 22, 16
_STRETCHED = {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CHOICES, FieldType.SIGNATURE}


def room_across(landscape: bool) -> int:
    """Return the room across a page in millimetres."""
    return TEXT_WIDTH["landscape" if landscape else "portrait"]


def in_parts(columns: Sequence[Field], room: float) -> list[tuple[Field, ...]]:
    """Cut the columns of a table into parts that fit a page beside the number of the row."""
    room -= NUMBER_WIDTH
    needed = ceil(least_width(columns) / room)
    share = least_width(columns) / max(needed, 1)
    parts: list[list[Field]] = [[]]
    for column in columns:
        taken = least_width(parts[-1])
        full = taken + _least(column) > room or (taken >= share and len(parts) < needed)
        if parts[-1] and full:
            parts.append([])
        parts[-1].append(column)
    return [tuple(part) for part in parts]


def widths(columns: Iterable[Field], room: float) -> list[float]:
    """Return widths in millimetres that fill the room; what holds words takes what is left."""
    columns = list(columns)
    least = [_least(column) for column in columns]
    spare = room - sum(least)
    if spare <= 0:
        return [width * room / sum(least) for width in least]
    pulls = [1 + 2 * _stretches(column) for column in columns]
    weights = [width * pull for width, pull in zip(least, pulls, strict=True)]
    shares = [spare * weight / sum(weights) for weight in weights]
    return [width + share for width, share in zip(least, shares, strict=True)]


def least_width(columns: Iterable[Field]) -> float:
    """Return the millimetres that some columns take at least."""
    return sum(map(_least, columns))


def _stretches(column: Field) -> bool:
    return column.width is None and column.type in _STRETCHED


def _least(column: Field) -> float:
    if column.width is not None:
        return column.width
    head = ceil(len(column.label) / 4) * _CHARACTER + _PADDING
    return max(_by_type(column), head)


def _by_type(column: Field) -> float:
    if column.type is FieldType.COMPUTED:
        return _COMPUTED
    if column.type in CHOOSING - {FieldType.CHOICES}:
        longest = max((len(choice.label) for choice in column.choices), default=4)
        return min(max(16, (min(longest, 6) + 1) * _CHARACTER + _PADDING), 26)
    return _LEAST.get(column.type, _USUAL)
