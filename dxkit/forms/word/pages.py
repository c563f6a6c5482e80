"""How the pages of a form are set up: paper, margins, page heads, page feet and numbers."""

from __future__ import annotations

from dxkit.export.word.xml import Element, related, w
from dxkit.forms.paper.sheets import Form
from dxkit.forms.word.runs import LEGEND, paragraph, words
from dxkit.forms.word.spaces import field, plain

SECRECY = "敏感资料　专人保管　不得复制和外传"
_TWIPS = 56.6929
_PAPER = (210, 297)
_MARGINS = {"top": 37, "right": 26, "bottom": 35, "left": 28}
_HEAD, _FOOT = 25, 17
_ONE_CHARACTER = 280
_BETWEEN_COLUMNS = 320
KINDS = ("default", "even")


def section(landscape: bool, columns: int = 1, new_page: bool = True) -> Element:
    """Return the properties of a run of pages; a wide page is the same sheet turned.

    Turned so, the head of a wide page lies towards the left edge, where the form is bound.
    Words in columns, and what follows them, may go on on the page they began on.
    """
    width, height = _PAPER
    margins = dict(_MARGINS)
    if landscape:
        width, height = height, width
        old = _MARGINS
        margins = {"top": old["left"], "right": old["top"], "bottom": old["right"]}
        margins["left"] = old["bottom"]
    turned = {"orient": "landscape"} if landscape else {}
    room = {side: round(size * _TWIPS) for side, size in margins.items()}
    heads = [related("headerReference", f"head-{kind}", type=kind) for kind in KINDS]
    feet = [related("footerReference", f"foot-{kind}", type=kind) for kind in KINDS]
    return w(
        "sectPr",
        *heads,
        *feet,
        w("type", val="nextPage" if new_page else "continuous"),
        w("pgSz", w=round(width * _TWIPS), h=round(height * _TWIPS), **turned),
        w("pgMar", **room, header=_distance(landscape, _HEAD), footer=_distance(landscape, _FOOT)),
        w("cols", num=columns, space=_BETWEEN_COLUMNS) if columns > 1 else None,
    )


def _distance(landscape: bool, millimetres: int) -> int:
    return round((millimetres - 10 * landscape) * _TWIPS)


def page_head(form: Form) -> Element:
    """Return what stands at the head of every page."""
    secrecy = f"　{SECRECY}" if form.restricted else ""
    line = f"{form.mark}　{form.title}{secrecy}"
    return w("hdr", paragraph("FormPageHead", words(line)))


def page_foot(form: Form, kind: str) -> Element:
    """Return what stands at the foot: number and version of the form, legend, page number."""
    number = form.form_no or "________________"
    line = f"表单编号：{number}　版本：{form.edition}　共"
    side = "left" if kind == "even" else "right"
    page = paragraph("FormPageNumber", [plain("— "), *field("PAGE", "1"), plain(" —")])
    page[0].append(w("ind", **{side: _ONE_CHARACTER}))
    page[0].append(w("jc", val=side))
    total = field("NUMPAGES", "1")
    told = paragraph("FormPageFoot", [*words(line), *total, *words("页")])
    return w("ftr", told, paragraph("FormPageFoot", words(LEGEND)), page)
