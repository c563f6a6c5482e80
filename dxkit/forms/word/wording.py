"""How the words of a form that nobody fills in are written: labels, headings, notes, letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dxkit.export.word.xml import Element, w
from dxkit.forms import marks
from dxkit.forms.marks import mark
from dxkit.forms.word.balance import balanced
from dxkit.forms.word.content import said
from dxkit.forms.word.runs import BASIS_SIGNS, hidden, marked, paragraph, raised, words
from dxkit.models.annex import Field

BOX_PADDING = 2.6
"""The millimetres beside the words of a cell, left and right together."""
_CHARACTERS = {"FormLabel": 3.53, "FormHead": 3.18}
_SIGN = 0.75  # characters; how wide the sign before a label is
_ADDRESS = re.compile("[^，。；：]{1,40}：")


def labelled(
    style: str, text: str, field: Field, kind: str, *parts: object, width: float = 0.0
) -> Element:
    """Return the label of a field with the sign of what it rests on, and its hidden mark.

    Where its width in millimetres is known, a label of two lines is broken by its sense.
    """
    sign = BASIS_SIGNS.get(field.basis, "")
    made = mark(kind, sign + text, *parts)
    before = [raised(sign)] if sign else []
    if width:
        room = (width - BOX_PADDING) / _CHARACTERS[style]
        text = balanced(text, room, _SIGN * len(sign))
    first, *more = text.split("\n")
    broken = (run for line in more for run in (w("r", w("br")), *words(line)))
    return paragraph(style, [hidden(made.spelt()), *before, *words(first), *broken])


def heading(style: str, text: str, **options: bool) -> Element:
    """Return printed words that belong to no field."""
    return marked(style, text, mark(marks.STATIC, text), **options)


def text_of(paragraphs: Iterable[Element]) -> str:
    """Return the words that stand in some paragraphs."""
    return said(paragraphs).text


def choices_told(choices: Sequence[str]) -> str:
    """Return in one paragraph what may be written in narrow columns."""
    return f"{'。　'.join(choices)}。"


def notes(note: str) -> Iterator[Element]:
    """Yield what is to be observed in filling in a section."""
    for line in note.split("\n") if note else ():
        yield heading("FormNote", line, keep=True)


def letter(
    paragraphs: Iterable[str], fine: bool = False, together: bool = False
) -> Iterator[Element]:
    """Yield the fixed text of a form; who is addressed stands at the edge.

    Args:
        paragraphs: the text.
        fine: whether it is printed small.
        together: whether it stays on one page with what is filled in below it.
    """
    usual = "FormPledge" if fine else "FormText"
    for text in paragraphs:
        for line in text.split("\n"):
            style = "FormAddress" if _ADDRESS.fullmatch(line) else usual
            yield heading(style, line, keep=together)
