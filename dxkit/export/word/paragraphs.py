"""How paragraphs and their runs are written in WordprocessingML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from dxkit.export.inline import LINE_BREAK, Run
from dxkit.export.word.xml import Element, text, w

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

    def around(self, content: Iterable[Element]) -> Iterator[Element]:
        """Yield `content` between the two marks."""
        yield w("bookmarkStart", id=self.number, name=self.name)
        yield from content
        yield w("bookmarkEnd", id=self.number)


@dataclass(frozen=True)
class ListItem:
    """A place in a list: its number, its depth from 0, and whether a marker stands before it."""

    number: int
    depth: int
    marked: bool
    in_cell: bool

    def number_properties(self) -> Element:
        """Return what puts a paragraph into the list; number 0 takes it out."""
        return w("numPr", w("ilvl", val=self.depth), w("numId", val=self.number * self.marked))

    def indentation(self) -> Element | None:
        """Return the indentation, or None where the list's own serves."""
        if self.in_cell:
            return w(
                "ind", left=_STEP_IN_CELL * (self.depth + 1), hanging=_STEP_IN_CELL * self.marked
            )
        return None if self.marked else w("ind", left=_BODY_INDENT + _STEP * (self.depth + 1))


def paragraph(
    style: str,
    content: Iterable[Element] = (),
    *,
    keep_next: bool = False,
    page_break: bool = False,
    item: ListItem | None = None,
    align: str = "",
) -> Element:
    """Return a paragraph in a style.

    Args:
        style: style id.
        content: runs, hyperlinks, bookmarks.
        keep_next: stay on the page of the next paragraph.
        page_break: begin a page.
        item: the list that the paragraph belongs to.
        align: `right` or `center`, else as the style says.
    """
    properties = w(
        "pPr",
        w("pStyle", val=style),
        w("keepNext") if keep_next else None,
        w("keepLines") if keep_next else None,
        w("pageBreakBefore") if page_break else None,
        item.number_properties() if item else None,
        item.indentation() if item else None,
        w("jc", val=align) if align else None,
    )
    return w("p", properties, *content)


def spacer(page_break: bool = False, content: Iterable[Element] = ()) -> Element:
    """Return a paragraph as low as Word allows, for where a table may not stand alone."""
    ahead = w("pageBreakBefore") if page_break else None
    line = w("spacing", before=0, after=0, line=20, lineRule="exact")
    tiny = w("rPr", w("sz", val=2), w("szCs", val=2))
    return w("p", w("pPr", ahead, line, tiny), *content)


def gap(style: str, points: float) -> Element:
    """Return an empty paragraph that leaves `points` of room."""
    line = w("spacing", before=0, after=0, line=round(points * 20), lineRule="exact")
    return w("p", w("pPr", w("pStyle", val=style), line))


def content(
    runs: Iterable[Run], style: Callable[[str], str], bookmark_name: Callable[[str], str]
) -> Iterator[Element]:
    """Yield the runs of a paragraph, those that point somewhere as links."""
    for run in runs:
        if run.target:
            whole = _NUMBER.sub(f"\\1{_JOINED}\\2-{_JOINED}", run.text)
            made = _run(replace(run, text=whole), style)
            yield w("hyperlink", made, anchor=bookmark_name(run.target), history=1)
        else:
            yield _run(run, style)


def plain(words: str) -> Element:
    """Return a run of unmarked text."""
    return _run(Run(words), lambda key: key)


def tab() -> Element:
    """Return a run that goes on at the next tab stop."""
    return w("r", w("tab"))


def _run(run: Run, style: Callable[[str], str]) -> Element:
    if run.text == LINE_BREAK:
        return w("r", w("br"))
    marks = [
        w("rStyle", val=style(_mark(run))) if _mark(run) else None,
        w("rFonts", hint="eastAsia") if _SHARED.search(run.text) else None,
        w("b") if run.strong and (run.emphasis or run.code) else None,
        w("vertAlign", val="superscript" if run.raised == "sup" else "subscript")
        if run.raised
        else None,
    ]
    properties = w("rPr", *marks) if any(mark is not None for mark in marks) else None
    return w("r", properties, text(run.text))


def _mark(run: Run) -> str:
    marks = {"code": run.code, "em": run.emphasis, "strong": run.strong}
    return next((name for name, applies in marks.items() if applies), "")


def field(instruction: str, shown: Iterable[Element]) -> Iterator[Element]:
    """Yield the runs of a field that shows `shown` until Word computes it afresh."""
    yield from field_start(instruction)
    yield from shown
    yield field_end()


def field_start(instruction: str) -> Iterator[Element]:
    """Yield the runs that open a field, which may go on over paragraphs."""
    yield w("r", w("fldChar", fldCharType="begin"))
    code = w("instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    yield w("r", code)
    yield w("r", w("fldChar", fldCharType="separate"))


def field_end() -> Element:
    """Return the run that closes a field."""
    return w("r", w("fldChar", fldCharType="end"))
