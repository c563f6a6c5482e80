"""How a document becomes one HTML file that needs nothing beside it and runs nothing."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import html
from lxml.html import HtmlElement

from dxkit.export.document import Document
from dxkit.export.numbering import Entry
from dxkit.export.style_names import folder
from dxkit.export.vocabulary import PLACEHOLDERS, has_class

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


def render(document: Document) -> bytes:
    """Return the page as UTF-8 with every picture, style and link inside it."""
    body = deepcopy(document.body)
    for division in list(body.iter("div")):
        for name in PLACEHOLDERS:
            if has_class(division, name):
                division.append(_list(document.contents.listed(name)))
    for table in list(body.iter("table")):
        _let_scroll(table)
    for section in body.iter("section"):
        _drop_statements(section)
    pieces = (html.tostring(block, encoding="unicode") for block in body)
    style = (folder() / "report.css").read_text(encoding="utf-8")
    page = _template(folder()).render(document=document, body="\n".join(pieces), style=style)
    return page.encode("utf-8")


def _list(entries: tuple[Entry, ...]) -> HtmlElement:
    made = html.Element("ol")
    for entry in entries:
        item = html.Element("li")
        item.set("class", f"level-{entry.level}")
        link = html.Element("a")
        link.set("href", f"#{entry.anchor}")
        link.text = entry.text
        item.append(link)
        made.append(item)
    return made


def _let_scroll(table: HtmlElement) -> None:
    """Put a table into a box of its own, so that a phone scrolls it and not the page."""
    box = html.Element("div")
    box.set("class", "scroll")
    parent = table.getparent()
    parent.replace(table, box)
    box.tail, table.tail = table.tail, None
    box.append(table)


def _drop_statements(section: HtmlElement) -> None:
    """Remove what the cover states for machines; the head of the page says it already."""
    for name in list(section.attrib):
        if name.startswith("data-"):
            del section.attrib[name]


@cache
def _template(place: Path) -> Template:
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 - only needed here

    loader = FileSystemLoader(place, encoding="utf-8")
    environment = Environment(loader=loader, autoescape=True)
    environment.filters["css_string"] = _css_string
    return environment.get_template("report.html.j2")


def _css_string(text: str) -> Markup:
    """Return a text as CSS quotes it; nothing in it can end the string or the style."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    plain = (char if char.isalnum() or char == " " else f"\\{ord(char):X} " for char in text)
    return Markup(f'"{"".join(plain)}"')
