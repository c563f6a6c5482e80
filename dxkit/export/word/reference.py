"""What reference.docx offers: its styles by name, its page and its lists."""

from __future__ import annotations

from copy import deepcopy
from functools import cached_property
from typing import Any

from dxkit.errors import ExportError, Problem
from dxkit.export.style_names import folder, style_names
from dxkit.export.word.xml import Element, find, find_all, put, update, value, w

# What follows a setting in the order that Word expects.
_AFTER_UPDATE_FIELDS = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "themeFontLang")


class Reference:
    """The reference file, opened afresh for one document and emptied of its sample text."""

    def __init__(self) -> None:
        self.package = _open()
        self.body: Element = self.package.element.body
        page = find(self.body, "w:sectPr")
        self._page = w("sectPr") if page is None else deepcopy(page)
        self.body[:] = []
        self._names = style_names()
        self._identifiers = {
            value(find(style, "w:name")): value(style, "styleId")
            for style in find_all(self.package.styles.element, "w:style")
        }

    def style(self, key: str) -> str:
        """Return the style id of a paragraph class, cell class or element.

        Raises:
            ExportError: reference.docx has no style of the name that styles.yaml gives.
        """
        names = self._names
        name = names.paragraphs.get(key) or names.cells.get(key) or names.elements.get(key, key)
        if name not in self._identifiers:
            place = str(folder() / "reference.docx")
            raise ExportError(Problem(place, expected=f"含有名为“{name}”的样式"))
        return self._identifiers[name]

    def style_name(self, key: str) -> str:
        """Return the name under which Word lists the style of an element."""
        return self._names.elements[key]

    def page(self, landscape: bool) -> Element:
        """Return a copy of the reference's page setup; a wide page is the same sheet turned.

        Turned so, the head of a wide page lies towards the left edge of the sheet, where a
        single-sided report is bound.
        """
        page = deepcopy(self._page)
        if landscape:
            _turn(page)
        return page

    def text_area(self, landscape: bool) -> tuple[int, int]:
        """Return width and height of the text on a page in twentieths of a point."""
        page = self.page(landscape)
        size, margins = find(page, "w:pgSz"), find(page, "w:pgMar")
        left, right, top, bottom = (
            int(value(margins, side)) for side in ("left", "right", "top", "bottom")
        )
        return int(value(size, "w")) - left - right, int(value(size, "h")) - top - bottom

    def new_list(self, key: str, depth: int) -> int:
        """Return the number of a list in the style of `ul` or `ol` that counts from one again."""
        made = max(int(value(number, "numId")) for number in find_all(self._lists, "w:num")) + 1
        restart = w("lvlOverride", w("startOverride", val=1), ilvl=depth)
        abstract = w("abstractNumId", val=self._abstract_list(key))
        self._lists.append(w("num", abstract, restart, numId=made))
        return made

    def refresh_fields_on_opening(self) -> None:
        """Have Word compute page numbers afresh, and tell odd pages from even ones."""
        settings = self.package.settings.element
        put(settings, "evenAndOddHeaders", before=("characterSpacingControl", "compat"))
        put(settings, "updateFields", before=_AFTER_UPDATE_FIELDS)

    @cached_property
    def _lists(self) -> Element:
        lists: Element = self.package.part.numbering_part.element
        return lists

    def _abstract_list(self, key: str) -> str:
        style = f"w:style[@w:styleId='{self.style(key)}']/w:pPr/w:numPr/w:numId"
        number = value(find(self.package.styles.element, style))
        return value(find(self._lists, f"w:num[@w:numId='{number}']/w:abstractNumId"))


def _open() -> Any:
    from docx import Document  # noqa: PLC0415 - only needed for Word
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

    path = folder() / "reference.docx"
    try:
        return Document(str(path))
    except (PackageNotFoundError, ValueError, KeyError) as error:
        expected = "可用 Word 打开的样式文件，或运行 make_reference.py 重新生成"
        raise ExportError(Problem(str(path), found="无法打开", expected=expected)) from error


def _turn(page: Element) -> None:
    size, margins = put(page, "pgSz"), put(page, "pgMar")
    width, height = value(size, "w"), value(size, "h")
    update(size, w=height, h=width, orient="landscape")
    sides = ("top", "right", "bottom", "left", "header", "footer")
    old = {side: int(value(margins, side)) for side in sides}
    update(margins, top=old["left"], right=old["top"], bottom=old["right"], left=old["bottom"])
    # Heads and page numbers keep their distance from the text between them.
    update(margins, header=max(0, old["left"] - old["top"] + old["header"]))
    update(margins, footer=max(0, old["right"] - old["bottom"] + old["footer"]))
