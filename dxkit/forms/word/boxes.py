"""How a box to sign or seal in, which holds its label as well, is read as two cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dxkit.forms import marks
from dxkit.forms.marks import Mark
from dxkit.forms.word.content import Said
from dxkit.forms.word.grid import Seen
from dxkit.forms.written.choices import loosened
from dxkit.forms.written.parsing import SIGNED_WORDS, UNSIGNED_WORDS
from dxkit.forms.written.printed import SEAL_HERE, SIGN_HERE

_LABELS = (marks.FIELD, marks.DETAIL)
_TOLD = SIGNED_WORDS | UNSIGNED_WORDS


def opened(
    cell: Seen, is_signed: Callable[[Mark], bool], name: Callable[[Seen], Mark | None]
) -> tuple[Seen, ...]:
    """Return the label and the place of a box as two cells, any other cell as it is.

    Args:
        cell: a cell of the file.
        is_signed: tells whether a mark names what is signed or sealed.
        name: finds the mark of a label that has lost its own.
    """
    lines = cell.said.lines
    if cell.said.marks:
        told = cell.said.marks[-1]
        labels = told.kind in _LABELS and is_signed(told)
        ends = (n for n in range(1, len(lines)) if told.fits("".join(lines[:n])))
        end = next(ends, 0) if labels else 0
    else:
        end = next((n for n, line in enumerate(lines) if _begins(line)), 0)
    if not end:
        return (cell,)
    label = replace(cell, said=Said(lines[:end], cell.said.marks), inner=[])
    told_by_words = cell.said.marks[-1] if cell.said.marks else name(label)
    if told_by_words is None:
        return (cell,)
    label.said.marks = [told_by_words]
    return label, replace(cell, said=Said(lines[end:], [], cell.said.drawn))


def _begins(line: str) -> bool:
    """Tell whether a line is the first below the label of a box."""
    bare = line.strip()
    return bare.startswith((SIGN_HERE, SEAL_HERE)) or loosened(bare) in _TOLD
