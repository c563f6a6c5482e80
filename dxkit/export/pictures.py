"""What a picture in a report is: its PNG bytes, its size in centimetres and its description."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass

from lxml.html import HtmlElement

from dxkit.errors import ExportError, Problem

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PREFIX = "data:image/png;base64,"
_TEXT_WIDTH = 15.6
# What a picture leaves free on its page, in cm.
ROOM_FOR_CAPTION = 2.0
_PIXELS_PER_CM = 96 / 2.54


@dataclass(frozen=True)
class Picture:
    """A PNG file with the size it is to be shown at, in cm."""

    content: bytes
    width: float
    height: float
    description: str

    def within(self, width: float, height: float) -> tuple[float, float]:
        """Return the size in cm, scaled down to fit a page of `width` × `height` cm of text."""
        scale = min(1.0, width / self.width, (height - ROOM_FOR_CAPTION) / self.height)
        return self.width * scale, self.height * scale


def picture(figure: HtmlElement) -> Picture:
    """Read the picture of a figure.

    Raises:
        ExportError: the source is no PNG written into the document.
    """
    image = figure.find("img")
    content = _decoded(image.get("src", ""))
    across, down = _size(content)
    width = _declared_width(image) or min(_TEXT_WIDTH, across / _PIXELS_PER_CM)
    caption = figure.find("figcaption")
    described = image.get("alt") or ("" if caption is None else caption.text_content().strip())
    return Picture(content, width, width * down / across, described)


def _decoded(source: str) -> bytes:
    if source.startswith(_PREFIX):
        try:
            content = base64.b64decode(source.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            content = b""
        if content.startswith(_SIGNATURE) and len(content) > 24 and all(_size(content)):
            return content
    found = source[:40] or "没有 src"
    raise ExportError(Problem("图片", "src", found, "写在文档内的 PNG（data:image/png;base64,…）"))


def _size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels, as the head of a PNG file states them."""
    across, down = struct.unpack(">II", content[16:24])
    return across, down


def _declared_width(image: HtmlElement) -> float:
    text = image.get("style", "").partition(":")[2].strip().rstrip("; ").removesuffix("cm")
    return float(text or 0)
