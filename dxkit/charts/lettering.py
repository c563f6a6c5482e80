"""How text is set: sizes, how wide it runs, where it may break, how lines are stacked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from dxkit import fonts
from dxkit.charts.picture import Anchor, Label, Tone

SIZE = 9.0
"""Usual letter size in points."""
SMALL = 8.0
"""Smallest letter size in points: still legible on a printed page."""

_CM_PER_POINT = 2.54 / 72
_LEADING = 1.35
# A Latin word or a number stays whole; closing marks stay behind, opening marks before a character.
_UNITS = re.compile(r"[（《「『【“‘]*(?:[!-~]+|[^\s])[，。；：、！？）》」』】”’％…]*|\s+")


def line_height(size: float = SIZE) -> float:
    """Return the distance between two lines, in cm."""
    return size * _LEADING * _CM_PER_POINT


def width_of(text: str, size: float = SIZE) -> float:
    """Return how wide `text` runs on one line, in cm."""
    return fonts.text_width(fonts.sans(), text) * size * _CM_PER_POINT


@lru_cache(maxsize=2048)
def wrap(text: str, width: float, size: float = SIZE) -> tuple[str, ...]:
    """Break `text` into as few lines of at most `width` cm as possible, of about equal length."""
    pieces = _pieces(" ".join(text.split()), width, size)
    widest = max(width_of(piece, size) for piece in pieces) if pieces else width
    lines = _fill(pieces, width, size)
    step = size * _CM_PER_POINT / 2
    while len(lines) > 1 and (width := width - step) >= widest:
        tighter = _fill(pieces, width, size)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


def block_height(lines: Sequence[str], size: float = SIZE) -> float:
    """Return the height in cm of `lines` set one under another."""
    return len(lines) * line_height(size)


def block(
    lines: Sequence[str],
    x: float,
    y: float,
    *,
    size: float = SIZE,
    anchor: Anchor = "left",
    tone: Tone = "ink",
) -> list[Label]:
    """Return `lines` as labels, the whole block centred on the height y."""
    pitch = line_height(size)
    first = y - (len(lines) - 1) * pitch / 2
    return [Label(x, first + i * pitch, line, size, anchor, tone) for i, line in enumerate(lines)]


def _fill(pieces: Sequence[str], width: float, size: float) -> tuple[str, ...]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and width_of(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return tuple(line.rstrip() for line in lines)


def _pieces(text: str, width: float, size: float) -> list[str]:
    units: list[str] = _UNITS.findall(text)
    # A word wider than the line has to be broken somewhere.
    return [
        piece for unit in units for piece in ([unit] if width_of(unit, size) <= width else unit)
    ]
