"""Reports as HTML, Word and PDF: the same document three times; loads nothing until asked."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dxkit.export.exporters import HTMLReport, PDFReport, WordReport
    from dxkit.export.formats import FORMATS, export, export_all

__all__ = ["FORMATS", "HTMLReport", "PDFReport", "WordReport", "export", "export_all"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "exporters" if name.endswith("Report") else "formats"
    return getattr(import_module(f"{__name__}.{home}"), name)
