"""Which HTML a notebook may produce for a report, and nothing about how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from dxkit.errors import Problem
from dxkit.export.style_names import style_names

HEADINGS = ("h1", "h2", "h3", "h4")
LISTS = ("ul", "ol")
PLACEHOLDERS = ("toc", "lot", "lof")
BLOCKS = frozenset({*HEADINGS, *LISTS, "p", "table", "figure", "div", "section"})
INLINE = frozenset({"strong", "em", "b", "i", "sub", "sup", "br", "a", "code"})

_TOP = frozenset({"body"})
_PAGES = _TOP | {"section", "div"}
_FLOW = _PAGES | {"td", "th", "li"}
_TEXT = frozenset({*HEADINGS, *INLINE, "p", "td", "th", "li", "caption", "figcaption"})

# Each tag with the parents it may have.
_PARENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(HEADINGS, _PAGES),
    **dict.fromkeys(INLINE, _TEXT),
    "p": _FLOW,
    "ul": _FLOW,
    "ol": _FLOW,
    "li": frozenset(LISTS),
    "figure": _FLOW,
    "img": frozenset({"figure"}),
    "figcaption": frozenset({"figure"}),
    "table": _PAGES,
    "caption": frozenset({"table"}),
    "colgroup": frozenset({"table"}),
    "col": frozenset({"colgroup"}),
    "thead": frozenset({"table"}),
    "tbody": frozenset({"table"}),
    "tfoot": frozenset({"table"}),
    "tr": frozenset({"table", "thead", "tbody", "tfoot"}),
    "th": frozenset({"tr"}),
    "td": frozenset({"tr"}),
    "section": _TOP,
    "div": _TOP | {"section", "div"},
}

# What a link may point to: the blocks that every format can mark.
_PLACES = frozenset({*HEADINGS, "p", "table", "figure"})
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "style"}),
    "col": frozenset({"style", "span"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "section": frozenset(
        f"data-{what}" for what in ("title", "subject", "date", "number", "version", "author")
    ),
}
_STYLES = {
    "img": re.compile(r"width:\s*\d+(\.\d+)?cm;?"),
    "col": re.compile(r"width:\s*\d+(\.\d+)?%;?"),
}
# Elements that need a class, or another element within.
_SAYING_MORE = frozenset({"div", "section", "figure"})
_DIV_CLASSES = frozenset({"landscape", "page-break", "keep", *PLACEHOLDERS})


def problems(root: HtmlElement, where: str) -> Iterator[Problem]:
    """Yield what in the tree below `root` no report can hold; `where` names the place."""
    known = _classes()
    for element in root.iterdescendants():
        yield from _tag_problems(element, where)
        # Most elements say nothing but their tag, and nothing can be wrong with what is not there.
        if not element.keys() and element.tag not in _SAYING_MORE:
            continue
        yield from _class_problems(element, where, known.get(element.tag, frozenset()))
        yield from _attribute_problems(element, where)
        yield from _place_problems(element, where)


def _tag_problems(element: HtmlElement, where: str) -> Iterator[Problem]:
    parents = _PARENTS.get(element.tag)
    if parents is None:
        yield Problem(where, f"<{element.tag}>", "报告不认识的标签", "约定的标签，或转义后的文字")
    elif element.getparent().tag not in parents:
        found = f"出现在 <{element.getparent().tag}> 之内"
        allowed = "、".join(f"<{tag}>" for tag in sorted(parents - {"body"}))
        yield Problem(where, f"<{element.tag}>", found, f"只用于{allowed or '最外层'}")


def _class_problems(element: HtmlElement, where: str, known: frozenset[str]) -> Iterator[Problem]:
    for name in classes(element):
        if name not in known:
            listed = "、".join(sorted(known)) or "不带 class"
            yield Problem(where, f"<{element.tag} class={name}>", "报告不认识的样式", listed)
    if element.tag in ("div", "section") and not classes(element):
        yield Problem(where, f"<{element.tag}>", "没有 class", "、".join(sorted(known)))


def _attribute_problems(element: HtmlElement, where: str) -> Iterator[Problem]:
    known = _ATTRIBUTES.get(element.tag, frozenset()) | {"class"}
    for name, value in element.attrib.items():
        if name == "id" and element.tag not in _PLACES:
            yield Problem(where, f"<{element.tag} id>", value, "只写在标题、段落、表或图上")
        elif name not in known | {"id"}:
            yield Problem(where, f"<{element.tag} {name}>", "报告不认识的属性", "不写该属性")
        elif name == "style" and not _STYLES[element.tag].fullmatch(value.strip()):
            yield Problem(where, f"<{element.tag} style>", value, "只有一个 width")
        elif name == "href" and not value.startswith("#"):
            yield Problem(where, "<a href>", value, "本文件内的位置（#…），网址写成文字")


def _place_problems(element: HtmlElement, where: str) -> Iterator[Problem]:
    names = classes(element)
    parent = element.getparent()
    if element.tag == "div" and "landscape" in names and parent.tag != "body":
        yield Problem(where, "<div class=landscape>", f"在 <{parent.tag}> 之内", "位于最外层")
    if element.tag == "figure" and len(element.findall("img")) != 1:
        yield Problem(where, "<figure>", f"{len(element.findall('img'))}张图片", "一张图片")


def _classes() -> dict[str, frozenset[str]]:
    names = style_names()
    cells = frozenset({*names.cells, "num", "mid", "seal-box"})
    return {
        "p": frozenset(names.paragraphs),
        "td": cells,
        "th": cells,
        "a": frozenset({"ref"}),
        "table": frozenset({"signatures"}),
        "section": frozenset({"cover", "front"}),
        "div": _DIV_CLASSES,
    }


def classes(element: HtmlElement) -> list[str]:
    """Return the classes of an element in the order they are written."""
    return (element.get("class") or "").split()


def has_class(element: HtmlElement, name: str) -> bool:
    """Tell whether an element bears the class `name`."""
    return name in classes(element)
