"""How a Word file is put together so that the same document always gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from lxml import etree

from dxkit.errors import ExportError, Problem
from dxkit.export.document import Document
from dxkit.export.style_names import folder
from dxkit.export.word.blocks import Blocks
from dxkit.export.word.body import body
from dxkit.export.word.markup import Markup
from dxkit.export.word.reference import Reference
from dxkit.export.word.xml import Element

_EARLIEST = (1980, 1, 1, 0, 0, 0)


def write(document: Document, pages: Mapping[str, str]) -> bytes:
    """Return a document as a Word file.

    Args:
        document: what to write.
        pages: page number by anchor, shown in the contents until Word computes them afresh.

    Raises:
        ExportError: reference.docx is unusable, or lacks a style.
    """
    reference = Reference()
    blocks = Blocks(document, pages, reference)
    content = "".join(body(document, blocks, reference))
    reference.refresh_fields_on_opening()
    _state(reference.package.core_properties, document)
    package = reference.package
    return _packed(package, {package.part.partname.lstrip("/"): _whole(package.element, content)})


def _state(properties: Any, document: Document) -> None:
    """Say what the cover says, and nothing about who or what made the file."""
    properties.title = document.title[:255]
    properties.subject = document.subject[:255]
    properties.author = document.author[:255]
    properties.identifier = document.identity[:255]
    properties.last_modified_by = ""
    properties.language = "zh-CN"
    properties.revision = 1
    if document.moment:
        properties.created = properties.modified = document.moment.replace(tzinfo=None)


def _whole(document: Element, body: Markup) -> bytes:
    """Return the main part of the file: `document`, whose body is empty, with that body.

    Put together as text: to move ten thousands of elements into a tree takes longer than to parse
    them.
    """
    text = etree.tostring(document, encoding="unicode")
    head, empty, foot = text.partition("<w:body/>")
    if not empty:  # whoever saved it calls the elements by another prefix than Word does
        place, expected = str(folder() / "reference.docx"), "由 Word 或 WPS 另存的文件"
        raise ExportError(Problem(place, found="正文的写法与 Word 不同", expected=expected))
    whole = etree.fromstring(
        f"{head}<w:body>{body}</w:body>{foot}", etree.XMLParser(huge_tree=True)
    )
    return etree.tostring(whole, xml_declaration=True, encoding="UTF-8", standalone=True)


def _packed(package: Any, instead: Mapping[str, bytes]) -> bytes:
    """Return the file without a date or a maker, some of its parts replaced by others."""
    saved = BytesIO()
    package.save(saved)
    made = BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            packed = name.endswith(".png")  # a picture is so already
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, instead.get(name) or source.read(name))
    return made.getvalue()
