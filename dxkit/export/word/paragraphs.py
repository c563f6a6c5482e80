"""How paragraphs and their runs are written in WordprocessingML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from dxkit.export.inline import LINE_BREAK, Run
from dxkit.export.word.markup import Markup, m, text

# Chinese and Latin share these; without a hint Word draws them narrow, in the Latin face.
_SHARED = re.compile("[“”‘’…—·×÷±°§①-⑳■□●○△▲★☆√]")

# No line may end within the number of a table or figure. Word offers this sign as its no-width non
# break; the hyphen that it spells as never to be broken at makes LibreOffice cut the number itself.
_JOINED = "\u200d"
_NUMBER = re.compile(r"([表图])([A-Z\d]+)-")

# How far the texts of list items stand in, in twentieths of a point; as in reference.docx.
_BODY_INDENT, _STEP, _STEP_IN_CELL = 640, 480, 320


@dataclass(frozen=True)
class Bookmark:
    """A place that links and page numbers refer to; numbers are unique in a document."""

    number: int
    name: str

    def around(self, content: Iterable[Markup]) -> Iterator[Markup]:
        """Yield `content` between the two marks."""
        yield m("bookmarkStart", id=self.number, name=self.name)
        yield from content
        yield m("bookmarkEnd", id=self.number)


@dataclass(frozen=True)
class ListItem:
    """A place in a list: its number, its depth from 0, and whether a marker stands before it."""

    number: int
    depth: int
    marked: bool
    in_cell: bool

    def number_properties(self) -> Markup:
        """Return what puts a paragraph into the list; number 0 takes it out."""
        return m("numPr", m("ilvl", val=self.depth), m("numId", val=self.number * self.marked))

    def indentation(self) -> Markup | None:
        """Return the indentation, or None where the list's own serves."""
        if self.in_cell:
            return m(
                "ind", left=_STEP_IN_CELL * (self.depth + 1), hanging=_STEP_IN_CELL * self.marked
            )
        return None if self.marked else m("ind", left=_BODY_INDENT + _STEP * (self.depth + 1))


def paragraph(
    style: str,
    content: Iterable[Markup] = (),
    *,
    keep_next: bool = False,
    page_break: bool = False,
    item: ListItem | None = None,
    align: str = "",
) -> Markup:
    """Return a paragraph in a style.

    Args:
        style: style id.
        content: runs, hyperlinks, bookmarks.
        keep_next: stay on the page of the next paragraph.
        page_break: begin a page.
        item: the list that the paragraph belongs to.
        align: `right` or `center`, else as the style says.
    """
    return m("p", _properties(style, keep_next, page_break, item, align), *content)


@lru_cache(maxsize=1024)
def _properties(
    style: str, keep_next: bool, page_break: bool, item: ListItem | None, align: str
) -> Markup:
    return m(
        "pPr",
        m("pStyle", val=style),
        m("keepNext") if keep_next else None,
        m("keepLines") if keep_next else None,
        m("pageBreakBefore") if page_break else None,
        item.number_properties() if item else None,
        item.indentation() if item else None,
        m("jc", val=align) if align else None,
    )


def spacer(page_break: bool = False, content: Iterable[Markup] = ()) -> Markup:
    """Return a paragraph as low as Word allows, for where a table may not stand alone."""
    ahead = m("pageBreakBefore") if page_break else None
    line = m("spacing", before=0, after=0, line=20, lineRule="exact")
    tiny = m("rPr", m("sz", val=2), m("szCs", val=2))
    return m("p", m("pPr", ahead, line, tiny), *content)


def gap(style: str, points: float) -> Markup:
    """Return an empty paragraph that leaves `points` of room."""
    line = m("spacing", before=0, after=0, line=round(points * 20), lineRule="exact")
    return m("p", m("pPr", m("pStyle", val=style), line))


def content(
    runs: Iterable[Run], style: Callable[[str], str], bookmark_name: Callable[[str], str]
) -> Iterator[Markup]:
    """Yield the runs of a paragraph, those that point somewhere as links."""
    for run in runs:
        if run.target:
            whole = _NUMBER.sub(f"\\1{_JOINED}\\2-{_JOINED}", run.text)
            made = _run(replace(run, text=whole), style)
            yield m("hyperlink", made, anchor=bookmark_name(run.target), history=1)
        else:
            yield _run(run, style)


def plain(words: str) -> Markup:
    """Return a run of unmarked text."""
    return _run(Run(words), lambda key: key)


def tab() -> Markup:
    """Return a run that goes on at the next tab stop."""
    return m("r", m("tab"))


def _run(run: Run, style: Callable[[str], str]) -> Markup:
    if run.text == LINE_BREAK:
        return m("r", m("br"))
    mark = _mark(run)
    marks = [
        m("rStyle", val=style(mark)) if mark else None,
        m("rFonts", hint="eastAsia") if _SHARED.search(run.text) else None,
        m("b") if run.strong and (run.emphasis or run.code) else None,
        m("vertAlign", val="superscript" if run.raised == "sup" else "subscript")
        if run.raised
        else None,
    ]
    properties = m("rPr", *marks) if any(marks) else None
    return m("r", properties, text(run.text))


def _mark(run: Run) -> str:
    return "code" if run.code else "em" if run.emphasis else "strong" if run.strong else ""


def field(instruction: str, shown: Iterable[Markup]) -> Iterator[Markup]:
    """Yield the runs of a field that shows `shown` until Word computes it afresh."""
    yield from field_start(instruction)
    yield from shown
    yield field_end()


def field_start(instruction: str) -> Iterator[Markup]:
    """Yield the runs that open a field, which may go on over paragraphs."""
    yield m("r", m("fldChar", fldCharType="begin"))
    yield m("r", text(f" {instruction} ", "instrText"))
    yield m("r", m("fldChar", fldCharType="separate"))


def field_end() -> Markup:
    """Return the run that closes a field."""
    return m("r", m("fldChar", fldCharType="end"))
