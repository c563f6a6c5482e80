"""Which formats a report can have, and how to get them from an executed notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dxkit.errors import ExportError, Problem
from dxkit.export.document import Document, read
from dxkit.export.html import render
from dxkit.export.pdf import Layout
from dxkit.export.word import write

_WRITERS: dict[str, Callable[[Document, Layout], bytes]] = {
    "html": lambda document, _: render(document),
    "docx": lambda document, layout: write(document, layout.pages),
    "pdf": lambda _, layout: layout.pdf,
}

FORMATS = tuple(_WRITERS)


def export(notebook: Mapping[str, Any], format: str) -> bytes:
    """Return an executed notebook as a file of one format: `html`, `docx` or `pdf`.

    Raises:
        ExportError: the notebook failed or holds what no report can; every problem is named.
        FontError: the PDF would show boxes instead of characters.
    """
    return export_all(notebook, (format,))[format]


def export_all(
    notebook: Mapping[str, Any],
    formats: Iterable[str] = FORMATS,
    begun: Callable[[str], None] = lambda _format: None,
) -> dict[str, bytes]:
    """Return an executed notebook as files by format; reads it once and lays it out once.

    Args:
        notebook: with its outputs.
        formats: which.
        begun: called with every format when it is begun.

    Raises:
        ExportError: as for `export`.
        FontError: as for `export`.
    """
    wanted = list(dict.fromkeys(formats))
    if unknown := [name for name in wanted if name not in _WRITERS]:
        known = "、".join(_WRITERS)
        raise ExportError(Problem("导出格式", found=name, expected=known) for name in unknown)
    document = read(notebook)
    layout = Layout(document)
    made = {}
    for name in wanted:
        begun(name)
        made[name] = _WRITERS[name](document, layout)
    return made
