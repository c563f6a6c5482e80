"""What a returned form holds before anyone judges it: raw contents, each with its place.

Readers of Word, Excel and CSV all give this shape; only `parsing` decides what a raw content
means and only `comparison` decides what changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Format = Literal["docx", "xlsx", "csv"]


@dataclass(frozen=True)
class Stamp:
    """What a form carries to say what was sent: the case's content after journal entry `n`.

    A form given out without a case has an empty `case` and `n` 0. A `blank` one was sent with
    empty fields, whatever the case held at that moment.
    """

    case: str
    annex: str
    form_no: str
    n: int
    hash: str
    """The first 12 hexadecimal digits of that journal entry's hash; empty if `n` is 0."""
    edition: str
    blank: bool

    def as_text(self) -> str:
        """Return the stamp as one line of ASCII, to hide in a property of the file."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Stamp | None:
        """Read a stamp back; None if the text is not one, whole and of the right types."""
        try:
            stamp = cls(**json.loads(text))
        except (ValueError, TypeError, RecursionError):
            return None
        words = (stamp.case, stamp.annex, stamp.form_no, stamp.hash, stamp.edition)
        whole = all(isinstance(each, str) for each in words)
        return stamp if whole and type(stamp.n) is int and type(stamp.blank) is bool else None


@dataclass(frozen=True)
class Unreadable:
    """Stands in the place of a raw content that cannot be told: an error value, a lost merge."""

    text: str
    why: str


@dataclass(frozen=True)
class Cell:
    """One field as it came back.

    `path` is the question's key within the annex (`enterprise_name`, for a grid `column.row`);
    in a record form a part may follow (`equipment.verified`). `raw` is text, a number, a bool,
    a date, time or datetime, or None for an empty cell. `place` is what a person looks for,
    such as `企业概况!C12` or `第3个表第4行第2列`. `raw` may also be an Unreadable.
    """

    path: str
    raw: Any
    place: str


@dataclass(frozen=True)
class Row:
    """One row of a repeating table; rows in which nothing stands are left out by the readers.

    `number` is the hidden number, counted from 1 as the rows were sent; None for a row that
    people put in. `cells` maps a column's key to (raw, place). `card` is the first column's raw
    content where the row was found on a card's sheet, None elsewhere.
    """

    number: int | None
    cells: Mapping[str, tuple[Any, str]]
    place: str
    card: str | None = None
    proposed: bool = False
    """Whether it was not sent and shows just what was proposed; people may have left it so."""


@dataclass(frozen=True)
class Table:
    """One repeating table; `columns` are the keys of the columns the file really has."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Unmatched:
    """Something written in the file that belongs to no field, and why it was not read."""

    place: str
    text: str
    why: str
    answer: bool = False
    """Whether it answers a question of the form, so that it must not be left out unseen."""


@dataclass(frozen=True)
class Returned:
    """Everything one returned file says; `annex` is the form's id, empty if it does not tell."""

    format: Format
    annex: str
    stamp: Stamp | None
    cells: tuple[Cell, ...] = ()
    tables: tuple[Table, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
