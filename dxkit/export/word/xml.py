"""How WordprocessingML elements are spelt; nothing about documents."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = f"{{{MAIN}}}"
_R = f"{{{RELATIONS}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NAMESPACES = {"w": MAIN, "r": RELATIONS}

Element = etree._Element  # the type of every node; lxml names it in private only


def w(tag: str, *children: Element | None, **attributes: object) -> Element:
    """Return the element `w:tag`; attributes are `w:` too, children that are None are left out."""
    made = etree.Element(_W + tag, None, _NAMESPACES)
    update(made, **attributes)
    made.extend(child for child in children if child is not None)
    return made


def update(element: Element, **attributes: object) -> None:
    """Set `w:` attributes of an element."""
    for name, content in attributes.items():
        element.set(_W + name, str(content))


def text(content: str) -> Element:
    """Return a `w:t` that keeps its blanks."""
    made = etree.Element(_W + "t", None, _NAMESPACES)
    made.text = content
    made.set(_SPACE, "preserve")
    return made


def related(tag: str, relation: str, **attributes: object) -> Element:
    """Return the element `w:tag` that points to a part of the package."""
    made = w(tag, **attributes)
    made.set(_R + "id", relation)
    return made


def find(element: Element, path: str) -> Element | None:
    """Return the first match of a path such as `w:pPr/w:numPr`."""
    return element.find(path, _NAMESPACES)


def find_all(element: Element, path: str) -> list[Element]:
    """Return every match of a path such as `w:style`."""
    return element.findall(path, _NAMESPACES)


def value(element: Element | None, name: str = "val") -> str:
    """Return the `w:` attribute of an element, empty if either is absent."""
    return "" if element is None else element.get(_W + name, "")


def put(parent: Element, tag: str, *, before: Iterable[str] = ()) -> Element:
    """Return the child `w:tag`, made ahead of the first of the tags `before` if it is absent."""
    present = find(parent, f"w:{tag}")
    if present is not None:
        return present
    made = w(tag)
    followers = {_W + name for name in before}
    position = next((n for n, child in enumerate(parent) if child.tag in followers), len(parent))
    parent.insert(position, made)
    return made
