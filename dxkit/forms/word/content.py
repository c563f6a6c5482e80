"""What the body of a Word file says: visible words, hidden words, and what is neither.

Tracked changes are read as accepted. Nothing outside the file is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from dxkit.export.word.xml import Element
from dxkit.forms.marks import Mark, marks_in
from dxkit.forms.written.printed import BOX, TICKED

_GONE = {"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "delInstrText", "sdtPr"}
_DRAWN = {"drawing", "pict", "object", "AlternateContent"}
_SPOKEN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_TICKED_SYMBOLS = {"F052", "F053", "F054", "F0FE", "F0FD", "F0FC", "F0FB"}
_EMPTY_SYMBOLS = {"F0A8", "F06F", "F071", "F0A3", "F0A1"}
_WINGDINGS = {
    "wingdings": str.maketrans({"þ": TICKED, "ý": TICKED, "ü": TICKED, "¨": BOX, "o": BOX}),
    "wingdings2": str.maketrans({"R": TICKED, "S": TICKED, "T": TICKED, "£": BOX, "¡": BOX}),
}
BREAK_HERE, JOINED = "\u200b", "\u200d"
_UNSEEN = re.compile(f"(?<=[、，；]){BREAK_HERE}|(?<=-){JOINED}")
"""What was put between words only to say where a line may end."""
_UNBROKEN_HYPHEN = "\u2011"
_PICTURE = "（图片）"
_SPACES = re.compile(r"[ \t\r\u3000]+$", re.MULTILINE)


@dataclass
class Said:
    """What a paragraph or a cell says: its words, the marks in it, and what is drawn there."""

    lines: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    struck: bool = False
    """Whether some of the words are struck out by hand, which is no tracked change."""

    @property
    def text(self) -> str:
        """Return the visible words, without room at the ends."""
        return _SPACES.sub("", "\n".join(self.lines)).strip()


def name_of(element: Element) -> str:
    """Return the local name of an element, so that both namespaces of the standard are read."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute by its local name, empty if it is not there."""
    if element is None:
        return ""
    pairs = ((etree.QName(str(key)).localname, value) for key, value in element.items())
    return next((str(value) for key, value in pairs if key == name), "")


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first child of a name, then its child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if name_of(each) == name), None)
    return element


def said(paragraphs: Iterable[Element]) -> Said:
    """Return what some paragraphs say."""
    whole, hidden = Said(), list[str]()
    for paragraph in paragraphs:
        line: list[str] = []
        for text, is_hidden in _pieces(paragraph, whole):
            (hidden if is_hidden else line).append(text)
        whole.lines.append(_UNSEEN.sub("", "".join(line)))
    whole.marks = marks_in("".join(hidden))
    return whole


def _pieces(element: Element, whole: Said) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of text with whether they are hidden; what else is there is noted."""
    for node in element:
        name = name_of(node)
        if name in _GONE or not name:
            continue
        if name == "r":
            yield from _run(node, whole)
        elif name in _DRAWN:
            whole.drawn.append(_drawn(node))
        else:
            yield from _pieces(node, whole)


def _run(run: Element, whole: Said) -> Iterator[tuple[str, bool]]:
    if _is_prompt(run):
        return
    properties = child(run, "rPr")
    is_hidden = _is_on(child(properties, "vanish"))
    is_struck = any(_is_on(child(properties, each)) for each in ("strike", "dstrike"))
    font = attribute(child(properties, "rFonts"), "ascii").replace(" ", "").lower()
    for node in run:
        name = name_of(node)
        if name in _DRAWN:
            whole.drawn.append(_drawn(node))
        elif name == "t":
            text = node.text or ""
            whole.struck |= is_struck and not is_hidden and bool(text.strip())
            spoken = text.translate(_WINGDINGS[font]) if font in _WINGDINGS else text
            yield spoken.replace(_UNBROKEN_HYPHEN, "-"), is_hidden
        elif name in _SPOKEN:
            yield _SPOKEN[name], is_hidden
        elif name == "sym":
            yield _symbol(node), is_hidden
        elif name == "fldChar" and (box := child(node, "ffData", "checkBox")) is not None:
            yield _box(box), is_hidden


def _is_prompt(run: Element) -> bool:
    """Tell whether words only ask to write here, as a content control does until it is filled."""
    controls = (each for each in run.iterancestors() if name_of(each) == "sdt")
    return any(_is_on(child(each, "sdtPr", "showingPlcHdr")) for each in controls)


def _is_on(switch: Element | None) -> bool:
    return switch is not None and attribute(switch, "val") not in ("0", "false", "off")


def _symbol(node: Element) -> str:
    code = attribute(node, "char").upper()
    return TICKED if code in _TICKED_SYMBOLS else BOX if code in _EMPTY_SYMBOLS else ""


def _box(box: Element) -> str:
    state = child(box, "checked")
    return TICKED if _is_on(state if state is not None else child(box, "default")) else BOX


def _drawn(node: Element) -> str:
    """Return the words in a text box, or that there is a picture."""
    if name_of(node) == "AlternateContent":
        node = next(iter(node), node)
    texts = [each.text or "" for each in node.iter() if name_of(each) == "t"]
    return "".join(texts).strip() or _PICTURE
