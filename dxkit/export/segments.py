"""How a report falls into runs of pages of one kind: cover, front matter, body; upright or wide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import html
from lxml.html import HtmlElement

from dxkit.export.vocabulary import PLACEHOLDERS, classes, has_class

HEADINGS = {"h1", "h2", "h3", "h4"}

Part = Literal["cover", "front", "body"]


@dataclass
class Segment:
    """Consecutive blocks on pages of one kind; `starts` if it is the first of its part."""

    part: Part
    landscape: bool
    starts: bool = False
    blocks: list[HtmlElement] = field(default_factory=list)


def segments(body: HtmlElement) -> list[Segment]:
    """Return the segments of a report in order; page breaks stand only between blocks."""
    made: list[Segment] = []
    for part, landscape, block in _sorted_blocks(body):
        last = made[-1] if made else None
        if last is None or (last.part, last.landscape) != (part, landscape):
            made.append(Segment(part, landscape, starts=last is None or last.part != part))
        made[-1].blocks.append(block)
    for segment in made:
        segment.blocks = _without_idle_breaks(segment.blocks)
    return [segment for segment in made if segment.blocks]


def _sorted_blocks(body: HtmlElement) -> Iterator[tuple[Part, bool, HtmlElement]]:
    blocks = list(body)
    start, turned = _body_start(blocks), _turned(blocks)
    for position, block in enumerate(blocks):
        part: Part = "body" if position >= start else "front"
        if block.tag == "section":
            part = "cover" if has_class(block, "cover") else part
            for piece in (_page_break(), *block, _page_break()):
                yield part, False, piece
            continue
        if block.tag == "h1":
            yield part, turned[position], _page_break()
        pieces = block if has_class(block, "landscape") else [block]
        yield from ((part, turned[position], piece) for piece in pieces)


def _turned(blocks: list[HtmlElement]) -> list[bool]:
    """Tell which blocks stand on wide pages: also headings right over and notes right below."""
    turned = [has_class(block, "landscape") for block in blocks]
    for position in range(len(blocks) - 1, 0, -1):
        turned[position - 1] |= turned[position] and blocks[position - 1].tag in HEADINGS
    for position in range(1, len(blocks)):
        turned[position] |= turned[position - 1] and has_class(blocks[position], "note")
    return turned


def _body_start(blocks: list[HtmlElement]) -> int:
    """Return the position of the first chapter, else the one after the front matter."""
    for position, block in enumerate(blocks):
        if block.tag == "h1" or (block.tag == "div" and block.find(".//h1") is not None):
            return position
    fronts = [position for position, block in enumerate(blocks) if _is_front(block)]
    return fronts[-1] + 1 if fronts else 0


def _is_front(block: HtmlElement) -> bool:
    return block.tag == "section" or any(name in PLACEHOLDERS for name in classes(block))


def is_page_break(block: HtmlElement) -> bool:
    """Tell whether a block only says that a new page begins."""
    return block.tag == "div" and has_class(block, "page-break")


def _page_break() -> HtmlElement:
    element = html.Element("div")
    element.set("class", "page-break")
    return element


def _without_idle_breaks(blocks: list[HtmlElement]) -> list[HtmlElement]:
    kept: list[HtmlElement] = []
    for block in blocks:
        if not is_page_break(block) or (kept and not is_page_break(kept[-1])):
            kept.append(block)
    while kept and is_page_break(kept[-1]):
        kept.pop()
    return kept
