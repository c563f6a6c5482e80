"""How a table that is printed as one sheet a row is written."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.export.word.xml import Element
from dxkit.forms import marks
from dxkit.forms.marks import Mark, mark
from dxkit.forms.paper.sheets import Card, Cards, Form, Pairs, Rows, Signing
from dxkit.forms.word.lines import pairs, signing, with_boxes
from dxkit.forms.word.places import ROOM
from dxkit.forms.word.rows import rows
from dxkit.forms.word.runs import marked
from dxkit.forms.word.spaces import gap
from dxkit.forms.word.tables import keep_with_next
from dxkit.forms.word.wording import heading, letter, notes

_BETWEEN_TABLES, _BELOW_LETTER = 4.0, 8.0  # points
_TOLD_ON_CARDS = 2


def cards(block: Cards, form: Form, room: float, first: bool) -> Iterator[Element]:
    """Yield the sheets of a table printed as cards, each beginning a page.

    The first does so only if it is a paper to sign of its own and not the `first` thing of a form.
    A sheet that begins a page says of which form it is and whose.
    """
    for number, card in enumerate(block.cards):
        if number > 0 or (bool(block.text) and not first):
            yield heading("FormCardTitle", f"{form.mark}　{form.title}", new_page=True)
            yield heading("FormCardHead", _whose(form), keep=True)
        yield _card_heading(block, card)
        yield from notes(block.note if number == 0 else "")
        yield from letter(block.text)
        if block.text:
            yield gap("FormBody", _BELOW_LETTER)
        yield from _card(block, card, room, whole=not block.text and not (first and number == 0))


def _whose(form: Form) -> str:
    """Return in one line which project and enterprise a sheet belongs to."""
    told = (f"{label}：{text or ROOM}" for label, text in form.header[:_TOLD_ON_CARDS])
    return "　　".join(told)


def _card_heading(block: Cards, card: Card) -> Element:
    title = (block.title or block.field.label) + card.title * (len(block.cards) > 1)
    told: Mark = mark(marks.CARD, title, block.field.key, card.name)
    return marked("FormHeading", title, told)


def _card(block: Cards, card: Card, room: float, whole: bool) -> Iterator[Element]:
    """Yield the tables of a card, parted so that they do not become one.

    What stands before the boxes to sign in stays on their page, of a list its last row. The lines
    of a `whole` card are not parted; under a letter they begin on its page, lest signatures stand
    alone, and under the head of a form on that one, lest it stand alone.
    """
    name = f"{block.field.key}:{card.name}"
    parts = list(with_boxes(card.blocks))
    for number, (part, boxes) in enumerate(parts):
        if number > 0:
            parting = gap("FormBody", _BETWEEN_TABLES)
            if isinstance(part, Signing):
                keep_with_next([parting])
            yield parting
        signed = any(isinstance(each, Signing) for each, _ in parts[number + 1 : number + 2])
        match part:
            case Pairs():
                yield pairs(part, room, name, boxes, whole)
            case Signing():
                yield signing(part, room, name)
            case Rows():
                yield from rows(part, room, before_boxes=signed)
