"""What the tests of mutilated returns share: a case, its sent forms, and how a return is judged."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.case import Case, create, journal, open_case
from dxkit.definitions import load
from dxkit.errors import FormError
from dxkit.forms.merging.applying import Choosing, apply
from dxkit.forms.merging.comparison import Comparison, compare
from dxkit.forms.opening import open_returned
from dxkit.forms.sending import form_bytes
from dxkit.forms.stamping import Sending, log_sending

DEFINITIONS = load()
ANNEX = DEFINITIONS.annexes["annex_3"]
NAME = "chenguang"
PRODUCTS = [
    {"product": "铝锭", "capacity": 1000, "unit": "吨", "output": 900, "revenue_share": 60},
    {"product": "铝板", "capacity": 2000, "unit": "吨", "output": 1500, "revenue_share": 30},
    {"product": "铝箔", "capacity": 3000, "unit": "吨", "output": 0, "revenue_share": 10},
]
SENT: dict[str, Any] = {
    "enterprise_name": "包头市晨光铝业有限公司",
    "uscc": "91150200MA0N00001X",
    "league": "150200",
    "founded_on": "2008-05-12",
    "ownership": "private",
    "contact_name": "李工",
    "contact_phone": "13800138000",
    "contact_email": "li@example.com",
    "industry_division": "32",
    "products": PRODUCTS,
    "is_above_scale": True,
    "srdi_level": ["innovative"],
    "it_staff": 0,
    "equip_est": 120,
    "equip_digital_est": 80,
    "ai_needs": "希望用机器视觉检查板面。",
    "expect_from": "2026-12-01",
    "filing_consent": False,
}


@dataclass(frozen=True)
class Outcome:
    """What a return must come to, worked out by hand.

    `changed` is what stands in the case afterwards, None for nothing; pairs are the end of the
    place that is named and words of the reason. `whole` are words of the message with which the
    file is turned away as a whole.
    """

    changed: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[str, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    whole: str = ""


def read(**changed: Any) -> Outcome:
    """The return is read, and changes just this."""
    return Outcome(changed)


def refused(place: str, why: str, **changed: Any) -> Outcome:
    """One cell cannot be read; of the rest this can be taken in if that is asked for."""
    return Outcome(changed, refused=((place, why),))


def listed(*pairs: tuple[str, str], **changed: Any) -> Outcome:
    """Something is not read in and listed with its place and why."""
    return Outcome(changed, listed=pairs)


def turned_away(words: str) -> Outcome:
    """The file as a whole is refused."""
    return Outcome(whole=words)


def new_case(folder: Path) -> Case:
    """Create the enterprise that all returns are about."""
    content = {"annex_3": SENT, "engagement": {"year": 2026, "serial_no": 7}}
    return create(folder / NAME, content, DEFINITIONS, "测试")


def sent(case: Case, kind: str, annex: str = "annex_3", blank: bool = False) -> bytes:
    """Send a form out and return the file."""
    form = DEFINITIONS.annexes[annex]
    logged, stamps = log_sending(case, Sending([form], kind, blank, "测试", "测试"))
    return form_bytes(form, DEFINITIONS, logged, stamps[annex], kind)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Post:
    """A case with forms that were sent; each return is taken in by a copy of its own."""

    folder: Path
    files: Mapping[str, bytes]

    def taken_by(self, place: Path) -> Case:
        """Copy the case and return the copy."""
        shutil.copytree(self.folder, place / NAME)
        return open_case(place / NAME)


def kept(folder: Path) -> dict[str, bytes]:
    """Return every file of a case folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def judge(case: Case, file: Path, expected: Outcome, *of_table: str) -> None:
    """Take a return in and assert that it comes to what was expected, to the last remark."""
    before = kept(case.folder)
    named = ANNEX if of_table else None
    if expected.whole:
        with pytest.raises(FormError) as turned:
            compare(open_returned(file, DEFINITIONS, named, *of_table), case, file.name)
        assert expected.whole in str(turned.value)
        assert kept(case.folder) == before
        return
    comparison = compare(open_returned(file, DEFINITIONS, named, *of_table), case, file.name)
    assert_pairs(
        [(each.place, each.expected) for each in comparison.of("refused")], expected.refused
    )
    assert_pairs([(each.place, each.why) for each in comparison.remarks], expected.listed)
    assert [each.place.rpartition("!")[2] for each in comparison.of("conflict")] == [
        *expected.conflicts
    ]
    if expected.refused or expected.conflicts:
        assert_all_is_refused(comparison, case)
        assert kept(case.folder) == before
    apply(comparison, case.folder, "测试", Choosing(partial=True))
    after = open_case(case.folder)
    annex = comparison.annex.id
    whole = {**case.annex(annex), **expected.changed}
    assert after.annex(annex) == {key: each for key, each in whole.items() if each is not None}
    assert (kept(case.folder) == before) is not bool(expected.changed)
    assert list(journal.verify(case.folder)) == []


