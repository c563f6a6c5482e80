"""How the lists of headings, tables and figures are written as fields that Word can refresh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from dxkit.export.numbering import Entry
from dxkit.export.word import paragraphs
from dxkit.export.word.markup import Markup, m
from dxkit.export.word.reference import Reference

# Captions are listed at the third level, whose style no heading uses.
_LEVEL_OF_CAPTIONS = 3


def contents_list(
    placeholder: str,
    entries: Sequence[Entry],
    pages: Mapping[str, str],
    reference: Reference,
    bookmark_name: Callable[[str], str],
) -> Iterator[Markup]:
    """Yield the paragraphs of a list of contents with the page numbers known so far."""
    if not entries:
        yield paragraphs.paragraph(reference.style("empty"), [paragraphs.plain("无")])
        return
    for position, entry in enumerate(entries):
        level = entry.level if placeholder == "toc" else _LEVEL_OF_CAPTIONS
        line = [_line(entry, pages.get(entry.anchor, ""), bookmark_name(entry.anchor))]
        if position == 0:
            line[:0] = paragraphs.field_start(_instruction(placeholder, reference))
        if position == len(entries) - 1:
            line.append(paragraphs.field_end())
        yield paragraphs.paragraph(reference.style(f"toc{level}"), line)
    # LibreOffice loses the page numbers of a section that ends within a list of contents.
    yield paragraphs.spacer()


def _instruction(placeholder: str, reference: Reference) -> str:
    if placeholder == "toc":
        return r'TOC \o "1-2" \h \z \u'
    name = reference.style_name("caption" if placeholder == "lot" else "figcaption")
    return rf'TOC \h \z \t "{name},{_LEVEL_OF_CAPTIONS}"'


def _line(entry: Entry, page: str, bookmark: str) -> Markup:
    number = paragraphs.field(rf"PAGEREF {bookmark} \h", [paragraphs.plain(page)])
    tab = m("r", m("tab"))
    return m("hyperlink", paragraphs.plain(entry.text), tab, *number, anchor=bookmark, history=1)
