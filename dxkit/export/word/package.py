"""How a Word file is put together so that the same document always gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from dxkit.export.document import Document
from dxkit.export.word.blocks import Blocks
from dxkit.export.word.body import body
from dxkit.export.word.markup import parsed
from dxkit.export.word.reference import Reference

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
    reference.body[:] = parsed(*body(document, blocks, reference))
    reference.refresh_fields_on_opening()
    _state(reference.package.core_properties, document)
    return _without_clock(reference.package)


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


def _without_clock(package: Any) -> bytes:
    saved = BytesIO()
    package.save(saved)
    made = BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(name))
    return made.getvalue()
