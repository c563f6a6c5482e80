"""How pages of one kind are written as sections: orientation, running heads, page numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from dxkit.export.grid import reading_width
from dxkit.export.segments import Segment
from dxkit.export.word.markup import Markup, m, parsed
from dxkit.export.word.paragraphs import field, paragraph, plain, tab
from dxkit.export.word.reference import Reference
from dxkit.export.word.xml import Element, put, related, update

_ONE_CHARACTER = 280  # 14 pt
_HEAD_SIZE = 180  # 9 pt, as the style of heads in reference.docx
_FORMATS = {"front": "upperRoman", "body": "decimal"}
_AFTER_NUMBERS = ("cols", "titlePg", "docGrid")


class Sections:
    """The sections of one document; page numbers stand outside, right on odd pages.

    `head` is what every page behind the cover bears above its text, on the left and on the right.
    """

    def __init__(self, reference: Reference, head: tuple[str, str]) -> None:
        self._reference = reference
        self._head = head
        self._parts: dict[str, str] = {}

    def properties(self, segment: Segment) -> Element:
        """Return the section properties of a segment; a cover has no page number."""
        page = self._reference.page(segment.landscape)
        if segment.part == "cover":
            return page
        restart = {"start": 1} if segment.starts else {}
        numbers = put(page, "pgNumType", before=_AFTER_NUMBERS)
        update(numbers, fmt=_FORMATS[segment.part], **restart)
        for kind, side in (("even", "left"), ("default", "right")):
            page.insert(0, related("footerReference", self._footer(kind, side), type=kind))
            if any(self._head):
                name = self._header(kind, segment.landscape)
                page.insert(0, related("headerReference", name, type=kind))
        return page

    def _header(self, kind: str, landscape: bool) -> str:
        name = f"header-{'wide' if landscape else 'upright'}-{kind}"
        if name not in self._parts:
            self._parts[name] = self._add_part(name, m("hdr", *self._head_lines(landscape)))
        return self._parts[name]

    def _head_lines(self, landscape: bool) -> Iterator[Markup]:
        """Yield the head on one line, on two where one is too short; the last has the rule."""
        style, width = self._reference.style("page-head"), self._reference.text_area(landscape)[0]
        left, right = self._head
        rule = m("pBdr", m("bottom", val="single", sz=4, space=3, color="auto"))
        if (reading_width(left) + reading_width(right)) * _HEAD_SIZE > width:
            yield paragraph(style, [plain(left)])
            yield _line(style, [rule, m("jc", val="right")], [plain(right)])
        else:
            stop = m("tabs", m("tab", val="right", pos=width))
            yield _line(style, [rule, stop], [plain(left), tab(), plain(right)])

    def _footer(self, kind: str, side: str) -> str:
        name = f"footer-{kind}"
        if name not in self._parts:
            words = [plain("— "), *field("PAGE", [plain("1")]), plain(" —")]
            style, room = self._reference.style("page-number"), m("ind", **{side: _ONE_CHARACTER})
            line = _line(style, [room, m("jc", val=side)], words)
            self._parts[name] = self._add_part(name, m("ftr", line))
        return self._parts[name]

    def _add_part(self, name: str, content: Markup) -> str:
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE  # noqa: PLC0415 - Word only
        from docx.opc.packuri import PackURI  # noqa: PLC0415 - Word only
        from docx.opc.part import Part  # noqa: PLC0415 - Word only

        main: Any = self._reference.package.part
        (element,) = parsed(content)
        written = etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)
        kind = name.partition("-")[0].upper()
        content_type = getattr(CONTENT_TYPE, f"WML_{kind}")
        part = Part(PackURI(f"/word/{name}.xml"), content_type, written, main.package)
        return str(main.relate_to(part, getattr(RELATIONSHIP_TYPE, kind)))


def _line(style: str, properties: Iterable[Markup], content: Iterable[Markup]) -> Markup:
    return m("p", m("pPr", m("pStyle", val=style), *properties), *content)
