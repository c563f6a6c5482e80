"""Papers that belong to a row of a form: filed there by their kind, and proved like all others."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from dxkit.case import create, journal, open_case
from dxkit.cli.evidence import evidence as command
from dxkit.definitions import load
from dxkit.errors import DxkitError
from dxkit.evidence import verify
from dxkit.evidence.papers import kinds
from tests.definition_set import copy_to, edit, problems_of

DEFINITIONS = load()
ROWS = {
    "annex_5": {"meetings": [{"meeting_no": "M01"}, {"meeting_no": "M02"}, {"meeting_no": "M02"}]},
    "aux_10": {"deliveries": [{"delivery_no": "SD-1", "scan": "纸质件存机构档案室"}]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create(tmp_path / "cases" / "trial", ROWS, DEFINITIONS, "测试").folder


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "签到 扫描.pdf"
    path.write_bytes(b"%PDF-1.4\n1")
    return path


def run(*arguments: object) -> tuple[int, str]:
    told = CliRunner().invoke(command, [str(each) for each in arguments], standalone_mode=False)
    if isinstance(told.exception, DxkitError):
        return told.exception.exit_code, str(told.exception)
    if told.exception:
        raise told.exception
    return int(told.return_value or 0), told.output


def test_a_signed_sheet_is_kept_and_named_by_its_meeting(folder: Path, sheet: Path) -> None:
    code, said = run("add", folder, sheet, "--as", "签到表", "--row", "M01", "--who", "甲")
    place = "evidence/M01_签到表_签到_扫描.pdf"
    assert (code, said) == (0, f"已登记 M01 签到表：{place}\n")
    case = open_case(folder)
    assert case.annex("annex_5")["meetings"][0] == {"meeting_no": "M01", "scan": place}
    assert (folder / place).read_bytes() == sheet.read_bytes()
    entry = journal.read(folder)[-1]
    assert (entry.who, [file["path"] for file in entry.files]) == ("甲", [place])
    assert verify(case).whole
    (folder / place).write_bytes(b"other")
    assert [place in str(each) for each in verify(open_case(folder)).problems] == [True]


def test_words_about_paper_give_way_to_the_file(folder: Path, sheet: Path) -> None:
    asked = ["add", folder, sheet, "--as", "送达回执", "--row", "SD-1", "--who", "甲"]
    assert run(*asked)[0] == 0
    (row,) = open_case(folder).annex("aux_10")["deliveries"]
    assert row["scan"] == "evidence/SD-1_送达回执_签到_扫描.pdf"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--as", "合影", "--row", "M01"], "签到表"),
        (["--as", "签到表", "--row", "M09"], "M01、M02"),
        (["--as", "签到表", "--row", "M02"], "有 2 行"),
        (["--as", "签到表"], "只写了一个"),
        (["--row", "M01"], "只写了一个"),
        (["--as", "签到表", "--row", "M01", "--annex7", "C001"], "--annex7"),
        (["--as", "签到表", "--row", "M01", "--secrecy", "一般"], "--secrecy"),
        (["--as", "个人保密承诺书", "--row", "B-01"], "先在表中登记"),
        ([], "--as 种类"),
    ],
)
def test_what_cannot_be_filed_is_refused(
    folder: Path, sheet: Path, more: list[str], said: str
) -> None:
    code, told = run("add", folder, sheet, *more, "--who", "甲")
    assert (code, said in told) == (2, True)
    assert len(journal.read(folder)) == 1
    assert not (folder / "evidence").exists()


def test_a_second_sheet_of_a_meeting_is_refused(folder: Path, sheet: Path) -> None:
    asked = ["--as", "签到表", "--row", "M01", "--who", "甲"]
    assert run("add", folder, sheet, *asked)[0] == 0
    other = sheet.with_name("b.pdf")
    other.write_bytes(b"%PDF-1.4\n2")
    assert "已有 evidence/M01_签到表" in run("add", folder, other, *asked)[1]
    assert "一行一份" in run("add", folder, sheet, other, *asked)[1]
    assert len(journal.read(folder)) == 2


def test_every_kind_has_a_column_of_its_own() -> None:
    assert "签到表" in kinds(DEFINITIONS)
    columns = [(kind.rows, kind.column.key) for kind in kinds(DEFINITIONS).values()]
    assert len(set(columns)) == len(columns) >= 5


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("aux_10.yaml", "filed_as: 送达回执", "filed_as: 签到表", "签到表，与"),
        ("annex_9.yaml", "label: 业务名称,", "label: 业务名称, filed_as: 秘密,", "秘密"),
        ("aux_10.yaml", "label: 已签收,", "label: 已签收, filed_as: 回执,", "发现：回执"),
    ],
)
def test_a_kind_filed_in_two_places_or_where_no_file_is_named_is_told(
    tmp_path: Path, file: str, old: str, new: str, found: str
) -> None:
    folder = copy_to(tmp_path / "definitions")
    edit(folder / "annexes" / file, old, new)
    (said,) = problems_of(folder)
    assert found in said
