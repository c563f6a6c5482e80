"""How pages of one kind are written as sections: their orientation and their page numbers."""

from __future__ import annotations

from typing import Any

from lxml import etree

from dxkit.export.segments import Segment
from dxkit.export.word.paragraphs import field, paragraph, plain
from dxkit.export.word.reference import Reference
from dxkit.export.word.xml import Element, put, related, update, w

_ONE_CHARACTER = 280  # 14 pt
_FORMATS = {"front": "upperRoman", "body": "decimal"}
_AFTER_NUMBERS = ("cols", "titlePg", "docGrid")


class Sections:
    """The sections of one document; page numbers stand outside, right on odd pages."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._footers: dict[str, str] = {}

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
        return page

    def _footer(self, kind: str, side: str) -> str:
        if kind not in self._footers:
            words = [plain("— "), *field("PAGE", [plain("1")]), plain(" —")]
            line = paragraph(self._reference.style("page-number"), words, align=side)
            line[0].insert(1, w("ind", **{side: _ONE_CHARACTER}))
            self._footers[kind] = self._add_part(kind, w("ftr", line))
        return self._footers[kind]

    def _add_part(self, kind: str, footer: Element) -> str:
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE  # noqa: PLC0415 - Word only
        from docx.opc.packuri import PackURI  # noqa: PLC0415 - Word only
        from docx.opc.part import Part  # noqa: PLC0415 - Word only

        main: Any = self._reference.package.part
        content = etree.tostring(footer, xml_declaration=True, encoding="UTF-8", standalone=True)
        name = PackURI(f"/word/footer-{kind}.xml")
        part = Part(name, CONTENT_TYPE.WML_FOOTER, content, main.package)
        return str(main.relate_to(part, RELATIONSHIP_TYPE.FOOTER))
