"""How a paragraph's inline elements flatten into runs of equally marked text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

LINE_BREAK = "\n"


@dataclass(frozen=True)
class Run:
    """Text with the marks it bears; a text of one line feed is a forced line break."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    raised: str = ""
    target: str = ""


_PLAIN = Run("")


def runs(paragraph: HtmlElement) -> list[Run]:
    """Return the runs of a paragraph (or heading, caption, cell) without blanks at its ends."""
    found = list(_walk(paragraph, _PLAIN))
    while found and not found[0].text.lstrip(" "):
        found.pop(0)
    while found and not found[-1].text.rstrip(" "):
        found.pop()
    if found and found[0].text.startswith(" "):
        found[0] = replace(found[0], text=found[0].text.lstrip(" "))
    if found and found[-1].text.endswith(" "):
        found[-1] = replace(found[-1], text=found[-1].text.rstrip(" "))
    return found


def _walk(element: HtmlElement, mark: Run) -> Iterator[Run]:
    if element.text:
        yield _saying(element.text, mark)
    for child in element:
        if child.tag == "br":
            yield _saying(LINE_BREAK, mark)
        else:
            yield from _walk(child, _marked(child, mark))
        if child.tail:
            yield _saying(child.tail, mark)


def _saying(text: str, mark: Run) -> Run:
    # Most texts bear no mark, and copying one takes longer than making one.
    return Run(text) if mark is _PLAIN else replace(mark, text=text)


def _marked(element: HtmlElement, mark: Run) -> Run:
    match element.tag:
        case "strong":
            return replace(mark, strong=True)
        case "em":
            return replace(mark, emphasis=True)
        case "code":
            return replace(mark, code=True)
        case "sub" | "sup":
            return replace(mark, raised=element.tag)
        case _:
            return replace(mark, target=(element.get("href") or "").removeprefix("#"))
