"""How the parts of a form become one Word file, the same bytes for the same form."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from dxkit import paths
from dxkit.errors import ExportError, os_problem
from dxkit.export.word.xml import Element, w
from dxkit.forms.paper.sheets import Form

PROPERTY = "dxkit-form"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = {
    "/word/document.xml": f"{_WORD}.document.main+xml",
    "/word/styles.xml": f"{_WORD}.styles+xml",
    "/word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "/word/settings.xml": f"{_WORD}.settings+xml",
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
}
_PART_TYPES = {"head": f"{_WORD}.header+xml", "foot": f"{_WORD}.footer+xml"}
_RELATED = {"head": "header", "foot": "footer"}
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


def packed(form: Form, document: Element, heads_and_feet: Mapping[str, Element]) -> bytes:
    """Return a Word file.

    Args:
        form: what it is, for the properties of the file.
        document: `w:document`.
        heads_and_feet: page heads and feet by relation id, such as `head-even`.

    Raises:
        ExportError: the form styles cannot be read.
    """
    parts = {
        "[Content_Types].xml": _content_types(heads_and_feet),
        "_rels/.rels": _relations(
            {
                "document": ("officeDocument", "word/document.xml"),
                "custom": ("custom-properties", "docProps/custom.xml"),
                "core": ("", "docProps/core.xml"),
            }
        ),
        "word/document.xml": document,
        "word/settings.xml": _settings(),
        "word/_rels/document.xml.rels": _document_relations(heads_and_feet),
        "docProps/core.xml": _core_properties(form),
        "docProps/custom.xml": _custom_properties(form.stamp.as_text()),
        **{f"word/{name}.xml": part for name, part in heads_and_feet.items()},
    }
    content = {name: _bytes(part) for name, part in parts.items()}
    content |= {f"word/{name}": _look(name) for name in ("styles.xml", "fontTable.xml")}
    return _zipped(content)


def _look(name: str) -> bytes:
    path: Path = paths.templates() / "forms" / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExportError(os_problem(error)) from error


def _bytes(part: Element) -> bytes:
    written: bytes = etree.tostring(part, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _zipped(content: Mapping[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, part in content.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, part)
    return made.getvalue()


def _content_types(heads_and_feet: Mapping[str, Element]) -> Element:
    root = etree.Element("Types", nsmap=_default(f"{_PACKAGE}/content-types"))
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    etree.SubElement(root, "Default", Extension="rels", ContentType=relations)
    etree.SubElement(root, "Default", Extension="xml", ContentType="application/xml")
    kinds = {f"/word/{name}.xml": _PART_TYPES[name.partition("-")[0]] for name in heads_and_feet}
    for name, kind in (_TYPES | kinds).items():
        etree.SubElement(root, "Override", PartName=name, ContentType=kind)
    return root


def _default(namespace: str) -> Any:
    """Return the namespaces of a part that needs no prefix; the stubs of lxml know no None."""
    return {None: namespace}


def _document_relations(heads_and_feet: Mapping[str, Element]) -> Element:
    looks = {name: (name, f"{name}.xml") for name in ("styles", "settings", "fontTable")}
    more = {name: (_RELATED[name.partition("-")[0]], f"{name}.xml") for name in heads_and_feet}
    return _relations(looks | more)


def _relations(targets: Mapping[str, tuple[str, str]]) -> Element:
    root = etree.Element("Relationships", nsmap=_default(f"{_PACKAGE}/relationships"))
    for name, (kind, target) in targets.items():
        full = f"{_OFFICE}/relationships/{kind}"
        if not kind:
            full = f"{_PACKAGE}/relationships/metadata/core-properties"
        etree.SubElement(root, "Relationship", Id=name, Type=full, Target=target)
    return root


def _settings() -> Element:
    modern = w(
        "compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=15,
    )
    return w("settings", w("evenAndOddHeaders"), w("compat", modern))


def _core_properties(form: Form) -> Element:
    root = etree.Element(
        f"{{{_PACKAGE}/metadata/core-properties}}coreProperties",
        nsmap={"cp": f"{_PACKAGE}/metadata/core-properties", "dc": _DUBLIN_CORE},
    )
    for name, content in (("title", f"{form.mark} {form.title}"), ("identifier", form.form_no)):
        etree.SubElement(root, f"{{{_DUBLIN_CORE}}}{name}").text = content
    return root


def _custom_properties(stamp: str) -> Element:
    types = f"{_OFFICE}/docPropsVTypes"
    root = etree.Element(
        "Properties", nsmap=_default(f"{_OFFICE}/custom-properties") | {"vt": types}
    )
    one = etree.SubElement(root, "property", fmtid=_FORMAT_ID, pid="2", name=PROPERTY)
    etree.SubElement(one, f"{{{types}}}lpwstr").text = stamp
    return root
