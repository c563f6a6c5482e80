"""Which of the printed options were ticked by hand, whatever sign was used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.forms.marks import plain

_EMPTY = "□☐○◯£"
_FILLED = "☑☒■✅"
_STROKES = "√✓✔●R"
_BETWEEN = "、，；;,。:：/"
_ROOM = re.compile("[_＿]")


@dataclass(frozen=True)
class Ticked:
    """The options that were ticked, in printed order, and words written beside them."""

    options: tuple[str, ...]
    beside: str


def read_ticks(text: str, options: Sequence[str]) -> Ticked | None:
    """Return what was ticked; None if the text is not a list of options with boxes.

    A stroke may stand in place of a box, over it, or behind the option it belongs to.
    """
    compact = _ROOM.sub("", plain(text))
    found = _found(compact, options)
    gaps = _gaps(compact, found)
    if not found or not any(sign in gap for gap in gaps for sign in _EMPTY + _FILLED + _STROKES):
        return None
    ticked = [_ticks_next(gap) for gap in gaps[:-1]]
    for place, gap in enumerate(gaps[1:]):
        ticked[place] = ticked[place] or _ticks_last(gap, place == len(found) - 1)
    chosen = tuple(name for (name, _, _), is_on in zip(found, ticked, strict=True) if is_on)
    return Ticked(chosen, "".join(_words(gap) for gap in gaps))


def _found(text: str, options: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return the options that stand in the text, one behind the other, with their places."""
    found: list[tuple[str, int, int]] = []
    known = [plain(option) for option in options]
    past = 0
    for option, words in zip(options, known, strict=True):
        start = text.find(words, past)
        while start >= 0 and not _begins(text, start, past, words, known):
            start = text.find(words, start + 1)
        if start >= 0:
            past = start + len(words)
            found.append((option, start, past))
    return found


def _begins(text: str, start: int, past: int, words: str, known: Sequence[str]) -> bool:
    """Tell whether just this option begins at a place, not the middle or the whole of another."""
    apart = start == past or text[start - 1] in _EMPTY + _FILLED + _STROKES + _BETWEEN
    longer = any(len(each) > len(words) and text.startswith(each, start) for each in known)
    return apart and not longer


def _gaps(text: str, found: Sequence[tuple[str, int, int]]) -> list[str]:
    starts = [start for _, start, _ in found] + [len(text)]
    ends = [0] + [end for _, _, end in found]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def _ticks_next(gap: str) -> bool:
    """Tell whether what stands before an option ticks it."""
    own = gap[_first_box(gap) :]
    return any(sign in own for sign in _FILLED + _STROKES)


def _ticks_last(gap: str, at_end: bool) -> bool:
    """Tell whether what stands behind an option ticks it: a stroke ahead of the next box."""
    box = _first_box(gap)
    behind = gap if at_end else gap[:box] if box else ""
    return any(sign in behind for sign in _STROKES)


def _first_box(gap: str) -> int:
    """Return where the box of the next option stands, 0 if there is none."""
    return next((place for place, sign in enumerate(gap) if sign in _EMPTY + _FILLED), 0)


def _words(gap: str) -> str:
    return gap.strip(_EMPTY + _FILLED + _STROKES + _BETWEEN)
