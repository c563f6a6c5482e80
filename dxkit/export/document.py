"""A report as one tree of checked HTML with what its cover says; knows no output format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from lxml import html
from lxml.html import HtmlElement

from dxkit.errors import ExportError, Problem
from dxkit.export import vocabulary
from dxkit.export.cells import fragments
from dxkit.export.characters import clean, tidied
from dxkit.export.grid import Grid, grid
from dxkit.export.numbering import Contents, assign_numbers
from dxkit.export.pictures import picture

_ALIGNMENTS = {"text-align:right": "num", "text-align:center": "mid", "text-align:left": ""}
_SYNONYMS = {"b": "strong", "i": "em"}


@dataclass(frozen=True)
class Document:
    """A numbered report: its body, what the cover states about it, and its contents."""

    body: HtmlElement
    contents: Contents
    title: str
    subject: str = ""
    author: str = ""
    number: str = ""
    version: str = ""
    dated: date | None = None
    _grids: dict[HtmlElement, Grid] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def grid(self, table: HtmlElement) -> Grid:
        """Return the grid of one of its tables, worked out once for all who write it."""
        if table not in self._grids:
            self._grids[table] = grid(table)
        return self._grids[table]

    @property
    def identity(self) -> str:
        """What tells this report from every other: its number and its version."""
        return "\u3000".join(filter(None, (self.number, self.version)))

    @property
    def moment(self) -> datetime | None:
        """The time that files carry: the document's date, never the clock; None if undated."""
        return datetime(*self.dated.timetuple()[:3], tzinfo=UTC) if self.dated else None


def read(notebook: Mapping[str, Any]) -> Document:
    """Turn an executed notebook into a document.

    Raises:
        ExportError: a cell failed, or contributed something that no report can hold, or a
            reference points nowhere.
    """
    body = html.Element("body")
    problems: dict[Problem, None] = {}
    for place, fragment in fragments(notebook):
        part = _parse(fragment)
        found = [*vocabulary.problems(part, place)] or [*_content_problems(part, place)]
        problems.update(dict.fromkeys(found))
        body.extend(part)
    if problems:
        raise ExportError(problems)
    if not len(body):
        raise ExportError(Problem("笔记本", found="没有任何可导出的内容", expected="先运行笔记本"))
    cover = next(
        (part for part in body.iter("section") if vocabulary.has_class(part, "cover")), None
    )
    return Document(
        body, assign_numbers(body), **_statements(body, {} if cover is None else cover.attrib)
    )


def _statements(body: HtmlElement, cover: Mapping[str, str]) -> dict[str, Any]:
    heading = body.find(".//h1")
    fallback = "" if heading is None else heading.text_content()
    return {
        "title": clean(cover.get("data-title") or fallback or "报告"),
        "subject": clean(cover.get("data-subject", "")),
        "author": clean(cover.get("data-author", "")),
        "number": clean(cover.get("data-number", "")),
        "version": clean(cover.get("data-version", "")),
        "dated": _date(cover.get("data-date", "")),
    }


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ExportError(Problem("封面", "data-date", text, "形如 2026-11-23 的日期")) from error


def _parse(fragment: str) -> HtmlElement:
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    part = html.fragment_fromstring(clean(fragment), create_parent="body", parser=parser)
    for element in part.iter():
        _tidy(element)
    for holder in [part, *part.iterdescendants("div", "section")]:
        _wrap_loose_text(holder)
    return part


def _content_problems(part: HtmlElement, place: str) -> Iterator[Problem]:
    """Yield what is wrong with tables and pictures, so that no writer meets it first."""
    for tag, check in (("table", grid), ("figure", picture)):
        for element in part.iter(tag):
            try:
                check(element)
            except ExportError as error:
                yield from (
                    replace(found, where=f"{place}的{found.where}") for found in error.problems
                )


def _tidy(element: HtmlElement) -> None:
    """Clean an element's texts (entities may hide control characters) and settle synonyms."""
    if element.tag in _SYNONYMS:
        element.tag = _SYNONYMS[element.tag]
    if element.text:
        element.text = tidied(element.text)
    if element.tail:
        element.tail = tidied(element.tail)
    if element.tag in ("td", "th") and (style := _style(element)) in _ALIGNMENTS:
        alignment = _ALIGNMENTS[style]
        del element.attrib["style"]
        if names := " ".join([*vocabulary.classes(element), alignment]).strip():
            element.set("class", names)


def _style(element: HtmlElement) -> str:
    return (element.get("style") or "").replace(" ", "").rstrip(";")


def _wrap_loose_text(holder: HtmlElement) -> None:
    """Put text that stands directly in a page or a division into paragraphs."""
    children = list(paragraphed(holder))
    holder.text = None
    holder[:] = children


def paragraphed(holder: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the blocks within `holder`, its loose text and inline elements as paragraphs.

    The inline elements move into the new paragraphs; the paragraphs have no class.
    """
    loose = html.Element("p")
    loose.text = holder.text
    for child in list(holder):
        tail, child.tail = child.tail, None
        if child.tag in vocabulary.INLINE:
            loose.append(child)
            child.tail = tail
            continue
        if _says_something(loose):
            yield loose
        yield child
        loose = html.Element("p")
        loose.text = tail
    if _says_something(loose):
        yield loose


def flow(holder: HtmlElement) -> list[HtmlElement]:
    """Return the blocks of a cell or a list item; `holder` itself if it is a single paragraph.

    The tree stays as it is: where text and blocks are mixed, the blocks are copies.
    """
    if not any(child.tag in vocabulary.BLOCKS for child in holder):
        return [holder]
    return list(paragraphed(deepcopy(holder)))


def _says_something(paragraph: HtmlElement) -> bool:
    return len(paragraph) > 0 or bool((paragraph.text or "").strip(" "))
