"""What the styles of reference.docx are: faces, sizes, line pitches; read by make_reference.py."""

from __future__ import annotations

from dataclasses import dataclass

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

_FANGSONG, _KAI, _HEI = "仿宋_GB2312", "楷体_GB2312", "黑体"
SONG, _TITLE = "宋体", "方正小标宋简体"
LATIN = "Times New Roman"
# What to use where a face is not installed.
STAND_INS = {
    _FANGSONG: "仿宋",
    _KAI: "楷体",
    _HEI: "SimHei",
    SONG: "SimSun",
    _TITLE: "宋体",
    LATIN: "Liberation Serif",
}
_TEXT_WIDTH = 8845  # 156 mm in twentieths of a point


@dataclass(frozen=True)
class Style:
    """A paragraph style; sizes in points, no pitch for single spacing.

    Styles of text leave no room above themselves: programs differ in whether they drop
    it at the top of a page, and pages should break alike everywhere. A taller line serves instead.
    """

    key: str
    face: str = _FANGSONG
    size: float = 16
    pitch: float | None = 28
    align: str = "left"
    bold: bool = False
    before: float = 0
    after: float = 0
    indent: str = ""
    keep: bool = False
    outline: int | None = None
    numbered: int | None = None
    tabs: str = ""
    tracking: int = -5
    grey: bool = False


_FIRST_LINE = 'w:firstLineChars="200" w:firstLine="640"'
_LEADERS = f'<w:tab w:val="right" w:leader="dot" w:pos="{_TEXT_WIDTH}"/>'
_SMALL = {"size": 10.5, "pitch": 16}

PARAGRAPHS = (
    Style("indent", align="both", indent=_FIRST_LINE),
    Style("mark", _HEI),
    Style("title", _TITLE, 22, 38, "center"),
    Style("subtitle", _KAI, align="center"),
    Style("cover-line", pitch=34, indent='w:left="1280" w:right="640"'),
    Style("cover-foot", _KAI, align="center"),
    Style("front-title", _TITLE, 22, 38, "center", after=18, keep=True),
    Style("lead", _KAI, align="both", indent=_FIRST_LINE),
    Style("note", size=10.5, pitch=20, align="both", after=8),
    Style("basis", _KAI, 10.5, 18, "both"),
    Style("empty", _KAI, indent=_FIRST_LINE),
    Style("sign", size=12, pitch=22, align="right", indent='w:right="480"'),
    Style("h1", _HEI, pitch=48, keep=True, outline=0),
    Style("h2", _KAI, bold=True, keep=True, outline=1),
    Style("h3", bold=True, keep=True, outline=2),
    Style("h4", keep=True, outline=3, indent=_FIRST_LINE),
    Style("caption", _HEI, 12, 30, "center", keep=True),
    Style("figcaption", _HEI, 12, 26, "center", after=8),
    Style("figure", pitch=None, align="center", before=6),
    Style("ul", numbered=1),
    Style("ol", numbered=2),
    Style("th", _HEI, align="center", **_SMALL),
    Style("td", **_SMALL),
    Style("label", align="center", **_SMALL),
    Style("yes", align="center", **_SMALL),
    Style("no", align="center", bold=True, **_SMALL),
    Style("na", align="center", grey=True, **_SMALL),
    Style("open", align="center", **_SMALL),
    Style("toc1", _HEI, 14, 26, tabs=_LEADERS),
    Style("toc2", size=14, pitch=26, tabs=_LEADERS, indent='w:left="560"'),
    Style("toc3", size=12, pitch=18, tabs=_LEADERS),
    Style("page-head", SONG, 9, 13, tracking=0),
    Style("page-number", SONG, 14, 16, tracking=0),
)
_BUILT_IN = {
    "heading 1": "Heading1",
    "heading 2": "Heading2",
    "heading 3": "Heading3",
    "heading 4": "Heading4",
    "toc 1": "TOC1",
    "toc 2": "TOC2",
    "toc 3": "TOC3",
}


def identifier(key: str, name: str) -> str:
    """Return the style id of a class or element whose Word name is `name`."""
    return _BUILT_IN.get(name) or "".join(part.capitalize() for part in key.split("-"))


def _run(style: Style) -> str:
    latin = SONG if style.face == SONG else LATIN
    fonts = f'w:ascii="{latin}" w:eastAsia="{style.face}" w:hAnsi="{latin}" w:cs="{LATIN}"'
    bold = "<w:b/><w:bCs/>" if style.bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    colour = '<w:color w:val="666666"/>' if style.grey else '<w:color w:val="auto"/>'
    size = f'<w:sz w:val="{style.size * 2:g}"/><w:szCs w:val="{style.size * 2:g}"/>'
    return f'<w:rFonts {fonts}/>{bold}{colour}<w:spacing w:val="{style.tracking}"/>{size}'


def _paragraph(style: Style) -> str:
    line = (f"{style.pitch * 20:g}", "exact") if style.pitch else ("240", "auto")
    spacing = (
        f'<w:spacing w:before="{style.before * 20:g}" w:after="{style.after * 20:g}" '
        f'w:line="{line[0]}" w:lineRule="{line[1]}"/>'
    )
    number = f'<w:numPr><w:numId w:val="{style.numbered}"/></w:numPr>' if style.numbered else ""
    return "".join(
        (
            "<w:keepNext/><w:keepLines/>" if style.keep else "",
            number,
            f"<w:tabs>{style.tabs}</w:tabs>" if style.tabs else "",
            spacing,
            f"<w:ind {style.indent}/>" if style.indent else "",
            f'<w:jc w:val="{style.align}"/>',
            f'<w:outlineLvl w:val="{style.outline}"/>' if style.outline is not None else "",
        )
    )


def _style(style: Style, name: str) -> str:
    custom = "" if name in _BUILT_IN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{identifier(style.key, name)}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{_paragraph(style)}</w:pPr><w:rPr>{_run(style)}</w:rPr></w:style>"
    )


def _character_style(key: str, name: str, face: str, bold: bool) -> str:
    fonts = f'w:ascii="{LATIN}" w:eastAsia="{face}" w:hAnsi="{LATIN}" w:cs="{LATIN}"'
    return (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{identifier(key, name)}">'
        f'<w:name w:val="{name}"/><w:qFormat/><w:rPr><w:rFonts {fonts}/>'
        f"{'<w:b/><w:bCs/>' if bold else ''}</w:rPr></w:style>"
    )


def _table_style(name: str) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides
    )
    room = {"top": 95, "left": 80, "bottom": 95, "right": 80}
    margins = "".join(f'<w:{side} w:w="{size}" w:type="dxa"/>' for side, size in room.items())
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable">'
        f'<w:name w:val="{name}"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{lines}</w:tblBorders>"
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style>"
    )


def styles(names: dict[str, str]) -> str:
    """Return styles.xml; `names` has the Word name of each class and element."""
    normal = Style("normal")
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_run(normal)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    body = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        f'<w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{_paragraph(normal)}</w:pPr><w:rPr>{_run(normal)}</w:rPr></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    named = "".join(_style(style, names[style.key]) for style in PARAGRAPHS)
    characters = "".join(
        (
            _character_style("strong", names["strong"], _FANGSONG, bold=True),
            _character_style("em", names["em"], _KAI, bold=True),
            _character_style("code", names["code"], SONG, bold=False),
        )
    )
    table = _table_style(names["table"])
    return f'<w:styles xmlns:w="{W}">{defaults}{body}{named}{characters}{table}</w:styles>'
