"""How the blocks of a report follow each other in Word's body, section by section."""

from __future__ import annotations

from dxkit.export import vocabulary
from dxkit.export.document import Document
from dxkit.export.segments import Segment, segments
from dxkit.export.style_names import style_names
from dxkit.export.word import paragraphs
from dxkit.export.word.blocks import Blocks, Setting
from dxkit.export.word.reference import Reference
from dxkit.export.word.sections import Sections
from dxkit.export.word.xml import Element, put, w

_PARAGRAPH = w("p").tag
_BETWEEN_TABLES = 6.0  # points


def body(document: Document, blocks: Blocks, reference: Reference) -> list[Element]:
    """Return everything that stands in the body, the last section's properties at its end."""
    sections = Sections(reference)
    made: list[Element] = []
    parts = segments(document.body)
    for segment in parts:
        made += _segment(segment, blocks, reference)
        if made[-1].tag != _PARAGRAPH:
            made.append(paragraphs.spacer())
        if segment is parts[-1]:
            made.append(sections.properties(segment))
        else:
            put(made[-1], "pPr").append(sections.properties(segment))
    return made


def _segment(segment: Segment, blocks: Blocks, reference: Reference) -> list[Element]:
    setting = Setting("indent", *reference.text_area(segment.landscape))
    gaps = dict(style_names().cover_gaps) if segment.part == "cover" else {}
    made: list[Element] = []
    for block in segment.blocks:
        for name in vocabulary.classes(block):
            if name in gaps:
                made.append(paragraphs.gap(reference.style(name), gaps.pop(name)))
        for written in blocks.write(block, setting):
            if made and written.tag == made[-1].tag != _PARAGRAPH:
                made.append(paragraphs.gap(reference.style("td"), _BETWEEN_TABLES))
            made.append(written)
    return made
