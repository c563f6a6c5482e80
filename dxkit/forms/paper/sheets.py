"""What the sheets of a printed form consist of, whatever the file format; nothing about looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dxkit.forms.returned import Stamp
from dxkit.models.annex import Field


@dataclass(frozen=True)
class Option:
    """One thing to tick."""

    label: str
    ticked: bool


@dataclass(frozen=True)
class Entry:
    """The place of one value: what stands there, or is to be written or ticked there.

    An answer may also be marked not applicable or disputed; `reason` and `dispute` say why.
    """

    field: Field
    text: str = ""
    options: tuple[Option, ...] = ()
    reason: str | None = None
    dispute: str | None = None
    dated: bool = False
    """Whether another place says when a box was signed or sealed in."""


@dataclass(frozen=True)
class Pair:
    """A label and the place beside it; `path` is the field's key, `column.row` in a grid."""

    path: str
    label: str
    entry: Entry
    span: int = 1
    """How many shares of its line it takes."""

    @property
    def field(self) -> Field:
        """Return the field asked for."""
        return self.entry.field


@dataclass(frozen=True)
class Pairs:
    """Lines of labels with their places."""

    lines: tuple[tuple[Pair, ...], ...]


@dataclass(frozen=True)
class Signing:
    """Boxes to sign or seal in, some beside each other."""

    lines: tuple[tuple[Pair, ...], ...]


@dataclass(frozen=True)
class Question:
    """A question of a record form, with the parts of its answer and what is asked beside it."""

    path: str
    no: str
    label: str
    field: Field
    parts: Mapping[str, Entry]
    beside: tuple[Pair, ...] = ()
    told_beside: tuple[Pair, ...] = ()
    """What else the answers beside it say: their other parts, each by its path."""


@dataclass(frozen=True)
class Questions:
    """A list of questions, all with the same parts and the same columns beside them."""

    questions: tuple[Question, ...]
    title: str = ""
    beside: tuple[Field, ...] = ()
    legend: tuple[str, ...] = ()
    """What the signs to tick stand for."""


@dataclass(frozen=True)
class Line:
    """A row of a table; `number` counts the rows sent from 1, an empty one continues them.

    A seeded one was not sent, but shows what is proposed to be filled in.
    """

    number: int
    sent: bool
    entries: tuple[Entry, ...]
    seeded: bool = False


@dataclass(frozen=True)
class Rows:
    """A repeating table printed as rows, or a part of its columns; `card` is where it belongs."""

    field: Field
    title: str
    columns: tuple[Field, ...]
    lines: tuple[Line, ...]
    card: str = ""
    choices: tuple[str, ...] = ()
    """What may be written in columns too narrow to tick in."""


@dataclass(frozen=True)
class Card:
    """One row of a table printed as a sheet of its own."""

    name: str
    title: str
    blocks: tuple[Pairs | Signing | Rows, ...]


@dataclass(frozen=True)
class Cards:
    """A repeating table of which every row is a sheet, each with the text it is signed under."""

    field: Field
    cards: tuple[Card, ...]
    title: str = ""
    note: str = ""
    text: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """Fixed rows and columns, a place in each."""

    field: Field
    title: str
    rows: tuple[tuple[str, str, tuple[Pair, ...]], ...]
    """Code and label of each row, and its places in the order of the columns."""
    choices: tuple[str, ...] = ()


Block = Pairs | Signing | Questions | Rows | Cards | Grid


@dataclass(frozen=True)
class Sheet:
    """A section of the form: its heading, its fixed text and what is filled in.

    A section that begins with cards leaves heading and text to them.
    """

    title: str
    landscape: bool
    note: str = ""
    text: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    new_page: bool = False
    fine: bool = False
    """Whether the text is set in the size of what is filled in."""


@dataclass(frozen=True)
class Form:
    """A whole form, blank or filled."""

    annex: str
    mark: str
    title: str
    edition: str
    form_no: str
    restricted: bool
    landscape: bool
    stamp: Stamp
    header: tuple[tuple[str, str], ...]
    note: str
    sheets: tuple[Sheet, ...]
    guidance: tuple[tuple[str, str], ...] = ()
    """How the fields of a section are to be filled in, by its title."""
