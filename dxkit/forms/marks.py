"""The hidden marks of a printed form: which field a label names, and what was printed there."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_MARK = re.compile(r"\[#([cdefghiknpqrst])([^~#]*)~([0-9a-f]{8})#\]")
_WHITE = re.compile(r"\s+")

STATIC, HEADER, FIELD, STAMP = "t", "i", "f", "s"
COLUMN, SENT_ROW, BLANK_ROW, SEEDED_ROW = "c", "r", "n", "e"
CARD, DETAIL = "k", "d"
GRID_COLUMN, GRID_ROW = "h", "g"
PART, QUESTION = "p", "q"
_PARTS = {
    STATIC: 0,
    HEADER: 1,
    FIELD: 1,
    COLUMN: 3,
    DETAIL: 3,
    SENT_ROW: 2,
    BLANK_ROW: 2,
    SEEDED_ROW: 3,
    CARD: 2,
    GRID_COLUMN: 1,
    GRID_ROW: 2,
    PART: 1,
    QUESTION: 1,
}


@dataclass(frozen=True)
class Mark:
    """One hidden mark: its kind, what it points at, and a checksum of the text beside it.

    Kinds and what their parts say:
        t: printed words that belong to no field;
        i checksum: the label of what the tool fills in, which is not read back;
        f path: the label of a single field, whose value stands in the next cell;
        c table, column, card or an empty part: the head of a table's column;
        r number, checksum: the row that was sent under this number, and its derived cells;
        n number, checksum: a row that was sent empty;
        e number, checksum, checksum: a row not sent that shows what is proposed, and the
            checksum of all that;
        k table, card: the heading of a card; d table, card, column: a label on it;
        h column: the head of a grid's column; g row, checksum: the number or label of a
            grid's row, and its derived cells;
        p part: the head of a part of an answer; q key: the question's own cell.
    A card is named by its row's number, one sent empty by `n` and a number.
    """

    kind: str
    parts: tuple[str, ...]
    checksum: str

    def spelt(self) -> str:
        """Return the mark as it stands in the file."""
        return f"[#{self.kind}{':'.join(self.parts)}~{self.checksum}#]"

    def fits(self, text: str) -> bool:
        """Tell whether the words beside the mark are still those that were printed."""
        return checksum(text) == self.checksum


def mark(kind: str, text: str, *parts: object) -> Mark:
    """Make the mark of a kind for the printed words beside it."""
    return Mark(kind, tuple(str(part) for part in parts), checksum(text))


def marks_in(hidden: str) -> list[Mark]:
    """Return the marks that a hidden text holds, in order; one that lacks a part is none."""
    found = (
        Mark(kind, tuple(parts.split(":")) if parts else (), summed)
        for kind, parts, summed in _MARK.findall(hidden)
    )
    return [
        each for each in found if each.kind == STAMP or len(each.parts) == _PARTS.get(each.kind)
    ]


def plain(text: str) -> str:
    """Return words without any white space, by which printed words are recognised."""
    return _WHITE.sub("", text)


def checksum(text: str) -> str:
    """Return the checksum of words, whatever white space stands between them."""
    return f"{zlib.crc32(plain(text).encode('utf-8')):08x}"
