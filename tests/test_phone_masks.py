"""Phone numbers of people who only took part: whole on the paper original, masked elsewhere."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from dxkit.case import Case, open_case, writing
from dxkit.cli.forms import form
from dxkit.definitions import load
from dxkit.errors import ParameterError
from dxkit.forms.merging.comparison import compare
from dxkit.forms.opening import open_returned
from dxkit.forms.phone_masks import mask, without_phones
from dxkit.models.annex import FieldType

PARAMETERS = Path(__file__).parent.parent / "parameters"
WHOLE, MASKED = "13800000002", "138****0002"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    shutil.copytree(PARAMETERS / "demo-copper", tmp_path / "demo-copper")
    return open_case(tmp_path / "demo-copper")


def exported(case: Case, kind: str, *more: str) -> Path:
    target = case.folder.parent / f"附件5.{kind}"
    asked = ["export", str(case.folder), "--annex", "5", "--format", kind, "--out", str(target)]
    done = CliRunner().invoke(form, [*asked, *more], standalone_mode=False)
    assert done.exception is None, done.exception
    return target


def words(file: Path) -> str:
    """Return everything that stands in a form."""
    parts = [file.read_bytes()]
    with zipfile.ZipFile(io.BytesIO(parts[0])) as package:
        text = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "ignore")
    if file.suffix == ".docx":
        tables = docx.Document(str(file)).tables
        text += "".join(cell.text for table in tables for row in table.rows for cell in row.cells)
    return text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138 **** 5678"),
        ("0478-8123456", "047*-***3456"),
        ("8123456", "***3456"),
        ("12345", "*2345"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_the_four_digits_before_the_last_four_are_hidden(number, shown):
    assert mask(number) == shown


def test_only_phone_numbers_can_be_marked_to_be_hidden():
    fields = [f for annex in load().annexes.values() for f in annex.fields]
    marked = [each for f in fields for each in (f, *f.columns) if each.masked]
    assert [each.key for each in marked] == ["phone"], "those of the attendees"
    assert all(each.type is FieldType.PHONE for each in marked)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_an_exported_sheet_shows_masked_numbers_and_comes_back_without_a_change(case, kind):
    file = exported(case, kind)
    assert MASKED in words(file)
    assert WHOLE not in words(file)
    found = compare(open_returned(file, case.definitions), open_case(case.folder))
    assert found.items == ()


def test_a_masked_number_is_unchanged_even_where_the_case_has_another_by_now(case):
    with writing(case.folder, "测试") as writer:  # an archived case takes no other number
        writer.set("engagement.history", case.annex("engagement")["history"][:5])
        writer.set("engagement.state", "ready")
    file = exported(open_case(case.folder), "xlsx")
    with writing(case.folder, "测试") as writer:
        writer.set("annex_5.attendees.1.phone", "13900000009")
    found = compare(open_returned(file, case.definitions), open_case(case.folder))
    assert found.items == ()


def test_the_paper_original_shows_them_whole_says_what_for_and_is_noted_as_having_them(case):
    asked = ["export", str(case.folder), "--annex", "5", "--format", "docx", "--original"]
    target = str(case.folder.parent / "附件5.docx")
    refused = CliRunner().invoke(form, [*asked, "--out", target], standalone_mode=False)
    assert isinstance(refused.exception, ParameterError)
    assert "没有写明用途" in str(refused.exception)
    file = exported(case, "docx", "--original", "--purpose", "打印原件")
    assert WHOLE in words(file)
    exported(case, "xlsx")
    noted = [
        r for r in open_case(case.folder).annex("engagement")["exports"] if r["annex"] == "annex_5"
    ]
    assert [row.get("contains") for row in noted[-2:]] == [["phones"], None]


def test_what_is_masked_for_others_stays_whole_in_the_case(case):
    before = case.annex("annex_5")["attendees"][0]["phone"]
    assert without_phones(case).annex("annex_5")["attendees"][0]["phone"] == mask(before)
    assert case.annex("annex_5")["attendees"][0]["phone"] == before
