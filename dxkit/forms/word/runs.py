"""How words, boxes to tick and hidden marks are written as runs and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dxkit.export.word.xml import Element, text, w
from dxkit.forms.marks import Mark
from dxkit.forms.word.content import BREAK_HERE, JOINED
from dxkit.forms.written.printed import BOX, TICKED
from dxkit.models.shape import Basis

BASIS_SIGNS = {Basis.GUIDE: "①", Basis.PUBLISHED: "②"}
LEGEND = "标①的栏目为指南规定，标②的取自公开发布的资料，其余为本工具设定（通行理解或假定）。"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BOXES = re.compile(f"([{BOX}{TICKED}])")
_CODE = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{1,3}|辅)-[A-Z]?\d+")
"""A code such as E-F005, YW-1 or 辅-1, which stays whole.

The hyphen that Word spells as one never to be broken at is no help: LibreOffice then cuts the
code elsewhere.
"""
_LISTED = re.compile(r"(?<=[、，；])(?=[A-Za-z0-9])")
_PIECE = re.compile(rf"{_CODE.pattern}|[A-Za-z0-9.:%]+|.")
_SHARED = re.compile("[“”‘’…—·×÷±°§①-⑳]")


def paragraph(
    style: str, content: Iterable[Element] = (), *, keep: bool = False, new_page: bool = False
) -> Element:
    """Return a paragraph in a style; one to keep stays on the page of the next."""
    properties = w(
        "pPr",
        w("pStyle", val=style),
        w("keepNext") if keep else None,
        w("pageBreakBefore") if new_page else None,
    )
    return w("p", properties, *content)


def words(content: str) -> Iterator[Element]:
    """Yield the runs of a line of text; boxes to tick in a font that has them."""
    for piece in _BOXES.split(_breaking(_FORBIDDEN.sub("", content))):
        if not piece:
            continue
        properties = None
        if piece in (BOX, TICKED):
            properties = w("rPr", w("rStyle", val="FormTick"))
        elif _SHARED.search(piece):
            properties = w("rPr", w("rFonts", hint="eastAsia"))
        yield w("r", properties, *_tabbed(piece))


def _breaking(content: str) -> str:
    """Return words whose codes stay whole, and whose lists may break between their parts."""
    whole = _CODE.sub(lambda code: code[0].replace("-", f"-{JOINED}"), content)
    return _LISTED.sub(BREAK_HERE, whole)


def lines_of(content: str, room: float) -> int:
    """Return how many lines words take in a room of some Chinese characters; no code is cut."""
    return sum(_wrapped(line, room) for line in content.split("\n"))


def _wrapped(line: str, room: float) -> int:
    lines, taken = 1, 0.0
    for piece in _PIECE.findall(line):
        length = length_of(piece)
        if taken and taken + length > room:
            lines, taken = lines + 1, 0.0
        taken += length
    return lines


def length_of(content: str) -> float:
    """Return how many Chinese characters wide a text is."""
    return sum(0.65 if each < "\u2000" else 1.0 for each in content)


def _tabbed(piece: str) -> Iterator[Element]:
    for number, part in enumerate(piece.split("\t")):
        if number > 0:
            yield w("tab")
        if part:
            yield text(part)


def raised(sign: str) -> Element:
    """Return a small raised sign."""
    return w(
        "r", w("rPr", w("rFonts", hint="eastAsia"), w("vertAlign", val="superscript")), text(sign)
    )


def hidden(content: str) -> Element:
    """Return a run that is not shown and not printed."""
    small = w("rPr", w("noProof"), w("vanish"), w("sz", val=2), w("szCs", val=2))
    return w("r", small, text(content))


def marked(style: str, shown: str, mark: Mark, **options: bool) -> Element:
    """Return a paragraph of printed words with its hidden mark."""
    return paragraph(style, [hidden(mark.spelt()), *words(shown)], **options)