def assert_pairs(found: Iterable[tuple[str, str]], expected: Iterable[tuple[str, str]]) -> None:
    found, expected = list(found), list(expected)
    assert len(found) == len(expected), found
    for (place, why), (end, words) in zip(found, expected, strict=True):
        assert place.endswith(end) and words in why, (place, why)


def assert_all_is_refused(comparison: Comparison, case: Case) -> None:
    """Without a word of the user nothing is applied, and each hindrance is named with its cell."""
    with pytest.raises(FormError) as said:
        apply(comparison, case.folder, "测试", Choosing())
    hindrances = [*comparison.of("refused"), *comparison.of("conflict")]
    assert {problem.where for problem in said.value.problems} == {each.place for each in hindrances}
    assert all(problem.found and problem.expected for problem in said.value.problems)


# -- Excel --------------------------------------------------------------------------------------

EditBook = Callable[[Workbook], None]


def edited_book(content: bytes, edit: EditBook) -> bytes:
    """Return an Excel file after somebody worked on it."""
    book = load_workbook(BytesIO(content))
    edit(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def spot_of(book: Workbook, key: str, annex: str = "annex_3") -> tuple[Worksheet, int]:
    """Return the sheet and the row of a field."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_col=1):
            if str(row[0].value).partition("~")[0] == f"{annex}.{key}":
                return sheet, row[0].row
    raise AssertionError(f"no row for {key}")


def table_of(book: Workbook, key: str = "products") -> Worksheet:
    """Return the sheet of a table; its rows begin in row 6, its columns in column C."""
    return next(each for each in book.worksheets if each["A3"].value == f"dx|annex_3|table|{key}")


# -- Word ---------------------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EditBody = Callable[[Any], None]


def edited_body(content: bytes, edit: EditBody) -> bytes:
    """Return a Word file after somebody worked on its text."""
    return with_parts(
        content, {"word/document.xml": edited_xml(content, "word/document.xml", edit)}
    )


def edited_xml(content: bytes, name: str, edit: Callable[[Any], None]) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as package:
        root = etree.fromstring(package.read(name))
    edit(root)
    told: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return told


def with_parts(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """Return a package with some parts replaced, added or, for None, left out."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name), zipfile.ZIP_DEFLATED)
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def label_in(root: Any, key: str) -> Any:
    """Return the cell that bears a field's label."""
    return next(tc for tc in root.iter(f"{W}tc") if f"[#f{key}~" in words_of(tc))


def place_in(root: Any, key: str) -> Any:
    """Return the cell that holds a field's value."""
    return label_in(root, key).getnext()


def row_in(root: Any, number: int, table: str = "products") -> Any:
    """Return the row of a table that was sent under a number."""
    rows = next(each for each in root.iter(f"{W}tbl") if f"[#c{table}:" in words_of(each)).iter(
        f"{W}tr"
    )
    return next(row for row in rows if f"[#r{number}:" in words_of(row))


def words_of(element: Any) -> str:
    return "".join(element.itertext())


def write(cell: Any, text: str) -> None:
    """Type a text into a cell in place of what stands there; marks in it go."""
    first, *others = cell.findall(f"{W}p")
    for other in others:
        cell.remove(other)
    for node in [each for each in first if each.tag != f"{W}pPr"]:
        first.remove(node)
    run = etree.SubElement(first, f"{W}r")
    etree.SubElement(run, f"{W}t").text = text
