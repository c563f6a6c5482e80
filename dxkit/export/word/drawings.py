"""How a picture is written into a Word file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from lxml import etree

from dxkit.export.pictures import Picture
from dxkit.export.word.markup import Markup, m, written
from dxkit.export.word.xml import RELATIONS, Element

_EMU_PER_CM = 360000
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_NAMESPACES = {
    "wp": f"{_DRAWING}/wordprocessingDrawing",
    "a": f"{_DRAWING}/main",
    "pic": f"{_DRAWING}/picture",
    "r": RELATIONS,
}


def inline_picture(package: Any, shown: Picture, size: tuple[float, float], number: int) -> Markup:
    """Return a run that shows a picture.

    Args:
        package: the python-docx document that takes the PNG file.
        shown: the picture.
        size: width and height in cm.
        number: position among the pictures of the document, from 1.
    """
    relation, _ = package.part.get_or_add_image(BytesIO(shown.content))
    across, down = (str(round(side * _EMU_PER_CM)) for side in size)
    extent = {"cx": across, "cy": down}
    named = {"id": str(number), "name": f"图片{number}", "descr": shown.description}
    frame = _node("wp:inline", dict.fromkeys(("distT", "distB", "distL", "distR"), "0"))
    frame.append(_node("wp:extent", extent))
    frame.append(_node("wp:docPr", named))
    data = _node("a:graphicData", {"uri": _NAMESPACES["pic"]}, _picture(relation, extent, named))
    frame.append(_node("a:graphic", {}, data))
    return m("r", m("drawing", written(frame)))


def _picture(relation: str, extent: dict[str, str], named: dict[str, str]) -> Element:
    about = _node("pic:nvPicPr", {}, _node("pic:cNvPr", named), _node("pic:cNvPicPr", {}))
    source = _node("a:blip", {})
    source.set(f"{{{RELATIONS}}}embed", relation)
    filled = _node("a:stretch", {}, _node("a:fillRect", {}))
    place = _node("a:xfrm", {}, _node("a:off", {"x": "0", "y": "0"}), _node("a:ext", extent))
    shape = _node("a:prstGeom", {"prst": "rect"}, _node("a:avLst", {}))
    return _node(
        "pic:pic",
        {},
        about,
        _node("pic:blipFill", {}, source, filled),
        _node("pic:spPr", {}, place, shape),
    )


def _node(name: str, attributes: dict[str, str], *children: Element) -> Element:
    prefix, _, tag = name.partition(":")
    made = etree.Element(f"{{{_NAMESPACES[prefix]}}}{tag}", attributes, _NAMESPACES)
    made.extend(children)
    return made
