"""How each kind of block is written in WordprocessingML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from lxml.html import HtmlElement

from dxkit.export import grid, inline, vocabulary
from dxkit.export.document import Document, flow
from dxkit.export.pictures import picture
from dxkit.export.segments import is_page_break
from dxkit.export.word import drawings, paragraphs, tables
from dxkit.export.word.contents import contents_list
from dxkit.export.word.markup import Markup
from dxkit.export.word.paragraphs import Bookmark, ListItem, paragraph
from dxkit.export.word.reference import Reference

_TWIPS_PER_CM = 567.0
_BESIDE_TABLE = 6.0  # points


@dataclass(frozen=True)
class Setting:
    """Where a block stands: the style of plain paragraphs, the room it has, what it stays with.

    Width and height of the room are in twentieths of a point. A block to `keep` stays with what
    follows it; one to keep `whole` only lies on one page itself.
    """

    plain: str
    room: int
    height: int
    align: str = ""
    keep: bool = False
    whole: bool = False
    in_cell: bool = False


class Blocks:
    """Writes the blocks of one document; remembers bookmarks and a page break still to come."""

    def __init__(self, document: Document, pages: Mapping[str, str], reference: Reference) -> None:
        self._contents = document.contents
        self._grid = document.grid
        self._pages = pages
        self._reference = reference
        self._style = reference.style
        anchors = [part.get("id") for part in document.body.iterdescendants() if part.get("id")]
        self._bookmarks = {
            anchor: Bookmark(number, f"_Toc{number:08d}") for number, anchor in enumerate(anchors)
        }
        self._page_break = False
        self._pictures = 0

    def write(self, block: HtmlElement, setting: Setting) -> Iterator[Markup]:
        """Yield the paragraphs and tables that a block becomes."""
        match block.tag:
            case "h1" | "h2" | "h3" | "h4":
                yield self._paragraph(block, block.tag, replace(setting, align=""))
            case "p":
                yield self._classed_paragraph(block, setting)
            case "ul" | "ol":
                yield from self._list(block, setting, 0)
            case "table":
                yield from self._table(block, setting)
            case "figure":
                yield from self._figure(block, setting)
            case _:
                yield from self._division(block, setting)

    def _division(self, block: HtmlElement, setting: Setting) -> Iterator[Markup]:
        if is_page_break(block):
            self._page_break = True
            return
        for name in vocabulary.PLACEHOLDERS:
            if vocabulary.has_class(block, name):
                yield from self._list_of_contents(name)
                return
        children = list(block)
        for child in children:
            inner = replace(setting, keep=child is not children[-1], whole=True)
            yield from self.write(child, inner)

    def _list_of_contents(self, name: str) -> Iterator[Markup]:
        if self._take_page_break():
            yield paragraphs.spacer(page_break=True)
        entries = self._contents.listed(name)
        yield from contents_list(name, entries, self._pages, self._reference, self._bookmark_name)

    def _classed_paragraph(self, block: HtmlElement, setting: Setting) -> Markup:
        names = vocabulary.classes(block)
        if names:
            return self._paragraph(block, names[0], replace(setting, align=""))
        return self._paragraph(block, setting.plain, setting)

    def _paragraph(
        self,
        block: HtmlElement,
        key: str,
        setting: Setting,
        item: ListItem | None = None,
        place: HtmlElement | None = None,
    ) -> Markup:
        """Return a paragraph with the text of `block`, marked as the place where `place` stands."""
        runs = paragraphs.content(inline.runs(block), self._style, self._bookmark_name)
        return paragraph(
            self._style(key),
            self._marked(block if place is None else place, runs),
            keep_next=setting.keep,
            page_break=self._take_page_break(),
            item=item,
            align=setting.align,
        )

    def _list(self, block: HtmlElement, setting: Setting, depth: int) -> Iterator[Markup]:
        number = self._reference.new_list(block.tag, depth)
        for item in block:
            marked = True
            for part in flow(item):
                if part.tag in vocabulary.LISTS:
                    yield from self._list(part, setting, depth + 1)
                elif part.tag in ("p", "li"):
                    place = ListItem(number, depth, marked, setting.in_cell)
                    key = setting.plain if setting.in_cell else block.tag
                    yield self._paragraph(part, key, setting, place)
                    marked = False
                else:
                    yield from self.write(part, setting)

    def _table(self, block: HtmlElement, setting: Setting) -> Iterator[Markup]:
        caption = block.find("caption")
        if caption is not None:
            ahead = replace(setting, keep=True, align="")
            yield self._paragraph(caption, "caption", ahead, place=block)
        elif self._page_break or block.get("id"):
            yield paragraphs.spacer(self._take_page_break(), self._marked(block, []))
        elif grid.needs_room_above(block):
            yield self._room_beside_table()
        look = tables.Look(setting.room, setting.keep, setting.whole)
        fill = partial(self._cell, setting.height)
        yield tables.table(self._grid(block), self._reference, look, fill)
        yield self._room_beside_table()

    def _room_beside_table(self) -> Markup:
        return paragraphs.gap(self._style("td"), _BESIDE_TABLE)

    def _cell(self, height: int, element: HtmlElement, look: tables.CellLook) -> Iterator[Markup]:
        setting = Setting(look.style, look.room, height, look.align, look.keep, in_cell=True)
        for block in flow(element):
            if block is element:
                yield self._paragraph(element, look.style, setting)
            else:
                yield from self.write(block, setting)

    def _figure(self, block: HtmlElement, setting: Setting) -> Iterator[Markup]:
        self._pictures += 1
        shown = picture(block)
        size = shown.within(setting.room / _TWIPS_PER_CM, setting.height / _TWIPS_PER_CM)
        drawing = drawings.inline_picture(self._reference.package, shown, size, self._pictures)
        caption = block.find("figcaption")
        yield paragraph(
            self._style("figure"),
            [drawing] if caption is not None else self._marked(block, [drawing]),
            keep_next=caption is not None or setting.keep,
            page_break=self._take_page_break(),
        )
        if caption is not None:
            yield self._paragraph(caption, "figcaption", replace(setting, align=""), place=block)

    def _marked(self, block: HtmlElement, content: Iterator[Markup] | list[Markup]) -> list[Markup]:
        bookmark = self._bookmarks.get(block.get("id") or "")
        return list(content) if bookmark is None else list(bookmark.around(content))

    def _bookmark_name(self, anchor: str) -> str:
        return self._bookmarks[anchor].name

    def _take_page_break(self) -> bool:
        taken, self._page_break = self._page_break, False
        return taken
