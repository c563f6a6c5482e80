"""How WordprocessingML reads as text: a report has too many elements to build them one by one."""

from __future__ import annotations

import re
from typing import TypeAlias

from lxml import etree

from dxkit.export.word.xml import MAIN, RELATIONS, Element

Markup: TypeAlias = str
"""Whole elements, their texts and attributes escaped."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_KNOWN = re.compile(f' xmlns:[wr]="(?:{MAIN}|{RELATIONS})"')
_PARAGRAPH = "<w:p>"
_END_OF_PROPERTIES = "</w:pPr>"


def m(tag: str, *children: Markup | None, **attributes: object) -> Markup:
    """Return the element `w:tag`; attributes are `w:` too, children that are None are left out."""
    named = "".join([f' w:{name}="{_escaped(value)}"' for name, value in attributes.items()])
    inner = "".join([child for child in children if child])
    return f"<w:{tag}{named}>{inner}</w:{tag}>" if inner else f"<w:{tag}{named}/>"


def text(content: str, tag: str = "t") -> Markup:
    """Return a `w:t`, or another element of text, that keeps its blanks."""
    return f'<w:{tag} xml:space="preserve">{_escaped(content)}</w:{tag}>'


def is_paragraph(markup: Markup) -> bool:
    """Tell whether markup is a paragraph, not a table."""
    return markup.startswith(_PARAGRAPH)


def with_property(paragraph: Markup, last: Markup) -> Markup:
    """Return a paragraph with one more property behind the others."""
    head, end, rest = paragraph.partition(_END_OF_PROPERTIES)
    return f"{head}{last}{end}{rest}"


def written(element: Element) -> Markup:
    """Return an element as markup, which stands where `w:` and `r:` are known."""
    return _KNOWN.sub("", etree.tostring(element, encoding="unicode"))


def parsed(*markup: Markup) -> list[Element]:
    """Return the elements that markup stands for."""
    inner = "".join(markup)
    whole = f'<w:body xmlns:w="{MAIN}" xmlns:r="{RELATIONS}">{inner}</w:body>'
    return list(etree.fromstring(whole, etree.XMLParser(huge_tree=True)))


def _escaped(value: object) -> str:
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)
