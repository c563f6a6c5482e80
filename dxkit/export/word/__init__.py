"""How a document becomes a Word file in the styles of reference.docx."""

from dxkit.export.word.package import write

__all__ = ["write"]
