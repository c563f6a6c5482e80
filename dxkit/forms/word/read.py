"""What a returned Word file says, found by its hidden marks or, without them, by its labels."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from lxml import etree

from dxkit.definitions import Definitions, load
from dxkit.errors import FormError, Problem
from dxkit.export.word.xml import Element
from dxkit.forms import marks
from dxkit.forms.marks import Mark, marks_in, plain
from dxkit.forms.package_guard import safe_bytes
from dxkit.forms.returned import Returned, Stamp, Unmatched
from dxkit.forms.word.content import Said, child, name_of, said
from dxkit.forms.word.findings import Findings
from dxkit.forms.word.grid import Seen, rows_in
from dxkit.forms.word.labels import Labels
from dxkit.forms.word.package import PROPERTY
from dxkit.forms.word.table_pass import CHANGED, NO_FIELD, TablePass
from dxkit.models.annex import Annex

_MAIN = "word/document.xml"
_PROPERTIES = "docProps/custom.xml"
_NOTES = {
    "word/comments.xml": "批注",
    "word/footnotes.xml": "脚注",
    "word/endnotes.xml": "尾注",
}
"""Which parts hold words beside the text, and what they are called."""
_FOOT = re.compile(r"word/footer[^/]*\.xml|word/foot-[^/]*\.xml")
_FORM_NO = re.compile(r"表单编号：\s*([\w.-]*[\w])")
_WHOLE = "整份文件"
_LOST = "文件里的隐藏编号已经丢失，改按印好的栏目名称对应，请逐项核对"


def read_word(path: Path, definitions: Definitions | None = None) -> Returned:
    """Read a returned form field by field; nothing is judged and nothing is left out unsaid.

    Raises:
        FormError: the file is no Word file, or one that must not be opened.
    """
    definitions = definitions or load()
    file = _File.of(path)
    stamp = file.stamp()
    annex = definitions.annexes.get(stamp.annex if stamp else "") or file.annex(definitions)
    if annex is None:
        why = "不是本工具的表单：没有隐藏编号，标题也不是任何一张表的标题"
        return Returned("docx", "", stamp, unmatched=(Unmatched(_WHOLE, path.name, why),))
    if stamp is None and file.form_no:
        stamp = Stamp("", annex.id, file.form_no, 0, "", "", False)
    return _Reading(file, annex, definitions).returned(stamp)


@dataclass(frozen=True)
class _File:
    """The parts of the file that are looked at."""

    blocks: list[Element]
    properties: Element | None
    notes: Mapping[str, Element]
    """What is written beside the text, by what it is called."""
    form_no: str

    @classmethod
    def of(cls, path: Path) -> _File:
        content = safe_bytes(path, "docx")
        try:
            with zipfile.ZipFile(BytesIO(content)) as package:
                parts = {name: package.read(name) for name in package.namelist() if _read(name)}
            body = child(_parsed(parts[_MAIN]), "body")
        except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
            problem = Problem(str(path), "", "找不到正文", "用 Word、WPS 等另存的 .docx 文件")
            raise FormError(problem) from error
        feet = (_words(_parsed(part)) for name, part in parts.items() if _FOOT.fullmatch(name))
        numbers = (found[1] for text in feet if (found := _FORM_NO.search(text)))
        return cls(
            list(_blocks(body)) if body is not None else [],
            _parsed(parts[_PROPERTIES]) if _PROPERTIES in parts else None,
            {called: _parsed(parts[name]) for name, called in _NOTES.items() if name in parts},
            next(numbers, ""),
        )

    def stamp(self) -> Stamp | None:
        """Return what the form says was sent: from the hidden mark, else from the property."""
        for element in self.blocks:
            for mark in marks_in(_words(element)) if name_of(element) == "p" else ():
                if mark.kind == marks.STAMP and (stamp := Stamp.from_text(":".join(mark.parts))):
                    return stamp
        for one in self.properties if self.properties is not None else ():
            if one.get("name") == PROPERTY:
                return Stamp.from_text(_words(one))
        return None

    def annex(self, definitions: Definitions) -> Annex | None:
        """Return the annex whose title the file bears."""
        texts = {plain(said([each]).text) for each in self.blocks if name_of(each) == "p"}
        titled = (each for each in definitions.annexes.values() if plain(each.title) in texts)
        return next(titled, None)


def _read(name: str) -> bool:
    return name in {_MAIN, _PROPERTIES, *_NOTES} or bool(_FOOT.fullmatch(name))


def _parsed(content: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root: Element = etree.fromstring(content, parser)
    return root


def _words(element: Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _blocks(body: Element) -> Iterator[Element]:
    """Yield paragraphs and tables in order, also those that stand in wrappers."""
    for node in body:
        if name_of(node) in ("p", "tbl"):
            yield node
        elif name_of(node) not in ("sectPr", "del", "moveFrom"):
            yield from _blocks(node)


class _Reading:
    """Goes through a file once."""

    def __init__(self, file: _File, annex: Annex, definitions: Definitions) -> None:
        self._file = file
        self._findings = Findings(annex, definitions)
        seen = [mark for block in file.blocks for mark in marks_in(_words(block))]
        present = [mark for mark in seen if mark.kind != marks.STAMP]
        self._trusted = bool(present)
        self._labels = Labels(annex, definitions, present)
        self._tables = 0

    def returned(self, stamp: Stamp | None) -> Returned:
        if not self._trusted:
            self._findings.miss(_WHOLE, self._findings.annex.title, _LOST)
        for number, block in enumerate(self._file.blocks, start=1):
            if name_of(block) == "tbl":
                self._table(block)
            else:
                self._paragraph(said([block]), f"第{number}段")
        self._notes()
        findings = self._findings
        found = Returned("docx", findings.annex.id, stamp)
        return replace(
            found,
            cells=tuple(findings.cells),
            tables=tuple(findings.tables()),
            unmatched=tuple(findings.unmatched),
        )

    def _table(self, table: Element) -> None:
        self._tables += 1
        going = TablePass(self._findings, self._recognise, self._trusted)
        inner: list[Element] = []
        for row in rows_in(table, self._tables):
            if row:
                going.row(row)
            inner += [each for cell in row for each in cell.inner]
        for each in inner:
            self._table(each)

    def _recognise(self, cell: Seen) -> Mark | None:
        return self._printed(cell.said, cell.start == 0)

    def _printed(self, words: Said, leading: bool = False) -> Mark | None:
        return words.marks[-1] if words.marks else self._labels.take(words.text, leading)

    def _paragraph(self, words: Said, place: str) -> None:
        for drawn in words.drawn:
            self._findings.miss(place, drawn, "图片和文本框里的内容不读入")
        printed = self._printed(words)
        if printed is None:
            self._findings.miss(place, words.text, NO_FIELD)
        elif self._trusted and not printed.fits(words.text):
            self._findings.miss(place, words.text, CHANGED)

    def _notes(self) -> None:
        for called, notes in self._file.notes.items():
            for note in notes:
                paragraphs = [each for each in note.iter() if name_of(each) == "p"]
                why = f"{called}不读入，请写在栏目里"
                self._findings.miss(called, said(paragraphs).text, why)
