"""Build reference.docx, the file whose styles give Word reports their look.

Whoever wants another look opens reference.docx in Word and changes the styles there; this program
only makes the file afresh: `python templates/report/make_reference.py`.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import yaml
from reference_styles import LATIN, PARAGRAPHS, SONG, STAND_INS, W, identifier, styles

_HERE = Path(__file__).parent
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _names() -> dict[str, str]:
    mapping = yaml.safe_load((_HERE / "styles.yaml").read_text(encoding="utf-8"))
    return {**mapping["paragraphs"], **mapping["elements"], **mapping["cells"]}


def _numbering() -> str:
    def level(depth: int, form: str, text: str, style: str) -> str:
        link = f'<w:pStyle w:val="{style}"/>' if depth == 0 else ""
        left = 640 + 480 * (depth + 1)
        return (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{link}'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" '
            f'w:hanging="480"/></w:pPr><w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" '
            f'w:eastAsia="{SONG}"/></w:rPr></w:lvl>'
        )

    bullets = "".join(level(depth, "bullet", "•", "Ul") for depth in range(4))
    numbers = "".join(level(depth, "decimal", f"%{depth + 1}.", "Ol") for depth in range(4))
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{levels}</w:abstractNum>"
        for number, levels in enumerate((bullets, numbers))
    )
    return (
        f'<w:numbering xmlns:w="{W}">{kinds}'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )


def _fonts() -> str:
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/>'
        f'<w:charset w:val="{"00" if name == LATIN else "86"}"/></w:font>'
        for name, other in STAND_INS.items()
    )
    return f'<w:fonts xmlns:w="{W}">{entries}</w:fonts>'


def _settings() -> str:
    return (
        f'<w:settings xmlns:w="{W}"><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
        "<w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        "<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _document(names: dict[str, str]) -> str:
    samples = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{identifier(style.key, names[style.key])}"/></w:pPr>'
        f"<w:r><w:t>{escape(names[style.key])}：修改本样式即改变报告中相应文字的式样</w:t></w:r></w:p>"
        for style in PARAGRAPHS
    )
    page = (
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" '
        'w:left="1587" w:header="1361" w:footer="1247" w:gutter="0"/>'
    )
    return (
        f'<w:document xmlns:w="{W}" xmlns:r="{_R}"><w:body>{samples}'
        f"<w:sectPr>{page}</w:sectPr></w:body></w:document>"
    )


def _package(names: dict[str, str]) -> dict[str, str]:
    """Return every part of the file by its name, the content types first."""
    inner = {
        "styles": styles(names),
        "settings": _settings(),
        "fontTable": _fonts(),
        "numbering": _numbering(),
    }
    core_type = "application/vnd.openxmlformats-package.core-properties+xml"
    types = {
        "/word/document.xml": f"{_TYPE}.document.main+xml",
        "/docProps/core.xml": core_type,
        **{f"/word/{part}.xml": f"{_TYPE}.{part}+xml" for part in inner},
    }
    return {
        "[Content_Types].xml": _content_types(types),
        "_rels/.rels": _relations(
            {
                f"{_R}/officeDocument": "word/document.xml",
                f"{_PACKAGE}/relationships/metadata/core-properties": "docProps/core.xml",
            }
        ),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>报告样式</dc:title>'
        "</cp:coreProperties>",
        "word/_rels/document.xml.rels": _relations(
            {f"{_R}/{part}": f"{part}.xml" for part in inner}
        ),
        "word/document.xml": _document(names),
        **{f"word/{part}.xml": content for part, content in inner.items()},
    }


def _content_types(types: dict[str, str]) -> str:
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in types.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="{relations}"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>"
    )


def _relations(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def main() -> None:
    """Write reference.docx beside this file."""
    with zipfile.ZipFile(_HERE / "reference.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _package(_names()).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + content)


if __name__ == "__main__":
    main()
