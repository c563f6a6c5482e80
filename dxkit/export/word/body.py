"""How the blocks of a report follow each other in Word's body, section by section."""

from __future__ import annotations

from itertools import zip_longest

from lxml.html import HtmlElement

from dxkit.export import vocabulary
from dxkit.export.document import Document
from dxkit.export.segments import Segment, is_page_break, segments
from dxkit.export.style_names import style_names
from dxkit.export.word import paragraphs
from dxkit.export.word.blocks import Blocks, Setting
from dxkit.export.word.markup import Markup, is_paragraph, with_property, written
from dxkit.export.word.reference import Reference
from dxkit.export.word.sections import Sections


def body(document: Document, blocks: Blocks, reference: Reference) -> list[Markup]:
    """Return everything that stands in the body, the last section's properties at its end."""
    sections = Sections(reference, (document.subject, document.identity))
    made: list[Markup] = []
    parts = segments(document.body)
    for segment in parts:
        made += _segment(segment, blocks, reference)
        if not is_paragraph(made[-1]):
            made.append(paragraphs.spacer())
        properties = written(sections.properties(segment))
        if segment is parts[-1]:
            made.append(properties)
        else:
            made[-1] = with_property(made[-1], properties)
    return made


def _segment(segment: Segment, blocks: Blocks, reference: Reference) -> list[Markup]:
    setting = Setting("indent", *reference.text_area(segment.landscape))
    gaps = dict(style_names().cover_gaps) if segment.part == "cover" else {}
    made: list[Markup] = []
    for block, following in zip_longest(segment.blocks, segment.blocks[1:]):
        for name in vocabulary.classes(block):
            if name in gaps:
                made.append(paragraphs.gap(reference.style(name), gaps.pop(name)))
        new = list(blocks.write(block, setting))
        made += new[:-1] if _ends_page(following) and _ends_with_table(new) else new
    return made


def _ends_page(following: HtmlElement | None) -> bool:
    return following is None or is_page_break(following)


def _ends_with_table(new: list[Markup]) -> bool:
    """Tell whether the last thing is the room under a table, which could fill a page alone."""
    return len(new) > 1 and not is_paragraph(new[-2])
