"""Which number each chapter, table and figure bears, and what a reference to it reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from dxkit.errors import ExportError, Problem
from dxkit.export import vocabulary

_CHAPTER = re.compile(r"(?P<chapter>\d+)(?![\d.])|(?:附录|附件)\s*(?P<appendix>[A-Z])(?![A-Za-z])")
_SECTION = re.compile(r"(?P<section>[A-Z\d]+(?:\.\d+)+)(?!\d)")
_CAPTIONED = {"table": ("caption", "表"), "figure": ("figcaption", "图")}
_IN_CONTENTS = ("h1", "h2")


@dataclass(frozen=True)
class Entry:
    """One line of a list of contents: where it points, its depth from 1, and its words."""

    anchor: str
    level: int
    text: str


@dataclass(frozen=True)
class Contents:
    """The headings, tables and figures of a report in the order of their pages."""

    headings: tuple[Entry, ...]
    tables: tuple[Entry, ...]
    figures: tuple[Entry, ...]

    def listed(self, placeholder: str) -> tuple[Entry, ...]:
        """Return the entries that stand in place of `toc`, `lot` or `lof`."""
        return {"toc": self.headings, "lot": self.tables, "lof": self.figures}[placeholder]

    def entries(self) -> Iterator[Entry]:
        """Yield every entry of the three lists."""
        yield from (*self.headings, *self.tables, *self.figures)


def assign_numbers(body: HtmlElement) -> Contents:
    """Write numbers into captions and references of `body`, give anchors, and list what is there.

    A caption before the first numbered chapter stays as it is and is not listed; a report without
    numbered chapters counts its tables and figures through.

    Raises:
        ExportError: an id occurs twice, or a link points nowhere.
    """
    walk = _Walk(any(_chapter(heading) for heading in body.iter("h1")))
    for element in body.iter(*vocabulary.HEADINGS, *_CAPTIONED):
        walk.pass_by(element)
    _check_ids(body)
    _resolve(body, walk.names)
    return Contents(tuple(walk.headings), tuple(walk.tables), tuple(walk.figures))


class _Walk:
    """What is known after passing the elements so far, in the order of the document."""

    def __init__(self, has_chapters: bool) -> None:
        self.has_chapters = has_chapters
        self.chapter = ""
        self.counts: Counter[tuple[str, str]] = Counter()
        self.names: dict[str, str] = {}
        self.headings: list[Entry] = []
        self.tables: list[Entry] = []
        self.figures: list[Entry] = []

    def pass_by(self, element: HtmlElement) -> None:
        if element.tag in vocabulary.HEADINGS:
            self._heading(element)
        else:
            self._captioned(element)

    def _heading(self, element: HtmlElement) -> None:
        text = element.text_content().strip()
        if element.tag == "h1":
            self.chapter = _chapter(element) or self.chapter
        label, slug = _heading_names(text)
        anchor = self._anchor(element, slug or f"heading-{len(self.names)}")
        self.names[anchor] = label or f"“{text}”"
        if element.tag in _IN_CONTENTS:
            self.headings.append(Entry(anchor, int(element.tag[1]), text))

    def _captioned(self, element: HtmlElement) -> None:
        tag, kind = _CAPTIONED[element.tag]
        caption = element.find(tag)
        if caption is None or (self.has_chapters and not self.chapter):
            return
        self.counts[kind, self.chapter] += 1
        position = self.counts[kind, self.chapter]
        number = f"{kind}{self.chapter}-{position}" if self.chapter else f"{kind}{position}"
        caption.text = f"{number}\u3000{(caption.text or '').lstrip()}"
        anchor = self._anchor(element, f"{element.tag}-{number[1:]}")
        self.names[anchor] = number
        listed = self.tables if kind == "表" else self.figures
        listed.append(Entry(anchor, 1, caption.text_content().strip()))

    def _anchor(self, element: HtmlElement, proposal: str) -> str:
        if not element.get("id"):
            taken = sum(name == proposal or name.startswith(f"{proposal}+") for name in self.names)
            element.set("id", f"{proposal}+{taken}" if taken else proposal)
        return str(element.get("id"))


def _chapter(heading: HtmlElement) -> str:
    match = _CHAPTER.match(heading.text_content().strip())
    return match[match.lastgroup] if match and match.lastgroup else ""


def _heading_names(text: str) -> tuple[str, str]:
    """Return what a reference calls the heading, and an id for it; both empty if unnumbered."""
    if match := _SECTION.match(text):
        return f"{match['section']}节", f"section-{match['section'].replace('.', '-')}"
    match = _CHAPTER.match(text)
    if match is None:
        return "", ""
    if match["chapter"]:
        return f"第{match['chapter']}章", f"chapter-{match['chapter']}"
    return match[0].replace(" ", ""), f"appendix-{match['appendix']}"


def _check_ids(body: HtmlElement) -> None:
    counts = Counter(element.get("id") for element in body.iterdescendants() if element.get("id"))
    if doubled := [anchor for anchor, count in counts.items() if count > 1]:
        raise ExportError(
            Problem("笔记本", f"id={anchor}", f"出现{counts[anchor]}次", "每个位置的 id 各不相同")
            for anchor in doubled
        )


def _resolve(body: HtmlElement, names: dict[str, str]) -> None:
    known = {element.get("id") for element in body.iterdescendants() if element.get("id")}
    dangling: dict[Problem, None] = {}
    for link in body.iterdescendants("a"):
        target = (link.get("href") or "").removeprefix("#")
        is_reference = vocabulary.has_class(link, "ref")
        if target in (names if is_reference else known | {""}):
            _fill(link, names.get(target, "") if is_reference else "")
        else:
            place = Problem("笔记本", f"引用 #{target}", "没有这个位置", "已有的表、图或标题的 id")
            dangling[place] = None
    if dangling:
        raise ExportError(dangling)


def _fill(link: HtmlElement, name: str) -> None:
    """Put the number of its target into a reference, in place of what it reads unnumbered."""
    if name:
        link[:] = []
        link.text = name
