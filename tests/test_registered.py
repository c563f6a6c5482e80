"""What a returned form cannot do to registered files, and what it does to one it calls secret."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dxkit import paths
from dxkit.case import Case, open_case
from dxkit.cli import commands
from dxkit.evidence import verify

TABLES = {"annex_7": "evidence", "aux_4": "photos"}
FIRST_ROW = 5


@pytest.fixture
def case(tmp_path: Path) -> Case:
    folder = tmp_path / "demo-machinery"
    shutil.copytree(paths.parameters() / "demo-machinery", folder)
    return open_case(folder)


def imported(
    case: Case, out: Path, annex: str, edits: list[tuple[str, str, str | None]]
) -> tuple[int, str, Case]:
    """Send a form out whole, write into cells of rows by their number, and import it again.

    A number that no row has stands for a row behind the last.
    """
    wish = ["--format", "xlsx", "--original", "--purpose", "核对", "--out", str(out)]
    sent = CliRunner().invoke(
        commands, ["form", "export", str(case.folder), "--annex", annex, *wish]
    )
    assert sent.exit_code == 0, sent.output
    book = load_workbook(out)
    page = next(each for each in book if f"|table|{TABLES[annex]}" in str(each["A3"].value))
    rows = len(case.annex(annex)[TABLES[annex]])
    for number, key, value in edits:
        page.cell(_row_of(page, number, rows), _column_of(page, key)).value = value
    book.save(out)
    asked = ["form", "import", str(case.folder), str(out), "--yes", "--who", "甲"]
    told = CliRunner().invoke(commands, asked)
    said = f"{told.output}{told.exception or ''}"
    return told.exit_code, said, open_case(case.folder)


def _column_of(page: Worksheet, key: str) -> int:
    return next(cell.column for cell in page[3] if cell.value == key)


def _row_of(page: Worksheet, number: str, rows: int) -> int:
    first = min(_column_of(page, key) for key in ("evidence_no", "photo_no") if _has(page, key))
    found = (cell.row for cell in page[page.cell(1, first).column_letter] if cell.value == number)
    last = max(c.row for c in page[page.cell(1, first).column_letter] if c.value) if rows else 4
    return next(found, last + 1)


def _has(page: Worksheet, key: str) -> bool:
    return any(cell.value == key for cell in page[3])


@pytest.mark.parametrize(
    ("annex", "number", "key", "value"),
    [
        ("annex_7", "E-C001", "evidence_no", "E-C999"),
        ("annex_7", "E-C001", "evidence_no", "E-A001"),
        ("annex_7", "E-C001", "evidence_no", None),
        ("annex_7", "E-C001", "file", "evidence/另一份.txt"),
        ("annex_7", "E-C001", "file", None),
        ("annex_7", "E-C001", "sha256", "0" * 64),
        ("aux_4", "PH-001", "photo_no", "PH-999"),
        ("aux_4", "PH-001", "file", "evidence/另一份.jpg"),
        ("aux_4", "PH-001", "sha256", "0" * 64),
    ],
)
def test_a_form_cannot_change_what_was_registered(
    case: Case, tmp_path: Path, annex: str, number: str, key: str, value: str | None
) -> None:
    before = {name: case.annex(name) for name in TABLES}
    edits = [(number, key, value)]
    code, said, after = imported(case, tmp_path / "a.xlsx", annex, edits)
    assert code != 0
    assert "由 dxkit evidence add 登记，不能用表单改写" in said
    assert {name: after.annex(name) for name in TABLES} == before


def test_a_row_may_be_added_with_a_new_number_and_without_a_file(
    case: Case, tmp_path: Path
) -> None:
    new = [("new", "title", "现场查看的记录"), ("new", "category", "F 生产与工艺")]
    number = ("new", "evidence_no", "E-F777")
    # the number is written last, for the row is found by an empty one
    code, said, after = imported(case, tmp_path / "a.xlsx", "annex_7", [*new, number])
    assert code == 0, said
    assert after.annex("annex_7")["evidence"][-1]["evidence_no"] == "E-F777"


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("evidence_no", "E-C001", "已有这个编号"),
        ("file", "evidence/另一份.txt", "由 dxkit evidence add 登记"),
        ("sha256", "0" * 64, "由 dxkit evidence add 登记"),
    ],
)
def test_a_new_row_has_no_number_of_another_and_no_file(
    case: Case, tmp_path: Path, key: str, value: str, reason: str
) -> None:
    edits: list[tuple[str, str, str | None]] = [("new", "title", "又一份"), ("new", key, value)]
    code, said, after = imported(case, tmp_path / "a.xlsx", "annex_7", edits)
    assert (code != 0, reason in said) == (True, True)
    assert after.annex("annex_7") == case.annex("annex_7")


@pytest.mark.parametrize("secrecy", ["企业秘密", "不得复制"])
def test_a_form_that_calls_a_file_secret_moves_it_apart(
    case: Case, tmp_path: Path, secrecy: str
) -> None:
    place = next(r["file"] for r in case.annex("aux_4")["photos"] if r["photo_no"] == "PH-002")
    edits: list[tuple[str, str, str | None]] = [("PH-002", "secrecy", secrecy)]
    code, said, after = imported(case, tmp_path / "a.xlsx", "aux_4", edits)
    assert code == 0, said
    assert f"PH-002 已标为涉密，文件移到 restricted/{place}" in said
    assert not (case.folder / place).exists()
    assert (case.folder / "restricted" / place).is_file()
    assert verify(after).whole
