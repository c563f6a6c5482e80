"""Which mark a printed label had, for files that have lost some or all of their hidden marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from dxkit.definitions import Definitions
from dxkit.forms import marks
from dxkit.forms.marks import Mark, plain
from dxkit.forms.paper.layout import form_of
from dxkit.forms.word.content import name_of, said
from dxkit.forms.word.write import body
from dxkit.models.annex import Annex

_LEADING = {marks.SENT_ROW, marks.BLANK_ROW, marks.SEEDED_ROW, marks.GRID_ROW, marks.QUESTION}
_RETYPED = {marks.FIELD, marks.COLUMN}
_NAMING = 2


class Labels:
    """The labels that the blank form of an annex prints, in order, each with its mark.

    In a file that still has marks only the labels of fields and columns are looked for whose
    marks are gone, since somebody typed them anew; other words could as well be an entry.
    """

    def __init__(self, annex: Annex, definitions: Definitions, present: Iterable[Mark]) -> None:
        held = {(mark.kind, mark.parts[:_NAMING]) for mark in present}
        self._waiting: dict[str, list[Mark]] = defaultdict(list)
        form = form_of(None, annex, definitions)
        for element in body(form).iter():
            if name_of(element) != "p":
                continue
            words = said([element])
            for mark in words.marks[-1:]:
                retyped = mark.kind in _RETYPED and (mark.kind, mark.parts[:_NAMING]) not in held
                if retyped or not held:
                    self._waiting[plain(words.text)].append(mark)

    def take(self, text: str, leading: bool = False) -> Mark | None:
        """Return the mark of the next label that reads so; None if there is none left.

        Args:
            text: the words of a cell or paragraph.
            leading: whether the cell is the first of its row, as numbers of rows are.
        """
        waiting = self._waiting.get(plain(text)) if text else None
        if not waiting or (waiting[0].kind in _LEADING and not leading):
            return None
        return waiting.pop(0)
