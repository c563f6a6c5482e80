"""How a document becomes PDF/A-2b, and on which page each heading, table and figure lands."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING

from dxkit import fonts
from dxkit.errors import ExportError, FontError, Problem
from dxkit.export.document import Document
from dxkit.export.style_names import folder
from dxkit.export.typst_markup import Markup

if TYPE_CHECKING:
    import typst

# PDF/A demands a date, and the clock would make every file differ.
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)


_REMEMBERED = 11
"""Documents after which Typst has forgotten all before them."""


class Layout:
    """A document on pages; its PDF and its page numbers are each made once, when asked for.

    Both come from one compiler, which remembers for the second what it laid out for the first.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def pdf(self) -> bytes:
        """The PDF file.

        Raises:
            FontError: the fonts cannot draw some characters of the document; they are named.
            ExportError: the look in `report.typ` cannot be applied.
        """
        refuse_missing_glyphs(self._document)
        with _problems_named():
            made = self._compiler.compile(
                format="pdf", pdf_standards="a-2b", timestamp=self._document.moment or _UNDATED
            )
        assert isinstance(made, bytes)
        return made

    @cached_property
    def pages(self) -> dict[str, str]:
        """The page number, as printed, of each entry of the contents by its anchor."""
        with _problems_named():
            found = json.loads(self._compiler.query("<pages>", field="value", one=True))
        anchors = [entry.anchor for entry in self._document.contents.entries()]
        return dict(zip(anchors, found, strict=True))

    @cached_property
    def _compiler(self) -> typst.Compiler:
        """A compiler that sees nothing but this document, its look and its pictures."""
        import typst  # noqa: PLC0415 - a large binary, wanted only here

        root = Path(self._files.name)
        markup = Markup(self._document)
        (root / "main.typ").write_text(markup.source, encoding="utf-8")
        shutil.copyfile(folder() / "report.typ", root / "report.typ")
        for file_name, content in markup.pictures.items():
            (root / file_name).write_bytes(content)
        return typst.Compiler(root / "main.typ", root=root, font_paths=load_fonts())

    @cached_property
    def _files(self) -> TemporaryDirectory[str]:
        made = TemporaryDirectory(ignore_cleanup_errors=True)
        weakref.finalize(self, made.cleanup)
        return made


@contextmanager
def _problems_named() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # what Typst raises, as such or as a subclass
        look = str(folder() / "report.typ")
        expected = "可用的版式文件、完好的图片"
        raise ExportError(Problem(look, found=f"无法排版：{error}", expected=expected)) from error


def forget_documents() -> None:
    """Let go of what Typst remembers of documents that it has set.

    It keeps the last ten, of some 70 MB each with their pictures, and counts those without any
    content too.
    """
    import typst  # noqa: PLC0415 - a large binary, wanted only here

    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        source = Path(name) / "main.typ"
        source.write_text("", encoding="utf-8")
        compiler = typst.Compiler(source, root=source.parent, font_paths=load_fonts())
        for _ in range(_REMEMBERED):
            compiler.compile(format="svg")


def refuse_missing_glyphs(document: Document) -> None:
    """Check every character of a document against the fonts.

    Raises:
        FontError: some would come out as boxes; they are named with their code points.
    """
    text = "".join(document.body.itertext())
    missing = fonts.missing_glyphs(fonts.sans(), fonts.missing_glyphs(fonts.serif(), text))
    if missing:
        named = "、".join(f"{char}（U+{ord(char):04X}）" for char in missing)
        raise FontError(Problem("文字", found=f"字体中没有 {named}", expected="改用字体中有的字"))


@cache
def load_fonts() -> typst.Fonts:
    """Return the two faces as Typst takes them, read once; safe before a fork."""
    import typst  # noqa: PLC0415 - see above

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_font_folder()],
    )


def _font_folder() -> Path:
    """Return a folder that holds the two font files and no other; it lasts as long as the process.

    Typst looks for fonts in folders only, and the one they are shipped in holds more.
    """
    made = Path(mkdtemp(prefix="dxkit-fonts-"))
    atexit.register(_remove, made, os.getpid())
    for font in (fonts.serif(), fonts.sans()):
        _borrow(font, made / font.name)
    return made


def _remove(made: Path, maker: int) -> None:
    """Remove a folder as its maker ends; a fork of it leaves it to the others."""
    if os.getpid() == maker:
        shutil.rmtree(made, ignore_errors=True)


def _borrow(source: Path, target: Path) -> None:
    """Link a file where the system allows it, since copying takes 40 MB; else copy it."""
    for link in (os.symlink, os.link):
        with suppress(OSError):
            link(source, target)
            return
    shutil.copyfile(source, target)
