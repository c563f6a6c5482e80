"""What forms share with reports in Word, as elements that can still be changed: room and fields."""

from __future__ import annotations

from dxkit.export.word import paragraphs
from dxkit.export.word.markup import parsed
from dxkit.export.word.xml import Element


def gap(style: str, points: float) -> Element:
    """Return an empty paragraph that leaves `points` of room."""
    return parsed(paragraphs.gap(style, points))[0]


def spacer() -> Element:
    """Return a paragraph as low as Word allows."""
    return parsed(paragraphs.spacer())[0]


def plain(words: str) -> Element:
    """Return a run of unmarked text."""
    return parsed(paragraphs.plain(words))[0]


def field(instruction: str, shown: str) -> list[Element]:
    """Return the runs of a field that shows `shown` until Word computes it afresh."""
    return parsed(*paragraphs.field(instruction, [paragraphs.plain(shown)]))
